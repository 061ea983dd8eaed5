"""Reading, correcting, who may see a document, deleting it and taking that back; pages, copies, what is similar."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest

from corpus.catalog.arrivals import Arrival
from corpus.catalog.queue import Prepared
from corpus.documents import Audience, DocumentFacts, Passage
from corpus.library import Library
from tests.conftest import ROOT
from tests.service.conftest import Browser, Server, share

PDF = ROOT / "corpus" / "samples" / "cafe-alto-juanambu" / "mercado-china-cafe.pdf"
TEXTS = (
    ("es", "El registro de la planta exportadora ante la aduana china dura cinco años y se renueva antes de vencer."),
    (
        "es",
        "El certificado fitosanitario se pide diez días antes del embarque en el puerto de Buenaventura o Guayaquil.",
    ),
)


@pytest.fixture
def as_(server: Server) -> Callable[[str], Browser]:
    opened: dict[str, Browser] = {}

    def browser(who: str) -> Browser:
        role, firm = who.split("@")
        if who not in opened:
            opened[who] = server.signed_in(f"{role}@{firm}.example")
        return opened[who]

    return browser


def shared(server: Server, audience: Audience | None = None, title: str = "Aduana china", **options: Any) -> str:
    facts = options.pop("facts", {})
    texts = options.pop("texts", TEXTS)
    owner = options.pop("owner", "alpha")
    return share(server.service.library, owner, title, audience or Audience.cluster(), facts, texts, **options)


def finds(browser: Browser, document: str) -> bool:
    answer = browser.post("/search", json={"query": "registro de la planta ante la aduana china"})
    assert answer.status_code == 200
    return document in {hit["document"]["id"] for hit in answer.json()["hits"]}


class TestReading:
    def test_a_document_tells_what_is_known_and_what_was_guessed(self, server: Server, as_: Any) -> None:
        document = shared(server, facts={"countries": ("CHN",)})
        told = as_("member@alpha").get(f"/documents/{document}").json()
        assert told["state"] == "ready"
        assert told["guessed"] == ["kind", "language"]
        assert told["file"]["passages"] == len(TEXTS)
        assert told["contributor"] == "somebody of alpha"
        assert not told["may_change"]
        foreign = as_("coordinator@beta").get(f"/documents/{document}").json()
        assert (foreign["contributor"], foreign["job"]) == (None, None)
        [own], [told_to_others] = (
            as_(f"member@{firm}").get(f"/documents/{document}/versions").json() for firm in ("alpha", "beta")
        )
        assert own["job"] is not None
        assert told_to_others == own | {"job": None}

    def test_what_one_may_not_see_is_as_if_it_were_not_there(self, server: Server, as_: Any) -> None:
        document = shared(server, Audience.of("beta"))
        missing = document[:-4] + "0000"
        below = (
            "",
            "/versions",
            "/original",
            "/pages/1",
            "/pages/1/marks?passage=0",
            "/similar",
            "/copies",
            "/passages",
        )
        for path in below:
            there = as_("coordinator@gamma").get(f"/documents/{document}{path}")
            nowhere = as_("coordinator@gamma").get(f"/documents/{missing}{path}")
            assert there.status_code == nowhere.status_code == 404, path
            assert there.json()["code"] == nowhere.json()["code"]
        assert as_("member@beta").get(f"/documents/{document}").status_code == 200

    def test_what_is_on_its_way_is_its_firms_alone(self, server: Server, as_: Any) -> None:
        answer = as_("coordinator@alpha").post(
            "/notes", json={"title": "Pronto", "text": "listo", "audience": {"scope": "cluster"}}
        )
        document = answer.json()["document"]
        assert as_("member@alpha").get(f"/documents/{document}").status_code == 200
        assert as_("member@beta").get(f"/documents/{document}").status_code == 404
        assert as_("member@beta").get("/documents").json()["items"] == []

    def test_lists_page_by_page(self, server: Server, as_: Any) -> None:
        ids = [shared(server, title=f"Nota {n}", texts=(("es", f"Texto de la nota {n}."),)) for n in range(5)]
        seen: list[str] = []
        cursor = None
        while True:
            parameters = {"limit": 2} | ({"cursor": cursor} if cursor else {})
            page = as_("member@beta").get("/documents", params=parameters).json()
            seen += [item["id"] for item in page["items"]]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert seen == ids[::-1]
        assert as_("member@beta").get("/documents?own=true").json()["items"] == []

    def test_lists_by_words_of_the_title(self, server: Server, as_: Any) -> None:
        titles = ("Límites de cadmio", "Limites en otra firma", "El café de Nariño", "Cadmio: los LÍMITES de 2023")
        for title in titles:
            shared(server, title=title, texts=(("es", f"Texto de {title}."),))

        def found(title: str, **more: Any) -> list[str]:
            parameters = {"title": title, **more}
            return [one["title"] for one in as_("member@beta").get("/documents", params=parameters).json()["items"]]

        assert found("limites cadmi") == ["Cadmio: los LÍMITES de 2023", "Límites de cadmio"]
        assert found("NARINO") == ["El café de Nariño"]
        assert found("%") == found("zinc") == []
        first = as_("member@beta").get("/documents", params={"title": "límites", "limit": 2}).json()
        assert found("límites", cursor=first["next_cursor"]) == ["Límites de cadmio"]

    def test_the_original_is_handed_over_and_never_shown(self, server: Server, as_: Any) -> None:
        page = b"<html><script>alert(1)</script></html>"
        made = as_("coordinator@alpha").post("/uploads", files=[("file", ('a\u00f1o;".html', page))]).json()["files"][0]
        answer = as_("member@alpha").get(f"/documents/{made['document']}/original")
        assert answer.content == page
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"].startswith("attachment;")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in answer.headers["content-security-policy"]


class TestCorrecting:
    def test_what_a_person_says_is_no_guess_any_more(self, server: Server, as_: Any) -> None:
        document = shared(server)
        change = {
            "title": "La aduana china",
            "language": "es",
            "hs_codes": ["09.01", "0901.21"],
            "published": "2026-02-03",
        }
        told = as_("coordinator@alpha").patch(f"/documents/{document}", json=change).json()
        assert told["hs_codes"] == ["0901", "090121"]
        assert told["guessed"] == ["kind"]
        filtered = {"query": "aduana", "filters": {"published_from": "2026-02-03", "published_to": "2026-02-03"}}
        assert as_("member@beta").post("/search", json=filtered).json()["total"] == 1
        cleared = as_("coordinator@alpha").patch(f"/documents/{document}", json={"published": None, "hs_codes": []})
        assert (cleared.json()["published"], cleared.json()["hs_codes"]) == (None, [])

    def test_others_change_nothing(self, server: Server, as_: Any) -> None:
        document = shared(server)
        for who in ("coordinator@beta", "member@alpha", "admin@alpha"):
            status = 200 if who == "admin@alpha" else 403
            answer = as_(who).patch(f"/documents/{document}", json={"title": f"by {who}"})
            assert answer.status_code == status
        assert as_("coordinator@beta").delete(f"/documents/{document}").status_code == 403
        answer = as_("coordinator@beta").put(f"/documents/{document}/audience", json={"scope": "cluster"})
        assert answer.status_code == 403


class TestWhoSeesIt:
    def test_narrowing_takes_effect_with_the_answer(self, server: Server, as_: Any) -> None:
        document = shared(server)
        assert finds(as_("member@beta"), document)
        narrowed = as_("coordinator@alpha").put(f"/documents/{document}/audience", json={"scope": "owner"})
        assert narrowed.status_code == 200
        assert not finds(as_("member@beta"), document)
        assert as_("member@beta").get(f"/documents/{document}").status_code == 404
        assert finds(as_("member@alpha"), document)

    def test_a_draft_is_its_firms_and_is_shared_by_one_word(self, server: Server, as_: Any) -> None:
        document = shared(server, draft=True)
        assert not finds(as_("member@beta"), document)
        as_("coordinator@alpha").put(f"/documents/{document}/audience", json={"scope": "cluster"})
        assert finds(as_("member@beta"), document)

    def test_attachments_follow_their_message(self, server: Server, as_: Any) -> None:
        message = shared(server)
        library = server.service.library
        attached = library.catalog.arrivals.register(
            Arrival("alpha", "attachment:1", "0" * 64, 1, "text/plain", "a.txt", DocumentFacts("A"), frozenset(),
                    Audience.owner(), parent=message)
        )  # fmt: skip
        child = as_("member@alpha").get(f"/documents/{attached.document_id}").json()
        assert child["audience"]["scope"] == "cluster"
        as_("coordinator@alpha").put(f"/documents/{message}/audience", json={"scope": "owner"})
        assert as_("member@alpha").get(f"/documents/{attached.document_id}").json()["audience"]["scope"] == "owner"
        as_("coordinator@alpha").delete(f"/documents/{message}")
        assert as_("member@alpha").get(f"/documents/{attached.document_id}").status_code == 404
        late = library.catalog.arrivals.register(
            Arrival("alpha", "attachment:2", "1" * 64, 1, "text/plain", "b.txt", DocumentFacts("B"), frozenset(),
                    parent=message)
        )  # fmt: skip
        assert as_("member@alpha").get(f"/documents/{late.document_id}").status_code == 404

    def test_only_the_owner_is_told_which_firms_were_named(self, server: Server, as_: Any) -> None:
        document = shared(server, Audience.of("beta", "gamma"))
        assert as_("member@alpha").get(f"/documents/{document}").json()["audience"]["organisations"] == [
            "beta",
            "gamma",
        ]
        assert as_("member@beta").get(f"/documents/{document}").json()["audience"]["organisations"] is None


class TestDeleting:
    def test_it_is_gone_with_the_answer_and_comes_back(self, server: Server, as_: Any) -> None:
        document = shared(server)
        gone = as_("coordinator@alpha").delete(f"/documents/{document}").json()
        assert datetime.fromisoformat(gone["restorable_until"]) > datetime.now(UTC)
        for who in ("member@alpha", "member@beta"):
            assert not finds(as_(who), document)
            assert as_(who).get(f"/documents/{document}").status_code == 404
        assert [item["id"] for item in as_("member@alpha").get("/deleted-documents").json()["items"]] == [document]
        assert as_("member@beta").get("/deleted-documents").json()["items"] == []
        assert as_("coordinator@beta").post(f"/documents/{document}/restore").status_code == 404
        assert as_("member@alpha").post(f"/documents/{document}/restore").status_code == 403
        assert as_("coordinator@alpha").post(f"/documents/{document}/restore").status_code == 200
        assert finds(as_("member@beta"), document)

    def test_after_its_time_nothing_is_left(self, server: Server, as_: Any) -> None:
        made = as_("coordinator@alpha").post("/notes", json={"title": "Fin", "text": "nada"}).json()
        as_("coordinator@alpha").delete(f"/documents/{made['document']}")
        library = server.service.library
        for document in library.catalog.documents.deleted_before(datetime.now(UTC) + timedelta(seconds=1)):
            library.remove(document)
        assert as_("coordinator@alpha").post(f"/documents/{made['document']}/restore").status_code == 404
        assert list(library.originals.hashes()) == []

    def test_an_original_that_came_in_again_is_spared(self, server: Server, as_: Any) -> None:
        """Between its arrival on the disk and in the catalog nothing speaks of it."""
        made = as_("coordinator@alpha").post("/notes", json={"title": "Fin", "text": "nada"}).json()
        as_("coordinator@alpha").delete(f"/documents/{made['document']}")
        server.service.library.remove(made["document"], spare=timedelta(hours=1))
        assert len(list(server.service.library.originals.hashes())) == 1


class TestPagesAndCopies:
    @pytest.fixture
    def report(self, server: Server) -> str:
        return put_pdf(server.service.library, "alpha", Audience.of("beta"))

    def test_pages_of_a_pdf_are_pictures(self, server: Server, as_: Any, report: str) -> None:
        answer = as_("member@beta").get(f"/documents/{report}/pages/1?width=300")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "image/png"
        assert answer.content[16:20] == (320).to_bytes(4, "big")
        again = as_("member@beta").get(
            f"/documents/{report}/pages/1?width=300", headers={"If-None-Match": answer.headers["etag"]}
        )
        assert (again.status_code, again.content) == (304, b"")
        assert as_("member@beta").get(f"/documents/{report}/pages/99").status_code == 404
        as_("coordinator@alpha").put(f"/documents/{report}/audience", json={"scope": "owner"})
        later = as_("member@beta").get(
            f"/documents/{report}/pages/1?width=300", headers={"If-None-Match": answer.headers["etag"]}
        )
        assert later.status_code == 404

    def test_a_passage_is_marked_on_its_page(self, server: Server, as_: Any, report: str) -> None:
        answer = as_("member@beta").get(f"/documents/{report}/pages/1/marks?passage=1")
        assert answer.status_code == 200
        assert (answer.json()["page"], answer.json()["passage"]) == (1, 1)
        marks = answer.json()["marks"]
        assert len(marks) >= 1
        assert all(0 <= mark["left"] <= mark["left"] + mark["width"] <= 1 for mark in marks)
        assert all(0 < mark["top"] < mark["top"] + mark["height"] < 0.5 for mark in marks)
        # What the page does not say, and the page that it is not on: nothing, and nothing false.
        assert as_("member@beta").get(f"/documents/{report}/pages/1/marks?passage=0").json()["marks"] == []
        assert as_("member@beta").get(f"/documents/{report}/pages/2/marks?passage=1").json()["marks"] == []
        for wrong in ("1/marks?passage=9", "99/marks?passage=1"):
            assert as_("member@beta").get(f"/documents/{report}/pages/{wrong}").status_code == 404
        assert as_("member@gamma").get(f"/documents/{report}/pages/1/marks?passage=1").status_code == 404

    def test_other_documents_have_none(self, server: Server, as_: Any) -> None:
        document = shared(server)
        for path in ("", "/marks?passage=0"):
            answer = as_("member@alpha").get(f"/documents/{document}/pages/1{path}")
            assert (answer.status_code, answer.json()["code"]) == (404, "no_page_images")

    def test_copies_are_told_at_the_upload_and_only_to_who_may_see_them(
        self, server: Server, as_: Any, report: str
    ) -> None:
        for firm, expected in (("beta", [report]), ("gamma", [])):
            answer = as_(f"coordinator@{firm}").post("/uploads", files=[("file", ("mine.pdf", PDF.read_bytes()))])
            [file] = answer.json()["files"]
            assert [copy["document"] for copy in file["copies"]] == expected

    def test_nearly_the_same_words_are_found_and_a_translation_is_no_copy(self, server: Server, as_: Any) -> None:
        first = shared(server)
        second = shared(server, title="Otra vez", owner="beta", texts=[(code, f"{text} Fin.") for code, text in TEXTS])
        secret = shared(server, Audience.owner(), title="Secreta", owner="gamma", texts=[*TEXTS, TEXTS[0]])
        translated = shared(
            server,
            title="In English",
            owner="beta",
            texts=[
                (
                    "en",
                    "The registration of the exporting plant at the Chinese customs lasts five years, then is renewed.",
                ),
                (
                    "en",
                    "The phytosanitary certificate is asked for ten days before shipping at the port of Buenaventura.",
                ),
            ],
        )
        copies = as_("member@alpha").get(f"/documents/{first}/copies").json()
        assert {copy["document"] for copy in copies} == {second}
        assert copies[0]["share"] == 1.0
        assert not copies[0]["exact"]
        similar = as_("member@alpha").get(f"/documents/{first}/similar").json()
        found = [each["document"]["id"] for each in similar]
        assert found[0] == second
        assert translated in found
        assert secret not in found


def put_pdf(library: Library, organisation: str, audience: Audience) -> str:
    """As if a worker had read it."""
    content = PDF.read_bytes()
    library.originals.store(BytesIO(content))
    registered = library.catalog.arrivals.register(
        Arrival(
            organisation=organisation,
            source_key="test:report",
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            media_type="application/pdf",
            file_name="report.pdf",
            facts=DocumentFacts("Report"),
            declared=frozenset({"title"}),
            audience=audience,
        )
    )
    version = library.catalog.queue.claim("test")
    assert version is not None
    passages = [
        Passage(0, "El mercado chino del café crece cada año en las ciudades grandes.", "es", first_page=1),
        Passage(1, "Informe para los socios del clúster, marzo de 2026.", "es", first_page=1, last_page=1),
    ]
    prepared = Prepared(
        passages=passages,
        vectors=library.embedder.embed_passages([passage.text for passage in passages]),
        pack=library.embedder.identity.digest,
        guesses=DocumentFacts("Report"),
        pages=4,
        media_type="application/pdf",
    )
    assert library.catalog.queue.store(version.id, prepared)
    assert library.publish(version)
    return registered.document_id
