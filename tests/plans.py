"""Asking the database how it would read, in tests of indexes."""

from django.db import connection


def prefer_indexes(*instead_of: str) -> None:
    """For this transaction: an empty table is quickest read whole, or sorted; the question is what could be used."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for way in instead_of or ("seqscan", "bitmapscan", "sort"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
