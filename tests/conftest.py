"""What every test gets: no network, a fresh library folder, the sample interview."""

import os
from pathlib import Path

import pytest

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

REPO = Path(__file__).resolve().parent.parent
SHARED = REPO.parent / "shared"


@pytest.fixture
def sample() -> Path:
    """The bundled interview: seven answers, lapel track and camera file each."""
    return REPO / "assets" / "sample"


@pytest.fixture
def voices() -> Path:
    """Human readings that are not ours to commit."""
    folder = SHARED / "media" / "voices"
    if not folder.is_dir():
        pytest.skip("../shared/media/voices is not here")
    return folder


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees or touches the library, settings or logs of the person who runs it."""
    monkeypatch.setenv("LAPEL_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("LAPEL_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("LAPEL_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("LAPEL_SETTINGS", str(tmp_path / "settings"))
    monkeypatch.setenv("LAPEL_LOGS", str(tmp_path / "logs"))
