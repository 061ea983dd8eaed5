"""The ``lonja`` command line. Every command imports what it needs when it runs, so that ``--help`` answers at once."""

from search_api.cli.app import main

__all__ = ["main"]
