"""What comes in: files of every kind and hostile ones, notes, versions; by whom; and nothing half-written."""

from __future__ import annotations

import io
import json
import socket
import time
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from corpus.documents import Stage
from corpus.membership import KeyScope
from search_api.access.caller import Caller
from tests.conftest import ROOT
from tests.running import PATIENCE, wait_until
from tests.service.conftest import Browser, Server

SAMPLES = ROOT / "corpus" / "samples"
TEXT = b"El certificado de origen se pide ante la autoridad antes del embarque.\n"


@pytest.fixture
def coordinator(server: Server) -> Browser:
    return server.signed_in("coordinator@alpha.example")


def upload(browser: httpx.Client, *files: tuple[str, bytes], **facts: Any) -> httpx.Response:
    parts = [("file", file) for file in files]
    return browser.post("/uploads", files=parts, data={"facts": json.dumps(facts)} if facts else None)


def left_behind(server: Server) -> list[Path]:
    return list(server.service.library.folder.incoming.iterdir())


def originals(server: Server) -> list[str]:
    return list(server.service.library.originals.hashes())


class TestWhatIsTaken:
    def test_several_files_are_queued_with_what_was_said_of_them(self, server: Server, coordinator: Browser) -> None:
        answer = upload(
            coordinator,
            ("a.txt", TEXT),
            ("b.md", b"# Guia\n\n" + TEXT),
            kind="know_how",
            countries=["CHN"],
            hs_codes=["0901.21"],
            audience={"scope": "organisations", "organisations": ["beta"]},
        )
        assert answer.status_code == 202
        files = answer.json()["files"]
        assert [file["outcome"] for file in files] == ["added", "added"]
        assert [file["media_type"] for file in files] == ["text/plain", "text/markdown"]
        told = coordinator.get(f"/documents/{files[0]['document']}").json()
        assert (told["kind"], told["countries"], told["hs_codes"]) == ("know_how", ["CHN"], ["090121"])
        assert told["audience"] == {"scope": "organisations", "organisations": ["beta"]}
        assert told["state"] == "processing"
        assert told["guessed"] == ["title"]
        assert told["job"]["stage"] == "queued"
        assert told["job"]["place"] == 1
        assert left_behind(server) == []

    def test_without_facts_it_is_the_own_firms_alone(self, coordinator: Browser) -> None:
        document = upload(coordinator, ("a.txt", TEXT)).json()["files"][0]["document"]
        assert coordinator.get(f"/documents/{document}").json()["audience"]["scope"] == "owner"

    def test_the_type_is_told_by_the_content(self, coordinator: Browser) -> None:
        pdf = (SAMPLES / "cafe-alto-juanambu" / "mercado-china-cafe.pdf").read_bytes()
        [file] = upload(coordinator, ("innocent.txt", pdf)).json()["files"]
        assert file["media_type"] == "application/pdf"

    def test_the_same_bytes_again_are_no_second_document(self, coordinator: Browser) -> None:
        first = upload(coordinator, ("a.txt", TEXT)).json()["files"][0]
        second = upload(coordinator, ("b.txt", TEXT)).json()["files"][0]
        assert second["outcome"] == "duplicate"
        assert second["document"] == first["document"]

    def test_a_new_version_and_the_same_one_again(self, coordinator: Browser) -> None:
        document = upload(coordinator, ("a.txt", TEXT)).json()["files"][0]["document"]
        answer = coordinator.post(f"/uploads/{document}", files=[("file", ("a.txt", TEXT + b"Y la copia."))])
        assert (answer.status_code, answer.json()["outcome"]) == (202, "new_version")
        again = coordinator.post(f"/uploads/{document}", files=[("file", ("a.txt", TEXT + b"Y la copia."))])
        assert again.json()["outcome"] == "unchanged"
        versions = coordinator.get(f"/documents/{document}/versions").json()
        assert [version["number"] for version in versions] == [2, 1]
        assert versions[1]["failure"]["code"] == "superseded"

    def test_a_note_is_written_read_and_written_anew(self, server: Server) -> None:
        member = server.signed_in("member@alpha.example")
        note = {"title": "En Ipiales", "text": "Llegar **antes** de las seis.\n\n# Sellos\n\n- dos"}
        made = member.post("/notes", json=note).json()
        assert made["media_type"] == "text/markdown"
        kept = member.get(f"/notes/{made['document']}").json()
        assert (kept["title"], kept["text"]) == (note["title"], note["text"])
        assert member.get(f"/documents/{made['document']}").json()["is_note"]
        changed = member.put(f"/notes/{made['document']}", json={"title": "En Rumichaca", "text": "A las cinco."})
        assert changed.json()["outcome"] == "new_version"
        assert member.get(f"/notes/{made['document']}").json()["text"] == "A las cinco."
        assert member.get(f"/documents/{made['document']}").json()["title"] == "En Rumichaca"


