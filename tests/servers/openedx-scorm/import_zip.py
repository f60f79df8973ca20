"""Import a zip with the code of Open edX's SCORM block, as Studio does on upload; print what it made of it.

Runs in the block's own environment: ``python import_zip.py ZIP FOLDER``. The runtime around the block is a
stand-in; reading, unpacking and the manifest are the block's own.
"""

import json
import sys
from pathlib import Path
from unittest import mock

import django
from django.conf import settings

settings.configure(MEDIA_ROOT=sys.argv[2], MEDIA_URL="/media/", USE_TZ=True, TEMPLATES=[])
django.setup()

from openedxscorm.scormxblock import ScormXBlock  # noqa: E402 - Django first
from xblock.field_data import DictFieldData  # noqa: E402


class Upload:
    """A file as a form brings it."""

    def __init__(self, file):
        self.file = file


runtime = mock.Mock()
runtime.service.return_value = {}
block = ScormXBlock(runtime, DictFieldData({}), mock.Mock(usage_id="usage"))
block.location = mock.Mock(block_id="block", org="org", course="course", block_type="scorm")

with Path(sys.argv[1]).open("rb") as file:
    params = {
        "display_name": "x", "width": "", "height": "", "has_score": "0", "enable_navigation_menu": "1",
        "enable_fullscreen_button": "0", "navigation_menu_width": "", "weight": "1", "popup_on_launch": "0",
        "file": Upload(file),
    }  # fmt: skip
    answer = (
        block.studio_submit.__wrapped__(block, mock.Mock(params=params), "")
        if hasattr(block.studio_submit, "__wrapped__")
        else block.studio_submit(mock.Mock(params=params), "")
    )

root = Path(sys.argv[2]) / block.extract_folder_path
print(
    json.dumps(
        {
            "errors": json.loads(answer.text)["errors"],
            "version": block.scorm_version,
            "index": block.index_page_path,
            "menu": block.navigation_menu,
            "warnings": block.package_warnings,
            "files": sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()),
        }
    )
)
