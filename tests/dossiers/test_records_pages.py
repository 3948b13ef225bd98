"""The pages of the archive lists."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from dossiers.records import ready
from dossiers.records.operations.lists import make_list
from dossiers.records.selectors import counted, lists_for
from dossiers.records_models import RecordsLine, RecordsList
from dossiers.records_states import ListKind
from jobs.worker import drain
from pages.domain_errors import Invalid
from tests.factories.moments import stop_the_clock
from tests.factories.office import Office
from tests.factories.records import LATER, closed, listed, short

pytestmark = pytest.mark.django_db


def test_a_list_is_made_approved_and_taken_away_on_its_pages(office: Office) -> None:
    closed(office)
    keeper, head = Client(), Client()
    keeper.force_login(office.specialist)
    head.force_login(office.head)
    assert reverse("records_make") in keeper.get(reverse("records")).content.decode()
    assert reverse("records_make") not in head.get(reverse("records")).content.decode()
    page = keeper.post(reverse("records_make"), {"kind": "transfer", "year": "2026"}, follow=True)
    found = RecordsList.objects.get()
    approve = reverse("records_approve", args=[found.pk])
    assert approve not in page.content.decode()
    drain()
    assert approve in head.get(reverse("records_list", args=[found.pk])).content.decode()
    head.post(approve)
    drain()
    page = keeper.get(reverse("records_list", args=[found.pk]))
    assert reverse("records_package", args=[found.pk]) in page.content.decode()


def test_an_archive_without_lists_says_what_to_do(office: Office, client: Client) -> None:
    client.force_login(office.specialist)
    assert 'class="empty"' in client.get(reverse("records")).content.decode()


def test_a_list_of_an_unknown_kind_is_refused(office: Office) -> None:
    with pytest.raises(Invalid):
        make_list(kind="burn", year=2026, acting=office.acting(office.specialist))


def test_the_years_that_are_ready_are_counted_no_further_than_one_list_takes(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper = office.acting(office.specialist)
    for file in [closed(office) for _ in range(3)][:2]:
        short(file)
    monkeypatch.setattr(ready, "AT_ONCE", 2)
    (transfer,) = ready.ready_for(keeper)
    assert (transfer.kind, transfer.year, transfer.files, transfer.is_more) == (ListKind.TRANSFER, 2026, 3, True)
    monkeypatch.setattr(ready, "AT_ONCE", 1)
    assert [one.files for one in ready.ready_for(keeper)] == [2]
    stop_the_clock(monkeypatch, LATER)
    assert [(one.kind, one.files) for one in ready.ready_for(keeper)] == [
        (ListKind.TRANSFER, 2),
        (ListKind.DISPOSAL, 2),
    ]


def test_only_the_lists_of_the_page_are_counted(
    office: Office, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    acting = office.acting(office.specialist)
    closed(office)
    listed(office)
    closed(office)
    found = listed(office)
    assert "recordsline" not in str(lists_for(acting).query)
    RecordsLine.objects.filter(records_list=found).update(faults=[["missing", "Đơn"]])
    page = list(lists_for(acting).order_by("-pk")[:2])
    with django_assert_num_queries(1):
        figures = counted(page)
    assert [(one.list.pk, one.files, one.faulty) for one in figures] == [(page[0].pk, 1, 1), (page[1].pk, 1, 0)]
