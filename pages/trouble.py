"""What the machine, not the officer, can't do just now: tried again a few times, then said in words."""

import errno
import logging
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from enum import Enum
from http import HTTPStatus

from django.db import Error as DatabaseFault
from django.db import InterfaceError, OperationalError, connections
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from pages.domain_errors import DomainError
from pages.web import MESSAGES, is_part, typed_texts
from worktime.models import WorkingCalendar

logger = logging.getLogger(__name__)

# After the first try. Who has waited longer than the patience, for a lock held for seconds, is not made to wait again.
PAUSES = (0.05, 0.2, 0.5)
PATIENCE = 8.0
_BUSY_SQLITE = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_FULL_SQLITE = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY}
_DEADLOCK, _NOT_SERIALIZABLE, _LOCK_TIMEOUT, _DISK_FULL = "40P01", "40001", "55P03", "53100"
_STORAGE_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)


class Trouble(Enum):
    """What is wrong, and how it is answered.

    BUSY passes by itself and left nothing behind · DOWN does not pass at once · FULL can be read but not written ·
    UNPREPARED lacks what every office must load first.
    """

    BUSY = HTTPStatus.SERVICE_UNAVAILABLE, 5
    DOWN = HTTPStatus.SERVICE_UNAVAILABLE, 60
    FULL = HTTPStatus.INSUFFICIENT_STORAGE, 300
    UNPREPARED = HTTPStatus.SERVICE_UNAVAILABLE, 300

    def __init__(self, status: HTTPStatus, retry_after: int) -> None:
        self.status, self.retry_after = status, retry_after


def trouble_of(exception: BaseException) -> Trouble | None:
    """Which trouble of the machine stands behind an exception; None for everything else.

    What the domain has put into words already (a file that could not be kept) is its own to say.
    """
    if isinstance(exception, DomainError):
        return None
    for fault in _causes(exception):
        if isinstance(fault, UnreadablePostError):
            return None
        if isinstance(fault, WorkingCalendar.DoesNotExist):
            return Trouble.UNPREPARED
        found = _of_database(fault) if isinstance(fault, DatabaseFault) else _of_storage(fault)
        if found is not None:
            return found
    return None


def _causes(exception: BaseException | None) -> Iterator[BaseException]:
    while exception is not None:
        yield exception
        exception = exception.__cause__


def _of_storage(fault: BaseException) -> Trouble | None:
    if not isinstance(fault, OSError):
        return None
    if fault.errno in _STORAGE_FULL:
        return Trouble.FULL
    return Trouble.DOWN if fault.errno == errno.EIO else None


def _of_database(fault: DatabaseFault) -> Trouble | None:
    """By the codes of the driver's own exception: SQLite's result code, PostgreSQL's SQLSTATE."""
    code = getattr(fault.__cause__, "sqlite_errorcode", None)
    # An extended code keeps its primary one in the low byte.
    primary = None if code is None else code & 0xFF
    state = getattr(fault.__cause__, "sqlstate", None)
    if state == _DISK_FULL or primary in _FULL_SQLITE:
        return Trouble.FULL
    if state in (_DEADLOCK, _NOT_SERIALIZABLE, _LOCK_TIMEOUT) or primary in _BUSY_SQLITE:
        return Trouble.BUSY
    if primary is not None:
        return Trouble.DOWN if primary == sqlite3.SQLITE_IOERR else None
    # No code at all: the server was not reached, or the connection was lost and nobody knows how far it had come.
    is_unreached = isinstance(fault, OperationalError | InterfaceError)
    return Trouble.DOWN if is_unreached and (state is None or state[:2] in ("08", "53", "57")) else None


class TroubleMiddleware:
    """Tries a request again while the database is busy, and answers 503 or 507 with words when that is no use.

    Innermost, so that a new try passes the views' own checks again. Trying again is safe: what raised was rolled
    back, and a form sent twice counts once.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        faults: list[Exception] = []
        request.troubles = faults  # type: ignore[attr-defined]
        began = time.monotonic()
        try:
            # Read here, where a full disk can still be said: the checks before the view would make it an error.
            len(request.POST)
        except OSError as fault:
            if trouble_of(fault) is not None:
                return _answer(request, fault)
        for pause in PAUSES:
            tried = len(faults)
            response = self._get_response(request)
            is_busy = len(faults) > tried and trouble_of(faults[-1]) is Trouble.BUSY
            if not is_busy or time.monotonic() - began > PATIENCE:
                return response
            # Two that met in a deadlock must not meet again.
            time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 no secret
            _rewind(request)
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if trouble_of(exception) is None:
            return None
        request.troubles.append(exception)  # type: ignore[attr-defined]
        return _answer(request, exception)


def _rewind(request: HttpRequest) -> None:
    for _name, files in request.FILES.lists():
        for file in files:
            file.seek(0)


def _answer(request: HttpRequest, fault: BaseException) -> HttpResponse:
    """Without the frame, whose queries may meet the same trouble; with what was typed, to be copied."""
    trouble = trouble_of(fault) or Trouble.DOWN
    # Class and way only: the words of a fault quote values. The line of the request tells the rest.
    logger.warning("the machine is %s", trouble.name.lower(), exc_info=fault)
    if trouble is not Trouble.BUSY:
        _drop_lost_connections()
    try:
        typed = typed_texts(request)
    except OSError:
        typed = []
    context = {"message": _words(trouble), "typed": typed}
    page = "pages/trouble_part.html" if is_part(request) else "pages/trouble.html"
    response = HttpResponse(render_to_string(page, context), status=trouble.status)
    response["Retry-After"] = str(trouble.retry_after)
    if is_part(request):
        response["HX-Retarget"], response["HX-Reswap"] = MESSAGES, "innerHTML"
    return response


def _drop_lost_connections() -> None:
    """What follows, the session's own saving for one, must not meet a connection that is no more."""
    for connection in connections.all(initialized_only=True):
        if connection.errors_occurred and not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()


def _words(trouble: Trouble) -> str:
    if trouble is Trouble.BUSY:
        return _("The system is very busy at the moment. Nothing was saved. Wait a moment and send it again.")
    if trouble is Trouble.FULL:
        return _(
            "The server can't save anything: its storage is full or can't be written to. Nothing was saved; what is "
            "there can still be read. Tell the administrator, and send it again when he has made room."
        )
    if trouble is Trouble.UNPREPARED:
        return _(
            "No working calendar has been loaded, so no deadline can be told. Tell the administrator (load_calendar)."
        )
    return _("The system can't save or find anything at the moment. Nothing was saved. Try again in a few minutes.")