class TestWhoMay:
    def test_members_write_notes_and_share_no_files(self, server: Server) -> None:
        member = server.signed_in("member@alpha.example")
        assert upload(member, ("a.txt", TEXT)).status_code == 403
        assert originals(server) == []

    @pytest.mark.parametrize(("scope", "status"), [(KeyScope.SEARCH, 403), (KeyScope.CONTRIBUTE, 202)])
    def test_a_key_shares_where_it_may_contribute(self, server: Server, scope: KeyScope, status: int) -> None:
        made = server.service.access.keys.make(Caller.operator(), name="bot", organisation="alpha", scope=scope)
        program = server.browser(Authorization=f"Bearer {made.secret}")
        assert upload(program, ("a.txt", TEXT)).status_code == status

    def test_another_firms_document_gets_no_version_of_ours(self, server: Server, coordinator: Browser) -> None:
        document = upload(coordinator, ("a.txt", TEXT)).json()["files"][0]["document"]
        other = server.signed_in("coordinator@beta.example")
        answer = other.post(f"/uploads/{document}", files=[("file", ("a.txt", b"other"))])
        assert answer.status_code == 404

    def test_a_member_changes_their_own_note_and_nobody_elses(self, server: Server, coordinator: Browser) -> None:
        theirs = coordinator.post("/notes", json={"title": "Una", "text": "nota"}).json()["document"]
        member = server.signed_in("member@alpha.example")
        assert member.get(f"/notes/{theirs}").status_code == 200
        assert member.put(f"/notes/{theirs}", json={"text": "mine now"}).status_code == 403
        assert member.delete(f"/documents/{theirs}").status_code == 403
        own = member.post("/notes", json={"title": "Otra", "text": "nota"}).json()["document"]
        assert member.delete(f"/documents/{own}").status_code == 200

    def test_an_audience_of_unknown_firms_is_refused(self, server: Server, coordinator: Browser) -> None:
        audience = {"scope": "organisations", "organisations": ["nobody"]}
        answer = upload(coordinator, ("a.txt", TEXT), audience=audience)
        assert (answer.status_code, answer.json()["code"]) == (422, "unknown_organisation")


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("name", "content", "code"),
        [
            ("a.txt", b"", "empty"),
            ("photo.png", b"\x89PNG\r\n\x1a\n" + bytes(100), "unsupported_type"),
            ("report.pdf", b"\x7fELF" + bytes(100), "unsupported_type"),
        ],
    )
    def test_what_no_reader_reads_is_refused_with_its_reason(
        self, coordinator: Browser, name: str, content: bytes, code: str
    ) -> None:
        answer = upload(coordinator, (name, content))
        assert (answer.status_code, answer.json()["code"]) == (422, code)
        assert answer.json()["detail"]

    def test_one_bad_file_does_not_keep_the_others_out(self, coordinator: Browser) -> None:
        answer = upload(coordinator, ("photo.png", b"\x89PNG\r\n\x1a\n" + bytes(100)), ("a.txt", TEXT))
        assert answer.status_code == 202
        assert [file["outcome"] for file in answer.json()["files"]] == ["refused", "added"]
        assert answer.json()["files"][0]["failure"]["hint"]

    def test_ten_thousand_parts(self, server: Server, coordinator: Browser) -> None:
        parts = b"".join(b'--x\r\nContent-Disposition: form-data; name="f%d"\r\n\r\n1\r\n' % n for n in range(10_000))
        answer = coordinator.post(
            "/uploads", content=parts + b"--x--\r\n", headers={"Content-Type": "multipart/form-data; boundary=x"}
        )
        assert (answer.status_code, answer.json()["code"]) == (422, "too_many_parts")
        assert left_behind(server) == []

    def test_too_many_files(self, server: Server, coordinator: Browser) -> None:
        answer = upload(coordinator, *((f"{n}.txt", TEXT) for n in range(101)))
        assert (answer.status_code, answer.json()["code"]) == (422, "too_many_parts")
        assert left_behind(server) == []

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"--x",
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhalf a file',
            b"--x\r\n" + b"A" * 100_000,
            b"--x\r\n" + b"\r\n".join(b"H%d: v" % n for n in range(1000)) + b"\r\n\r\n1\r\n--x--\r\n",
            b"\x00\xff" * 1000,
            b'--x\r\nContent-Disposition: form-data; name="facts"\r\n\r\n{"title": \r\n--x--\r\n',
            b'--x\r\nContent-Disposition: form-data; name="facts"\r\n\r\n\xff\xfe\r\n--x--\r\n',
            b'--x\r\nContent-Disposition: form-data; name="other"; filename="a.txt"\r\n\r\n1\r\n--x--\r\n',
            b'--x\r\nContent-Disposition: form-data; name="password"\r\n\r\n1\r\n--x--\r\n',
        ],
    )
    def test_what_is_no_form_of_ours(self, server: Server, coordinator: Browser, body: bytes) -> None:
        answer = coordinator.post("/uploads", content=body, headers={"Content-Type": "multipart/form-data; boundary=x"})
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
        assert left_behind(server) == []
        assert originals(server) == []

    @pytest.mark.parametrize(
        "content_type", [None, "application/json", "multipart/form-data", "multipart/mixed; boundary=x"]
    )
    def test_another_content_type(self, coordinator: Browser, content_type: str | None) -> None:
        headers = {} if content_type is None else {"Content-Type": content_type}
        answer = coordinator.post("/uploads", content=b"{}", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (422, "no_form")

    @pytest.mark.parametrize(
        "facts",
        [
            {"title": ""},
            {"title": "a\x00b"},
            {"title": None},
            {"kind": "novel"},
            {"countries": ["Colombia"]},
            {"hs_codes": ["coffee"]},
            {"published": "yesterday"},
            {"audience": {"scope": "cluster", "organisations": ["beta"]}},
            {"audience": {"scope": "organisations"}},
            {"owner": "beta"},
        ],
    )
    def test_facts_that_make_no_sense_are_named(self, server: Server, coordinator: Browser, facts: Any) -> None:
        answer = upload(coordinator, ("a.txt", TEXT), **facts)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"].startswith("body.facts")
        assert coordinator.get("/documents?own=true").json()["items"] == []

    def test_an_upload_that_breaks_off_leaves_nothing(self, server: Server, coordinator: Browser) -> None:
        address = urlsplit(server.url)
        cookie = "; ".join(f"{name}={value}" for name, value in coordinator.cookies.items())
        head = (
            f"POST /api/v1/uploads HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n"
            f"X-CSRF-Token: {coordinator.headers['X-CSRF-Token']}\r\nContent-Length: 5000000\r\n"
            "Content-Type: multipart/form-data; boundary=x\r\n\r\n"
            '--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
        )
        with socket.create_connection((address.hostname or "", address.port or 0), timeout=PATIENCE) as connection:
            connection.sendall(head.encode() + b"a" * 1_000_000)
        assert upload(coordinator, ("b.txt", TEXT)).status_code == 202
        wait_until(lambda: not left_behind(server), "the half file to be gone")
        assert len(originals(server)) == 1


class TestNames:
    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ("../../etc/passwd", "passwd"),
            ("C:\\Windows\\system32\\a.txt", "a.txt"),
            ("/etc/shadow", "shadow"),
            ("..", "document"),
            ("", "document"),
            ("a\x07b\u202ec.txt", "abc.txt"),
            ("x" * 400 + ".txt", "x" * 189 + ".txt"),
            ("informe ñandú 报告.txt", "informe ñandú 报告.txt"),
            ("<img src=x onerror=alert(1)>.txt", "<img src=x onerror=alert(1)>.txt"),
        ],
    )
    def test_a_name_is_data(self, server: Server, coordinator: Browser, given: str, kept: str) -> None:
        quoted = given.encode().replace(b"\\", b"\\\\")
        body = (
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="'
            + quoted
            + b'"\r\n\r\n'
            + TEXT
            + b"\r\n--x--\r\n"
        )
        answer = coordinator.post("/uploads", content=body, headers={"Content-Type": "multipart/form-data; boundary=x"})
        assert answer.status_code == 202, answer.text
        [file] = answer.json()["files"]
        assert file["file_name"] == kept
        below = {path.name for path in server.service.library.folder.path.rglob("*")}
        assert "passwd" not in below
        original = coordinator.get(f"/documents/{file['document']}/original")
        assert original.content == TEXT


