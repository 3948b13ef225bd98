"""Numbers without gaps: given in the transaction that uses them, so what rolls back gives its number back."""

from django.db import connection

_NEXT = """
INSERT INTO accounts_numberseries (agency, kind, year, last) VALUES (%s, %s, %s, 1)
ON CONFLICT (agency, kind, year) DO UPDATE SET last = accounts_numberseries.last + 1 RETURNING last
"""


class OutsideTransaction(RuntimeError):
    """A number was asked for outside the transaction that uses it: it could be lost."""


def next_number(*, agency: str, kind: str, year: int) -> int:
    """The next number of the series, from 1; its row stays locked until the caller's transaction ends.

    Ask late in the transaction: everybody else who needs this series waits.
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction(kind)
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [agency, kind, year])
        number: int = cursor.fetchone()[0]
    return number
