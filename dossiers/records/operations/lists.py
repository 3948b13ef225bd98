"""Lists of records: made by one (lập), approved by another (duyệt), or dropped (bỏ). The machine carries them out."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import Acting
from accounts.rights import require_keeping, require_update
from accounts.selectors import acted_as_one
from audit.recording import record
from documents.operations.hold import hold_papers
from dossiers.records.operations.stand_back import stand_back
from dossiers.records.ready import AT_ONCE, ready_files
from dossiers.records.selectors import one_list
from dossiers.records_models import RecordFile, RecordsLine, RecordsList
from dossiers.records_states import ListKind, ListState
from dossiers.selectors import document_ids_in
from jobs.outbox import enqueue
from pages.domain_errors import Conflict, Invalid, Refused

LONGEST_REASON = 250
CHECK, PACKAGE, DISPOSAL = "records_check", "records_package", "records_disposal"


@transaction.atomic
def make_list(*, kind: str, year: int, acting: Acting) -> RecordsList:
    """Puts the unit's files of a year on a list, up to `AT_ONCE`, and has a transfer's files checked.

    Transfer takes what the unit keeps; disposal what has passed its last day, wherever it is, and never what is kept
    for good. Raises Refused for who doesn't keep the records, Invalid for an unknown kind, Conflict when there is none.
    """
    require_keeping(acting, acting.unit_id)
    if kind not in ListKind.values or acting.unit_id is None:
        raise Invalid(_("Choose what the list is for."))
    files = _fitting(kind, year, acting)
    if not files:
        raise Conflict(_("No records of %(year)s are ready for such a list.") % {"year": year})
    made = RecordsList.objects.create(
        kind=kind, unit_id=acting.unit_id, year=year, made_by_id=acting.officer_id, made_at=timezone.now()
    )
    lines = []
    for position, file in enumerate(files, 1):
        lines.append(RecordsLine(records_list=made, file=file, position=position, was=file.state))
        file.list_it()
        file.save(update_fields=["state"])
    RecordsLine.objects.bulk_create(lines)
    # What is checked, judged and approved is what goes: nothing comes to these papers meanwhile.
    hold_papers(document_ids_in([file.dossier_id for file in files]))
    enqueue(CHECK, str(made.pk))
    payload = {"kind": kind, "year": year, "files": len(files), "dossiers": [file.dossier_id for file in files]}
    record(made.stream, "records.listed", actor=acting.actor, payload=payload)
    return made


def _fitting(kind: str, year: int, acting: Acting) -> list[RecordFile]:
    files = ready_files(kind, acting).filter(year=year).select_for_update(of=("self",))
    return list(files.order_by("pk")[:AT_ONCE])


@transaction.atomic
def take_off(*, list_id: int, line_id: int, acting: Acting) -> RecordsList:
    """Takes a file off a proposed list; it stands where it stood before. Raises NotVisible, Refused and Conflict."""
    found = _locked(list_id, acting)
    require_keeping(acting, found.unit_id, about=found.stream)
    _demand_proposed(found)
    line = found.lines.select_related("file__dossier").filter(pk=line_id).first()
    if line is None:
        raise Conflict(_("These records are no longer on the list."))
    stand_back([line])
    line.delete()
    payload = {"dossier": line.file.dossier.code or "", "kind": found.kind}
    record(found.stream, "records.taken_off", actor=acting.actor, payload=payload)
    return found


@transaction.atomic
def drop_list(*, list_id: int, reason: str, acting: Acting) -> RecordsList:
    """Drops a proposed list with a reason; its files stand where they stood. Its maker's unit or who leads it may."""
    found = _locked(list_id, acting)
    if not (acting.keeps(found.unit_id) or acting.leads(found.unit_id)):
        raise Refused(_("Only who keeps this unit's records or leads it may do this."), about=found.stream)
    _demand_proposed(found)
    why = " ".join(reason.split())
    if not why or len(why) > LONGEST_REASON:
        message = _("Say in up to %(count)s characters why the list is dropped.") % {"count": LONGEST_REASON}
        raise Invalid(message, {"reason": _("Give a reason.")})
    stand_back(list(found.lines.select_related("file")))
    found.drop(why)
    found.save()
    record(found.stream, "records.dropped", actor=acting.actor, payload={"kind": found.kind, "reason": why})
    return found


@transaction.atomic
def approve_list(*, list_id: int, acting: Acting) -> RecordsList:
    """Approves a checked list without faults; the machine carries it out.

    Only who leads the unit, and never who made the list or has stood in for him since, or he for him (Refused).
    Raises Conflict while it isn't checked, and for a disposal list with anything on it that is kept for good or not
    yet past its last day.
    """
    found = _locked(list_id, acting)
    require_update(acting, about=found.stream)
    if not acting.leads(found.unit_id):
        raise Refused(_("Only who leads the unit approves its lists."), about=found.stream)
    if found.made_by_id == acting.officer_id:
        raise Refused(_("You made this list; somebody else has to approve it."), about=found.stream)
    if acted_as_one(acting.officer_id, [found.made_by_id], since=timezone.localdate(found.made_at)):
        message = _("You and who made this list stood in for each other; somebody else has to approve it.")
        raise Refused(message, about=found.stream)
    _demand_proposed(found)
    _demand_sound(found)
    found.approve(acting.officer_id, timezone.now())
    found.save()
    enqueue(PACKAGE if found.kind == ListKind.TRANSFER else DISPOSAL, str(found.pk))
    payload = {"kind": found.kind, "year": found.year, "files": found.lines.count()}
    record(found.stream, "records.approved", actor=acting.actor, payload=payload)
    return found


def _demand_sound(found: RecordsList) -> None:
    if found.checked_at is None:
        raise Conflict(_("The files of this list are still being checked. Try again in a few minutes."))
    if not found.lines.exists():
        raise Conflict(_("Nothing is left on this list. Drop it."))
    if found.lines.exclude(faults=[]).exists():
        raise Conflict(
            _("Some records on this list are not whole. Take them off first; mended, they go on another list.")
        )
    today = timezone.localdate()
    if found.kind == ListKind.DISPOSAL and not all(line.file.may_end(today) for line in _files(found)):
        raise Conflict(_("Some records on this list must still be kept. Take them off first."))


def _files(found: RecordsList) -> QuerySet[RecordsLine]:
    return found.lines.select_related("file__retention")


def _locked(list_id: int, acting: Acting) -> RecordsList:
    one_list(acting, list_id)
    return RecordsList.objects.select_for_update(of=("self",)).get(pk=list_id)


def _demand_proposed(found: RecordsList) -> None:
    if found.state != ListState.PROPOSED:
        words = _("The list is already %(state)s. Open it again to see how it stands.")
        raise Conflict(words % {"state": found.state_words.lower()})
