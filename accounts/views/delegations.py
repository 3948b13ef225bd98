"""Delegating one's work while away (ủy quyền xử lý khi nghỉ): what is delegated, making one, ending one."""

from collections.abc import Sequence
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.acting import Acting
from accounts.models import Delegation, RoleHolding
from accounts.operations.delegate import LONGEST_REASON, delegate_work, end_delegation
from accounts.selectors import delegations_for, holdings_in
from accounts.web import acting_of
from pages.domain_errors import Invalid
from pages.paging import page_newest_first
from pages.responses import see_other
from pages.web import posted_day


@require_safe
def delegations(request: HttpRequest) -> HttpResponse:
    """His own, those for him, and for who leads the unit all of it; with the form for a new one."""
    acting, today = acting_of(request), timezone.localdate()
    page = page_newest_first(delegations_for(acting), key=request.GET.get("key", ""))
    held = list(holdings_in([acting.unit_id], today=today)) if acting.may_update and acting.unit_id else []
    context = {
        "section": "work",
        "page": page,
        "rows": [_shown(each, acting, today) for each in page.rows],
        "principals": _principals(held, acting),
        "colleagues": [one for one in held if acting.is_leading or _may_be_his(one, acting)],
        "today": today,
        "longest_reason": LONGEST_REASON,
    }
    return render(request, "accounts/delegations.html", context)


def _shown(each: Delegation, acting: Acting, today: date) -> dict[str, object]:
    is_party = acting.officer_id in (each.principal.pk, each.delegate.pk)
    is_over = each.is_over(today)
    return {
        "delegation": each,
        "is_over": is_over,
        "is_in_force": each.is_in_force(today),
        "may_end": not is_over and acting.may_update and (is_party or acting.is_leading),
    }


def _principals(held: Sequence[RoleHolding], acting: Acting) -> dict[int, str]:
    """For whom he may delegate: himself, and for who leads the unit everybody in it."""
    people = {one.officer_id: one.officer.full_name for one in held}
    if acting.is_leading:
        return people
    return {pk: name for pk, name in people.items() if pk == acting.officer_id}


def _may_be_his(one: RoleHolding, acting: Acting) -> bool:
    return one.role_id in acting.roles and one.officer_id != acting.officer_id


@require_POST
def delegation_make(request: HttpRequest) -> HttpResponse:
    role, _colon, delegate = request.POST.get("delegate", "").rpartition(":")
    made = delegate_work(
        principal_id=_posted_id(request.POST.get("principal", "")),
        delegate_id=_posted_id(delegate),
        role=role[:40],
        valid_from=_posted_day(request, "valid_from"),
        valid_to=_posted_day(request, "valid_to"),
        reason=request.POST.get("reason", ""),
        acting=acting_of(request),
    )
    words = _("%(delegate)s does the steps of %(principal)s on these days.")
    messages.success(request, words % {"delegate": made.delegate.full_name, "principal": made.principal.full_name})
    return see_other(reverse("delegations"))


def _posted_day(request: HttpRequest, name: str) -> date:
    day = posted_day(request, name)
    if day is None:
        raise Invalid(_("Enter both days as day/month/year."), {name: _("Enter a day.")})
    return day


def _posted_id(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise Invalid(_("Choose who is away and who does the steps."), {"delegate": _("Choose one.")})
    return int(text)


@require_POST
def delegation_end(request: HttpRequest, delegation_id: int) -> HttpResponse:
    ended = end_delegation(delegation_id=delegation_id, acting=acting_of(request))
    words = _("Ended. %(principal)s does his own steps again.")
    messages.success(request, words % {"principal": ended.principal.full_name})
    return see_other(reverse("delegations"))
