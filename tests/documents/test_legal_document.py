"""The page of a legal document: what it is, and whether it is in force on a day."""

from datetime import date

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation

from documents.models import LegalDocument
from documents.validity import validity_on
from tests.factories.accounts import UnitFactory, officer_at
from tests.factories.documents import LegalDocumentFactory, legal_document, paper

pytestmark = pytest.mark.django_db


def shown(client: Client, legal: LegalDocument, **query: str) -> str:
    client.force_login(officer_at(UnitFactory.create()))
    response = client.get(reverse("legal_document", args=[legal.pk], query=query))
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    ("status", "effective_on", "day", "code"),
    [
        ("Còn hiệu lực", date(2026, 7, 1), date(2026, 7, 1), "in_force"),
        ("Còn hiệu lực", date(2026, 7, 1), date(2026, 6, 30), "not_yet"),
        ("Còn hiệu lực", None, date(2026, 6, 30), "in_force"),
        ("Chưa có hiệu lực", date(2026, 7, 1), date(2026, 7, 2), "in_force"),
        ("Chưa có hiệu lực", None, date(2026, 7, 2), "not_yet"),
        ("Hết hiệu lực một phần", date(2020, 1, 1), date(2026, 7, 2), "partly_expired"),
        ("Hết hiệu lực toàn bộ", date(2020, 1, 1), date(2026, 7, 2), "expired"),
        ("", date(2020, 1, 1), date(2026, 7, 2), "unknown"),
    ],
)
def test_validity_follows_the_date_and_the_published_words(
    status: str, effective_on: date | None, day: date, code: str
) -> None:
    legal = LegalDocumentFactory.build(status=status, effective_on=effective_on)
    assert validity_on(legal, day).code == code


def test_the_page_says_number_issuer_dates_and_wording(client: Client) -> None:
    legal = legal_document(text="Điều 1. Phạm vi <điều chỉnh>", number="41/2026/QĐ-UBND")
    html = shown(client, legal)
    for words in ("41/2026/QĐ-UBND", legal.issuer, legal.subject, "22/06/2026", "01/07/2026", "Còn hiệu lực"):
        assert words in html
    assert "Điều 1. Phạm vi &lt;điều chỉnh&gt;" in html


def test_the_page_tells_validity_on_any_day(client: Client) -> None:
    with translation.override("en"):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        assert "Not yet in force" in shown(client, legal_document(), on="2026-06-30")
        assert "Not yet in force" not in shown(client, legal_document(), on="2026-07-01")


def test_what_is_sought_is_marked_in_the_wording(client: Client) -> None:
    html = shown(client, legal_document(text="Điều 9. Tạm dừng tính thời hạn"), q="tam dung")
    assert '<mark class="now">Tạm dừng</mark>' in html


def test_a_scan_gives_the_wording_and_is_linked(client: Client) -> None:
    document = paper(pages=("Điều 1. Giao đất",))
    html = shown(client, legal_document(document=document), q="giao dat")
    assert "Điều 1. " in html
    assert f"/tai-lieu/{document.pk}/?q=giao%20dat" in html


def test_a_scan_in_quarantine_gives_no_wording(client: Client) -> None:
    document = paper(pages=("Điều 1. Giao đất",))
    document.versions.update(screening="quarantined", quarantine_reason="secret")
    assert "Giao đất" not in shown(client, legal_document(document=document))


def test_a_day_that_is_none_is_today(client: Client) -> None:
    assert shown(client, legal_document(), on="31/02/2026")
