"""Messages to people: each reads his own."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Officer
from notices.context_processors import unread
from notices.models import Notice
from notices.operations.notify import notify
from notices.operations.read import mark_all_read
from notices.selectors import notices_of, unread_count
from tests.factories.accounts import UnitFactory, officer_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> Officer:
    return officer_at(UnitFactory.create())


@pytest.fixture
def reader(client: Client, officer: Officer) -> Client:
    client.force_login(officer)
    return client


def only(officer: Officer) -> Notice:
    return Notice.objects.get(recipient_id=officer.pk)


def test_each_recipient_gets_the_message_once_in_one_statement(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(1):
        notify([7, 8, 7, None], "Tệp nằm trong khu cách ly", "/tai-lieu/1/")
    assert sorted(Notice.objects.values_list("recipient_id", flat=True)) == [7, 8]


def test_a_message_stands_or_falls_with_its_action() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        notify([7], "Tệp nằm trong khu cách ly")
        raise RuntimeError
    assert not Notice.objects.exists()


def test_a_message_too_long_is_cut_not_lost() -> None:
    notify([7], "đ" * 900)
    assert len(Notice.objects.get().message) == 500


def test_the_page_shows_ones_own_newest_first(reader: Client, officer: Officer) -> None:
    notify([officer.pk], "thứ nhất")
    notify([officer.pk], "thứ hai")
    notify([officer.pk + 1], "của người khác")
    html = reader.get(reverse("notices")).content.decode()
    assert html.index("thứ hai") < html.index("thứ nhất")
    assert "của người khác" not in html


def test_the_page_goes_on_by_key(reader: Client, officer: Officer) -> None:
    for number in range(51):
        notify([officer.pk], f"tin {number}.")
    first = reader.get(reverse("notices")).content.decode()
    assert "tin 0." not in first
    key = notices_of(officer.pk).next_key
    assert f"key={key}" in first
    assert "tin 0." in reader.get(reverse("notices"), {"key": key}).content.decode()


def test_opening_a_message_marks_it_and_goes_on(reader: Client, officer: Officer) -> None:
    notify([officer.pk], "Tệp nằm trong khu cách ly", "/tai-lieu/1/")
    response = reader.post(reverse("notice_read", args=[only(officer).pk]))
    assert (response.status_code, response["Location"]) == (302, "/tai-lieu/1/")
    assert unread_count(officer.pk) == 0
    read_at = only(officer).read_at
    reader.post(reverse("notice_read", args=[only(officer).pk]))
    assert only(officer).read_at == read_at


@pytest.mark.parametrize("url", ["", "https://evil.example/", "//evil.example/"])
def test_attack_98_a_message_leads_nowhere_else(reader: Client, officer: Officer, url: str) -> None:
    notify([officer.pk], "tin", url)
    assert reader.post(reverse("notice_read", args=[only(officer).pk]))["Location"] == reverse("notices")


def test_attack_34_anothers_message_is_not_there(reader: Client, officer: Officer) -> None:
    notify([officer.pk + 1], "của người khác")
    theirs = Notice.objects.get()
    assert reader.post(reverse("notice_read", args=[theirs.pk])).status_code == 404
    assert reader.post(reverse("notice_read", args=[theirs.pk + 1])).status_code == 404
    assert Notice.objects.get().read_at is None


def test_marking_all_spares_what_came_after_the_page(reader: Client, officer: Officer) -> None:
    notify([officer.pk], "thấy")
    seen = only(officer).pk
    notify([officer.pk, officer.pk + 1], "đến sau")
    reader.post(reverse("notices_read"), {"up_to": str(seen)})
    assert unread_count(officer.pk) == 1
    assert mark_all_read(recipient_id=officer.pk, up_to=10**9) == 1
    assert unread_count(officer.pk + 1) == 1


@pytest.mark.parametrize("up_to", ["", "x", "-1", "9" * 30])
def test_a_damaged_form_marks_nothing(reader: Client, officer: Officer, up_to: str) -> None:
    notify([officer.pk], "tin")
    assert reader.post(reverse("notices_read"), {"up_to": up_to}).status_code == 422
    assert unread_count(officer.pk) == 1


@pytest.mark.parametrize("name", ["notice_read", "notices_read"])
def test_marking_needs_a_post(reader: Client, name: str) -> None:
    assert reader.get(reverse(name, args=[1] if name == "notice_read" else [])).status_code == 405


def test_before_sign_in_there_are_no_messages(client: Client) -> None:
    response = client.get(reverse("notices"))
    assert response.status_code == 302
    assert reverse("sign_in") in response["Location"]


# The bell -----------------------------------------------------------------------------------------


def _context(user: Any) -> dict[str, Any]:
    request = RequestFactory().get("/")
    request.user = user
    return unread(request)


def test_the_bell_costs_one_query_however_often_it_is_shown(
    officer: Officer, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    notify([officer.pk], "tin")
    context = _context(officer)
    page = Template(
        "{% load i18n %}{% if unread_notices %}{{ unread_notices }}{% endif %}"
        "{% blocktranslate count n=unread_notices|default:0 %}{{ n }}{% plural %}{{ n }}s{% endblocktranslate %}"
    )
    with django_assert_num_queries(1):
        assert page.render(Context(context)).startswith("11")


def test_a_page_without_the_bell_asks_nothing(
    officer: Officer, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        Template("Tiếp nhận").render(Context(_context(officer)))


def test_nobody_signed_in_has_no_messages() -> None:
    assert _context(AnonymousUser()) == {"unread_notices": 0}
