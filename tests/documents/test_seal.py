"""The unit's electronic seal: put on what was issued, as a version beside the unsealed one, or said to be missing."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Unit
from audit.models import AuditEvent
from documents.models import Document, DocumentVersion, Seal
from documents.operations.issued_copy import keep_issued_copy
from documents.operations.read import read_version
from documents.operations.seal import seal_version
from documents.operations.store import take_in
from documents.outgoing import RegisterEntry
from documents.states import State
from documents.vault import open_blob
from jobs.models import OutboxRow
from signatures import Verdict
from signatures.sealing import Pkcs12Seal, SealUnusable
from signatures.trust import load_trust
from signatures.verification import examine
from tests.documents.test_register import given_to
from tests.factories.accounts import UnitFactory, acting_at, officer_at
from tests.factories.documents import paper, pdf
from tests.factories.signatures import OFFICE, Identity, authority, trust_folder
from tests.ocr.papers import slip_pdf

pytestmark = pytest.mark.django_db

PASSWORD = "mat-khau-con-dau"


@pytest.fixture
def unit() -> Unit:
    return UnitFactory.create()


@pytest.fixture
def seal(tmp_path: Path, settings: Any) -> Identity:
    """This house has a seal, and trusts who vouches for it."""
    ca = authority()
    found = Identity.of(OFFICE, ca)
    (tmp_path / "con-dau.p12").write_bytes(found.as_pkcs12(PASSWORD))
    settings.SEAL_PKCS12, settings.SEAL_PASSWORD = str(tmp_path / "con-dau.p12"), PASSWORD
    settings.SIGNATURE_TRUST_DIR = str(trust_folder(tmp_path / "trust", [ca]))
    return found


def issued(unit: Unit, content: bytes | None = None) -> Document:
    """A paper of ours, printed with its number after it was issued."""
    drafter = officer_at(unit)
    document = paper(unit=unit, state=State.ISSUED, pages=("Dự thảo",), drafted_by=drafter)
    document.versions.update(uploaded_by=drafter)
    stored = take_in(ContentFile(content or pdf(pages=2)), "giay-chung-nhan.pdf")
    with transaction.atomic():
        keep_issued_copy(document_id=document.pk, stored=stored, number=document.number)
    return Document.objects.get(pk=document.pk)


def bytes_of(version: DocumentVersion) -> bytes:
    with open_blob(version.blob_id) as file:
        return bytes(file.read())


def panel(client: Client, document: Document) -> str:
    return client.get(reverse("document", args=[document.pk], query={"panel": "file"})).content.decode()


def test_the_sealed_bytes_are_a_new_version_that_begins_with_the_unsealed_ones(unit: Unit, seal: Identity) -> None:
    document = issued(unit)
    printed = document.current
    assert printed is not None
    assert OutboxRow.objects.get(topic="seal").key == str(printed.pk)
    seal_version(version_id=printed.pk)
    current = Document.objects.get(pk=document.pk).current
    assert current is not None
    assert (current.number, current.uploaded_by) == (printed.number + 1, None)
    assert bytes_of(current).startswith(bytes_of(printed))
    assert Seal.objects.get().unsealed == printed
    assert f'"over":{printed.number}' in AuditEvent.objects.get(verb="document.sealed").payload.replace(" ", "")


def test_a_seal_is_a_signature_others_can_verify(unit: Unit, seal: Identity, tmp_path: Path, settings: Any) -> None:
    document = issued(unit, slip_pdf())
    seal_version(version_id=document.current_id or 0)
    current = Document.objects.get(pk=document.pk).current
    assert current is not None
    file = tmp_path / "ky.pdf"
    file.write_bytes(bytes_of(current))
    (found,) = examine(file, load_trust(Path(settings.SIGNATURE_TRUST_DIR)))
    assert (found.verdict, found.signer) == (Verdict.VALID, OFFICE)
    assert b"/ETSI.CAdES.detached" in file.read_bytes()


def test_attack_63_a_paper_is_sealed_once(unit: Unit, seal: Identity) -> None:
    document = issued(unit)
    for _time in range(2):
        seal_version(version_id=document.current_id or 0)
    assert document.versions.count() == 3
    assert Seal.objects.count() == 1


def test_what_is_no_longer_in_force_is_not_sealed(unit: Unit, seal: Identity) -> None:
    document = issued(unit)
    Document.objects.filter(pk=document.pk).update(state=State.REVOKED)
    seal_version(version_id=document.current_id or 0)
    assert not Seal.objects.exists()


def test_a_file_printed_with_a_cancelled_number_is_not_sealed(unit: Unit, seal: Identity) -> None:
    document = issued(unit)
    printed = document.current
    entry = given_to(document, unit, acting_at(unit))
    seal_version(version_id=document.current_id or 0)
    assert not Seal.objects.exists()
    RegisterEntry.objects.filter(pk=entry.pk).update(printed=printed)
    seal_version(version_id=document.current_id or 0)
    assert Seal.objects.get().unsealed == printed


def test_without_a_seal_nothing_is_asked_for_and_the_page_says_so(unit: Unit, client: Client) -> None:
    document = issued(unit)
    assert not OutboxRow.objects.filter(topic="seal").exists()
    client.force_login(officer_at(unit))
    assert "bi-patch-minus" in panel(client, document)


def test_the_page_says_that_the_seal_is_on_its_way_and_then_whose_it_is(
    unit: Unit, seal: Identity, client: Client
) -> None:
    document = issued(unit, slip_pdf())
    client.force_login(officer_at(unit))
    assert "bi-hourglass-split" in panel(client, document)
    seal_version(version_id=document.current_id or 0)
    read_version(version_id=Document.objects.get(pk=document.pk).current_id or 0)
    html = panel(client, document)
    assert OFFICE in html
    assert "bi-patch-check" in html


def test_a_received_paper_is_said_to_lack_nothing(unit: Unit, client: Client) -> None:
    client.force_login(officer_at(unit))
    assert "bi-patch" not in panel(client, paper(unit=unit))


@pytest.mark.parametrize("change", ["password", "bytes", "missing"])
def test_a_seal_that_can_not_be_used_leaves_the_issued_paper_and_tells_no_password(
    change: str, unit: Unit, seal: Identity, settings: Any
) -> None:
    document = issued(unit)
    if change == "password":
        settings.SEAL_PASSWORD = "sai-mat-khau"
    elif change == "bytes":
        Path(settings.SEAL_PKCS12).write_bytes(b"\x30\x03no")
    else:
        Path(settings.SEAL_PKCS12).unlink()
    with pytest.raises(SealUnusable) as raised:
        seal_version(version_id=document.current_id or 0)
    assert settings.SEAL_PASSWORD not in str(raised.value)
    assert raised.value.__suppress_context__
    assert document.versions.count() == 2


def test_a_timestamp_authority_is_asked_where_one_is_named(seal: Identity, settings: Any) -> None:
    """Nobody listens there: the seal isn't put on without the time that was wanted."""
    wanted = Pkcs12Seal(Path(settings.SEAL_PKCS12), PASSWORD, "http://127.0.0.1:9/tsa")
    with pytest.raises(Exception, match=r"127\.0\.0\.1|timestamp|connect"):
        wanted.put_on(pdf(), reason="thử")
