"""What a learning system adds to the address of a package it opens, for each standard."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from lxml import etree

from export.package_files import PackageFiles
from export.record_store import PLACE, RecordStore
from export.xapi_rules import CMI5, TINCAN

ACTOR = {
    "objectType": "Agent",
    "name": "Preview",
    "account": {"homePage": "https://lapel.invalid", "name": "preview"},
}
_SESSION = "https://w3id.org/xapi/cmi5/context/extensions/sessionid"


@dataclass(slots=True)
class Launcher:
    """Opens one package again and again for one learner, as a learning system would."""

    files: PackageFiles
    target: str
    store: RecordStore
    registration: str = field(default_factory=lambda: str(uuid.uuid4()))

    def start_over(self) -> None:
        """Make the learner somebody who never opened it."""
        self.store.clear()
        self.registration = str(uuid.uuid4())

    def address(self, origin: str) -> str:
        """Return the address of a new launch, below ``/package/``.

        Args:
            origin: Where the preview is served, without a slash at the end.
        """
        actor = json.dumps(ACTOR)
        if self.target == "cmi5":
            return self._cmi5(origin, actor)
        if self.target == "xapi":
            return self._xapi(origin, actor)
        return f"/package/{start_page(self.files)}"

    def _cmi5(self, origin: str, actor: str) -> str:
        """Prepare LMS.LaunchData and return the address (cmi5, 8.1 and 10)."""
        unit = _first(self.files, "cmi5.xml", f"{{{CMI5}}}au")
        publisher = unit.get("id", "")
        activity = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, publisher)}"
        data = {
            "contextTemplate": {
                "contextActivities": {"grouping": [{"objectType": "Activity", "id": publisher}]},
                "extensions": {_SESSION: str(uuid.uuid4())},
            },
            "launchMode": "Normal",
            "launchMethod": unit.get("launchMethod", "AnyWindow"),
            "moveOn": unit.get("moveOn", "NotApplicable"),
        }
        keys = {"activityId": activity, "agent": actor, "registration": self.registration}
        self.store.put_document("activities/state", data, **keys, stateId="LMS.LaunchData")
        given = {
            "endpoint": origin + PLACE,
            "fetch": f"{origin}{PLACE}fetch/{self.store.new_fetch()}",
            "actor": actor,
            "registration": self.registration,
            "activityId": activity,
        }
        return _with((unit.findtext(f"{{{CMI5}}}url") or "").strip(), given)

    def _xapi(self, origin: str, actor: str) -> str:
        """Return the address as tincan.xml launches have it."""
        activity = _first(self.files, "tincan.xml", f"{{{TINCAN}}}activity")
        given = {
            "endpoint": origin + PLACE,
            "auth": f"Basic {self.store.new_token()}",
            "actor": actor,
            "registration": self.registration,
            "activity_id": activity.get("id", ""),
        }
        return _with((activity.findtext(f"{{{TINCAN}}}launch") or "").strip(), given)


def start_page(files: PackageFiles) -> str:
    """Return the page that opens first, or the video where a package has no page."""
    names = files.names
    if "index.html" in names:
        return "index.html"
    kinds = (".html", ".mp4")
    return next((quote(name) for kind in kinds for name in names if name.endswith(kind)), "index.html")


def _first(files: PackageFiles, name: str, tag: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    root = etree.fromstring(files.read(name) or b"<none/>", parser)
    return next(root.iter(tag), etree.Element("none"))


def _with(page: str, given: dict[str, str]) -> str:
    return f"/package/{page}{'&' if '?' in page else '?'}{urlencode(given, quote_via=quote)}"
