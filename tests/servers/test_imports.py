"""Zips in the import code of real systems, and every statement in an independent validation."""

import json
import subprocess

import pytest

from export import registry
from export.package_check import MANIFESTS, check_package
from tests.servers import processes
from tests.servers.conftest import upload
from tests.servers.test_learning_systems import pause, play

pytestmark = pytest.mark.drill

SCORM = [target for target in ("scorm12", "scorm2004") if target in registry.BUILT]
RECORDED = [target for target in ("cmi5", "xapi") if target in registry.BUILT]
HOSTILE = '"><script>alert(1)</script> & ünïcode 👋'


@pytest.mark.parametrize("target", SCORM)
def test_scormhost_imports_the_zip(build, scormhost, cell, target):
    cell(target, "imports", "scormhost 0.1.0")
    _, manifest = upload(*scormhost, build(target, title=HOSTILE))
    assert manifest["title"] == HOSTILE
    assert [each["href"] for each in manifest["launches"]] == ["index.html"]
    assert ("2004" in manifest["schema_version"]) == (target == "scorm2004")


@pytest.mark.parametrize("target", SCORM)
def test_the_scorm_block_of_open_edx_imports_the_zip(build, tmp_path, cell, target):
    cell(target, "imports", "openedx-scorm-xblock 19.0.5")
    package = build(target, title=HOSTILE)
    program = processes.HERE / "openedx-scorm" / "import_zip.py"
    done = subprocess.run(
        [processes.python("openedx-scorm"), program, package, tmp_path / "media"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    assert made["errors"] == []
    assert made["warnings"] == []  # it looks for calls that report completion
    assert made["version"] == {"scorm12": "SCORM_12", "scorm2004": "SCORM_2004"}[target]
    assert made["index"] == "index.html"
    assert {"imsmanifest.xml", "index.html", "video.mp4", "vendor/video.core.min.js"} <= set(made["files"])
    assert "<script" not in made["menu"].replace("&lt;script", "")


@pytest.mark.parametrize("target", registry.BUILT)
def test_it_keeps_every_rule(build, cell, target):
    cell(target, "validates", "XSD and Lapel's rules" if target in MANIFESTS else "Lapel's rules")
    assert check_package(build(target), target=target) == ()


@pytest.mark.parametrize("target", RECORDED)
def test_every_statement_passes_learning_lockers_validation(open_in, cell, target):
    cell(target, "validates", "@learninglocker/xapi-validation 3.0.0")
    system = open_in("ralph", target, completion_percent=25, title=HOSTILE)
    frame = system.launch()
    play(frame)
    frame.wait_for_function("() => document.querySelector('video').currentTime > 5", timeout=60_000)
    pause(frame)
    play(frame, at_s=10)
    pause(frame)
    frame.click("#not-yet")
    frame.click("#comment")
    frame.fill("#comment-text", HOSTILE)
    frame.click("#comment-form >> text=Send")
    frame.page.wait_for_timeout(1000)
    system.leave()
    statements = system.statements()
    verbs = [each["verb"]["id"].rpartition("/")[2] for each in statements]
    assert {"initialized", "played", "paused", "completed", "terminated"} <= set(verbs)
    assert verbs[0] == "initialized"
    assert verbs[-1] == "terminated"
    assert verbs.count("completed") == 1
    node = processes.HOME / "xapi-validation"
    done = subprocess.run(
        [node / "bin" / "node", processes.HERE / "xapi-validation" / "validate.js"],
        input=json.dumps(statements), capture_output=True, text=True, check=True, cwd=node,
    )  # fmt: skip
    assert json.loads(done.stdout) == []
