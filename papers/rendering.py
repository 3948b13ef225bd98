"""From a template and its content to a PDF with embedded fonts, without any access to network or files."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import segno
import weasyprint
from django.template.loader import render_to_string
from django.utils import translation
from weasyprint.urls import URLFetcher

from papers.catalogue import PrintedForm

_STYLE = Path(__file__).with_name("print.css")
# Templates carry all they need; a picture or style from elsewhere is a mistake or an attack.
_EMBEDDED_ONLY = URLFetcher(allowed_protocols=["data"])


def printed(form: PrintedForm, content: Mapping[str, Any]) -> bytes:
    """The form filled in, as a PDF in A4 or A5 as its template says; always in Vietnamese."""
    with translation.override("vi"):
        html = render_to_string(f"papers/{form.template}", {"form": form, **content})
    style = weasyprint.CSS(string=_STYLE.read_text("utf-8"), url_fetcher=_EMBEDDED_ONLY)
    return bytes(weasyprint.HTML(string=html, url_fetcher=_EMBEDDED_ONLY).write_pdf(stylesheets=[style]))


def qr_code(text: str) -> str:
    """A QR code as a data address for an `<img>`: error correction M, readable from a smudged print, by a phone."""
    return str(segno.make(text, error="m", micro=False).svg_data_uri(border=1))
