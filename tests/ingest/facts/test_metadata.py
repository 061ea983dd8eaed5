from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from corpus.documents import Audience, Kind
from ingest.declared import BadMetadata
from ingest.front_matter import read_front_matter
from ingest.lonja_toml import FolderReader, read_folder_metadata

WHOLE = """
[organisation]
slug = "cueros-belen"
name = "Cueros Belén"
country = "COL"
sectors = ["Leather"]
[defaults]
audience = "cluster"
source = "Written for Lonja"
[files."mercado-italia.pdf"]
title = "El cuero en Italia"
kind = "market_report"
language = "es"
countries = ["ITA", "francia"]
hs_codes = ["4202.21"]
published = 2026-03-14
valid_until = 2027-03-14
audience = ["lacteos-cumbal"]
"""


def written(folder: Path, content: str) -> Path:
    path = folder / "lonja.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def test_all_of_it(tmp_path: Path) -> None:
    found = read_folder_metadata(written(tmp_path, WHOLE))
    assert found.organisation is not None
    assert (found.organisation.id, found.organisation.country, found.organisation.sectors) == (
        "cueros-belen",
        "COL",
        ("leather",),
    )
    assert found.defaults.audience == Audience.cluster()
    entry = found.files["mercado-italia.pdf"]
    assert (entry.title, entry.kind, entry.language) == ("El cuero en Italia", Kind.MARKET_REPORT, "es")
    assert (entry.countries, entry.hs_codes) == (("ITA", "FRA"), ("420221",))
    assert (entry.published, entry.valid_until) == (date(2026, 3, 14), date(2027, 3, 14))
    assert entry.audience == Audience.of("lacteos-cumbal")
    assert found.absent == ("mercado-italia.pdf",)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('[default]\nkind = "other"', "Did you mean 'defaults'?"),
        ('[defaults]\ncountry = ["COL"]', "Did you mean 'countries'?"),
        ('[defaults]\nkind = "report"', "market_report, trade_agreement, know_how, other"),
        ('[defaults]\nkind = "market-report"', "Did you mean 'market_report'?"),
        ('[defaults]\nlanguage = "spanish"', "ISO 639-1"),
        ('[defaults]\ncountries = ["Wonderland"]', "'Wonderland' is no country"),
        ('[defaults]\ncountries = "COL"', 'countries = ["COL"]'.replace('"', "'")),
        ('[defaults]\nhs_codes = ["9999"]', "'9999' is no HS code"),
        ('[defaults]\npublished = "soon"', "2026-03-14"),
        ('[defaults]\naudience = "everybody"', "'cluster', 'owner'"),
        ("[defaults]\naudience = []", "'cluster', 'owner'"),
        ('[defaults]\naudience = ["Lácteos Cumbal"]', "no slug"),
        ('[organisation]\nname = "Cueros"', "slug is missing"),
        ('[files]\n"a.pdf" = "x"', "not a table"),
        ('[files."a.pdf"]\ntitle = ""', "title is ''"),
        ("[defaults", "not valid TOML"),
    ],
)
def test_errors_name_the_file_the_key_and_what_is_allowed(tmp_path: Path, content: str, says: str) -> None:
    path = written(tmp_path, content)
    with pytest.raises(BadMetadata) as raised:
        read_folder_metadata(path)
    assert says in str(raised.value)
    assert str(path) in str(raised.value)


def test_what_is_not_utf_8(tmp_path: Path) -> None:
    (tmp_path / "lonja.toml").write_bytes('[defaults]\ntitle = "Año"'.encode("latin-1"))
    with pytest.raises(BadMetadata, match="UTF-8"):
        read_folder_metadata(tmp_path / "lonja.toml")


def test_the_nearest_folder_goes_first_and_entries_may_name_files_below(tmp_path: Path) -> None:
    written(
        tmp_path,
        '[organisation]\nslug = "a"\n[defaults]\nsource = "far"\n[files."below/x.pdf"]\ntitle = "From above"',
    )
    written(tmp_path / "below", '[defaults]\nsource = "near"\n[files."x.pdf"]\ntitle = "From beside"')
    reader = FolderReader()
    found = reader.declarations(tmp_path / "below" / "x.pdf")
    assert [entry.title for entry in found.entries] == ["From beside", "From above"]
    assert [defaults.source for defaults in found.defaults] == ["near", "far"]
    assert found.organisation is not None
    assert found.organisation.id == "a"
    assert not reader.declarations(tmp_path / "below" / "y.pdf").entries
    assert {metadata.path for metadata in reader.all_read()} == {
        tmp_path / "lonja.toml",
        tmp_path / "below" / "lonja.toml",
    }


def test_a_foreign_head_gives_what_is_known_and_the_rest_is_passed_over() -> None:
    pairs = [
        ("title", "Ley Nº 19210"), ("country", "uy"), ("rank", "ley"), ("publication_date", "2014-05-09"),
        ("status", "in_force"), ("Lang", "es-UY"), ("article_count", "88"), ("source", "https://example.org/ley"),
    ]  # fmt: skip
    found, warnings = read_front_matter(pairs, "ley.md")
    assert (found.title, found.countries, found.published) == ("Ley Nº 19210", ("URY",), date(2014, 5, 9))
    assert (found.language, found.source, found.kind) == ("es", "https://example.org/ley", None)
    assert warnings == ()


def test_a_senseless_value_of_a_foreign_head_is_a_warning() -> None:
    found, warnings = read_front_matter([("kind", "ley"), ("country", "Wonderland"), ("title", "X")], "ley.md")
    assert (found.kind, found.countries, found.title) == (None, None, "X")
    assert len(warnings) == 2


def test_lists_and_parties() -> None:
    found, _ = read_front_matter([("hs_codes", "[0901.21, 1806]"), ("parties", "CHL PER")], "a.html")
    assert (found.hs_codes, found.countries) == (("090121", "1806"), ("CHL", "PER"))


def test_an_audience_that_makes_no_sense_is_an_error_because_somebody_meant_to_keep_it_from_others() -> None:
    assert read_front_matter([("audience", "owner")], "a.md")[0].audience == Audience.owner()
    assert read_front_matter([("audience", "[a, b]")], "a.md")[0].audience == Audience.of("a", "b")
    with pytest.raises(BadMetadata):
        read_front_matter([("audience", "Solo nosotros")], "a.md")
