"""Paging by key: the next page costs what the first did, however deep."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from pages.domain_errors import Invalid

Row = TypeVar("Row", bound=Model)
PAGE_SIZE = 50
LARGEST_PAGE = 200
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class KeyPage(Generic[Row]):
    """Some rows and the key that continues after them; an empty key means there is nothing more."""

    rows: Sequence[Row]
    next_key: str


def page_by_moment(rows: QuerySet[Row], *, field: str, key: str = "", size: int = PAGE_SIZE) -> KeyPage[Row]:
    """Rows in order of a nullable moment, then id, those without a moment last.

    Two plain reads instead of one with `nulls_last`: each walks an index of (field, id), so depth costs nothing.
    """
    size = max(1, min(size, LARGEST_PAGE))
    moment, last_id = _read_key(key)
    found: list[Row] = []
    if not key or moment is not None:
        dated = rows.filter(**{f"{field}__isnull": False}).order_by(field, "id")
        if moment is not None:
            dated = dated.filter(**{f"{field}__gte": moment}).exclude(**{field: moment, "id__lte": last_id})
        found += dated[: size + 1]
    if len(found) <= size:
        undated = rows.filter(**{f"{field}__isnull": True, "id__gt": 0 if moment or not key else last_id})
        found += undated.order_by("id")[: size + 1 - len(found)]
    return _cut(found, size, lambda row: getattr(row, field))


def page_newest_first(rows: QuerySet[Row], *, field: str = "", key: str = "", size: int = PAGE_SIZE) -> KeyPage[Row]:
    """Rows by a falling moment, which none may lack, then by falling id; without a field by falling id alone."""
    size = max(1, min(size, LARGEST_PAGE))
    moment, last_id = _read_key(key)
    if field and moment is not None:
        rows = rows.filter(**{f"{field}__lte": moment}).exclude(**{field: moment, "id__gte": last_id})
    elif key:
        rows = rows.filter(id__lt=last_id)
    order = (f"-{field}", "-id") if field else ("-id",)
    return _cut(list(rows.order_by(*order)[: size + 1]), size, lambda row: getattr(row, field) if field else None)


def _cut(found: list[Row], size: int, moment_of: Any) -> KeyPage[Row]:
    page = found[:size]
    if len(found) <= size:
        return KeyPage(page, "")
    moment = moment_of(page[-1])
    text = json.dumps([moment.isoformat() if moment else None, page[-1].pk])
    return KeyPage(page, base64.urlsafe_b64encode(text.encode()).decode().rstrip("="))


def _read_key(key: str) -> tuple[datetime | None, int]:
    """What `_cut` wrote. A key comes back through the address bar, so anything may stand in it."""
    if not key:
        return None, 0
    try:
        text, last_id = json.loads(base64.urlsafe_b64decode(key + "=" * (-len(key) % 4)))
        # Over UTC, as the database goes: there a moment at the edge of the calendar has no place.
        moment = datetime.fromisoformat(text).astimezone(UTC) if text is not None else None
    except (binascii.Error, ValueError, TypeError, OverflowError, RecursionError) as fault:
        raise Invalid(_("This page link is damaged. Open the list again.")) from fault
    if type(last_id) is not int or not 0 < last_id <= LARGEST_ID:
        raise Invalid(_("This page link is damaged. Open the list again."))
    return moment, last_id
