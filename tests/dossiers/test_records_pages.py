"""The pages of the archive lists."""

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.records.operations.lists import make_list
from dossiers.records_models import RecordsList
from jobs.worker import drain
from pages.domain_errors import Invalid
from tests.factories.office import Office
from tests.factories.records import closed

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
