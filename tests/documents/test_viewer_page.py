"""The viewer's pages: what they show, what they cost, and to whom."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.acting import EVERYONE, unit_token
from accounts.models import RoleSlot, Unit
from audit.models import AuditEvent
from documents.models import Document, DocumentVersion, ReadPage
from documents.words import pack, unpack
from ocr.reading import Word
from tests.factories.accounts import OfficerFactory, UnitFactory, officer_at
from tests.factories.documents import add_version_to, paper, pdf

pytestmark = pytest.mark.django_db

PAGES = (
    "II. Thửa đất\na) Thửa đất số: 116, tờ bản đồ số: 24;\nb) Địa chỉ: thôn Đồng Vừng, xã Tân Lộc, tỉnh Yên Giang",
    "4. Ghi chú: tách từ thửa số 52, xã Lộc Hạ (nay là Tân Lộc)\nYên Giang, ngày 14 tháng 6 năm 2021",
    "Hết",
)
FIELDS = {"number": "CS 03288", "issued_on": "2021-06-14", "issued_at": "Yên Giang", "references": []}


@pytest.fixture
def unit() -> Unit:
    return UnitFactory.create()


@pytest.fixture
def clerk(client: Client, unit: Unit) -> Client:
    client.force_login(officer_at(unit))
    return client


def address(document: Document, **query: object) -> str:
    return reverse("document", args=[document.pk], query=query)


def shown(client: Client, document: Document, **query: object) -> str:
    response = client.get(address(document, **query))
    assert response.status_code == 200
    return response.content.decode()


def test_a_page_shows_its_picture_its_words_and_its_place(clerk: Client) -> None:
    document = paper(pages=PAGES, title="Giấy chứng nhận DK 248032")
    html = shown(clerk, document, page=2)
    assert "Giấy chứng nhận DK 248032" in html
    assert f"/tai-lieu/{document.pk}/trang/2-1000.jpg" in html
    assert html.count("<text ") == len(PAGES[1].split())
    assert "2/3" in html


def test_a_hit_is_lit_on_its_page_and_counted_in_the_whole_paper(clerk: Client) -> None:
    html = shown(clerk, paper(pages=PAGES), q="tan loc")
    assert html.count('class="w-now"') == 1
    assert "1/2" in html
    html = shown(clerk, paper(pages=PAGES), q="tan loc", hit=2)
    assert html.count('class="w-now"') == 1
    assert "2/2" in html
    assert "trang/2-1000" in html


def test_only_the_current_hit_of_a_page_is_the_current_one(clerk: Client) -> None:
    html = shown(clerk, paper(pages=("Tân Lộc và Tân Lộc",)), q="tan loc", hit=2)
    assert html.count('class="w-hit"') == 1
    assert html.count('class="w-now"') == 1
    assert html.count("data-here") == 1


def test_a_hit_that_breaks_at_the_end_of_a_line_has_two_boxes(clerk: Client) -> None:
    html = shown(clerk, paper(pages=("xã Tân\nLộc",)), q="tan loc")
    assert html.count('class="w-now"') == 2


def test_without_a_hit_the_page_says_none(clerk: Client) -> None:
    html = shown(clerk, paper(pages=PAGES), q="khong co")
    assert "–/0" in html
    assert "w-hit" not in html


def test_a_field_leads_to_its_place_and_is_lit_there(clerk: Client) -> None:
    document = paper(pages=PAGES, fields=FIELDS)
    html = shown(clerk, document, panel="fields")
    assert "field=issued_on&amp;page=2" in html
    html = shown(clerk, document, field="issued_on")
    assert "trang/2-1000" in html
    assert html.count("w-chosen") == 1


def test_the_text_beside_the_page_has_the_hits_marked(clerk: Client) -> None:
    html = shown(clerk, paper(pages=PAGES), q="tan loc", panel="text")
    assert '<mark class="now">Tân Lộc</mark>' in html


def test_attack_95_what_was_read_is_only_text(clerk: Client) -> None:
    evil = "<script>alert(1)</script> \"'><img src=x onerror=alert(1)>"
    fields = {"number": evil, "subject": evil}
    document = paper(pages=(evil,), title=evil, fields=fields)
    for panel in ("fields", "text", "file"):
        html = shown(clerk, document, panel=panel, q="script")
        assert "<script>alert" not in html
        assert "<img src=x" not in html


@pytest.mark.parametrize("query", [{"page": "0"}, {"page": "x"}, {"page": "99999"}, {"hit": "-1"}, {"panel": "x"}])
def test_nonsense_in_the_address_is_passed_over(clerk: Client, query: dict[str, str]) -> None:
    assert shown(clerk, paper(pages=PAGES), **query)


def test_attack_98_the_way_back_stays_here(clerk: Client) -> None:
    document = paper(pages=PAGES)
    assert 'href="/ho-so/7/"' in shown(clerk, document, **{"from": "/ho-so/7/"})
    for away in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        assert 'id="back"' not in shown(clerk, document, **{"from": away})


def test_htmx_gets_the_part_alone(clerk: Client) -> None:
    response = clerk.get(address(paper(pages=PAGES)), headers={"HX-Request": "true"})
    assert b"<html" not in response.content
    assert response.content.strip().startswith(b"<div") or b'id="viewer"' in response.content[:400]


def test_an_earlier_version_is_shown_as_such(clerk: Client) -> None:
    document = paper(pages=PAGES)
    add_version_to(document, pdf(pages=2), pages=("Bản mới",))
    assert "Bản mới" in shown(clerk, document, panel="text")
    html = shown(clerk, document, panel="text", version=1)
    assert "Thửa đất" in html
    assert "1-1000.jpg?version=1" in html


def test_a_version_that_is_not_there_is_not_found(clerk: Client) -> None:
    assert clerk.get(address(paper(), version=9)).status_code == 404


def test_while_it_is_read_the_page_asks_how_far_it_is(clerk: Client) -> None:
    document = paper(pages=())
    DocumentVersion.objects.update(reading_state="reading", page_count=8, pages_read=2)
    assert 'hx-trigger="every 2s"' in shown(clerk, document)
    response = clerk.get(reverse("document_progress", args=[document.pk]))
    assert 'aria-valuenow="25"' in response.content.decode()
    assert "HX-Refresh" not in response


@pytest.mark.parametrize("state", ["read", "failed"])
def test_asking_ends_with_the_reading(clerk: Client, state: str) -> None:
    document = paper()
    DocumentVersion.objects.update(reading_state=state)
    response = clerk.get(reverse("document_progress", args=[document.pk]))
    assert response["HX-Refresh"] == "true"
    assert b"hx-trigger" not in response.content


def test_what_lies_in_quarantine_shows_why_and_nothing_else(clerk: Client) -> None:
    document = paper(pages=PAGES, fields=FIELDS)
    DocumentVersion.objects.update(screening="quarantined", quarantine_reason="secret")
    for panel in ("fields", "text", "file"):
        html = shown(clerk, document, panel=panel, q="tan loc")
        assert "Tân Lộc" not in html
        assert "CS 03288" not in html
        assert ".jpg" not in html
        assert "/doc-lai/" not in html


def test_a_long_paper_stays_a_small_page(clerk: Client) -> None:
    words = "\n".join(" ".join(f"từ{row}{column}" for column in range(10)) for row in range(45))
    html = shown(clerk, paper(pages=(words,) * 150), page=70)
    assert len(html) < 90_000


def test_a_page_costs_a_fixed_number_of_queries(
    clerk: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    short, long = paper(pages=PAGES, fields=FIELDS), paper(pages=PAGES * 20, fields=FIELDS)
    shown(clerk, short)
    for document in (short, long):
        # session, officer, slot, unit's roles, successions · paper, its tokens · texts, page · notices
        with django_assert_max_num_queries(13):
            shown(clerk, document, q="tan loc", panel="text")


# Who looked ---------------------------------------------------------------------------------------


def test_opening_a_paper_not_open_to_all_is_recorded_once(clerk: Client, unit: Unit) -> None:
    document = paper(pages=PAGES, tokens=[unit_token(unit.pk)])
    shown(clerk, document)
    clerk.get(address(document, page=2), headers={"HX-Request": "true"})
    event = AuditEvent.objects.get()
    assert event.verb == "document.opened"
    assert event.stream.startswith("account:")


def test_opening_what_every_officer_may_see_is_not_recorded(clerk: Client) -> None:
    shown(clerk, paper(pages=PAGES, tokens=[EVERYONE]))
    assert not AuditEvent.objects.exists()


# What may be done ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("slot", "offers"), [(RoleSlot.Kind.UPDATE, True), (RoleSlot.Kind.LOOKUP, False)])
def test_only_who_may_change_it_is_offered_to(client: Client, unit: Unit, slot: str, *, offers: bool) -> None:
    client.force_login(officer_at(unit, slot))
    html = shown(client, paper(unit=unit, pages=PAGES), panel="file")
    assert ("/doc-lai/" in html) is offers
    assert ("/phien-ban/" in html) is offers


def test_another_unit_may_have_it_read_again_but_not_replace_it(clerk: Client) -> None:
    html = shown(clerk, paper(pages=PAGES), panel="file")
    assert "/doc-lai/" in html
    assert "/phien-ban/" not in html


def test_a_version_is_added_from_the_page(clerk: Client, unit: Unit) -> None:
    document = paper(unit=unit)
    upload = SimpleUploadedFile("quet lai.pdf", pdf(pages=2))
    response = clerk.post(reverse("document_version_added", args=[document.pk]), {"file": upload})
    assert response.status_code == 302
    assert document.versions.count() == 2


def test_a_bad_file_is_answered_with_why(clerk: Client, unit: Unit) -> None:
    document = paper(unit=unit)
    upload = SimpleUploadedFile("a.pdf.exe", b"MZ" * 99)
    response = clerk.post(reverse("document_version_added", args=[document.pk]), {"file": upload})
    assert response.status_code == 422
    assert "a.pdf.exe" in response.content.decode()
    assert document.versions.count() == 1


def test_reading_again_is_asked_for_from_the_page(clerk: Client) -> None:
    document = paper()
    assert clerk.post(reverse("document_reread", args=[document.pk])).status_code == 302
    assert DocumentVersion.objects.get().reading_state == "waiting"


def test_a_superuser_without_a_slot_sees_everything(client: Client) -> None:
    client.force_login(OfficerFactory.create(is_superuser=True))
    assert shown(client, paper(pages=PAGES, tokens=["unit:0"]))


# Fields with a place of their own -----------------------------------------------------------------


def said(name: str, value: str, **more: object) -> dict[str, object]:
    return {"name": name, "value": value, "raw": value, "confidence": 0.93, "page": 1, "group": 0, "box": None, **more}


def test_a_field_is_lit_where_the_reader_says_it_stands(clerk: Client) -> None:
    fields = {"extracted": [said("parcel", "116", box=[0.25, 0.5, 0.1, 0.02])]}
    html = shown(clerk, paper(pages=PAGES, fields=fields), field="parcel")
    assert 'class="w-field w-chosen" x="250" y="708" width="100" height="28" data-here' in html
    assert "93%" in html


def test_fields_of_land_are_written_as_officers_write_them(clerk: Client) -> None:
    rows = [
        said("area", "1321.5"),
        said("purposes", "ONT+CLN"),
        said("issued_on", "2021-06-14"),
        said("reference", "31/2024/QH15|based_on"),
        said("person_name", "Phùng Thị Ngát", group=1),
        said("person_name", "Phùng Văn Thử", group=2),
        said("birth_year", "không rõ", confidence=0.41),
    ]
    html = shown(clerk, paper(pages=PAGES, fields={"extracted": rows}), panel="fields")
    for value in ("1.321,5 m²", "ONT, CLN", "14/06/2021", ">31/2024/QH15<", "Phùng Thị Ngát", "Phùng Văn Thử"):
        assert value in html
    assert 'id="field-person_name-2"' in html
    assert html.count("conf under near") == 1


def test_without_the_readers_word_a_field_is_as_sure_as_the_worst_of_its_words(clerk: Client) -> None:
    document = paper(pages=PAGES, fields=FIELDS)
    page = ReadPage.objects.get(number=2)
    words = [Word(word.text, word.box, 0.5 if word.text == "6" else 0.9) for word in unpack(page.words)]
    ReadPage.objects.filter(pk=page.pk).update(words=pack(words))
    html = shown(clerk, document, panel="fields")
    assert "50%" in html
    assert "94%" in html


def test_a_field_without_a_place_leads_nowhere(clerk: Client) -> None:
    fields = {"extracted": [said("signer", "Vũ Minh Khuê", page=None)]}
    html = shown(clerk, paper(pages=PAGES, fields=fields), panel="fields")
    assert "Vũ Minh Khuê" in html
    assert "field-signer" not in html


# Turned pages -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rotation", "start"),
    [
        (0, 'x="100" y="164" textLength="70" font-size="28"'),
        (90, 'x="155" y="170" textLength="28" font-size="70" transform="rotate(-90 155 170)"'),
        (180, 'x="170" y="148" textLength="70" font-size="28" transform="rotate(-180 170 148)"'),
        (270, 'x="115" y="142" textLength="28" font-size="70" transform="rotate(-270 115 142)"'),
    ],
)
def test_words_run_as_the_page_lies_and_the_page_stands_upright(clerk: Client, rotation: int, start: str) -> None:
    document = paper(pages=("Đơn",))
    ReadPage.objects.update(rotation=rotation)
    html = shown(clerk, document)
    assert f"<text {start}>Đơn</text>" in html
    assert f'data-rotation="{rotation}"' in html


def test_three_hundred_pages_open_as_cheaply_as_three(
    clerk: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    short, long = paper(pages=PAGES, fields=FIELDS), paper(pages=PAGES * 100, fields=FIELDS)
    shown(clerk, short)
    for document, page in ((short, 2), (long, 150)):
        with django_assert_max_num_queries(14):
            html = shown(clerk, document, page=page, panel="fields")
        assert html.count('loading="lazy"') == html.count('class="thumb')
        assert len(html) < 60_000
