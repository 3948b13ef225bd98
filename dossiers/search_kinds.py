"""How dossiers are found: by code, applicant, procedure, place, and whatever their form says."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from accounts.sight import tokens_of
from dossiers.models import Dossier, DossierToken
from dossiers.selectors import KIND
from dossiers.states import Status
from search.kinds import Badge, Entry, SearchKind, register


def _load(ids: Sequence[str]) -> Iterable[Entry]:
    rows = Dossier.objects.filter(pk__in=[int(one) for one in ids], code__isnull=False)
    dossiers = list(rows.select_related("version__procedure", "unit"))
    tokens = tokens_of(DossierToken, [dossier.pk for dossier in dossiers])
    return [_entry(dossier, tokens.get(dossier.pk, [])) for dossier in dossiers]


def _entry(dossier: Dossier, tokens: Iterable[str]) -> Entry:
    procedure = dossier.version.procedure
    words = [procedure.name, dossier.applicant_id_number, dossier.applicant_address, *_texts(dossier.values)]
    return Entry(
        kind=KIND,
        id=str(dossier.pk),
        number=dossier.code or "",
        title=f"{dossier.applicant_name} · {procedure.short_name} · {dossier.summary}",
        text="\n".join(word for word in words if word),
        tokens=frozenset(tokens),
        unit=dossier.unit.short_name if dossier.unit else "",
        document_type=procedure.short_name,
        status=f"dossier-{dossier.status}",
        dated=localtime(dossier.received_at).date() if dossier.received_at else None,
    )


def _texts(value: Any) -> Iterator[str]:
    """Every text of a form's values, tables included."""
    if isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    else:
        yield str(value)


def _all_ids() -> Iterator[str]:
    rows = Dossier.objects.filter(code__isnull=False).order_by("pk")
    return (str(pk) for pk in rows.values_list("pk", flat=True).iterator(chunk_size=2000))


def _url(dossier_id: str) -> str:
    return reverse("dossier", args=[int(dossier_id)])


TONES = {
    Status.AWAITING_OBLIGATIONS: ("pause", "pause-circle"),
    Status.SUPPLEMENT_REQUESTED: ("near", "exclamation-triangle"),
    Status.RESOLVED: ("ok", "check2-circle"),
    Status.RETURNED: ("ok", "check2-all"),
    Status.REFUSED: ("late", "slash-circle"),
    Status.STOPPED: ("late", "slash-circle"),
    Status.WITHDRAWN: ("pause", "arrow-return-left"),
    Status.CANCELLED: ("pause", "x-circle"),
}

register(
    SearchKind(
        code=KIND,
        label=_("Dossiers"),
        icon="folder2-open",
        load=_load,
        all_ids=_all_ids,
        url=_url,
        statuses={
            f"dossier-{status}": Badge(status.label, *TONES.get(status, ("info", "gear-fill"))) for status in Status
        },
    )
)
