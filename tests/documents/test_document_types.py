"""Types of papers are dated data."""

from io import StringIO

import pytest
from django.core.management import call_command

from audit.models import AuditEvent
from audit.recording import SYSTEM
from documents.models import DocumentType
from documents.operations.import_file import UNSORTED
from documents.operations.load_types import FaultyTypes, load_document_types

pytestmark = pytest.mark.django_db

ONE = '[[types]]\ncode = "don"\nname = "Đơn"\ngroup = "land"\nvalid_from = 2014-07-01\n'


def load(*texts: str) -> bool:
    return load_document_types(texts=texts, actor=SYSTEM)


def test_the_shipped_types_load_once_and_as_one_event() -> None:
    said = StringIO()
    call_command("load_document_types", stdout=said)
    call_command("load_document_types", stdout=said)
    assert said.getvalue().splitlines() == ["document types: loaded", "document types: unchanged"]
    assert AuditEvent.objects.get().verb == "document_types.loaded"


def test_the_shipped_types_serve_land_results_projects_and_the_register() -> None:
    call_command("load_document_types", stdout=StringIO())
    assert set(DocumentType.objects.values_list("group", flat=True)) == {"land", "result", "project", "other"}
    assert DocumentType.objects.get(pk="giay_chung_nhan_moi").register == "certificate"
    assert DocumentType.objects.get(name="Quyết định").register == "decision"
    assert DocumentType.objects.get(name="Công văn").register == ""
    assert DocumentType.objects.filter(pk=UNSORTED, valid_to=None).exists()


def test_a_changed_type_is_updated_and_what_no_file_names_stays() -> None:
    assert load(ONE)
    assert load(ONE.replace("Đơn", "Đơn đăng ký"), ONE.replace('"don"', '"to_khai"'))
    assert DocumentType.objects.get(pk="don").name == "Đơn đăng ký"
    assert load(ONE.replace('"don"', '"khac"'))
    assert DocumentType.objects.count() == 3


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("[[types]", "line 1"),
        (ONE + ONE, "twice"),
        (ONE.replace('group = "land"\n', ""), "don: .*group"),
        (ONE + 'nme = "Đơn"\n', "don: .*nme"),
        (ONE.replace("land", "dat"), "don: .*group"),
        (ONE + 'register = "so_cai"\n', "don: .*register"),
    ],
)
def test_a_faulty_file_changes_nothing_and_says_where(text: str, where: str) -> None:
    with pytest.raises(FaultyTypes, match=where):
        load(text)
    assert not DocumentType.objects.exists()
