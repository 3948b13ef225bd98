"""The tally's answer: control slip, time of each unit, and who was late, from the stays of a dossier."""

from datetime import datetime

from tests.month.answers import Answer, OfUnit, Row
from tests.month.stays import Stay, Tallied
from tests.month.working_days import DAY, WorkingDays


def answer_of(found: Tallied, now: datetime, days: WorkingDays) -> Answer:
    """All there is to say of it now."""
    clock, stays = found.clock, sorted(found.stays, key=lambda stay: (stay.number, stay.began))
    counts = clock.state == "running" or found.resolved
    return Answer(
        edition=found.edition,
        promised=clock.ledger[0][2],
        ledger=clock.ledger,
        slip=[_row(found, stay, now, days) for stay in stays],
        units=_by_unit(found, stays, now, days),
        warnings=sorted(found.warnings),
        apologies=found.apologies,
        new_date=found.new_date,
        stood_in=found.stood_in,
        is_late=bool(counts and (found.resolved or now) > clock.promised),
        is_finished=not found.open_stays(),
    )


def _row(found: Tallied, stay: Stay, now: datetime, days: WorkingDays) -> Row:
    until = stay.ended or now
    stood, used = found.stood(stay, until, days), found.used(stay, until, days)
    return Row(
        step=stay.step,
        unit=stay.unit,
        who=stay.who or stay.owner,
        received=_written(stay.began),
        handed_on=_written(stay.ended) if stay.ended else "",
        verdict=_verdict(stay, used, stood, days),
        time=f"{_in_days(used)}/{_in_days(stay.limit)}" if stay.limit else _in_days(used),
        stood=_in_days(stood) if stood else "",
    )


def _verdict(stay: Stay, used: int, stood: int, days: WorkingDays) -> str:
    """In time on the very day the limit ends, early before it."""
    if not stay.limit:
        return "Không tính vào thời hạn"
    if used > stay.limit:
        return "Quá hạn"
    if stay.ended is None:
        return "Đang giải quyết, còn hạn"
    last_day = days.moment(days.passed(stay.began) + stay.limit + stood).date()
    return "Đúng hạn" if stay.ended.date() >= last_day else "Trước hạn"


def _by_unit(found: Tallied, stays: list[Stay], now: datetime, days: WorkingDays) -> list[OfUnit]:
    units = []
    for unit in dict.fromkeys(stay.unit for stay in stays):
        own = [(stay, found.used(stay, stay.ended or now, days)) for stay in stays if stay.unit == unit]
        units.append(
            OfUnit(
                unit=unit,
                used=sum(used for stay, used in own if stay.limit),
                limit=sum(stay.limit for stay, _used in own),
                outside=sum(used for stay, used in own if not stay.limit),
                late=sum(bool(stay.limit) and used > stay.limit for stay, used in own),
            )
        )
    return units


def _in_days(minutes: int) -> str:
    """With at most one decimal, halves upwards: 0,5 or 12."""
    whole, tenth = divmod((10 * minutes + DAY // 2) // DAY, 10)
    return f"{whole},{tenth}" if tenth else f"{whole}"


def _written(moment: datetime) -> str:
    return f"{moment:%H:%M, %d/%m/%Y}"
