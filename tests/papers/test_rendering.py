"""Printed forms: every word of their content, in letters that can be copied, and nothing fetched from anywhere."""

import http.server
import io
import re
import threading
import tomllib
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
import pypdfium2 as pdfium
import pytest
from django.conf import settings
from django.template import engines
from django.template.loader import get_template
from django.utils import translation
from pypdf import PdfReader

from papers import rendering
from papers.catalogue import PrintedForm, form_of
from papers.rendering import printed, qr_code
from tests.papers.filled import MARKS, PART_OF, STATUS_URL, content, fonts_of, squeezed, text_of, words_in

_LISTED = tomllib.loads((Path(settings.BASE_DIR) / "papers/catalogue.toml").read_text("utf-8"))["forms"]
# Sheets for the scanner are no papers of a dossier; see tests/papers/test_separators.py.
FORMS = [form_of(entry["code"], entry["regulation"]) for entry in _LISTED if entry["code"] != "separator"]
every_form = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.template)
RECEIPT, CERTIFICATE = form_of("receipt", "03/2025/TT-VPCP"), form_of("certificate", "10/2024/TT-BTNMT")


def part_of(form: PrintedForm) -> str:
    """Under which name the template finds its content."""
    return PART_OF.get(form.code, "result")


def named_in(form: PrintedForm) -> set[str]:
    """The names of the content that stand in the text of the template and of what it includes."""
    source = Path(get_template(f"papers/{form.template}").origin.name).read_text("utf-8")  # type: ignore[attr-defined]
    for included in re.findall(r'\{% include "([^"]+)" %\}', source):
        source += Path(get_template(included).origin.name).read_text("utf-8")  # type: ignore[attr-defined]
    return set(re.findall(rf"{part_of(form)}\.(\w+)", re.sub(r"{#.*?#}|<[^>]+>", "", source)))


# What is printed -------------------------------------------------------------------------------------


@every_form
def test_a_form_says_every_word_of_its_content(form: PrintedForm) -> None:
    text = squeezed(text_of(printed(form, content())))
    part = content()[part_of(form)]
    used = named_in(form)
    assert len(used) >= 10
    missing = [(name, word) for name in used for word in words_in(part[name]) if squeezed(word) not in text]
    assert missing == []


@every_form
def test_vietnamese_is_copied_out_as_it_was_typed_composed(form: PrintedForm) -> None:
    text = text_of(printed(form, content()))
    assert unicodedata.is_normalized("NFC", text)
    assert MARKS.split(",")[0] in text
    assert set(MARKS) <= set(text)


@every_form
def test_every_font_is_embedded(form: PrintedForm) -> None:
    fonts = fonts_of(printed(form, content()))
    assert fonts
    assert [name for name, descriptor in fonts.items() if not {"/FontFile2", "/FontFile3"} & set(descriptor)] == []


@every_form
def test_a_form_is_on_one_sheet_of_its_size(form: PrintedForm) -> None:
    [page] = PdfReader(io.BytesIO(printed(form, content()))).pages
    size = (420, 595) if form.code in {"receipt", "separator"} else (595, 842)
    assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx(size, abs=1)


def test_a_long_list_of_papers_goes_on_a_second_sheet_and_loses_nothing() -> None:
    papers = [{"name": f"Giấy tờ thứ {number}", "form_of_paper": "Bản sao", "quantity": 1} for number in range(60)]
    pdf = printed(RECEIPT, content(papers=papers))
    assert len(PdfReader(io.BytesIO(pdf)).pages) > 1
    text = squeezed(text_of(pdf))
    assert [paper["name"] for paper in papers if squeezed(str(paper["name"])) not in text] == []


def test_what_is_empty_leaves_no_label_behind() -> None:
    text = text_of(printed(RECEIPT, content(representative="", second_limit="", address="")))
    for label in ("Người nộp thay", "Hẹn lần 2", "lần 1"):
        assert label not in text
    assert "Địa chỉ: –" in text


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_form_is_vietnamese_whoever_prints_it(language: str) -> None:
    with translation.override(language):
        text = text_of(printed(RECEIPT, content()))
        assert translation.get_language() == language
    assert "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ" in text


@every_form
def test_attack_95_markup_in_a_content_is_printed_as_text(form: PrintedForm) -> None:
    evil = '<img src="file:///etc/hostname"><b>A & B</b>'
    changed = content(applicant=evil, number=evil, reason=evil)
    assert squeezed(evil) in squeezed(text_of(printed(form, changed)))


