from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.documents import Audience, Principal
from corpus.errors import BadInput
from corpus.indexing import EVERYTHING
from corpus.library import Library
from corpus.search.results import Mode, SearchRequest
from ingest.run import IngestOptions, Report, run
from tests.library.texts import ALL, COFFEE

OPERATOR = Principal.operator()


def titles(library: Library, text: str, principal: Principal = OPERATOR, mode: Mode = Mode.HYBRID) -> list[str]:
    return [hit.document.facts.title for hit in library.search(SearchRequest(text, principal, mode=mode)).hits]


def test_a_folder_is_taken_in_and_answers_across_languages(library: Library, take_in: Callable[..., Report]) -> None:
    report = take_in(ALL)
    assert report.counts()["added"] == len(ALL)
    assert titles(library, "¿qué documento pide Brasil para el mango fresco?")[0] == "Manga fresca para o Brasil"
    assert titles(library, "limite de cromo hexavalente em luvas de couro")[0] == "Chromium VI in leather gloves"
    assert titles(library, "roasted coffee duty in Chile")[0] == "Vender café tostado en Chile"


def test_facts_are_guessed_where_nobody_gave_them(library: Library, take_in: Callable[..., Report]) -> None:
    [event] = take_in({"coffee.md": COFFEE}).events
    assert event.document is not None
    facts = library.catalog.documents.get(event.document, EVERYTHING).facts
    assert (facts.title, facts.language, facts.hs_codes) == ("Vender café tostado en Chile", "es", ("090121",))


def test_the_second_run_does_nothing(library: Library, take_in: Callable[..., Report]) -> None:
    take_in(ALL)
    again = take_in({})
    assert again.counts() == {**dict.fromkeys(again.counts(), 0), "unchanged": len(ALL)}
    assert library.index.count_passages() == library.catalog.passages.count()


def test_a_changed_file_replaces_what_it_said(library: Library, take_in: Callable[..., Report]) -> None:
    take_in(ALL)
    report = take_in({"coffee.md": COFFEE.replace("Valparaíso", "Antofagasta")})
    assert report.counts()["new_version"] == 1
    assert titles(library, "Antofagasta", mode=Mode.KEYWORD) == ["Vender café tostado en Chile"]
    assert titles(library, "Valparaíso", mode=Mode.KEYWORD) == []


def test_a_file_that_is_gone_leaves_the_index_and_its_original_the_disk(
    library: Library, take_in: Callable[..., Report], files: Path
) -> None:
    take_in(ALL)
    (files / "leather.md").unlink()
    assert take_in({}).counts()["removed"] == 1
    assert "Chromium VI in leather gloves" not in titles(library, "hexavalent chromium in gloves")
    assert len(list(library.originals.hashes())) == len(ALL) - 1


def test_files_elsewhere_are_left_alone(library: Library, take_in: Callable[..., Report], tmp_path: Path) -> None:
    take_in(ALL)
    other = tmp_path / "other"
    other.mkdir()
    report = run(library, [other], IngestOptions(organisation="alpha"))
    assert report.events == []
    assert library.catalog.documents.count() == len(ALL)


def test_an_unreadable_file_is_told_and_the_rest_is_taken_in(library: Library, take_in: Callable[..., Report]) -> None:
    report = take_in({**ALL, "empty.md": "", "broken.pdf": "%PDF-1.7 nothing else"})
    assert report.counts()["added"] == len(ALL)
    failures = {Path(event.file).name: event.failure for event in report.failed}
    assert set(failures) == {"empty.md", "broken.pdf"}
    for failure in failures.values():
        assert failure is not None
        assert failure.code
        assert failure.message
    again = take_in({})
    assert {Path(event.file).name for event in again.failed} == set(failures), "told again, without another try"


def test_nobody_but_the_owner_sees_what_was_ingested_without_an_audience(library: Library, files: Path) -> None:
    (files / "coffee.md").write_text(COFFEE, encoding="utf-8")
    run(library, [files], IngestOptions(organisation="alpha"))
    assert titles(library, "café en Chile", Principal("alpha"))
    assert titles(library, "café en Chile", Principal("beta")) == []


def test_front_matter_says_who_may_see_it(library: Library, files: Path) -> None:
    head = "---\ntitle: Solo para beta\naudience: [beta]\nhs_codes: ['0901.21']\n---\n"
    (files / "note.md").write_text(head + COFFEE, encoding="utf-8")
    run(library, [files], IngestOptions(organisation="alpha"))
    assert titles(library, "café en Chile", Principal("beta")) == ["Solo para beta"]
    assert titles(library, "café en Chile", Principal("gamma")) == []


def test_an_audience_of_nobody_is_an_error_before_anything_is_taken_in(library: Library, files: Path) -> None:
    (files / "note.md").write_text("---\naudience: [betta]\n---\n" + COFFEE, encoding="utf-8")
    with pytest.raises(BadInput, match="betta"):
        run(library, [files], IngestOptions(organisation="alpha"))
    assert library.catalog.documents.count() == 0


def test_a_path_that_does_not_exist_is_an_error(library: Library, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="nowhere"):
        run(library, [tmp_path / "nowhere"], IngestOptions())


def test_two_files_with_the_same_bytes_are_one_document(library: Library, take_in: Callable[..., Report]) -> None:
    report = take_in({"one.md": COFFEE, "two.md": COFFEE})
    assert (report.counts()["added"], report.counts()["duplicate"]) == (1, 1)
    assert library.catalog.documents.count() == 1


def test_attachments_are_documents_of_their_own(library: Library, files: Path) -> None:
    message = (
        "From: a@example.org\nTo: b@example.org\nSubject: Muestras\nMIME-Version: 1.0\n"
        'Content-Type: multipart/mixed; boundary="x"\n\n--x\nContent-Type: text/plain; charset=utf-8\n\n'
        "Adjunto la tabla de tarifas de transporte.\n"
        '--x\nContent-Type: text/csv; name="tarifas.csv"\n'
        'Content-Disposition: attachment; filename="tarifas.csv"\n\n'
        "ruta,tarifa\nIpiales a Guayaquil,1200\nTumaco a Callao,1900\n--x--\n"
    )
    (files / "mail.eml").write_text(message, encoding="utf-8")
    report = run(library, [files], IngestOptions(organisation="alpha", audience=Audience.owner()))
    assert report.counts()["added"] == 2
    [hit] = library.search(SearchRequest("Tumaco Callao", Principal("alpha"), mode=Mode.KEYWORD)).hits
    assert hit.document.parent is not None
    assert titles(library, "Tumaco Callao", Principal("beta")) == []
    library.remove(hit.document.parent)
    assert library.catalog.documents.count() == 0
    assert list(library.originals.hashes()) == []


@pytest.mark.slow
def test_treaties_answer_what_is_asked_of_them(library: Library, shared: Path) -> None:
    run(library, [shared / "real-docs" / "treaties" / "es"], IngestOptions(audience=Audience.cluster()))
    results = library.search(SearchRequest("plazo para el despacho de mercancías", OPERATOR))
    first = results.hits[0].passages[0].stored.passage
    assert "despacho" in " ".join((*first.heading_path, first.text)).casefold()
    assert first.heading_path, "a passage of a treaty knows its article"
