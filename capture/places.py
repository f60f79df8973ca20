"""Where Lapel keeps what belongs to this computer and not to a library."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

MODELS_VARIABLE = "LAPEL_MODELS"
CACHE_VARIABLE = "LAPEL_CACHE"
CONFIG_VARIABLE = "LAPEL_CONFIG"


def models_folder() -> Path:
    """Return where models are kept; ``LAPEL_MODELS`` overrides the platform's data folder."""
    override = os.environ.get(MODELS_VARIABLE)
    return Path(override) if override else platformdirs.user_data_path("lapel", appauthor=False) / "models"


def config_folder() -> Path:
    """Return where is kept what this computer's devices are like; ``LAPEL_CONFIG`` overrides."""
    override = os.environ.get(CONFIG_VARIABLE)
    return Path(override) if override else platformdirs.user_config_path("lapel", appauthor=False)


def trial_folder() -> Path:
    """Return where the last test recording is kept; ``LAPEL_CACHE`` overrides the platform's cache folder."""
    override = os.environ.get(CACHE_VARIABLE)
    return (Path(override) if override else platformdirs.user_cache_path("lapel", appauthor=False)) / "trial"
