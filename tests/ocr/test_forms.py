"""Forms in XML inside a PDF (XFA) and inside office files: nothing they name is opened, and nobody is called."""

import socket
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from documents.screening import screen
from ocr import Unreadable, read_file
from pages.domain_errors import Invalid
from tests.factories.batches import zipped
from tests.scans.hostile import pdf_of

CANARY = "mat-khau-cua-may-chu"


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Somebody who waits to be called."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        yield server


def entities(secret: Path, listener: socket.socket) -> bytes:
    port = listener.getsockname()[1]
    return (
        f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a SYSTEM "{secret.as_uri()}">'
        f'<!ENTITY b SYSTEM "http://127.0.0.1:{port}/x">]><xdp><text>&a;&b;</text></xdp>'
    ).encode()


def form(xml: bytes) -> bytes:
    """A PDF whose form is that XML."""
    packed = zlib.compress(xml)
    stream = b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed)
    return pdf_of(
        [
            b"<</Type/Catalog/Pages 2 0 R/AcroForm<</XFA 4 0 R/Fields[]>>>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
            stream,
        ]
    )


def was_called(listener: socket.socket) -> bool:
    try:
        listener.accept()[0].close()
    except TimeoutError:
        return False
    return True


def test_attack_05_a_form_that_names_files_and_addresses_reads_and_calls_nothing(
    tmp_path: Path, listener: socket.socket
) -> None:
    secret = tmp_path / "bi-mat.txt"
    secret.write_text(CANARY)
    path = tmp_path / "don.pdf"
    path.write_bytes(form(entities(secret, listener)))
    screen(ContentFile(path.read_bytes()), "don.pdf")
    try:
        said = read_file(path).text
    except Unreadable as fault:
        said = fault.detail
    assert CANARY not in said
    assert not was_called(listener)


@pytest.mark.parametrize("name", ["don.docx", "bang.xlsx", "don.pdf"])
def test_attack_05_an_office_file_with_entities_is_refused_unopened(
    tmp_path: Path, listener: socket.socket, name: str
) -> None:
    secret = tmp_path / "bi-mat.txt"
    secret.write_text(CANARY)
    content = zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": entities(secret, listener)})
    with pytest.raises(Invalid) as refusal:
        screen(ContentFile(content), name)
    assert CANARY not in str(refusal.value)
    assert not was_called(listener)


def test_the_listener_hears_who_calls(listener: socket.socket) -> None:
    with socket.create_connection(listener.getsockname()):
        assert was_called(listener)
