"""Where the program starts: a verb goes to the command line, no verb opens the window."""

from __future__ import annotations

import sys


def main() -> None:
    """Run Lapel and exit."""
    from app import cli

    sys.exit(cli.run(sys.argv[1:]))