class TestTheBodyIsBounded:
    def test_two_gigabytes_announced_are_refused_before_they_come(self, server: Server, coordinator: Browser) -> None:
        address = urlsplit(server.url)
        with socket.create_connection((address.hostname or "", address.port or 0), timeout=PATIENCE) as connection:
            connection.sendall(
                b"POST /api/v1/uploads HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2147483648\r\n"
                b"Content-Type: multipart/form-data; boundary=x\r\n\r\n"
            )
            assert b" 413 " in connection.recv(100)

    def test_what_is_not_announced_is_cut_at_the_limit(self, start: Any, server: Server) -> None:
        small = start(max_upload_mib=1)
        browser = small.signed_in("coordinator@alpha.example")
        sent = 0

        def endless() -> Any:
            nonlocal sent
            yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
            while sent < 2 << 30:
                sent += 1 << 16
                yield bytes(1 << 16)

        try:
            answer = browser.post(
                "/uploads", content=endless(), headers={"Content-Type": "multipart/form-data; boundary=x"}
            )
        except httpx.HTTPError:
            pass  # the server hung up while we were still sending
        else:
            assert answer.status_code == 413
        assert sent < 64 << 20
        wait_until(lambda: not left_behind(small), "the cut file to be gone")

    def test_other_addresses_take_no_large_body(self, coordinator: Browser) -> None:
        document = upload(coordinator, ("a.txt", TEXT)).json()["files"][0]["document"]
        answer = coordinator.patch(f"/documents/{document}", json={"title": "x" * (2 << 20)})
        assert answer.status_code == 413

    def test_the_refusal_reaches_a_client_that_sends_everything_before_it_reads(self, server: Server) -> None:
        address = urlsplit(server.url)
        with socket.create_connection((address.hostname or "", address.port or 0), timeout=PATIENCE) as connection:
            connection.sendall(
                b"PATCH /api/v1/documents/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8388608\r\n"
                b"Content-Type: application/json\r\n\r\n"
            )
            for _ in range(128):
                connection.sendall(bytes(1 << 16))
                time.sleep(0.002)  # the refusal is long written when the last bytes leave
            received = b""
            while piece := connection.recv(1 << 16):
                received += piece
        assert received.startswith(b"HTTP/1.1 413 ")
        assert received.endswith(b"}")


def test_a_zip_bomb_is_not_unpacked_at_the_door(server: Server, coordinator: Browser) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", bytes(64 << 20))
    [file] = upload(coordinator, ("report.docx", packed.getvalue())).json()["files"]
    assert file["media_type"].endswith("wordprocessingml.document")
    job = server.service.library.catalog.jobs.get(file["job"], "alpha")
    assert job.stage is Stage.QUEUED
