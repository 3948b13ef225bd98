"""Writing an edition: begin a draft, change it, publish it or drop it."""

import re
from dataclasses import replace
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import Acting
from audit.recording import record
from pages.domain_errors import Conflict, Invalid
from workflow.procedures.draft_models import EditionDraft
from workflow.procedures.models import ProcedureVersion
from workflow.procedures.operations.publish import publish_edition
from workflow.procedures.reading import FaultyEdition, read_edition
from workflow.procedures.rights import require_publisher
from workflow.procedures.schema import Edition
from workflow.procedures.selectors import one_draft, one_version
from workflow.procedures.writing import to_toml

# As much as fifty of the longest procedures that are shipped.
LONGEST_TEXT = 1_000_000
_ROOM = {"procedure": 20, "code": 20, "name": 250}


def stream_of(procedure: str) -> str:
    return f"procedure:{procedure}"


@transaction.atomic
def begin_draft(*, version_id: int, acting: Acting) -> EditionDraft:
    """A draft that says what this edition says, in force from tomorrow under a code that is free."""
    require_publisher(acting)
    version = one_version(version_id, acting)
    tomorrow = timezone.localdate() + timedelta(days=1)
    code = _free_code(version.procedure_id, tomorrow.year)
    begun = replace(version.edition, code=code, effective_from=tomorrow, effective_to=None)
    return _kept(to_toml(begun, remarks=remarks_of(version.source)), acting)


@transaction.atomic
def bring_draft(*, text: str, acting: Acting) -> EditionDraft:
    """A draft from a TOML file. Raises Invalid with every fault in its shape; what it says may still be wrong."""
    require_publisher(acting)
    return _kept(text, acting)


@transaction.atomic
def change_draft(*, draft_id: int, revision: int, edition: Edition, acting: Acting) -> EditionDraft:
    """The draft says this from now on; its remarks stay."""
    draft = _locked(draft_id, revision, acting)
    return _written(draft, to_toml(edition, remarks=remarks_of(draft.source)), acting)


@transaction.atomic
def rewrite_draft(*, draft_id: int, revision: int, text: str, acting: Acting) -> EditionDraft:
    """The draft's text is this one, letter by letter. Raises Invalid with every fault in its shape."""
    return _written(_locked(draft_id, revision, acting), text, acting)


@transaction.atomic
def drop_draft(*, draft_id: int, revision: int, acting: Acting) -> None:
    draft = _locked(draft_id, revision, acting)
    _tell("procedure.draft_dropped", draft, acting)
    draft.delete()


@transaction.atomic
def publish_draft(*, draft_id: int, revision: int, acting: Acting) -> ProcedureVersion:
    """In force from its date, and no draft any more. Raises Invalid with every fault."""
    draft = _locked(draft_id, revision, acting)
    try:
        version = publish_edition(text=draft.source, actor=acting.actor)
    except FaultyEdition as faulty:
        raise _invalid(faulty) from faulty
    draft.delete()
    if version is None:
        raise Conflict(_("This very edition is published already."))
    return version


def remarks_of(text: str) -> tuple[str, ...]:
    """The remarks at the head of a file, which `to_toml` writes again."""
    lines = re.match(r"(?:#[^\n]*\n)*", text)
    return tuple(line.removeprefix("#").strip() for line in (lines[0] if lines else "").splitlines())


def _free_code(procedure: str, year: int) -> str:
    """The year, or the year with a number where that code is taken."""
    published = ProcedureVersion.objects.filter(province=settings.PROVINCE, procedure=procedure)
    drafts = EditionDraft.objects.filter(province=settings.PROVINCE, procedure=procedure)
    taken = {*published.values_list("code", flat=True), *drafts.values_list("code", flat=True)}
    codes = [str(year), *(f"{year}-{number}" for number in range(2, len(taken) + 3))]
    return next(code for code in codes if code not in taken)


def _locked(draft_id: int, revision: int, acting: Acting) -> EditionDraft:
    """The draft, locked; Conflict when somebody changed it since this revision was shown."""
    draft = one_draft(draft_id, acting, locked=True)
    if draft.revision != revision:
        raise Conflict(
            _("%(name)s changed this draft at %(at)s. Open it again to go on from there.")
            % {"name": draft.changed_by.full_name, "at": timezone.localtime(draft.changed_at).strftime("%H:%M")}
        )
    return draft


def _read(text: str) -> Edition:
    """What the text says, if the tables have room for it."""
    if len(text) > LONGEST_TEXT:
        raise Invalid(_("The file is too long for an edition of a procedure."))
    if "\x00" in text:
        raise Invalid(_("The file is no text."))
    try:
        edition = read_edition(text)
    except FaultyEdition as faulty:
        raise _invalid(faulty) from faulty
    for name, longest in _ROOM.items():
        if len(getattr(edition, name)) > longest:
            raise Invalid(_("%(place)s: at most %(count)s characters.") % {"place": name, "count": longest})
    return edition


def _invalid(faulty: FaultyEdition) -> Invalid:
    said = _("The edition can't be taken as it is: %(faults)s")
    return Invalid(said % {"faults": "; ".join(faulty.faults)}, {fault: fault for fault in faulty.faults})


def _kept(text: str, acting: Acting) -> EditionDraft:
    edition = _read(text)
    draft = EditionDraft(province=settings.PROVINCE, source=text, changed_by_id=acting.officer_id)
    _named(draft, edition).save()
    _tell("procedure.draft_begun", draft, acting)
    return draft


def _written(draft: EditionDraft, text: str, acting: Acting) -> EditionDraft:
    edition = _read(text)
    if text == draft.source:
        return draft
    draft.source, draft.revision = text, draft.revision + 1
    draft.changed_by_id, draft.changed_at = acting.officer_id, timezone.now()
    _named(draft, edition).save()
    _tell("procedure.draft_changed", draft, acting)
    return draft


def _named(draft: EditionDraft, edition: Edition) -> EditionDraft:
    draft.procedure, draft.code, draft.name = edition.procedure, edition.code, edition.name
    return draft


def _tell(verb: str, draft: EditionDraft, acting: Acting) -> None:
    payload = {"draft": draft.pk, "edition": draft.code, "name": draft.name}
    record(stream_of(draft.procedure), verb, actor=acting.actor, payload=payload)
