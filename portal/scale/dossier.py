"""One invented dossier, from its draft to where it stands today, as rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from accounts.models import Officer
from dossiers.codes import USUAL_PATTERN, write_code
from dossiers.models import Dossier, DossierComponent, DossierToken, IssuedForm
from dossiers.receipts import FORM, receipt_content
from dossiers.states import ApplicantKind
from papers.catalogue import UnknownForm, form_in_force
from portal.scale.case import CaseFile, first_due, reached
from portal.scale.desk import Folder
from portal.scale.effects import Course
from portal.scale.forms import filled_in
from portal.scale.life import Life, Passage
from portal.scale.names import full_name
from portal.scale.papers import hand_in
from workflow.procedures.eforms import summary_of

_REPRESENTED = 0.1
_NOTES = ("", "", "", "Đã đối chiếu với sổ địa chính.", "Đủ điều kiện giải quyết.", "Đã kiểm tra, trình xem xét.")
_BACK = ("Thiếu chữ ký của người nộp.", "Diện tích chưa khớp Giấy chứng nhận đã cấp.", "Ghi lại số thửa, số tờ.")
_LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def write_dossier(folder: Folder, life: Life, *, applicant_id: int) -> None:
    """Everything a dossier leaves in the database: rows, numbers, events."""
    passages = list(life.passages(folder.received_at, folder.desk.now))
    folder.tokens = reached(passages)
    folder.code = _code(folder)
    values = _take_in(folder, applicant_id)
    case, course = CaseFile(folder), Course(folder)
    _register(folder)
    handed, scans = hand_in(folder, values)
    _receive(folder, course, handed)
    for passage in passages:
        _pass(folder, case, course, passage)
    for scan in scans:
        scan.close_received()
    course.close()
    title = f"{folder.applicant.name} · {folder.columns['summary']}"
    case.close(course, passages[-1], title)
    shelves = folder.desk.shelves
    shelves[Dossier].add(id=folder.key, status=course.status.value, code=folder.code, **folder.columns)
    for token in folder.tokens:
        shelves[DossierToken].add(holder_id=folder.key, token=token)


def _code(folder: Folder) -> str:
    """As `dossiers.codes.allot_code` allots it."""
    unit, day = folder.shop.unit, folder.received_at.astimezone(folder.desk.calendar.zone).date()
    number = folder.desk.counters.next(agency=folder.shop.agency, kind=f"dossier-{day:%m%d}", year=day.year)
    return write_code(unit.code_pattern or USUAL_PATTERN, agency=folder.shop.agency, on=day, number=number)


def applicant_columns(folder: Folder) -> dict[str, Any]:
    """What the register of applicants keeps of a person."""
    who = folder.applicant
    return {
        "kind": ApplicantKind.PERSON.value,
        "id_number": who.id_number,
        "name": who.name,
        "birth_date": who.birth_date,
        "address": who.address,
        "phone": who.phone,
    }


def _take_in(folder: Folder, applicant_id: int) -> dict[str, Any]:
    """The columns known at receipt; the values of the form."""
    chance, form = folder.chance, folder.edition.form
    values = filled_in(form.fields, folder.writer(folder.received_at))
    person = {f"applicant_{name}": value for name, value in applicant_columns(folder).items()}
    is_represented = chance.random() < _REPRESENTED
    folder.columns |= {
        **person,
        "applicant_id": applicant_id,
        "version_id": folder.version.pk,
        "received_unit_id": folder.shop.unit.pk,
        "unit_id": folder.handler.unit.pk,
        "clerk_id": folder.clerk.officer_id,
        "values": values,
        "summary": summary_of(form, values)[:250],
        "public_key": "".join(chance.choices(_LETTERS, k=16)),
        "registered_at": folder.registered_at,
        "received_at": folder.received_at,
        "representative_name": full_name(chance, is_man=True) if is_represented else "",
        "representative_id_number": f"099075{chance.randrange(10**6):06d}" if is_represented else "",
    }
    return values


def _register(folder: Folder) -> None:
    payload: dict[str, object] = {"procedure": folder.version.procedure.name, "edition": folder.version.code}
    folder.record("dossier.registered", folder.clerk.actor, payload, folder.registered_at)


def _receive(folder: Folder, course: Course, handed: Sequence[DossierComponent]) -> None:
    """The receipt, where a printed form was in force, and the event."""
    at, columns, due_at = folder.received_at, folder.columns, first_due(course, folder)
    payload: dict[str, object] = {
        "code": folder.code,
        "procedure": folder.version.procedure.name,
        "edition": folder.version.code,
        "applicant": folder.applicant.name,
        "summary": columns["summary"],
        "unit": folder.handler.unit.name,
        "due_at": due_at,
        "values": columns["values"],
    }
    folder.record("dossier.received", folder.clerk.actor, payload, at)
    try:
        form = form_in_force(FORM, at.astimezone(folder.desk.calendar.zone).date())
    except UnknownForm:
        # Before the oldest form of the catalogue came into force nothing was printed that we could print again.
        return
    folder.desk.shelves[IssuedForm].add(
        dossier_id=folder.key,
        code=FORM,
        regulation=form.regulation,
        number=folder.code.rpartition("-")[2],
        issued_at=at,
        issued_by_id=folder.clerk.officer_id,
        content=receipt_content(_as_object(folder), handed, due_at=due_at, at=at),
    )


def _as_object(folder: Folder) -> Dossier:
    """The dossier as the receipt reads it, never saved."""
    clerk = Officer(pk=folder.clerk.officer_id, full_name=folder.clerk.full_name)
    named = {
        name: folder.columns[name]
        for name in ("applicant_name", "applicant_address", "applicant_phone", "representative_name", "public_key")
    }
    return Dossier(
        code=folder.code,
        version=folder.version,
        received_unit=folder.shop.unit,
        clerk=clerk,
        summary=folder.columns["summary"],
        **named,
    )


def _pass(folder: Folder, case: CaseFile, course: Course, passage: Passage) -> None:
    """One passage: drafts made in it, its run, its effect, its events."""
    outcome, person, ended = passage.outcome, passage.person, passage.ended
    if outcome is None or person is None or ended is None:
        run_id = case.add_run(passage, typed={}, note="")
        _claim(folder, passage, run_id)
        return
    typed = filled_in(outcome.fields, folder.writer(ended))
    note = folder.chance.choice(_BACK if outcome.is_note_required else _NOTES)
    run_id = case.add_run(passage, typed=typed, note=note)
    _claim(folder, passage, run_id)
    if outcome.manner == "forward":
        for code in passage.step.drafts:
            course.results[code].draft(person.actor, _shortly_before(ended, passage.began))
    payload: dict[str, object] = {
        "step": passage.step.name,
        "step_run": run_id,
        "outcome": outcome.name,
        "note": note,
        "typed": typed,
        "minutes_used": passage.used,
    }
    folder.record("step.completed", person.actor, payload, ended)
    course.take(passage, typed)


def _shortly_before(moment: datetime, began: datetime) -> datetime:
    return moment - (moment - began) / 10


def _claim(folder: Folder, passage: Passage, run_id: int) -> None:
    if passage.claimed_at and passage.person:
        payload: dict[str, object] = {"step": passage.step.name, "step_run": run_id}
        folder.record("step.claimed", passage.person.actor, payload, passage.claimed_at)
