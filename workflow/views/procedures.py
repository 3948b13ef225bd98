"""The catalogue of procedures: its editions as every officer may read them."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.web import acting_of
from pages.responses import see_other
from workflow.procedures.changes import changes_between
from workflow.procedures.diagram import diagram_of
from workflow.procedures.eforms import form_for
from workflow.procedures.gaps import gaps_in
from workflow.procedures.models import ProcedureVersion
from workflow.procedures.operations.retire import retire_edition
from workflow.procedures.rights import may_publish
from workflow.procedures.schema import Edition
from workflow.procedures.selectors import drafts_for, one_version, published_versions, versions_in_force
from workflow.procedures.shown import competent_words, limits_of, lines_of, papers_of, results_of, unconfirmed_in

# Digits of the largest id a database keeps.
_LONGEST_KEY = 18


@require_safe
def procedures(request: HttpRequest) -> HttpResponse:
    """Every procedure with its editions, and the drafts for who may publish."""
    acting = acting_of(request)
    current = {version.pk for version in _newest_in_force()}
    rows = [
        {
            "procedure": editions[0].procedure,
            "editions": editions,
            "current": next((one for one in editions if one.pk in current), None),
            "gaps": gaps_in(editions),
        }
        for editions in (list(found) for _key, found in groupby(published_versions(), lambda one: one.procedure_id))
    ]
    context = {"section": "procedures", "rows": rows, "may_publish": may_publish(acting), "drafts": drafts_for(acting)}
    return render(request, "workflow/procedures.html", context)


def _newest_in_force() -> list[ProcedureVersion]:
    return [next(found) for _key, found in groupby(versions_in_force(), lambda version: version.procedure_id)]


@require_safe
def procedure(request: HttpRequest, version_id: int, tab: str) -> HttpResponse:
    """One published edition."""
    acting = acting_of(request)
    version = one_version(version_id, acting)
    editions = list(published_versions().filter(procedure=version.procedure_id))
    context = {
        "version": version,
        "editions": editions,
        "gaps": gaps_in(editions),
        "may_publish": may_publish(acting),
        "tabs": tabs_of("procedure", version.pk, tab),
        **content_of(request, version.edition, tab, _others(version, editions)),
    }
    return render(request, "workflow/procedure.html", context)


def _others(version: ProcedureVersion, editions: list[ProcedureVersion]) -> list[ProcedureVersion]:
    """What it may be compared with, the edition before it first."""
    others = [one for one in editions if one.pk != version.pk]
    return sorted(
        others, key=lambda one: (one.effective_from >= version.effective_from, -one.effective_from.toordinal())
    )


def tabs_of(kind: str, key: int, current: str) -> list[dict[str, object]]:
    """The tabs of an edition: `kind` is procedure or procedure_draft, as the addresses are called."""
    tabs = {
        "overview": (_("Overview"), kind),
        "steps": (_("Steps"), f"{kind}_steps"),
        "form": (_("Electronic form"), f"{kind}_form"),
        "compare": (_("Compare editions"), f"{kind}_compare"),
    }
    return [
        {"label": label, "url": reverse(name, args=[key]), "count": None, "is_current": code == current}
        for code, (label, name) in tabs.items()
    ]


def content_of(request: HttpRequest, edition: Edition, tab: str, others: list[ProcedureVersion]) -> dict[str, Any]:
    """What a tab shows of an edition, published or not."""
    return {
        "section": "procedures",
        "edition": edition,
        "tab": tab,
        "unconfirmed": unconfirmed_in(edition),
        "today": timezone.localdate(),
        **_TABS[tab](request, edition, others),
    }


def _overview(_request: HttpRequest, edition: Edition, _others: list[ProcedureVersion]) -> dict[str, Any]:
    return {
        "limits": limits_of(edition),
        "papers": papers_of(edition),
        "competent": competent_words(edition),
        "results": results_of(edition, timezone.localdate().year),
    }


def _steps(_request: HttpRequest, edition: Edition, _others: list[ProcedureVersion]) -> dict[str, Any]:
    lines = lines_of(edition)
    return {"lines": lines, "diagram": diagram_of(edition, lines)}


def _form(_request: HttpRequest, edition: Edition, _others: list[ProcedureVersion]) -> dict[str, Any]:
    return {"eform": form_for(edition.form.fields, prefix="form")}


def _compare(request: HttpRequest, edition: Edition, others: list[ProcedureVersion]) -> dict[str, Any]:
    asked = request.GET.get("voi", "")
    key = int(asked) if asked.isdecimal() and len(asked) <= _LONGEST_KEY else None
    other = next((one for one in others if one.pk == key), next(iter(others), None))
    changes = changes_between(other.edition, edition) if other else []
    return {"others": others, "other": other, "changes": changes}


_TABS = {"overview": _overview, "steps": _steps, "form": _form, "compare": _compare}


@require_POST
def procedure_retire(request: HttpRequest, version_id: int) -> HttpResponse:
    """Takes a published edition out of use."""
    reason = request.POST.get("reason", "")
    version = retire_edition(version_id=version_id, reason=reason, acting=acting_of(request))
    messages.success(request, _("Edition %(code)s is taken for no new dossier any more.") % {"code": version.code})
    return see_other(reverse("procedure", args=[version.pk]))


@require_safe
def procedure_file(request: HttpRequest, version_id: int) -> HttpResponse:
    """The edition's TOML file as it was published."""
    version = one_version(version_id, acting_of(request))
    return file_of(version.source, f"{version.procedure_id}-{version.code}")


def file_of(text: str, name: str) -> HttpResponse:
    """A TOML file to be kept; its name holds no character a header or a disk may stumble over."""
    plain = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-_") else "_" for letter in name)
    response = HttpResponse(text, content_type="application/toml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{plain or "edition"}.toml"'
    return response
