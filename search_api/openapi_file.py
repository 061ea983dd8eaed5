"""Writes the API's description to a file: ``python -m search_api.openapi_file docs/openapi.json``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from search_api.app import create_app
from search_api.settings import ServiceSettings

if TYPE_CHECKING:
    from corpus.library import Library


def description() -> str:
    """The same whatever the environment says. Opens nothing."""

    def never() -> Library:
        raise AssertionError("describing the API opens no library")

    document = create_app(ServiceSettings.model_construct(), never).openapi()
    return json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(description(), encoding="utf-8")
