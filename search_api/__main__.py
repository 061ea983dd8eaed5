"""``python -m search_api`` is ``lonja``."""

from search_api.cli import main

main()
