"""Write docs/packages-table.md: every package in every learning system we have, as its tests found it today.

``python -m bench.targets`` (or ``make target-table``) runs tests/servers and the tests below that say which
cell of the table they stand for.
"""

import sys
import time
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from export.registry import BUILT

OUT = Path(__file__).parent.parent / "docs" / "packages-table.md"
CHECKS = (
    "imports", "launches", "completes once at the right second", "resumes", "feedback arrives", "validates"
)  # fmt: skip
NOT_MEANT = {
    **{(target, "imports"): "a record store imports nothing" for target in ("cmi5", "xapi")},
    ("web", "imports"): "opens by double click",
    **{("video", check): "files to upload, nothing is tracked" for check in CHECKS[:5]},
}
HEAD = """# Every package in every learning system we have

Written by `make target-table` on {day}, from {tests} tests that ran {minutes} minutes; {failed} failed.
Each system ran as a process of its own on one computer, with Chromium as the learner. "Yes" means that the
test passed.

| package | {heads} |
| --- |{lines}
"""
FOOT = """
What the columns mean:
- *imports*: the system's own code took the zip and read title and start page.
- *launches*: it runs, and is not complete because it was opened.
- *completes once at the right second*: with a share of 25 % of 16 s, one report of completion at 4 s.
- *resumes*: position, watched parts and answer are back in a new window.
- *feedback arrives*: a comment reached the system; of the web page, Lapel, by the file that it saves.
- *validates*: the published schemas (SCORM: the consortium's own; cmi5 and tincan.xml: written by us from
  the specification, because no registry has the official file), our rules, and for statements Learning
  Locker's validation.

What this is not: no Moodle, Cornerstone, SuccessFactors, SCORM Cloud or TalentLMS ran here. scorm-again is
a runtime that systems build on; scormhost is a small server; of Open edX only the import code ran, not the
whole site; Ralph keeps statements, while state, launch data and the fetch address come from Lapel's own small
record store in front of it.
"""


class Cells:
    """A pytest plugin that collects which cells passed and which did not."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, str], dict[str, bool]] = defaultdict(dict)
        self.tests = 0
        self.failed = 0

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.when != "call" and report.passed:
            return
        self.tests += report.when == "call"
        self.failed += report.failed
        for name, value in report.user_properties:
            if name == "cell" and not report.skipped:
                target, check, system = value
                before = self.found[target, check].get(system, True)
                self.found[target, check][system] = before and report.passed


def table(cells: Cells, *, minutes: float) -> str:
    """Return the page."""
    day = datetime.now(UTC).strftime("%d %B %Y")
    text = HEAD.format(
        day=day, tests=cells.tests, minutes=round(minutes, 1), failed=cells.failed,
        heads=" | ".join(CHECKS), lines=" --- |" * len(CHECKS),
    )  # fmt: skip
    for target in BUILT:
        row = [_cell(cells, target, check) for check in CHECKS]
        text += f"| `{target}` | {' | '.join(row)} |\n"
    return text + FOOT


def _cell(cells: Cells, target: str, check: str) -> str:
    systems = cells.found.get((target, check), {})
    if not systems:
        return NOT_MEANT.get((target, check), "not tested")
    return "; ".join(f"{'yes' if passed else 'NO'}: {system}" for system, passed in sorted(systems.items()))


def main() -> None:
    cells = Cells()
    start_s = time.monotonic()
    code = pytest.main(["-q", "-m", "drill", "-p", "no:cacheprovider", "tests/servers"], plugins=[cells])
    page = table(cells, minutes=(time.monotonic() - start_s) / 60)
    OUT.write_text(page, encoding="utf-8")
    print(page)
    sys.exit(int(code))


if __name__ == "__main__":
    main()
