"""Settings of the library: where it keeps things and which model it uses. Read from ``LONJA_*``, checked once."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from corpus.errors import BadSetting


class LibrarySettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="LONJA_", frozen=True, extra="ignore")

    data: Path = Path("data")
    """The data folder: catalog, originals and the embedded index."""

    database_url: str | None = None
    """The catalog's database; without it, SQLite in the data folder."""

    qdrant_url: str | None = None
    """A Qdrant server; without it, the embedded index in the data folder."""

    qdrant_api_key: str | None = None

    qdrant_collection: str = Field(default="lonja", pattern=r"^[A-Za-z0-9_-]{1,80}$")
    """The collection's name on a Qdrant server that several installations share."""

    model: str | None = None
    """The embedding model: nothing for the built-in pack, a folder, or a name for sentence-transformers."""

    organisation: str = Field(default="local", pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")
    """Whose documents they are, where neither the command nor a lonja.toml says: a slug."""


def read_settings(**given: object) -> LibrarySettings:
    """Settings from the environment, with those given (and not None) on top. Raises BadSetting."""
    try:
        return LibrarySettings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        raise BadSetting(f"The setting LONJA_{name} is not valid: {first['msg']}.") from error
