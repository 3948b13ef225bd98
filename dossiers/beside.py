"""Dossiers opened beside each other (hồ sơ con): what one takes over from the other, and how each leads to the other.

The papers stay the first dossier's own: the other one names them and leads to them, and who may see a paper is what the
paper says of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from accounts.acting import Acting
from accounts.sight import visible
from documents.models import Document, DocumentToken
from dossiers.land_told import LandTold, land_fields, told_by
from dossiers.models import Dossier, DossierComponent
from dossiers.selectors import KIND, papers_of, visible_dossiers
from workflow.engine.models import Case, StepRun
from workflow.procedures.eforms import Value
from workflow.procedures.schema import Edition

# Beside the fields that say which parcel it is.
_OF_THE_PARCEL = ("register_number",)


@dataclass(frozen=True, slots=True)
class Beside:
    """The dossier that waits for this one, and those this one has opened, as far as the acting officer sees them."""

    waiting: Dossier | None
    opened: Sequence[Dossier]


def beside(case: Case, acting: Acting) -> Beside:
    """What stands beside the dossier of this case."""
    rows = visible_dossiers(acting).select_related("version__procedure")
    opened = Case.objects.filter(kind=KIND, opened_from__process=case.pk).values("subject_id")
    first_id = _first_id(case)
    waiting = rows.filter(pk=first_id).first() if first_id else None
    return Beside(waiting, list(rows.filter(pk__in=opened).order_by("pk")))


def _first_id(case: Case) -> int | None:
    """The dossier whose step waits for this case; a query only where there is one."""
    if case.opened_from_id is None:
        return None
    waiting = StepRun.objects.filter(pk=case.opened_from_id, process__kind=KIND)
    return waiting.values_list("process__subject_id", flat=True).first()


def lent_papers(own: Iterable[DossierComponent], first: Iterable[DossierComponent]) -> dict[str, DossierComponent]:
    """For each paper of a dossier, by its code, the one of the first dossier that serves for it: of the same type, and
    handed in there; of the same code where there are several. Each serves once."""
    left = [paper for paper in first if paper.is_handed_in]
    found: dict[str, DossierComponent] = {}
    for is_exact in (True, False):
        for line in own:
            fitting = (paper for paper in left if paper.document_type_id == line.document_type_id)
            paper = next((paper for paper in fitting if not is_exact or paper.code == line.code), None)
            if line.code not in found and paper is not None:
                found[line.code] = paper
                left.remove(paper)
    return found


@dataclass(frozen=True, slots=True)
class ShownPaper:
    """A paper of a dossier with its document; `is_lent`: that of the dossier it was opened beside serves for it, with
    the document only where the acting officer may see that."""

    paper: DossierComponent
    document: Document | None
    is_lent: bool = False


def shown_papers(dossier: Dossier, case: Case, acting: Acting) -> list[ShownPaper]:
    """In the order of the edition."""
    papers = papers_of(dossier)
    lent = _lent_to(papers, case, acting)
    return [lent.get(paper.code) or ShownPaper(paper, paper.document) for paper in papers]


def _lent_to(papers: Sequence[DossierComponent], case: Case, acting: Acting) -> dict[str, ShownPaper]:
    first_id = _first_id(case)
    if first_id is None:
        return {}
    own = {paper.code: paper for paper in papers if paper.document_id is None}
    lent = lent_papers(own.values(), papers_of(Dossier.objects.get(pk=first_id)))
    ids = [paper.document_id for paper in lent.values() if paper.document_id is not None]
    seen = set(visible(Document.objects.filter(pk__in=ids), DocumentToken, acting).values_list("pk", flat=True))
    return {
        code: ShownPaper(own[code], paper.document if paper.document_id in seen else None, is_lent=True)
        for code, paper in lent.items()
    }


def land_values(first: Dossier, edition: Edition) -> dict[str, Value]:
    """The form's fields that say which parcel it is about, as the first dossier's form has them.

    What the other form couldn't take as it is, being of another type or pattern, is left to be filled in.
    """
    told: LandTold = told_by(first)
    theirs, ours = land_fields(told.edition), land_fields(edition)
    codes = {ours[usual]: theirs[usual] for usual in ours if usual in theirs}
    codes |= {code: code for code in _OF_THE_PARCEL}
    before = {one.code: one for one in told.edition.form.fields}
    found: dict[str, Value] = {}
    for one in edition.form.fields:
        other, value = before.get(codes.get(one.code, "")), first.values.get(codes.get(one.code, ""))
        if other is None or one.type != other.type or one.choices or not isinstance(value, str):
            continue
        if one.pattern == other.pattern:
            found[one.code] = value
    return found
