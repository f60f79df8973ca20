"""``lapel`` as a function and as a process, and what a folder holds."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import assets
from app import cli


class Lapel:
    """Runs ``lapel`` in this process on one library."""

    def __init__(self, folder: Path, capfd: pytest.CaptureFixture[str]):
        self.folder = folder
        self._capfd = capfd

    def __call__(self, *arguments: object) -> tuple[int, str, str]:
        self._capfd.readouterr()
        code = cli.run([*map(str, arguments), "--library", str(self.folder)])
        out, err = self._capfd.readouterr()
        return code, out, err

    def json(self, *arguments: object) -> dict:
        code, out, err = self(*arguments, "--json")
        assert code == 0, err
        return json.loads(out)

    def refuses(self, *arguments: object, code: int = 2) -> str:
        found, out, err = self(*arguments)
        assert found == code, (out, err)
        assert out == ""
        assert len(err.strip().splitlines()) == 1, err
        assert "Traceback" not in err
        return err


def files_below(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()} if folder.exists() else set()


def start_lapel(*arguments: object) -> subprocess.Popen:
    """Start ``lapel`` of this checkout as a process of its own session."""
    return subprocess.Popen(
        [sys.executable, "-P", "-c", "from app.main import main; main()", *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(assets.ROOT)},
        start_new_session=True,
    )
