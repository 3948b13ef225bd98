"""The number series while many numbers are given at once."""

from django.db import connection

from accounts.models import NumberSeries

_SET = """
INSERT INTO accounts_numberseries (agency, kind, year, last) VALUES (%s, %s, %s, %s)
ON CONFLICT (agency, kind, year) DO UPDATE SET last = excluded.last
"""


class Counters:
    """Gives the numbers `accounts.numbering.next_number` would give, for as long as nobody else asks it."""

    def __init__(self) -> None:
        rows = NumberSeries.objects.values_list("agency", "kind", "year", "last")
        self._last = {(agency, kind, year): last for agency, kind, year, last in rows}
        self._moved: set[tuple[str, str, int]] = set()

    def next(self, *, agency: str, kind: str, year: int) -> int:
        series = agency, kind, year
        self._last[series] = self._last.get(series, 0) + 1
        self._moved.add(series)
        return self._last[series]

    def write(self) -> None:
        """Leaves the series where the next real number follows, in the caller's transaction."""
        with connection.cursor() as cursor:
            cursor.executemany(_SET, [[*series, self._last[series]] for series in sorted(self._moved)])
        self._moved.clear()
