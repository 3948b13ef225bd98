"""The few ways in which the domain says no. The web turns them into messages, an API into problem details."""

from collections.abc import Mapping
from http import HTTPStatus

from django.utils.functional import Promise

Words = str | Promise


class DomainError(Exception):
    """The action is not possible; `message` says what, why and what next, in the reader's language."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, message: Words) -> None:
        super().__init__(message)
        self.message = message


class Invalid(DomainError):
    """What was typed can't be taken; `fields` maps field names to their fault."""

    def __init__(self, message: Words, fields: Mapping[str, Words] | None = None) -> None:
        super().__init__(message)
        self.fields = dict(fields or {})


class Conflict(DomainError):
    """Somebody else was first. The message says who, when and with what result; typed text must be kept."""

    status = HTTPStatus.CONFLICT


class TooFast(DomainError):
    """Asked more often than a person does; `seconds` until it may be asked again."""

    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, message: Words, *, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


class NotStored(DomainError):
    """There is no room, or nothing can be written: what was brought was not saved."""

    status = HTTPStatus.INSUFFICIENT_STORAGE


class NotAvailable(DomainError):
    """Something the answer needs can't be got at just now, or is lost; the message says which."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


class Refused(DomainError):
    """The acting officer may not do this. `about` is the audit stream of what he tried it on."""

    status = HTTPStatus.FORBIDDEN

    def __init__(self, message: Words, *, about: str = "") -> None:
        super().__init__(message)
        self.about = about
