"""Giving out an original: in pieces, from where one was cut off, and clearly when it is lost."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.acting import unit_token
from accounts.models import Unit
from audit.models import AuditEvent
from audit.verbs import words_of
from documents.models import Document
from documents.operations.read import read_version
from documents.vault import BlobMissing
from notices.models import Notice
from tests.documents.shelter import Shelter
from tests.factories.accounts import OfficerFactory, UnitFactory, officer_at
from tests.factories.documents import paper, pdf
from tests.servers import nobody

pytestmark = pytest.mark.django_db
WHOLE = pdf()


@pytest.fixture
def document(shelter: Shelter) -> Document:
    unit = UnitFactory.create()
    return paper(unit=unit, tokens=[unit_token(unit.pk)])


@pytest.fixture
def clerk(client: Client, document: Document) -> Client:
    unit = document.unit
    assert isinstance(unit, Unit)
    client.force_login(officer_at(unit))
    return client


def original(clerk: Client, document: Document, **headers: str) -> Any:
    return clerk.get(reverse("document_original", args=[document.pk]), headers=headers)


def test_the_whole_comes_with_its_length_and_its_name(clerk: Client, document: Document) -> None:
    answer = original(clerk, document)
    assert answer.getvalue() == WHOLE
    assert answer["Content-Length"] == str(len(WHOLE))
    assert answer["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize(
    ("asked", "part"),
    [("bytes=0-9", WHOLE[:10]), ("bytes=100-", WHOLE[100:]), ("bytes=-7", WHOLE[-7:]), ("bytes=5-99999999", WHOLE[5:])],
)
def test_a_part_comes_as_asked(clerk: Client, document: Document, asked: str, part: bytes) -> None:
    answer = original(clerk, document, Range=asked)
    assert answer.status_code == 206
    assert answer.getvalue() == part
    start = WHOLE.index(part)
    assert answer["Content-Range"] == f"bytes {start}-{start + len(part) - 1}/{len(WHOLE)}"
    assert answer["Content-Length"] == str(len(part))
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=9-3", "bytes=-0"])
def test_a_part_that_is_not_there_is_said(clerk: Client, document: Document, asked: str) -> None:
    answer = original(clerk, document, Range=asked)
    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{len(WHOLE)}")


@pytest.mark.parametrize("asked", ["bytes=-", "bytes=0-1,4-5", "lines=1-2", "bytes=1٢-", "bytes=" + "9" * 40 + "-"])
def test_what_can_not_be_read_as_a_range_gives_the_whole(clerk: Client, document: Document, asked: str) -> None:
    assert original(clerk, document, Range=asked.encode().decode("latin-1")).getvalue() == WHOLE


def test_a_part_of_another_file_is_never_given(clerk: Client, document: Document) -> None:
    tag = original(clerk, document)["ETag"]
    assert original(clerk, document, **{"Range": "bytes=0-4", "If-Range": tag}).status_code == 206
    answer = original(clerk, document, **{"Range": "bytes=0-4", "If-Range": '"another"'})
    assert answer.getvalue() == WHOLE


@pytest.mark.parametrize("name", ["document_original", "picture"])
def test_attack_71_a_lost_file_is_said_and_the_administrators_told_once(
    clerk: Client, document: Document, shelter: Shelter, name: str
) -> None:
    chief = OfficerFactory.create(is_superuser=True)
    shelter.lose()
    args = [document.pk] if name == "document_original" else [document.pk, 1, 160]
    address = reverse(name if name == "document_original" else "document_page_picture", args=args)
    for _ in range(3):
        answer = clerk.get(address)
        assert answer.status_code == 503
        assert "problem" in answer.content.decode()
    [notice] = Notice.objects.all()
    assert notice.recipient_id == chief.pk
    assert document.current is not None
    assert document.current.blob_id in notice.message
    [event] = AuditEvent.objects.filter(verb="document.file_missing")
    assert event.stream == f"document:{document.pk}"
    assert words_of(event)
    assert not AuditEvent.objects.filter(verb="document.downloaded").exists()


def test_attack_71_a_lost_file_that_is_to_be_read_is_reported(document: Document, shelter: Shelter) -> None:
    assert document.current is not None
    document.versions.update(reading_state="waiting")
    shelter.lose()
    with pytest.raises(BlobMissing):
        read_version(version_id=document.current.pk)
    assert AuditEvent.objects.get().verb == "document.file_missing"


def test_attack_61_a_storage_that_is_down_loses_nothing_and_is_said(
    clerk: Client, document: Document, settings: Any
) -> None:
    with nobody() as address:
        options = {"endpoint_url": address, "bucket_name": "kho", "access_key": "t", "secret_key": "t"}
        entry = {"BACKEND": "documents.object_storage.ObjectStorage", "OPTIONS": {**options, "region_name": "x"}}
        settings.STORAGES = {**settings.STORAGES, "vault": entry}
        assert original(clerk, document).status_code == 503
        assert clerk.get(reverse("document", args=[document.pk])).status_code == 200
    assert not AuditEvent.objects.filter(verb__in=["document.file_missing", "document.downloaded"]).exists()
