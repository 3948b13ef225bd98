"""Drafts of editions: read like published ones, changed part by part or as a text, checked, published."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.acting import Acting
from accounts.sight import NotVisible
from accounts.web import acting_of
from pages.domain_errors import Invalid
from pages.responses import see_other
from workflow.procedures.draft_models import EditionDraft
from workflow.procedures.operations.draft import (
    LONGEST_TEXT,
    begin_draft,
    bring_draft,
    change_draft,
    drop_draft,
    publish_draft,
    rewrite_draft,
)
from workflow.procedures.operations.publish import known_names
from workflow.procedures.part_forms import PartForm, choices_for
from workflow.procedures.parts import NoPart, added, moved, part_at, removed, with_part
from workflow.procedures.rights import require_publisher
from workflow.procedures.selectors import one_draft, published_versions
from workflow.procedures.tree import tree_of
from workflow.procedures.validator import faults_of
from workflow.views.procedures import content_of, file_of, tabs_of

_LONGEST_KEY = 18


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """From a published edition, or from a file."""
    acting, file = acting_of(request), request.FILES.get("file")
    require_publisher(acting)
    if file:
        draft = bring_draft(text=_text_of(file.read(LONGEST_TEXT * 4 + 1)), acting=acting)
    else:
        draft = begin_draft(version_id=_number(request, "from"), acting=acting)
    messages.success(request, _("The draft is there. It has no effect until it is published."))
    return see_other(reverse("procedure_draft", args=[draft.pk]))


def _text_of(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise Invalid(_("The file is no UTF-8 text (byte %(place)s).") % {"place": fault.start}) from fault


def _number(request: HttpRequest, name: str) -> int:
    """A number a form of ours sends; 0, which is no id and no revision, for anything else."""
    typed = request.POST.get(name, "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= _LONGEST_KEY else 0


@require_safe
def draft_tab(request: HttpRequest, draft_id: int, tab: str) -> HttpResponse:
    """One draft, with everything that is wrong with it."""
    acting = acting_of(request)
    draft = one_draft(draft_id, acting)
    editions = list(published_versions().filter(procedure=draft.procedure))
    context = {
        **_frame(draft, tab),
        "editions": editions,
        **content_of(request, draft.edition, tab, editions),
    }
    return render(request, "workflow/procedure.html", context)


def _frame(draft: EditionDraft, tab: str) -> dict[str, Any]:
    return {
        "section": "procedures",
        "draft": draft,
        "edition": draft.edition,
        "may_publish": True,
        "faults": faults_of(draft.edition, known_names()),
        "tabs": tabs_of("procedure_draft", draft.pk, tab),
    }


@require_safe
def draft_file(request: HttpRequest, draft_id: int) -> HttpResponse:
    draft = one_draft(draft_id, acting_of(request))
    return file_of(draft.source, f"{draft.procedure}-{draft.code}")


@require_safe
def draft_text(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The draft's text in a field, to be changed as a whole."""
    draft = one_draft(draft_id, acting_of(request))
    return render(request, "workflow/edition_text.html", {**_frame(draft, ""), "text": draft.source})


@require_POST
def rewrite(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Keeps the text; what can't be read is shown again with its faults, and nothing is lost."""
    acting, text = acting_of(request), request.POST.get("text", "").replace("\r\n", "\n")
    try:
        draft = rewrite_draft(draft_id=draft_id, revision=_number(request, "version"), text=text, acting=acting)
    except Invalid as invalid:
        draft = one_draft(draft_id, acting)
        context = {**_frame(draft, ""), "text": text, "trouble": list(invalid.fields) or [str(invalid.message)]}
        return render(request, "workflow/edition_text.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, _("The draft is saved."))
    return see_other(reverse("procedure_draft", args=[draft.pk]))


@require_safe
def draft_part(request: HttpRequest, draft_id: int) -> HttpResponse:
    """One part of the draft with its plain fields, and the parts below it."""
    draft = one_draft(draft_id, acting_of(request))
    path = request.GET.get("phan", "")
    return _part_page(request, draft, path, PartForm(_part(draft, path), choices_for(draft.edition)))


def _part(draft: EditionDraft, path: str) -> Any:
    try:
        return part_at(draft.edition, path)
    except NoPart as absent:
        raise NotVisible from absent


def _part_page(
    request: HttpRequest, draft: EditionDraft, path: str, form: PartForm, status: int = HTTPStatus.OK
) -> HttpResponse:
    context = {**_frame(draft, ""), "path": path, "form": form, "tree": tree_of(draft.edition, path)}
    return render(request, "workflow/edition_part.html", context, status=status)


@require_POST
def save_part(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Saves the fields of a part, or adds, removes or moves one: `do` says which."""
    acting, path, do = acting_of(request), request.POST.get("phan", ""), request.POST.get("do", "save")
    draft = one_draft(draft_id, acting)
    if do != "save":
        return _rearranged(request, draft, path, do, acting)
    form = PartForm(_part(draft, path), choices_for(draft.edition), request.POST)
    if not form.is_valid():
        return _part_page(request, draft, path, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    edition = with_part(draft.edition, path, form.changed_part())
    change_draft(draft_id=draft_id, revision=_number(request, "version"), edition=edition, acting=acting)
    messages.success(request, _("The draft is saved."))
    return _to_part(draft_id, path)


def _rearranged(request: HttpRequest, draft: EditionDraft, path: str, do: str, acting: Acting) -> HttpResponse:
    edition, target = draft.edition, path.rpartition(".")[0]
    try:
        match do:
            case "add":
                edition, target = added(edition, path)
            case "remove":
                edition = removed(edition, path)
            case "up" | "down":
                edition = moved(edition, path, -1 if do == "up" else 1)
            case _:
                raise NoPart(do)
    except NoPart as absent:
        raise Invalid(_("There is no such part in this draft any more. Open it again.")) from absent
    change_draft(draft_id=draft.pk, revision=_number(request, "version"), edition=edition, acting=acting)
    # A list is shown with the part it belongs to.
    is_list = do != "add" and path.rpartition(".")[2].isdecimal()
    return _to_part(draft.pk, target.rpartition(".")[0] if is_list else target)


def _to_part(draft_id: int, path: str) -> HttpResponse:
    query = f"?{urlencode({'phan': path})}" if path else ""
    return see_other(f"{reverse('procedure_draft_part', args=[draft_id])}{query}")


@require_POST
def publish(request: HttpRequest, draft_id: int) -> HttpResponse:
    version = publish_draft(draft_id=draft_id, revision=_number(request, "version"), acting=acting_of(request))
    words = _("Published the edition %(edition)s of %(name)s.")
    messages.success(request, words % {"edition": version.code, "name": version.procedure.short_name})
    return see_other(reverse("procedure", args=[version.pk]))


@require_POST
def drop(request: HttpRequest, draft_id: int) -> HttpResponse:
    drop_draft(draft_id=draft_id, revision=_number(request, "version"), acting=acting_of(request))
    messages.success(request, _("The draft was dropped."))
    return see_other(reverse("procedures"))
