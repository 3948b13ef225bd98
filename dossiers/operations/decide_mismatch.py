"""Deciding what a mismatch between form and papers comes to."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.acting import Acting
from accounts.rights import require_update
from audit.recording import record
from dossiers.cross_check import Compared, cross_check
from dossiers.forms import composed
from dossiers.models import Dossier, MismatchRuling
from dossiers.operations.locked import locked_dossier
from dossiers.selectors import KIND, stream_of
from dossiers.states import Ruling, Verdict
from dossiers.told import Voice
from pages.domain_errors import Conflict, Invalid, Refused
from workflow.engine.operations.complete import may_complete
from workflow.engine.selectors import case_of, open_runs
from workflow.models import StepRun

LONGEST_NOTE = 1000
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Seen:
    """What the officer had before him: the fingerprint of what is compared, and how often it had been decided."""

    fingerprint: str
    number: int


@transaction.atomic
def decide_mismatch(
    *, dossier_id: int, fact: str, ruling: str, note: str, seen: Seen, acting: Acting, proposed: str = ""
) -> MismatchRuling:
    """Keeps what was decided about one value (kết luận đối chiếu), with what form and papers said. One event.

    It changes neither: where the paper is right a correction of the form is proposed, to `proposed` or else to the
    surest value. The same form sent twice is kept once. Raises NotVisible, Refused for who has no open step of the
    dossier, Invalid with the fault of each field, and Conflict when somebody decided first or the values changed.
    """
    dossier = locked_dossier(dossier_id, acting)
    _demand_at_work(dossier, acting)
    row = cross_check(dossier, acting).row(fact)
    if row is None:
        raise Invalid(_("There is nothing to compare here any more. Open the cross-check again."))
    note = composed(note).strip()
    again = row.ruling
    if again and again.number == seen.number + 1 and _is_same(again, ruling, note, acting):
        return again
    _demand_unchanged(row, seen)
    _demand_whole(row, ruling, note)
    chosen = _chosen(row, proposed) if ruling == Ruling.PAPER_RIGHT else None
    kept = _kept(dossier, row, ruling, note, chosen, acting)
    _record(dossier, row, kept, chosen, acting)
    return kept


def may_decide(runs: Sequence[StepRun], acting: Acting) -> bool:
    """Whether he has one of these open steps: who works on the dossier now decides."""
    return any(may_complete(run, acting) for run in runs)


def needs_note(row: Compared, ruling: str) -> bool:
    """A paper speaks for itself, and a doubtful reading is soon found wrong; all else wants its reason said."""
    if ruling == Ruling.FORM_RIGHT:
        return row.verdict != Verdict.UNSURE
    return ruling != Ruling.PAPER_RIGHT


def _demand_at_work(dossier: Dossier, acting: Acting) -> None:
    about = stream_of(dossier.pk)
    require_update(acting, about=about)
    case = case_of(KIND, dossier.pk)
    if case is None or not may_decide(open_runs(case), acting):
        raise Refused(_("Only who has an open step of this dossier decides what the papers say."), about=about)


def _is_same(before: MismatchRuling, ruling: str, note: str, acting: Acting) -> bool:
    return (before.ruled_by_id, before.ruling, before.note) == (acting.officer_id, ruling, note)


def _demand_unchanged(row: Compared, seen: Seen) -> None:
    if row.ruling and row.ruling.number != seen.number:
        words = {
            "who": row.ruling.ruled_by.full_name,
            "field": row.fact.label,
            "when": date_format(timezone.localtime(row.ruling.ruled_at), "DATETIME_FORMAT"),
            "ruling": row.ruling.ruling_words,
        }
        raise Conflict(_("%(who)s already decided on “%(field)s” at %(when)s: %(ruling)s.") % words)
    if row.fingerprint != seen.fingerprint or not row.is_mismatch:
        message = _("What the form and the papers say of “%(field)s” changed meanwhile. Look at it again.")
        raise Conflict(message % {"field": row.fact.label})


def _demand_whole(row: Compared, ruling: str, note: str) -> None:
    if ruling not in Ruling.values:
        raise Invalid(_("Choose what it comes to."), {"ruling": _("Choose one.")})
    if len(note) > LONGEST_NOTE:
        raise Invalid(_("The reason is too long."), {"note": _("1000 characters at most.")})
    if not note and needs_note(row, ruling):
        raise Invalid(_("Say why: it is kept with the decision."), {"note": _("Fill this in.")})


def _chosen(row: Compared, proposed: str) -> Voice:
    """The paper's value the form is to take over: as chosen where papers disagree, else the only one."""
    if not proposed:
        return row.proposals[0]
    chosen = next((voice for voice in row.proposals if voice.field.told == proposed), None)
    if chosen is None:
        raise Invalid(_("No paper says so. Choose one of the values read."), {"proposed": _("Choose one.")})
    return chosen


def _kept(
    dossier: Dossier, row: Compared, ruling: str, note: str, chosen: Voice | None, acting: Acting
) -> MismatchRuling:
    return MismatchRuling.objects.create(
        dossier=dossier,
        fact=row.fact.key,
        label=f"{row.title}: {row.fact.label}"[:250],
        number=row.ruling_number + 1,
        ruling=ruling,
        verdict=row.verdict,
        form_value=row.fact.shown,
        told=[_told(voice) for voice in row.voices],
        proposed=chosen.field.told if chosen else "",
        note=note,
        fingerprint=row.fingerprint,
        ruled_at=timezone.now(),
        ruled_by_id=acting.officer_id,
    )


def _told(voice: Voice) -> dict[str, object]:
    version, field = voice.paper.version, voice.field
    return {
        "paper": voice.paper.name,
        "document": version.document_id,
        "version": version.number,
        "reading": version.reading_id,
        "value": field.told,
        "shown": field.value,
        "confidence": field.confidence,
        "page": field.page,
        "is_same": voice.is_same,
    }


def _record(dossier: Dossier, row: Compared, kept: MismatchRuling, chosen: Voice | None, acting: Acting) -> None:
    payload = {
        "field": kept.label,
        "fact": kept.fact,
        "ruling": kept.ruling,
        "form": kept.form_value or NOTHING,
        "papers": [f"{voice.paper.name}: {voice.field.value}" for voice in row.voices],
        "proposed": chosen.field.value if chosen else NOTHING,
        "note": kept.note or NOTHING,
        "number": kept.number,
        "before": row.ruling.ruling if row.ruling else "",
    }
    record(stream_of(dossier.pk), "mismatch.decided", actor=acting.actor, payload=payload, at=kept.ruled_at)
