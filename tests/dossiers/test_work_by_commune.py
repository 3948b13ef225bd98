"""Work lists narrowed to a commune: by the key parcels are found by, shown by the name people use."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.models import Dossier, DossierParcel
from land.models import Commune
from land.operations.places import commune_named
from tests.factories.dossiers import at_step, received
from tests.factories.office import Office

pytestmark = pytest.mark.django_db


def at_branch(office: Office, commune: str, procedure: str = "P6") -> Dossier:
    return at_step(office, received(office, procedure, form__commune=commune), "check")


def listed(client: Client, name: str = "work_unit", **query: str) -> list[str]:
    answer: Any = client.get(reverse(name), query)
    assert answer.status_code == 200
    return [run.process.code for run in answer.context["page"].rows]


def offered(client: Client) -> list[str]:
    answer: Any = client.get(reverse("work_unit"))
    return list(answer.context["offered"].communes)


@pytest.fixture
def branch(client: Client, office: Office) -> Office:
    client.force_login(office.specialist)
    return office


@pytest.mark.databases_differ
def test_a_list_is_narrowed_to_a_commune_however_its_forms_write_it(client: Client, branch: Office) -> None:
    here = [at_branch(branch, name).code for name in ("xã Tân Lộc", "Tân Lộc", "X. TAN LOC", "xã Tân Lộc, Yên Giang")]
    there = at_branch(branch, "xã Đồi Mây").code
    assert listed(client, xa="xã Tân Lộc") == here
    assert listed(client, xa="tân lộc") == here
    assert listed(client, xa="xã Đồi Mây") == [there]
    assert listed(client, xa="xã Không Có") == listed(client, xa="???") == []
    assert set(listed(client, xa="")) == {*here, there}


@pytest.mark.databases_differ
def test_each_commune_is_offered_once_by_the_name_of_the_register_or_else_as_it_was_typed(
    client: Client, branch: Office
) -> None:
    Commune.objects.all().delete()
    for name in ("Tân Lộc", "xã Tân Lộc, tỉnh Yên Giang", "phường Hải Sơn"):
        at_branch(branch, name)
    assert offered(client) == ["phường Hải Sơn", "xã Tân Lộc"]
    commune_named("Phường Hải Sơn")
    assert offered(client) == ["Phường Hải Sơn", "xã Tân Lộc"]
    page = client.get(reverse("work_unit"), {"xa": "xã Tân Lộc"}).content.decode()
    assert "<option selected>xã Tân Lộc</option>" in page


def test_a_dossier_about_land_in_two_communes_is_found_in_both(client: Client, branch: Office) -> None:
    dossier = at_branch(branch, "xã Tân Lộc")
    DossierParcel.objects.create(dossier=dossier, commune="xa doi may", sheet="3", number="8")
    assert listed(client, xa="xã Tân Lộc") == listed(client, xa="xã Đồi Mây") == [dossier.code]


def test_what_is_about_no_land_is_in_no_commune(client: Client, branch: Office) -> None:
    other = received(branch, "ONG")
    client.force_login(branch.clerk)
    assert other.code in listed(client)
    assert listed(client, xa="bìa rừng Đồi Mây") == []


def test_the_filter_stays_with_the_other_ones_and_with_the_file(client: Client, branch: Office) -> None:
    here = at_branch(branch, "xã Tân Lộc")
    at_branch(branch, "xã Đồi Mây")
    answer: Any = client.get(reverse("work_unit"), {"xa": "xã Tân Lộc"})
    assert next(chip["count"] for chip in answer.context["chips"]) == 1
    assert all("xa=x%C3%A3+T%C3%A2n+L%E1%BB%99c" in chip["url"] for chip in answer.context["chips"])
    file = client.get(reverse("work_unit_export"), {"xa": "xã Tân Lộc"}).content.decode()
    assert file.count("\r\n") == 2
    assert here.code or "" in file


def test_attack_36_a_commune_only_another_units_dossiers_name_is_not_offered(client: Client, branch: Office) -> None:
    at_branch(branch, "xã Chim Hoàng Yến")
    client.force_login(branch.stranger)
    page: Any = client.get(reverse("work_unit"))
    assert "Hoàng Yến" not in page.content.decode()
    assert listed(client, xa="xã Chim Hoàng Yến") == []
