"""Giving, using and revoking an agency's tokens."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.recording import Actor, record
from exchange.callers import stream_of
from exchange.models import Agency, AgencyToken
from exchange.secrets import digest_of, new_secret
from pages.domain_errors import Invalid

LONGEST_LABEL = 80
# Who forgets a token shall not leave it open for ever.
LONGEST_LIFE = timedelta(days=731)


@dataclass(frozen=True, slots=True)
class GivenToken:
    """A new token with its secret, which is in no other place and never shown again."""

    token: AgencyToken
    secret: str


@transaction.atomic
def give_token(*, agency: Agency, label: str, expires_at: datetime, actor: Actor) -> GivenToken:
    """A token by which the agency's system is known until then (cấp mã truy cập).

    Raises Invalid when the label is taken by a token that isn't revoked, or the end lies in the past or too far off.
    """
    Agency.objects.select_for_update().get(pk=agency.pk)
    now = timezone.now()
    if not label.strip() or len(label) > LONGEST_LABEL:
        raise Invalid(_("Say in a few words where the token will be used."), {"label": _("Fill this in.")})
    if agency.tokens.filter(label=label, revoked_at__isnull=True).exists():
        raise Invalid(_("The agency has a token of this name. Revoke it first, or choose another name."))
    if not now < expires_at <= now + LONGEST_LIFE:
        raise Invalid(
            _("A token must end in the future, at most %(days)s days from now.") % {"days": LONGEST_LIFE.days}
        )
    secret = new_secret()
    token = agency.tokens.create(label=label, digest=digest_of(secret), created_at=now, expires_at=expires_at)
    payload = {"token": token.pk, "label": label, "expires_at": expires_at}
    record(stream_of(agency.pk), "agency.token_given", actor=actor, payload=payload)
    return GivenToken(token, secret)


@transaction.atomic
def revoke_token(*, agency: Agency, label: str, actor: Actor) -> AgencyToken:
    """From now on the token opens nothing (thu hồi mã truy cập). Raises Invalid when none of this name is in force."""
    token = agency.tokens.select_for_update().filter(label=label, revoked_at__isnull=True).first()
    if token is None:
        raise Invalid(_("The agency has no token “%(label)s” that could be revoked.") % {"label": label})
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    record(stream_of(agency.pk), "agency.token_revoked", actor=actor, payload={"token": token.pk, "label": token.label})
    return token


def note_use(*, token: AgencyToken) -> None:
    """Writes down that the token was used today; once a day, whatever comes."""
    today = timezone.localdate()
    if token.last_used_on != today:
        AgencyToken.objects.filter(pk=token.pk).update(last_used_on=today)
