"""The frame around every page behind sign-in."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import RoleSlot
from pages.navigation import Entry, add_entry
from tests.factories.accounts import OfficerFactory, SlotFactory, SlotHoldingFactory, UnitFactory, officer_at

pytestmark = [pytest.mark.urls("tests.pages.urls"), pytest.mark.django_db]


@pytest.fixture(autouse=True)
def entries(own_entries: None) -> None:
    add_entry(Entry("home", "Trang chủ", "home", 1, lambda acting: True))
    add_entry(Entry("work", "Việc cần xử lý", "fail_anywhere", 2, lambda acting: False))


def page_of(client: Client) -> str:
    return client.get("/").content.decode()


def test_the_bar_names_the_officer_his_slot_and_his_unit(client: Client) -> None:
    unit = UnitFactory.create(short_name="CN Hải Lộc")
    client.force_login(officer_at(unit, officer=OfficerFactory.create(full_name="Vũ Minh Khuê")))
    page = page_of(client)
    assert "Vũ Minh Khuê" in page
    assert f"{RoleSlot.Kind.UPDATE.label} · CN Hải Lộc" in page


def test_an_officer_without_a_slot_still_has_a_page(client: Client) -> None:
    client.force_login(OfficerFactory.create(full_name="Chưa Được Giao"))
    assert "Chưa Được Giao" in page_of(client)


def test_the_section_that_is_open_is_marked(client: Client) -> None:
    client.force_login(OfficerFactory.create())
    assert page_of(client).count('aria-current="true">Trang chủ') == 2  # in the bar and in the phone's menu


def test_only_who_has_another_slot_is_offered_one(client: Client) -> None:
    officer = officer_at(UnitFactory.create())
    client.force_login(officer)
    assert 'name="slot"' not in page_of(client)
    SlotHoldingFactory.create(officer=officer, slot=SlotFactory.create(kind=RoleSlot.Kind.LOOKUP))
    assert page_of(client).count('name="slot"') == 4  # two slots, in the bar and in the phone's menu


def test_a_slot_of_any_number_is_posted_as_a_plain_number(client: Client) -> None:
    officer = officer_at(UnitFactory.create())
    slot = SlotFactory.create(id=1234567, kind=RoleSlot.Kind.LOOKUP)
    SlotHoldingFactory.create(officer=officer, slot=slot)
    client.force_login(officer)
    assert 'value="1234567"' in page_of(client)


def test_the_other_language_is_offered_in_its_own_words(client: Client) -> None:
    client.force_login(OfficerFactory.create())
    page = page_of(client)
    assert 'value="en"' in page
    assert "English" in page


def test_the_language_chosen_is_kept(client: Client) -> None:
    answer = client.post("/ngon-ngu/doi/", {"language": "en", "next": "/dang-nhap/"})
    assert answer["Location"] == "/dang-nhap/"
    page = client.get("/dang-nhap/").content.decode()
    assert '<html lang="en"' in page
    assert "Tiếng Việt" in page


def test_pages_that_do_not_exist_yet_are_left_out_of_the_bar(client: Client) -> None:
    client.force_login(OfficerFactory.create())
    page = page_of(client)
    assert 'role="search"' not in page
    assert 'class="bell"' not in page


def test_the_frame_costs_few_queries(client: Client, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    client.force_login(officer_at(UnitFactory.create(), roles=["specialist"]))
    # Session, officer, slots, roles, successions.
    with django_assert_max_num_queries(5):
        client.get("/")


def test_before_sign_in_the_frame_is_bare(client: Client) -> None:
    page = client.get("/khong-co/").content.decode()
    assert "<details" not in page
    assert "Trang chủ" not in page