# The QR code -----------------------------------------------------------------------------------------


def test_the_code_on_paper_leads_a_phone_to_the_address() -> None:
    document = pdfium.PdfDocument(printed(RECEIPT, content()))
    try:
        picture = np.ascontiguousarray(document[0].render(scale=4).to_numpy()[:, :, :3])
    finally:
        document.close()
    found, _points, _code = cv2.QRCodeDetector().detectAndDecode(picture)
    assert found == STATUS_URL


def test_the_address_stands_beside_the_code_for_who_has_no_phone() -> None:
    assert squeezed(STATUS_URL) in squeezed(text_of(printed(RECEIPT, content())))


def test_a_code_is_carried_within_the_form() -> None:
    assert qr_code(STATUS_URL).startswith("data:image/svg+xml")
    assert qr_code(STATUS_URL) != qr_code(f"{STATUS_URL}1")


# Nothing is fetched ----------------------------------------------------------------------------------


class Fetched(http.server.BaseHTTPRequestHandler):
    """Keeps what it is asked for."""

    def do_GET(self) -> None:
        self.server.asked.append(self.path)  # type: ignore[attr-defined]
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"body { color: red }")

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def neighbour() -> Iterator[tuple[str, list[str]]]:
    """A server beside us, and what it was asked for."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Fetched)
    asked: list[str] = []
    server.asked = asked  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


# Every way a document asks for something else; the mark is the address.
WAYS = [
    '<img src="{}/picture.png">',
    '<link rel="stylesheet" href="{}/style.css">',
    '<style>@import url("{}/style.css");</style>',
    '<style>@font-face {{ font-family: x; src: url("{}/font.ttf") }} p {{ font-family: x }}</style>',
    '<p style="background: url({}/ground.png)">x</p>',
    '<object data="{}/object.svg"></object>',
    '<embed src="{}/embed.svg">',
    '<a rel="attachment" href="{}/attached">x</a><link rel="attachment" href="{}/attached">',
    '<svg xmlns="http://www.w3.org/2000/svg"><image href="{}/picture.png" width="9" height="9"/></svg>',
    '<ul style="list-style-image: url({}/dot.png)"><li>x</li></ul>',
]


def print_source(monkeypatch: pytest.MonkeyPatch, source: str) -> bytes:
    """What the renderer makes of a template with this source."""
    html = f"<html><head><meta charset='utf-8'></head><body><p>chữ</p>{source}</body></html>"
    template = engines["django"].from_string("{{ html|safe }}")
    monkeypatch.setattr(rendering, "render_to_string", lambda name, context: template.render({"html": html}))
    return printed(RECEIPT, {})


@pytest.mark.parametrize("way", WAYS)
def test_attack_21_the_renderer_asks_no_network(monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    with neighbour() as (address, asked):
        pdf = print_source(monkeypatch, way.replace("{{", "{").replace("}}", "}").replace("{}", address))
    assert asked == []
    assert "chữ" in text_of(pdf)


@pytest.mark.parametrize("way", WAYS)
def test_attack_21_the_renderer_opens_no_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, way: str) -> None:
    secret = b"zqxhoangyen"
    for name in (
        "picture.png",
        "style.css",
        "font.ttf",
        "ground.png",
        "object.svg",
        "embed.svg",
        "attached",
        "dot.png",
    ):
        (tmp_path / name).write_bytes(
            b"<svg xmlns='http://www.w3.org/2000/svg'><text y='9'>" + secret + b"</text></svg>"
        )
    pdf = print_source(monkeypatch, way.replace("{{", "{").replace("}}", "}").replace("{}", tmp_path.as_uri()))
    reader = PdfReader(io.BytesIO(pdf))
    assert secret.decode() not in text_of(pdf)
    assert list(reader.attachments) == []
    assert [image.name for page in reader.pages for image in page.images] == []


@every_form
def test_attack_21_a_form_holds_no_address_a_reader_would_fetch(form: PrintedForm) -> None:
    reader = PdfReader(io.BytesIO(printed(form, content())))
    assert list(reader.attachments) == []
    assert [page for page in reader.pages if "/Annots" in page] == []
    for name in ("/OpenAction", "/AA", "/AcroForm"):
        assert name not in reader.root_object
