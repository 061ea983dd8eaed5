"""Mail."""

from __future__ import annotations

from datetime import date
from email.message import EmailMessage

import pytest

from ingest.limits import Limits
from tests.ingest.formats.making import Line, pdf
from tests.ingest.formats.reading import headings, kinds, read, refuse, texts


def letter(**fields: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Ana Pérez <ana@example.org>"
    message["To"] = "Li Wei <li@example.cn>, Bob <bob@example.org>"
    message["Subject"] = "Cotización de café"
    message["Date"] = "Mon, 02 Mar 2026 09:30:00 -0500"
    for name, value in fields.items():
        del message[name]
        message[name] = value
    return message


def test_who_what_and_when_are_read_before_the_text() -> None:
    message = letter()
    message.set_content("Estimado señor:\n\nAdjunto la cotización.\n\n> antes: gracias\n")
    document = read(message.as_bytes())
    assert headings(document) == [(1, "Cotización de café")]
    assert texts(document)[1].splitlines() == [
        "From: Ana Pérez <ana@example.org>",
        "To: Li Wei <li@example.cn>, Bob <bob@example.org>",
        "Date: Mon, 02 Mar 2026 09:30:00 -0500",
        "Subject: Cotización de café",
    ]
    assert texts(document)[2:] == ["Estimado señor:", "Adjunto la cotización.", "antes: gracias"]
    assert (document.title, document.author, document.created) == (
        "Cotización de café",
        "Ana Pérez",
        date(2026, 3, 2),
    )


def test_html_is_taken_where_it_says_as_much_as_the_plain_text() -> None:
    message = letter()
    message.set_content("Precios: uno y dos.")
    message.add_alternative(
        "<html><body><p>Precios:</p><ul><li>uno</li><li>dos</li></ul></body></html>", subtype="html"
    )
    assert kinds(read(message.as_bytes()))[2:] == [
        ("paragraph", "Precios:"),
        ("list_item", "uno"),
        ("list_item", "dos"),
    ]
    poor = letter()
    poor.set_content("All that has to be said stands here, in many words that count.")
    poor.add_alternative("<p>See above</p>", subtype="html")
    assert texts(read(poor.as_bytes()))[2:] == ["All that has to be said stands here, in many words that count."]


def test_attachments_are_handed_on_with_names_that_are_no_paths() -> None:
    message = letter()
    message.set_content("Vea el anexo.")
    content = pdf([Line(72, 700, "Contrato")])
    message.add_attachment(content, maintype="application", subtype="pdf", filename="../../etc/contrato ñ.pdf")
    message.add_attachment(b"a,b", maintype="text", subtype="csv", filename="C:\\precios.csv")
    message.add_attachment(b"", maintype="application", subtype="octet-stream", filename="nada.bin")
    inner = letter(Subject="Fwd: condiciones / precios")
    inner.set_content("Dentro")
    message.add_attachment(inner)
    document = read(message.as_bytes())
    assert [attachment.name for attachment in document.attachments] == [
        "contrato ñ.pdf",
        "precios.csv",
        "Fwd  condiciones   precios.eml",
    ]
    assert document.attachments[0].content == content
    assert texts(read(document.attachments[2].content))[-1] == "Dentro"
    assert document.warnings == ("The attachment nada.bin is empty.",)
    assert "Dentro" not in "".join(texts(document))


def test_pictures_of_the_text_and_signatures_are_no_attachments() -> None:
    message = letter()
    message.set_content("<p>Logo: <img src='cid:x'></p>", subtype="html")
    message.add_related(b"GIF89a", maintype="image", subtype="gif", cid="<x>")
    assert read(message.as_bytes()).attachments == ()
    raw = letter().as_bytes() + (
        b"Content-Type: multipart/signed; boundary=b\n\n--b\nContent-Type: text/plain\n\nSigned words\n"
        b"--b\nContent-Type: application/pkcs7-signature; name=smime.p7s\n\nMII=\n--b--\n"
    )
    signed = read(b"MIME-Version: 1.0\n" + raw.replace(b"\n\nContent-Type: multi", b"\nContent-Type: multi", 1))
    assert signed.attachments == ()
    assert texts(signed)[-1] == "Signed words"


@pytest.mark.parametrize(
    "kind",
    [
        'multipart/encrypted; boundary=b; protocol="application/pgp-encrypted"',
        "application/pkcs7-mime; smime-type=enveloped-data",
    ],
)
def test_an_encrypted_message_says_so(kind: str) -> None:
    raw = f"From: a@b.c\nTo: d@e.f\nMIME-Version: 1.0\nContent-Type: {kind}\n\n"
    raw += "--b\nContent-Type: text/plain\n\nxx\n--b--\n"
    assert refuse(raw).code == "encrypted"


@pytest.mark.parametrize(
    ("charset", "body"),
    [
        ("iso-8859-1", "Señor".encode("cp1252")),
        ("utf-8", "Señor".encode("cp1252")),
        ("no-such-charset", "Señor".encode()),
        ("", "Señor".encode("cp1252")),
    ],
)
def test_wrong_charsets_are_borne(charset: str, body: bytes) -> None:
    head = b"From: a@b.c\nTo: d@e.f\nContent-Type: text/plain; charset=%s\n\n" % charset.encode()
    assert texts(read(head + body))[-1] == "Señor"


def test_broken_fields_are_borne() -> None:
    raw = (
        b"From: =?no-such?q?Ana?= <ana@example.org>\nTo: \nSubject: =?utf-8?b?Zm9v?= =?utf-8?q?_b=C3=A1r?= \xe1\xf1o\n"
        b"Date: the day after tomorrow\n\nText"
    )
    document = read(raw)
    assert document.created is None
    assert document.title is not None
    assert document.title.startswith("foo bár")
    assert texts(document)[-1] == "Text"


def test_a_date_in_iso_order_is_read() -> None:
    assert read("From: a@b.c\nSubject: x\nDate: 2025-07-29T12:42:06Z\n\nx").created == date(2025, 7, 29)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_a_message_saved_by_an_editor_is_read(encoding: str) -> None:
    assert texts(read("From: a@b.c\nTo: d@e.f\nSubject: Hola\n\nMañana".encode(encoding)))[-1] == "Mañana"


def test_more_attachments_than_are_taken_are_refused() -> None:
    message = letter()
    message.set_content("x")
    for number in range(5):
        message.add_attachment(b"abc", maintype="application", subtype="zip", filename=f"{number}.zip")
    assert refuse(message.as_bytes(), limits=Limits(attachments=4)).code == "too_large"
    assert refuse(message.as_bytes(), limits=Limits(attachment_size=10)).code == "too_large"


def test_parts_in_parts_without_end_are_refused() -> None:
    raw = "From: a@b.c\nTo: d@e.f\nMIME-Version: 1.0\n"
    for number in range(60):
        raw += f"Content-Type: multipart/mixed; boundary=b{number}\n\n--b{number}\n"
    assert refuse(raw + "Content-Type: text/plain\n\ndeep", limits=Limits(nesting=50)).code == "bomb"


def test_a_message_of_attachments_alone_is_one() -> None:
    message = EmailMessage()
    message["From"] = "a@b.c"
    message["To"] = "d@e.f"
    message.add_attachment(b"abc", maintype="application", subtype="pdf", filename="a.pdf")
    assert len(read(message.as_bytes()).attachments) == 1
