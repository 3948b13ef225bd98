"""Delegating one's steps while away (ủy quyền xử lý khi nghỉ), and ending it early."""

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.acting import Acting, held_today
from accounts.models import Delegation, Officer, RoleHolding
from accounts.rights import require_update
from audit.recording import record
from notices.operations.notify import notify
from pages.domain_errors import Conflict, Invalid, Refused

LONGEST = timedelta(days=365)
LONGEST_REASON = 250


@transaction.atomic
def delegate_work(
    *, principal_id: int, delegate_id: int, role: str, valid_from: date, valid_to: date, reason: str, acting: Acting
) -> Delegation:
    """Lets a colleague who holds the same role in the same unit do somebody's steps in it, for these days.

    By the officer himself or by who leads the unit. One event, in the stream of who is away.

    Raises Refused for anybody else; Invalid when one of the two doesn't hold the role in the acting officer's unit, or
    days or reason can't be; Conflict when the role is delegated for one of these days already, or the colleague has
    himself handed it on then: nobody stands in for somebody through a third.
    """
    about = f"account:{principal_id}"
    require_update(acting, about=about)
    if principal_id != acting.officer_id and not acting.is_leading:
        raise Refused(_("Only the officer himself or who leads the unit delegates his work."), about=about)
    why = _checked_reason(reason)
    _demand_days(valid_from, valid_to)
    # Whoever delegates locks who is away and who stands in: two at once would both find nothing in their way.
    list(Officer.objects.select_for_update().filter(pk__in={principal_id, delegate_id}).order_by("pk").values("pk"))
    holding, stand_in = _holdings(principal_id, delegate_id, role, acting)
    _demand_free(holding, stand_in, valid_from, valid_to)
    made = Delegation.objects.create(
        holding=holding,
        stand_in=stand_in,
        valid_from=valid_from,
        valid_to=valid_to,
        reason=why,
        made_by_id=acting.officer_id,
        made_at=timezone.now(),
    )
    payload = {
        "delegation": made.pk,
        "principal": holding.officer.full_name,
        "delegate": stand_in.officer.full_name,
        "delegate_id": stand_in.officer_id,
        "role": holding.role.name,
        "valid_from": valid_from,
        "valid_to": valid_to,
        "reason": why,
    }
    record(f"account:{holding.officer_id}", "delegation.made", actor=acting.actor, payload=payload)
    _tell(made, acting)
    return made


@transaction.atomic
def end_delegation(*, delegation_id: int, acting: Acting) -> Delegation:
    """Ends a delegation before its last day: who is away came back. By him, who stands in, or who leads the unit.

    Raises Refused for anybody else and for a delegation that isn't there, Conflict when it is over already.
    """
    require_update(acting, about=f"account:{acting.officer_id}")
    rows = Delegation.objects.select_for_update(of=("self",)).select_related("holding__officer", "stand_in__officer")
    found = rows.filter(pk=delegation_id).first()
    if found is None or not _may_end(found, acting):
        about = f"account:{found.holding.officer_id if found else acting.officer_id}"
        raise Refused(_("This delegation is not yours to end."), about=about)
    if found.is_over(timezone.localdate()):
        raise Conflict(_("This delegation has ended already."))
    found.ended_by_id, found.ended_at = acting.officer_id, timezone.now()
    found.save(update_fields=["ended_by", "ended_at"])
    payload = {
        "delegation": found.pk,
        "principal": found.principal.full_name,
        "delegate": found.delegate.full_name,
    }
    record(f"account:{found.principal.pk}", "delegation.ended", actor=acting.actor, payload=payload)
    return found


def _may_end(found: Delegation, acting: Acting) -> bool:
    is_party = acting.officer_id in (found.holding.officer_id, found.stand_in.officer_id)
    return acting.acts_in(found.holding.unit_id) and (is_party or acting.is_leading)


def _checked_reason(reason: str) -> str:
    why = " ".join(reason.split())
    if not why or len(why) > LONGEST_REASON:
        message = _("Say in up to %(count)s characters why the work is delegated.") % {"count": LONGEST_REASON}
        raise Invalid(message, {"reason": _("Give a reason.")})
    return why


def _demand_days(valid_from: date, valid_to: date) -> None:
    if valid_to < valid_from or valid_to < timezone.localdate():
        raise Invalid(_("The last day lies before the first one, or is over."), {"valid_to": _("Choose a later day.")})
    if valid_to - valid_from > LONGEST:
        message = _("Work is delegated for up to %(count)s days; hand it over for good instead.")
        raise Invalid(message % {"count": LONGEST.days}, {"valid_to": _("Choose an earlier day.")})


def _holdings(principal_id: int, delegate_id: int, role: str, acting: Acting) -> tuple[RoleHolding, RoleHolding]:
    """The role as each of the two holds it in the unit acted for."""
    if principal_id == delegate_id:
        raise Invalid(_("Choose a colleague, not the officer who is away."), {"delegate": _("Choose one.")})
    held = RoleHolding.objects.filter(
        held_today(timezone.localdate()), role=role, unit=acting.unit_id, officer__is_active=True
    )
    found = {
        one.officer_id: one
        for one in held.filter(officer__in=[principal_id, delegate_id]).select_related("officer", "role")
    }
    if len(found) < 2:
        message = _("Work goes only to a colleague of the unit who holds the same role.")
        raise Invalid(message, {"delegate": _("Choose one.")})
    return found[principal_id], found[delegate_id]


def _demand_free(holding: RoleHolding, stand_in: RoleHolding, valid_from: date, valid_to: date) -> None:
    meanwhile = Delegation.objects.filter(ended_at__isnull=True, valid_from__lte=valid_to, valid_to__gte=valid_from)
    in_the_way = meanwhile.filter(Q(holding__in=[holding, stand_in]) | Q(stand_in=holding))
    found = in_the_way.select_related("holding__officer", "stand_in__officer").first()
    if found is not None:
        message = _("%(principal)s's work is with %(delegate)s from %(start)s to %(end)s already. End that first.")
        words = {
            "principal": found.principal.full_name,
            "delegate": found.delegate.full_name,
            "start": date_format(found.valid_from, "SHORT_DATE_FORMAT"),
            "end": date_format(found.valid_to, "SHORT_DATE_FORMAT"),
        }
        raise Conflict(message % words)


def _tell(made: Delegation, acting: Acting) -> None:
    """Both but who made it, in the office's language."""
    with override(settings.LANGUAGE_CODE):
        message = _("%(delegate)s does the steps of %(principal)s from %(start)s to %(end)s (%(role)s).") % {
            "delegate": made.delegate.full_name,
            "principal": made.principal.full_name,
            "start": date_format(made.valid_from, "SHORT_DATE_FORMAT"),
            "end": date_format(made.valid_to, "SHORT_DATE_FORMAT"),
            "role": made.holding.role.name,
        }
    notify({made.principal.pk, made.delegate.pk} - {acting.officer_id}, message, reverse("delegations"))
