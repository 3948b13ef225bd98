"""PDFs whose text layer needs judging: laid over a scan, of another page, debris, or coded for an 8-bit font."""

import base64
import io
import unicodedata

from fontTools.ttLib import TTFont
from pypdf import PdfReader, PdfWriter

from ocr.legacy import Encoding
from portal.demo.scanner import Page, as_pdf, print_pdf, typeset

FONT = "/usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf"

# Written down apart from the reader's own table: TCVN 5712:1993 (VN3) from 0xA1 on, a blank where no letter is.
_TCVN3 = (
    "ĂÂÊÔƠƯĐăâêôơưđ"
    + " " * 6
    + "àảãáạ ằẳẵắ"
    + " " * 7
    + "ặầẩẫấậè ẻẽéẹềểễếệìỉ"
    + " " * 3
    + "ĩíịò ỏõóọồổỗốộờởỡớợù ủũúụừửữứựỳỷỹýỵ"
)
_VNI_SHAPES = {"\u0302": 0, "\u0306": 1, "": 2}
# Marks after the letter by tone (none, acute, grave, hook, tilde, dot), for â ê ô, for ă, for the rest.
_VNI_MARKS = (("â", "á", "à", "å", "ã", "ä"), ("ê", "é", "è", "ú", "ü", "ë"), ("", "ù", "ø", "û", "õ", "ï"))
_VNI_TONES = {"": 0, "\u0301": 1, "\u0300": 2, "\u0309": 3, "\u0303": 4, "\u0323": 5}
_VNI_WHOLE = {"ỉ": "æ", "ĩ": "ó", "ị": "ò", "í": "í", "ì": "ì", "ỵ": "î", "đ": "ñ"}
_HORN = {"ơ": "ô", "ư": "ö"}
SMALL, CAPITALS = ".VnTime", ".VnTimeH"
_OPEN, _CLOSE = "\ue000", "\ue001"


def to_tcvn3(text: str) -> str:
    """Text as a TCVN3 font codes it, its bytes read as Latin-1; capitals with tones become small letters."""
    signs = []
    for sign in unicodedata.normalize("NFC", text):
        known = sign if sign in _TCVN3 and sign != " " else sign.lower()
        signs.append(chr(0xA1 + _TCVN3.index(known)) if known != " " and known in _TCVN3 else sign)
    return "".join(signs)


def to_vni(text: str) -> str:
    """Text as a VNI font codes it, its bytes read as Latin-1."""
    return "".join(_vni(sign) for sign in unicodedata.normalize("NFC", text))


def _vni(sign: str) -> str:
    small = sign.lower()
    if small in _VNI_WHOLE:
        coded = _VNI_WHOLE[small]
    else:
        letter, tone, shape = small, "", ""
        for mark in unicodedata.normalize("NFD", small)[1:]:
            if mark in _VNI_TONES:
                tone = mark
            elif mark in _VNI_SHAPES:
                shape = mark
        plain = unicodedata.normalize("NFD", small)[0]
        horned = (
            unicodedata.normalize("NFC", plain + "\u031b") if "\u031b" in unicodedata.normalize("NFD", small) else ""
        )
        letter = _HORN.get(horned, plain)
        coded = letter + _VNI_MARKS[_VNI_SHAPES[shape]][_VNI_TONES[tone]]
    return coded.upper() if sign != small else coded


def coded(text: str, encoding: Encoding) -> str:
    return to_tcvn3(text) if encoding == "TCVN3" else to_vni(text)


def print_coded(text: str, encoding: Encoding) -> bytes:
    """A digital PDF of a document kept in an 8-bit font: its letters look right, its text layer doesn't.

    VNI is printed in a common font: there the page looks as wrong as its layer.
    """
    if encoding == "VNI":
        return print_pdf(typeset(to_vni(text), layout="plain"))
    faces = "".join(
        f'@font-face{{font-family:"{name}";src:url("data:font/ttf;base64,{base64.b64encode(_font(name)).decode()}")}}'
        for name in (SMALL, CAPITALS)
    )
    source = typeset("".join(map(_in_its_font, unicodedata.normalize("NFC", text))), layout="plain")
    source = source.replace(_OPEN, f"<span style=\"font-family:'{CAPITALS}'\">").replace(_CLOSE, "</span>")
    return print_pdf(source.replace("<style>", f"<style>{faces}").replace('"Liberation Serif"', f'"{SMALL}"'))


def _in_its_font(sign: str) -> str:
    """A sign as coded; a capital with a tone is a small letter in the font of capitals."""
    # The code of ư is a soft hyphen, which printing drops: many files have a hyphen there.
    coded_sign = to_tcvn3(sign).replace("\xad", "-")
    return f"{_OPEN}{coded_sign}{_CLOSE}" if coded_sign != sign and sign not in _TCVN3 else coded_sign


def _font(name: str) -> bytes:
    """Liberation Serif with Vietnamese letters, capitals on request, in the places that TCVN3 gives them."""
    font = TTFont(FONT)
    glyphs = dict(font.getBestCmap() or {})
    for table in font["cmap"].tables:
        for place, letter in enumerate(_TCVN3):
            shown = letter.upper() if name == CAPITALS else letter
            if table.isUnicode() and letter != " " and ord(shown) in glyphs:
                table.cmap[0xA1 + place] = glyphs[ord(shown)]
    for entry in list(font["name"].names):
        if entry.nameID in (1, 4, 6, 16):
            font["name"].setName(name, entry.nameID, entry.platformID, entry.platEncID, entry.langID)
    for features in ("GPOS", "GSUB"):
        del font[features]
    buffer = io.BytesIO()
    font.save(buffer)
    return buffer.getvalue()


def hidden_under(scan: Page, text: str, *, dpi: int = 200) -> bytes:
    """A scan whose text layer says `text`, as programmes that read scans write it."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(print_pdf(typeset(text, layout="plain")))))
    page = writer.pages[0]
    page.merge_page(PdfReader(io.BytesIO(as_pdf([scan], dpi=dpi))).pages[0])
    buffer = io.BytesIO()
    for extra in range(len(writer.pages) - 1, 0, -1):
        writer.remove_page(extra)
    writer.write(buffer)
    return buffer.getvalue()


def garbled(text: str) -> str:
    """Text whose letters were mapped to wrong ones: plain Latin letters that say nothing."""
    plain = "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))
    return "".join(
        chr(ord("a") + (ord(sign.lower()) * 7 + 3) % 26) if sign.isascii() and sign.isalpha() else sign
        for sign in plain
    )
