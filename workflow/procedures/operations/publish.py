"""Publishing an edition from its TOML text."""

from collections.abc import Collection

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import StepRole, Unit
from audit.recording import Actor, record
from documents.models import DocumentType
from papers.catalogue import form_codes
from workflow.kinds import known_causes, known_effects, known_requirements
from workflow.procedures.models import Procedure, ProcedureVersion
from workflow.procedures.reading import FaultyEdition, read_edition
from workflow.procedures.schema import Edition
from workflow.procedures.validator import Known, faults_of


def known_names(*, beside: Collection[str] = ()) -> Known:
    """The names an edition may use in this installation; `beside` are procedures published along with it."""
    return Known(
        roles=set(StepRole.objects.values_list("code", flat=True)),
        document_types=set(DocumentType.objects.values_list("code", flat=True)),
        effects=known_effects(),
        requirements=set(known_requirements()),
        causes=known_causes(),
        unit_kinds=set(Unit.objects.values_list("kind", flat=True).distinct()),
        procedures={*Procedure.objects.values_list("code", flat=True), *beside},
        templates=form_codes(),
    )


@transaction.atomic
def publish_edition(*, text: str, actor: Actor, beside: Collection[str] = ()) -> ProcedureVersion | None:
    """Checks and publishes the edition; None when the very same text is published already.

    `beside` are procedures that are published along with it, which its steps may open dossiers of.

    Raises FaultyEdition with every fault, also when another text was published under the same code: what is published
    is never changed, a new edition takes a new code and date.
    """
    edition = read_edition(text)
    faults = faults_of(edition, known_names(beside={edition.procedure, *beside}))
    if faults:
        raise FaultyEdition(faults)
    existing = ProcedureVersion.objects.filter(
        province=settings.PROVINCE, procedure=edition.procedure, code=edition.code
    ).first()
    if existing:
        if existing.source != text:
            raise FaultyEdition([f"edition: {edition.code} is published with another text; give this one a new code"])
        return None
    return _published(_named(edition), edition, text, actor)


def _named(edition: Edition) -> Procedure:
    """The procedure under the name its newest edition gives it, in whatever order editions are published."""
    names = {"name": edition.name, "short_name": edition.short_name, "national_code": edition.national_code}
    procedure, is_new = Procedure.objects.get_or_create(code=edition.procedure, defaults=names)
    if not is_new and not procedure.versions.filter(effective_from__gt=edition.effective_from).exists():
        Procedure.objects.filter(pk=procedure.pk).update(**names)
        procedure.refresh_from_db()
    return procedure


def _published(procedure: Procedure, edition: Edition, text: str, actor: Actor) -> ProcedureVersion:
    version = ProcedureVersion(
        procedure=procedure,
        province=settings.PROVINCE,
        code=edition.code,
        effective_from=edition.effective_from,
        effective_to=edition.effective_to,
        source=text,
        published_at=timezone.now(),
    )
    version.check_off()
    version.publish()
    version.save()
    payload = {
        "procedure": procedure.code,
        "name": procedure.name,
        "edition": edition.code,
        "effective_from": edition.effective_from,
    }
    record(f"procedure:{procedure.code}", "procedure.published", actor=actor, payload=payload)
    return version
