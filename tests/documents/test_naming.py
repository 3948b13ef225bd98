"""The documents a paper names: shown with their relation, linked when the register has them."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from documents.models import Document
from documents.naming import MOST_SHOWN
from tests.factories.accounts import UnitFactory, officer_at
from tests.factories.documents import legal_document, paper

pytestmark = pytest.mark.django_db


def naming(*references: str, **values: Any) -> Document:
    """A paper that names these; "number|relation"."""
    rows = [
        {"name": "reference", "value": one, "raw": one.partition("|")[0], "confidence": 0.95, "page": 1, "box": None}
        for one in references
    ]
    return paper(pages=("Căn cứ",), fields={"extracted": rows}, **values)


def shown(client: Client, address: str, **query: str) -> str:
    client.force_login(officer_at(UnitFactory.create()))
    return client.get(address, query).content.decode()


def panel(client: Client, document: Document) -> str:
    html = shown(client, reverse("document", args=[document.pk]), panel="fields")
    return html.partition('<aside class="reader-side"')[2].partition("</aside>")[0]


def test_what_is_named_stands_with_its_relation_and_leads_to_its_place(client: Client) -> None:
    html = panel(client, naming("31/2024/QH15|based_on", "5/QĐ-UBND|replaces"))
    for words in ("31/2024/QH15", "Căn cứ", "5/QĐ-UBND", "Thay thế", 'id="field-reference-1"'):
        assert words in html
    assert "van-ban/" not in html


@pytest.mark.parametrize("kept", ["5/QĐ-UBND", "05/QĐ-UBND"])
@pytest.mark.parametrize("read", ["5/QĐ-UBND", "05/QĐ-UBND"])
def test_it_is_linked_when_the_register_has_it(client: Client, kept: str, read: str) -> None:
    legal = legal_document(number=kept, status="Hết hiệu lực toàn bộ")
    html = panel(client, naming(f"{read}|amends"))
    assert reverse("legal_document", args=[legal.pk]) in html
    assert "Hết hiệu lực" in html


def test_another_number_is_another_document(client: Client) -> None:
    legal_document(number="50/QĐ-UBND")
    assert "van-ban/" not in panel(client, naming("5/QĐ-UBND|amends"))


def test_of_several_of_one_number_none_is_taken_for_it(client: Client) -> None:
    for issuer in ("UBND tỉnh Yên Giang", "UBND huyện Hải Lộc"):
        legal_document(number="5/QĐ-UBND", issuer=issuer)
    html = panel(client, naming("5/QĐ-UBND|based_on"))
    assert "van-ban/" not in html
    assert f"{reverse('search')}?q=5/Q%C4%90-UBND" in html


def test_attack_36_what_one_may_not_see_is_as_if_it_were_not_there(client: Client) -> None:
    hidden = legal_document(number="5/QĐ-UBND", tokens=["unit:0"])
    html = panel(client, naming("5/QĐ-UBND|based_on"))
    assert reverse("legal_document", args=[hidden.pk]) not in html
    seen = legal_document(number="5/QĐ-UBND")
    assert reverse("legal_document", args=[seen.pk]) in panel(client, naming("5/QĐ-UBND|based_on"))


def test_a_reading_of_before_is_linked_too(client: Client) -> None:
    legal = legal_document(number="31/2024/QH15")
    reference = {"number": "31/2024/QH15", "document_type": "Luật", "relation": "based_on"}
    html = panel(client, paper(pages=("Căn cứ Luật số 31/2024/QH15",), fields={"references": [reference]}))
    assert reverse("legal_document", args=[legal.pk]) in html


def test_a_hundred_named_documents_stay_a_light_page_of_one_more_query(
    client: Client, django_assert_num_queries: Any
) -> None:
    few, many = naming("1/QĐ-UBND|mentions"), naming(*(f"{number}/QĐ-UBND|mentions" for number in range(1, 101)))
    client.force_login(officer_at(UnitFactory.create()))
    pages = []
    for document in (few, many):
        address = reverse("document", args=[document.pk], query={"panel": "fields"})
        client.get(address)
        with django_assert_num_queries(12):
            pages.append(client.get(address).content)
    assert len(pages[1]) < 60_000
    assert pages[1].count(b'id="field-reference-') == MOST_SHOWN


def test_the_page_of_a_decision_shows_what_its_scan_names(client: Client) -> None:
    law = legal_document(number="31/2024/QH15")
    decision = legal_document(number="41/2026/QĐ-UBND", document=naming("31/2024/QH15|based_on"))
    html = shown(client, reverse("legal_document", args=[decision.pk]))
    assert reverse("legal_document", args=[law.pk]) in html
    assert "field=reference-0" in html
