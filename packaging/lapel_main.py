"""``python -m lapel`` is the same as ``lapel``."""

from lapel import main

main()
