"""Small files of many formats, made where they are needed."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

from pypdf import PdfReader, PdfWriter


@dataclass(frozen=True)
class Line:
    """A line on a page of a PDF: from the left and from the bottom in points."""

    x: float
    y: float
    text: str
    size: float = 10
    bold: bool = False
    turned: bool = False  # written upwards


def pdf(*pages: Sequence[Line]) -> bytes:
    """A PDF with these lines, drawn in their order, in Helvetica."""
    objects: list[bytes] = [b"", b"", _font("Helvetica"), _font("Helvetica-Bold")]
    kids = []
    for lines in pages:
        content = b"BT\n" + b"".join(map(_drawn, lines)) + b"ET"
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(kids))
    return _file(objects)


def _font(name: str) -> bytes:
    return b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>" % name.encode()


def _drawn(line: Line) -> bytes:
    text = line.text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    matrix = f"0 1 -1 0 {line.x} {line.y}" if line.turned else f"1 0 0 1 {line.x} {line.y}"
    return f"/{'F2' if line.bold else 'F1'} {line.size} Tf {matrix} Tm (".encode() + text + b") Tj\n"


def _file(objects: Sequence[bytes]) -> bytes:
    out = b"%PDF-1.7\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)


def prose(y: float, *lines: str, x: float = 72, leading: float = 12) -> list[Line]:
    """A paragraph whose first line stands at ``y``."""
    return [Line(x, y - leading * number, text) for number, text in enumerate(lines)]


def rewritten(data: bytes) -> PdfWriter:
    writer = PdfWriter()
    writer.append(PdfReader(BytesIO(data)))
    return writer


def written(writer: PdfWriter) -> bytes:
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def package(parts: Mapping[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive of these parts."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def docx(body: str, parts: Mapping[str, str] | None = None, *, doctype: str = "") -> bytes:
    """A Word document of this WordprocessingML, and the parts beside it by their names: ``styles`` ..."""
    beside = parts or {}
    relations = "".join(
        f'<Relationship Id="r{number}" Type="{_RELATION}/{name}" Target="{name}.xml"/>'
        for number, name in enumerate(beside)
    )
    return package(
        {
            "[Content_Types].xml": "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>",
            "_rels/.rels": _relations(
                f'<Relationship Id="a" Type="{_RELATION}/officeDocument" Target="word/document.xml"/>'
            ),
            "word/document.xml": f"<?xml version='1.0'?>{doctype}<w:document {W}><w:body>{body}</w:body></w:document>",
            "word/_rels/document.xml.rels": _relations(relations),
            **{f"word/{name}.xml": content for name, content in beside.items()},
        }
    )


def _relations(inner: str) -> str:
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inner}</Relationships>'
    )


def w_p(text: str, *, properties: str = "", run: str = "") -> str:
    """A paragraph of one run."""
    return (
        f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r></w:p>"
    )


LAUGHS = (
    "<!DOCTYPE lolz [<!ENTITY a0 'ha'>" + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10)) + "]>"
)
"""A DTD whose entity ``a9`` is two thousand million letters long."""
