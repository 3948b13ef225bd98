"""A dossier of its own that another one waits for (hồ sơ con): opened by a step, without anybody at the counter."""

from secrets import token_urlsafe

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.acting import unit_token
from accounts.sight import allow
from audit.recording import record
from dossiers.beside import land_values, lent_papers
from dossiers.codes import FaultyPattern, allot_code
from dossiers.land_told import told_by
from dossiers.land_warnings import demand_receivable, remember_parcels
from dossiers.models import Dossier, DossierToken
from dossiers.operations.draft import lay_out_components
from dossiers.selectors import KIND, papers_of, stream_of
from pages.domain_errors import Invalid
from search.indexing import index_later
from workflow.engine.operations.start import start_case
from workflow.kinds import Occasion
from workflow.models import StepRun
from workflow.procedures.eforms import summary_of
from workflow.procedures.selectors import version_in_force

# Who the dossier is for, and where: as the one that waits for it says.
_TAKEN_OVER = (
    "received_unit_id",
    "unit_id",
    "applicant_id",
    "applicant_kind",
    "applicant_id_number",
    "applicant_name",
    "applicant_birth_date",
    "applicant_address",
    "applicant_phone",
    "applicant_email",
    "representative_name",
    "representative_id_number",
)


def open_beside(occasion: Occasion, procedure: str, waiting: StepRun) -> str:
    """Receives a dossier of the same applicant under another procedure, for which the step `waiting` waits; its code.

    Part of the step's completion. Its form says which parcel it is about, as the first one's does, and the papers of
    that one serve for those of the same type; what else there is to say who handles it fills in. Raises Invalid when
    the procedure has no edition in force, the unit no pattern for codes, or such a dossier can't be received.
    """
    related = ("received_unit", "version__procedure")
    first = Dossier.objects.select_related(*related).get(pk=occasion.case.subject_id)
    version = version_in_force(procedure, localtime(occasion.at).date())
    if version is None:
        raise Invalid(_("No edition of the procedure %(procedure)s is in force today.") % {"procedure": procedure})
    dossier = Dossier(
        version=version,
        clerk_id=occasion.acting.officer_id,
        registered_at=occasion.at,
        public_key=token_urlsafe(12),
        **{name: getattr(first, name) for name in _TAKEN_OVER},
    )
    dossier.values = land_values(first, version.edition)
    dossier.summary = summary_of(version.edition.form, dossier.values)[:250] or first.summary
    demand_receivable(told_by(dossier), occasion.acting)
    dossier.save()
    # Whose step waits for it sees it from the beginning: the competent unit of both.
    allow(DossierToken, dossier.pk, {unit_token(pk) for pk in (first.received_unit_id, occasion.case.unit_id)})
    lay_out_components(dossier, version)
    _take_over_papers(dossier, first)
    remember_parcels(dossier, told_by(dossier))
    dossier.receive(_allotted(first, occasion), occasion.at)
    dossier.save()
    case = start_case(
        kind=KIND,
        subject_id=dossier.pk,
        code=dossier.code or "",
        title=f"{dossier.applicant_name} · {dossier.summary}"[:250],
        version=version,
        home_unit_id=first.received_unit_id,
        unit_id=occasion.case.unit_id,
        acting=occasion.acting,
        at=occasion.at,
        opened_from=waiting,
    )
    payload = {"code": dossier.code, "from": first.code, "procedure": version.procedure.name, "due_at": case.due_at}
    record(stream_of(dossier.pk), "dossier.opened_beside", actor=occasion.acting.actor, payload=payload, at=occasion.at)
    index_later(KIND, str(dossier.pk))
    return case.code


def _take_over_papers(dossier: Dossier, first: Dossier) -> None:
    """The first dossier's papers count as handed in with this one too; they stay where they are."""
    own = papers_of(dossier)
    lent = lent_papers(own, papers_of(first))
    for line in own:
        if line.code in lent:
            paper = lent[line.code]
            line.is_handed_in, line.form_of_paper, line.quantity = True, paper.form_of_paper, paper.quantity
            line.save(update_fields=["is_handed_in", "form_of_paper", "quantity"])


def _allotted(first: Dossier, occasion: Occasion) -> str:
    try:
        return allot_code(first.received_unit, localtime(occasion.at).date())
    except FaultyPattern as fault:
        message = _("The pattern of the dossier codes of %(unit)s is faulty. The administrator has to mend it.")
        raise Invalid(message % {"unit": first.received_unit.name}) from fault
