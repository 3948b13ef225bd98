"""What an edition must hold to for its additions to an appointment to be reckoned."""

from collections.abc import Iterator
from decimal import Decimal

from workflow.procedures.schema import Appointment, Edition, FormField, MoreDays

_QUARTER = Decimal("0.25")
# Ten years: what is longer is a slip of the pen, and no calendar could reckon with it.
MOST_DAYS = 3650


def promise_faults(edition: Edition) -> Iterator[str]:
    """Everything that is wrong with `unit` and `more` of the appointments, each with its place."""
    fields = {field.code: field for field in edition.form.fields}
    for promised in edition.appointments:
        place = f"appointments.{promised.number}"
        if promised.unit == "days" and promised.days <= MOST_DAYS and promised.days % 1:
            yield f"{place}: days of the calendar are whole ones"
        for more in promised.more:
            yield from _more_faults(f"{place}.more", promised, more, fields)


def _more_faults(place: str, promised: Appointment, more: MoreDays, fields: dict[str, FormField]) -> Iterator[str]:
    if not 0 < more.days <= MOST_DAYS or more.days % (1 if promised.unit == "days" else _QUARTER):
        yield f"{place}: {more.days} is no number of days to add"
    asked = fields.get(more.only_if.field)
    if asked is None:
        yield f"{place}: only_if names the unknown field {more.only_if.field}"
        return
    if asked.type not in ("text", "choice"):
        yield f"{place}: only_if asks about {asked.code}, which is no text and no choice"
    known = {choice.code for choice in asked.choices}
    for value in more.only_if.is_one_of:
        if known and value not in known:
            yield f"{place}: only_if names the unknown choice {value}"
