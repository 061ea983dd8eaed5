from __future__ import annotations

from pathlib import Path

import pytest

from search_api.cli.exits import Exit
from tests.cli.conftest import Lonja

COMMANDS = ("ingest", "search", "show", "status", "remove", "reindex", "model", "eval", "bench", "demo")


def test_help_names_every_command_and_loads_nothing_heavy(lonja: Lonja) -> None:
    ended = lonja("--help", PYTHONPROFILEIMPORTTIME="1")
    assert ended.code == Exit.DONE
    for command in COMMANDS:
        assert f"  {command}" in ended.out
    loaded = {line.rsplit("|", 1)[-1].strip() for line in ended.errors.splitlines() if "|" in line}
    assert not loaded & {"numpy", "sqlalchemy", "haystack", "openvino", "qdrant_client", "fastapi", "pydantic"}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(lonja: Lonja, command: str) -> None:
    ended = lonja(command, "--help")
    assert ended.code == Exit.DONE
    assert len(ended.out.split("Options:")[0].splitlines()) > 3


def test_the_way_of_a_document(lonja: Lonja, files: Path) -> None:
    """Taken in, found, shown, hidden from others, removed: each by a process of its own."""
    taken = lonja("ingest", files, "--json")
    assert taken.code == Exit.DONE, taken.errors
    assert [line["event"] for line in taken.lines()] == ["added", "added", "report"]
    assert taken.lines()[-1]["added"] == 2

    found = lonja("search", "¿quién", "pesa", "las", "cajas?", "--json").json()
    first = found["hits"][0]
    assert first["organisation"]["name"] == "Alpha S.A."
    passage = first["passages"][0]["stored"]["passage"]
    assert passage["heading_path"] == ["Aduana de Ipiales", "Inspección"]

    text = lonja("search", "pesa dos cajas -queso idioma:es")
    assert "Read as: without queso; languages es" in text.out
    assert "Alpha S.A." in text.out
    assert "Inspección" in text.out

    document = first["document"]["id"]
    assert "words" not in found["hits"][0]["passages"][0]["stored"]  # the machine's own
    shown = lonja("show", document, "--text", "--json").json()
    assert shown["versions"][0]["stage"] == "ready"
    assert any("manifiesto" in each["text"] for each in shown["passages"])
    assert "cluster" in lonja("show", document).out

    status = lonja("status", "--json").json()
    assert (status["documents"], status["stages"]) == (2, {"ready": 2})

    assert lonja("remove", document).code == Exit.DONE
    assert lonja("show", document).code == Exit.NOT_FOUND
    assert lonja("status", "--json").json()["documents"] == 1
    assert lonja("reindex", "--json").json() == {"documents": 1}


def test_a_second_ingest_says_that_nothing_changed(lonja: Lonja, files: Path) -> None:
    lonja("ingest", files)
    again = lonja("ingest", files)
    assert again.code == Exit.DONE
    assert "2 unchanged" in again.out


def test_a_file_that_cannot_be_taken_in_is_listed_with_its_reason(lonja: Lonja, files: Path) -> None:
    (files / "vacio.pdf").write_bytes(b"")
    ended = lonja("ingest", files)
    assert ended.code == Exit.PARTLY
    assert "vacio.pdf" in ended.out
    assert "empty" in ended.out


def test_a_misspelt_name_in_lonja_toml_is_pointed_out(lonja: Lonja, files: Path) -> None:
    (files / "secreto.md").rename(files / "secretos.md")
    ended = lonja("ingest", files)
    assert ended.code == Exit.DONE
    assert "'secreto.md', which is not there" in ended.out


def test_others_do_not_find_what_is_the_owners(lonja: Lonja, files: Path) -> None:
    (files / "beta").mkdir()
    (files / "beta" / "lonja.toml").write_text('[organisation]\nslug = "beta"\nname = "Beta"\n', encoding="utf-8")
    (files / "beta" / "nota.md").write_text("# Nota\n\nLa feria de Lima abre en mayo.\n", encoding="utf-8")
    assert lonja("ingest", files).code == Exit.DONE
    question = ("search", "precio mínimo del queso", "--mode", "keyword", "--json")
    assert lonja(*question, "--as", "alpha").json()["total"] == 1
    hidden = lonja(*question, "--as", "beta")
    assert hidden.json()["total"] == 0
    assert hidden.code == Exit.NOT_FOUND


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("search", ""), Exit.BAD_INPUT, "empty"),
        (("search", "arancel " * 12_500), Exit.BAD_INPUT, "characters"),
        (("search", "x", "--mode", "hybird"), Exit.BAD_INPUT, "hybrid"),
        (("search", "x", "--language", "klingon"), Exit.BAD_INPUT, "language"),
        (("search", "x", "--language", "qq"), Exit.BAD_INPUT, "language"),
        (("search", "x", "--hs", "abc"), Exit.BAD_INPUT, "HS code"),
        (("search", "x", "--from", "yesterday"), Exit.BAD_INPUT, "date"),
        (("search", "x", "--as", "nobody"), Exit.NOT_FOUND, "nobody"),
        (("search", "x", "--limit", "0"), Exit.BAD_INPUT, "limit"),
        (("search", "x", "--unknown"), Exit.BAD_INPUT, "--unknown"),
        (("ingest", "/no/such/folder"), Exit.BAD_INPUT, "/no/such/folder"),
        (("show", "nothing"), Exit.NOT_FOUND, "nothing"),
        (("remove", "nothing"), Exit.NOT_FOUND, "nothing"),
        (("eval", "/no/such/collection"), Exit.BAD_INPUT, "/no/such/collection"),
        (("bench", "--only", "serach"), Exit.BAD_INPUT, "search"),
        (("nonsense",), Exit.BAD_INPUT, "nonsense"),
    ],
)
def test_bad_input_is_told_in_a_sentence(lonja: Lonja, arguments: tuple[str, ...], code: Exit, says: str) -> None:
    ended = lonja(*arguments)
    assert ended.code == code
    assert says in ended.errors


def test_an_empty_library_says_how_to_begin(lonja: Lonja) -> None:
    ended = lonja("search", "aranceles")
    assert ended.code == Exit.NOT_FOUND
    assert "lonja ingest" in ended.out


def test_what_was_refused_shows_no_bar(lonja: Lonja) -> None:
    ended = lonja("ingest", "/no/such/folder")
    assert "Error:" in ended.errors
    assert "Ingesting" not in ended.errors


def test_errors_are_json_for_programs(lonja: Lonja) -> None:
    error = lonja("search", "", "--json").json()["error"]
    assert (error["code"], bool(error["message"]), bool(error["hint"])) == ("empty_query", True, True)


def test_an_empty_library_says_what_to_do(lonja: Lonja) -> None:
    ended = lonja("status")
    assert ended.code == Exit.DONE
    assert "lonja ingest" in ended.out
