"""Trouble of the machine is said in words, with a number a proxy understands, and never as if something were saved."""

import errno
import sqlite3
from typing import Any

import psycopg.errors
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import UnreadablePostError
from django.test import Client

from pages.domain_errors import Conflict, NotStored
from pages.trouble import PAUSES, Trouble, trouble_of
from tests.pages.urls import TROUBLES
from worktime.models import WorkingCalendar


def caused(fault: Exception, cause: BaseException) -> Exception:
    fault.__cause__ = cause
    return fault


def sqlite_fault(code: int) -> sqlite3.OperationalError:
    fault = sqlite3.OperationalError("x")
    fault.sqlite_errorcode = code
    return fault


@pytest.mark.parametrize(
    ("fault", "trouble"),
    [
        (caused(OperationalError(), sqlite_fault(sqlite3.SQLITE_BUSY)), Trouble.BUSY),
        (caused(OperationalError(), sqlite_fault(sqlite3.SQLITE_BUSY_SNAPSHOT)), Trouble.BUSY),
        (caused(OperationalError(), sqlite_fault(sqlite3.SQLITE_LOCKED)), Trouble.BUSY),
        (caused(OperationalError(), sqlite_fault(sqlite3.SQLITE_FULL)), Trouble.FULL),
        (caused(OperationalError(), sqlite_fault(sqlite3.SQLITE_READONLY_DBMOVED)), Trouble.FULL),
        (caused(OperationalError(), sqlite_fault(sqlite3.SQLITE_IOERR_WRITE)), Trouble.DOWN),
        (caused(OperationalError(), sqlite_fault(sqlite3.SQLITE_ERROR)), None),
        (caused(OperationalError(), psycopg.errors.DeadlockDetected()), Trouble.BUSY),
        (caused(OperationalError(), psycopg.errors.SerializationFailure()), Trouble.BUSY),
        (caused(OperationalError(), psycopg.errors.LockNotAvailable()), Trouble.BUSY),
        (caused(OperationalError(), psycopg.errors.DiskFull()), Trouble.FULL),
        (caused(OperationalError(), psycopg.errors.QueryCanceled()), Trouble.DOWN),
        (caused(OperationalError(), psycopg.errors.TooManyConnections()), Trouble.DOWN),
        (caused(OperationalError(), psycopg.OperationalError("server closed the connection")), Trouble.DOWN),
        (InterfaceError("connection already closed"), Trouble.DOWN),
        (caused(IntegrityError(), psycopg.errors.UniqueViolation()), None),
        (caused(RuntimeError(), caused(OperationalError(), sqlite_fault(sqlite3.SQLITE_BUSY))), Trouble.BUSY),
        (OSError(errno.ENOSPC, "No space left on device"), Trouble.FULL),
        (OSError(errno.EDQUOT, "Quota exceeded"), Trouble.FULL),
        (OSError(errno.EROFS, "Read-only file system"), Trouble.FULL),
        (OSError(errno.EIO, "Input/output error"), Trouble.DOWN),
        (OSError(errno.ENOENT, "No such file"), None),
        (WorkingCalendar.DoesNotExist(), Trouble.UNPREPARED),
        (UnreadablePostError(errno.EIO, "the browser went away"), None),
        (Conflict("somebody was faster"), None),
        (caused(NotStored("no room for this file"), OSError(errno.ENOSPC, "full")), None),
        (ValueError(), None),
    ],
)
def test_what_stands_behind_an_exception(fault: Exception, trouble: Trouble | None) -> None:
    assert trouble_of(fault) is trouble


@pytest.mark.django_db
@pytest.mark.urls("tests.pages.urls")
class TestAnswers:
    def post(self, client: Client, *faults: Exception, **headers: str) -> Any:
        TROUBLES[:] = faults
        return client.post("/trouble/", {"note": "Đủ điều kiện", "password": "bí mật"}, headers=headers)

    def test_busy_is_tried_again_and_the_caller_sees_nothing_of_it(self, client: Client) -> None:
        answer = self.post(client, *[busy()] * len(PAUSES))
        assert (answer.status_code, answer.content) == (200, "Đủ điều kiện".encode())

    def test_attack_62_busy_too_often_is_503_with_words_and_what_was_typed(self, client: Client) -> None:
        answer = self.post(client, *[busy()] * (len(PAUSES) + 1))
        page = answer.content.decode()
        assert (answer.status_code, answer["Retry-After"], TROUBLES) == (503, "5", [])
        assert 'data-copy="Đủ điều kiện"' in page
        assert "bí mật" not in page
        assert "<html" in page

    @pytest.mark.parametrize(
        ("fault", "status"),
        [(OSError(errno.ENOSPC, "full"), 507), (InterfaceError("lost"), 503), (OSError(5, ""), 503)],
    )
    def test_attack_60_and_61_what_does_not_pass_is_said_at_once(
        self, client: Client, fault: Exception, status: int
    ) -> None:
        later = ValueError("not asked again")
        assert self.post(client, fault, later).status_code == status
        assert [later] == TROUBLES

    def test_a_part_of_a_page_gets_a_message_and_keeps_its_form(self, client: Client) -> None:
        answer = self.post(client, OSError(errno.ENOSPC, "full"), **{"HX-Request": "true"})
        assert (answer.status_code, answer["HX-Retarget"]) == (507, "#messages")
        assert "<html" not in answer.content.decode()

    def test_a_file_sent_along_is_sent_again_from_its_beginning(self, client: Client) -> None:
        TROUBLES[:] = [busy()]
        answer = client.post("/trouble/", {"note": "x", "file": SimpleUploadedFile("quet.pdf", b"trang giay")})
        assert answer.content == b"xtrang giay"


def busy() -> Exception:
    return caused(OperationalError("database is locked"), sqlite_fault(sqlite3.SQLITE_BUSY))
