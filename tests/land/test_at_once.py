"""Two offices enter something into the register the same moment."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from django.db import connection

from land.models import Commune, Parcel
from land.places import Place
from land.rights_models import Certificate
from pages.domain_errors import Conflict
from tests.factories.land import SERIAL, certified, keeper, parcel_at

pytestmark = [pytest.mark.databases_differ, pytest.mark.django_db(transaction=True)]


def at_once(deeds: Sequence[Callable[[], object]]) -> list[str]:
    """What each comes to; all begin together."""
    together = Barrier(len(deeds))

    def do(deed: Callable[[], object]) -> str:
        try:
            together.wait(timeout=20)
            deed()
        except Conflict as conflict:
            return str(conflict)
        else:
            return "entered"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))


def test_attack_45_one_serial_for_two_parcels_is_entered_once_and_the_other_is_told() -> None:
    officers = [keeper(), keeper()]
    parcels = [parcel_at(officer, Place("xã Tân Lộc", "24", f"{n}")) for n, officer in enumerate(officers, start=1)]
    outcomes = at_once([partial(certified, parcel, officer) for parcel, officer in zip(parcels, officers, strict=True)])
    assert sorted(outcomes) == sorted(["entered", "Hồ sơ địa chính đã có Giấy chứng nhận mang số phát hành này."])
    assert Certificate.objects.filter(serial=SERIAL.replace(" ", "")).count() == 1


def test_attack_45_a_commune_no_list_knows_is_entered_once_for_two_parcels() -> None:
    officers = [keeper(), keeper()]
    deeds = [
        partial(parcel_at, officer, Place("xã Cửa Rừng", "3", f"{number}"))
        for number, officer in enumerate(officers, start=1)
    ]
    assert at_once(deeds) == ["entered", "entered"]
    assert Commune.objects.filter(name__icontains="Cửa Rừng").count() == 1
    assert Parcel.objects.count() == 2
