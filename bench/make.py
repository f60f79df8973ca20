"""Measure ``lapel make`` on 10 minutes: six recordings of 1080p30 that came as files, to six packages.

Run ``python -m bench.make`` (a few minutes), or with ``--short`` for recordings of 20 s. The recordings are
those of ``bench.stop_to_packages``, but nothing is ready when the command starts: it imports, writes
captions, makes working copies, tidies, checks and packs, as for a producer who comes with files on a stick.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.stop_to_packages import build, children_s


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=100.0, help="length of each recording")
    parser.add_argument(
        "--short", action="store_const", dest="seconds", const=20.0, help="recordings of 20 s"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lapel-bench-") as temporary:
        folder = Path(temporary)
        cameras = [camera for _, camera in build(folder / "sources", seconds=options.seconds)]
        places = ["--library", str(folder / "library"), "--out", str(folder / "out")]
        command = [str(Path(sys.executable).with_name("lapel")), "make", *map(str, cameras), *places]
        load, before_s, started_s = os.getloadavg(), children_s(), time.monotonic()
        done = subprocess.run(
            [*command, "--title", "Ten minutes in six files", "--json"], stdout=subprocess.PIPE, check=False
        )
        taken_s = time.monotonic() - started_s
        made = json.loads(done.stdout)
    document = {
        "exit code": done.returncode,
        "seconds": round(taken_s, 1),
        "processor seconds": round(children_s() - before_s, 1),
        "largest process, MB": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
        "steps": made["timings_s"],
        "packages": [each["target"] for each in made["packages"]],
        "result, seconds": made["duration_s"],
        "load before, after": (load, os.getloadavg()),
    }
    print(json.dumps(document, indent=1))
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
