"""Files made to stall, burst or fool a reader; small themselves."""

import io
import struct
import zlib
from collections.abc import Sequence

from PIL import Image
from pypdf import PdfReader, PdfWriter

_CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
_ONE_PAGE = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
_BLANK = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"


def pdf_of(objects: Sequence[bytes]) -> bytes:
    """A PDF of numbered objects, the first of them the catalogue."""
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n" % size
    return out + head + table + b"trailer\n<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF" % (size, len(out))


def _stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(data), data)


def looping_page_tree() -> bytes:
    """A page tree that is its own child."""
    return pdf_of([_CATALOG, b"<</Type/Pages/Kids[2 0 R]/Count 3>>"])


def looping_form() -> bytes:
    """A page that draws a form that draws itself twice."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>>>"
    form = _stream(b"/F Do /F Do", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F 5 0 R>>>>")
    return pdf_of([_CATALOG, _ONE_PAGE, page, _stream(b"/F Do"), form])


def without_table(pdf: bytes) -> bytes:
    """A PDF whose table of objects is gone and whose pointer to it leads nowhere."""
    start = pdf.rindex(b"startxref")
    return pdf[:start].replace(b"\nxref", b"\nxxxx") + b"startxref\n99999999\n%%EOF"


def garbage_after_the_mark() -> bytes:
    return b"%PDF-1.7\n" + bytes(range(256)) * 20


def pages_of(count: int) -> bytes:
    """One page listed `count` times."""
    return pdf_of([_CATALOG, b"<</Type/Pages/Kids[%s]/Count %d>>" % (b"3 0 R " * count, count), _BLANK])


def missing_page() -> bytes:
    """A PDF that counts two pages and has one."""
    return pdf_of([_CATALOG, b"<</Type/Pages/Kids[3 0 R 9 0 R]/Count 2>>", _BLANK])


def bursting_stream(megabytes: int) -> bytes:
    """A page whose content unpacks to that many megabytes."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * (1 << 20)) for _ in range(megabytes)) + packer.flush()
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>"
    return pdf_of([_CATALOG, _ONE_PAGE, page, _stream(packed, b"/Filter/FlateDecode")])


def bomb_inside_a_page(side: int) -> bytes:
    """A page with a picture that says it has `side` × `side` pixels."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>"
    picture = b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/ColorSpace/DeviceRGB" % (side, side)
    drawn = _stream(b"q 595 0 0 842 0 0 cm /I Do Q")
    return pdf_of(
        [_CATALOG, _ONE_PAGE, page, drawn, _stream(zlib.compress(bytes(9999)), picture + b"/Filter/FlateDecode")]
    )


def locked(pdf: bytes, *, password: str, owner: str | None = None) -> bytes:
    """A PDF that opens with a password; with an empty one and an owner's it only forbids printing."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    writer.encrypt(password, owner_password=owner)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def png_of(width: int, height: int) -> bytes:
    """A PNG that says it is so large and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(64))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def tiff_of(width: int, height: int) -> bytes:
    """A TIFF that says it is so large and holds nothing."""
    longs = {256: width, 257: height, 273: 8, 278: height, 279: 1}
    shorts = {258: 8, 259: 1, 262: 1, 277: 1}
    rows = sorted(
        [(tag, 4, value) for tag, value in longs.items()] + [(tag, 3, value) for tag, value in shorts.items()]
    )
    entries = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in rows)
    return b"II*\0" + struct.pack("<IH", 8, len(rows)) + entries + bytes(4)


def looping_tiff() -> bytes:
    """A TIFF whose only page names itself as the next one."""
    buffer = io.BytesIO()
    Image.new("L", (200, 280), 255).save(buffer, "TIFF")
    data = bytearray(buffer.getvalue())
    first = struct.unpack("<I", data[4:8])[0]
    entries = struct.unpack("<H", data[first : first + 2])[0]
    data[first + 2 + 12 * entries : first + 6 + 12 * entries] = struct.pack("<I", first)
    return bytes(data)


def filled_form(words: str) -> bytes:
    """Not hostile: a form whose printed label is page content and whose filled-in words are an annotation."""
    written = b"BT /F 12 Tf 5 10 Td (%s) Tj ET" % words.encode("ascii")
    font = b"/Resources<</Font<</F 6 0 R>>>>"
    return pdf_of(
        [
            _CATALOG[:-2] + b"/AcroForm<</Fields[5 0 R]>>>>",
            _ONE_PAGE,
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Annots[5 0 R]" + font + b">>",
            _stream(b"BT /F 12 Tf 100 700 Td (Printed label) Tj ET"),
            b"<</Type/Annot/Subtype/Widget/FT/Tx/T(x)/F 4/Rect[100 500 400 540]/AP<</N 7 0 R>>>>",
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            _stream(written, b"/Type/XObject/Subtype/Form/BBox[0 0 300 40]" + font),
        ]
    )


def blank_picture(kind: str, width: int = 600, height: int = 800) -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise((width, height), 8).convert("RGB").save(buffer, kind)
    return buffer.getvalue()
