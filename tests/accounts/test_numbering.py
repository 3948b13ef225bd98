"""Numbers without gaps, however many ask at once and however many give up."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from accounts.models import NumberSeries
from accounts.numbering import OutsideTransaction, next_number

THREADS, EACH = 6, 15


class GivesUp(Exception):
    """The clerk's transaction rolls back."""


def ask(*, agency: str = "H99.15", kind: str = "dossier", year: int = 2026) -> int:
    with transaction.atomic():
        return next_number(agency=agency, kind=kind, year=year)


@pytest.mark.django_db
def test_a_series_begins_with_one_and_goes_on() -> None:
    assert [ask() for _ in range(3)] == [1, 2, 3]


@pytest.mark.django_db
def test_each_agency_kind_and_year_has_its_own_series() -> None:
    ask()
    assert [ask(agency="H99.16"), ask(kind="receipt"), ask(year=2027), ask()] == [1, 1, 1, 2]


@pytest.mark.django_db
def test_a_number_rolled_back_is_given_again() -> None:
    ask()
    with pytest.raises(GivesUp), transaction.atomic():
        next_number(agency="H99.15", kind="dossier", year=2026)
        raise GivesUp
    assert ask() == 2


@pytest.mark.django_db(transaction=True)
def test_a_number_outside_a_transaction_is_refused() -> None:
    with pytest.raises(OutsideTransaction):
        next_number(agency="H99.15", kind="dossier", year=2026)
    assert not NumberSeries.objects.exists()


@pytest.mark.databases_differ
@pytest.mark.django_db(transaction=True)
def test_clerks_who_ask_at_once_get_every_number_once() -> None:
    def clerk(number: int) -> list[int]:
        given = []
        try:
            for turn in range(EACH):
                try:
                    with transaction.atomic():
                        allotted = next_number(agency="H99.15", kind="dossier", year=2026)
                        if (number + turn) % 5 == 0:
                            raise GivesUp
                    given.append(allotted)
                except GivesUp:
                    continue
        finally:
            connection.close()
        return given

    with ThreadPoolExecutor(THREADS) as pool:
        given = sorted(number for numbers in pool.map(clerk, range(THREADS)) for number in numbers)
    assert given == list(range(1, len(given) + 1))
    assert len(given) == THREADS * EACH * 4 // 5
    assert NumberSeries.objects.get().last == len(given)
