"""How much may be brought in a day (hạn mức tải lên): by an officer, and by all officers of a unit together."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import Acting
from documents.models import UploadedBytes
from pages.domain_errors import Invalid

_REMEMBERED = timedelta(days=31)


class NoRoom(Invalid):
    """A day holds no more; the file itself is as it should be."""


@contextmanager
def counted(acting: Acting, size: int) -> Iterator[None]:
    """Counts bytes an officer brings before they are kept, and not at all when they are not.

    Raises NoRoom when it is more than a day holds; then nothing is begun. Before any transaction: of two uploads at
    once that would go over together one is refused.
    """
    day = timezone.localdate()
    _reserve(acting, day, size)
    try:
        yield
    except BaseException:
        _give_back(acting, day, size)
        raise


def _holders(acting: Acting) -> list[tuple[str, int]]:
    holders = [(f"officer:{acting.officer_id}", settings.UPLOAD_BYTES_A_DAY)]
    if acting.unit_id is not None:
        holders.append((f"unit:{acting.unit_id}", settings.UNIT_UPLOAD_BYTES_A_DAY))
    return holders


@transaction.atomic
def _reserve(acting: Acting, day: date, size: int) -> None:
    for holder, most in _holders(acting):
        UploadedBytes.objects.get_or_create(holder=holder, day=day)
        room = UploadedBytes.objects.filter(holder=holder, day=day, bytes__lte=most - size)
        if not room.update(bytes=F("bytes") + size):
            raise _full(most, is_unit=holder.startswith("unit:"))


def _full(most: int, *, is_unit: bool) -> NoRoom:
    words = (
        _("Your unit has brought as much today as a day holds (%(most)s). The file was not taken.")
        if is_unit
        else _("You have brought as much today as a day holds (%(most)s). The file was not taken.")
    )
    what_next = _("Bring it tomorrow, or ask whoever looks after the system for more room.")
    return NoRoom(f"{words % {'most': filesizeformat(most)}} {what_next}")


@transaction.atomic
def _give_back(acting: Acting, day: date, size: int) -> None:
    """A row that comes down to nothing stays: another upload may have found it and be about to count in it."""
    for holder, _most in _holders(acting):
        UploadedBytes.objects.filter(holder=holder, day=day, bytes__gte=size).update(bytes=F("bytes") - size)


def forget_uploads() -> None:
    """Drops the counts of days long gone."""
    UploadedBytes.objects.filter(day__lt=timezone.localdate() - _REMEMBERED).delete()
