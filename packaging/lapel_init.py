"""Start Lapel from an installed wheel, where the five folders sit inside this package."""

import sys
from pathlib import Path


def main() -> None:
    """Run the program; the folder of this file comes first so that ``app``, ``editor`` … are ours."""
    here = str(Path(__file__).resolve().parent)
    if here not in sys.path:
        sys.path.insert(0, here)
    from app.main import main as run

    run()
