"""An agency's secret: made once, shown once, known afterwards by its SHA-256 alone."""

import hashlib
import secrets

from django.utils.crypto import salted_hmac

from search.text import clean

# So that whoever finds one in a file knows what it opens.
PREFIX = "hsd_"
_BYTES = 32


def new_secret() -> str:
    """256 random bits, as they stand in the header `Authorization: Bearer …`."""
    return PREFIX + secrets.token_urlsafe(_BYTES)


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def mark_of_words(words: str) -> str:
    """The same for the same words; by a key of ours, for a bare hash of a name is found out by trying names."""
    return salted_hmac("exchange.search", clean(words).casefold(), algorithm="sha256").hexdigest()
