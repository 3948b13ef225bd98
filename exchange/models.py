"""Agencies whose systems read dossiers here, and the tokens they show."""

from datetime import date, datetime

from django.db import models
from django.db.models import F, Q

from accounts.models import Unit


class Agency(models.Model):
    """A partner's system (cơ quan kết nối) and what was agreed with it (thỏa thuận chia sẻ).

    units              whose dossiers it may read
    has_personal_data  the agreement covers applicants' names; without it none is given out, and there is no search
    valid_to           the last day of the agreement, none while it has no end
    """

    code = models.CharField(max_length=35, unique=True)
    name = models.CharField(max_length=160)
    agreement = models.CharField(max_length=120, blank=True)
    units = models.ManyToManyField(Unit, related_name="+")
    has_personal_data = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    registered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="exchange_agency_ends_later",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def is_connected(self, on: date) -> bool:
        """Whether the agreement opens anything on this day."""
        return self.is_active and self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


class AgencyToken(models.Model):
    """What an agency's system shows with each request (mã truy cập); the secret itself is kept nowhere.

    digest        SHA-256 of the secret: 256 random bits need no slow hash
    last_used_on  the day, not the moment: reading must not write each time
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="tokens")
    label = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="exchange_token_ends_later"),
            # A token is revoked by its label, which must say which one.
            models.UniqueConstraint(
                fields=["agency", "label"], condition=Q(revoked_at__isnull=True), name="exchange_one_token_a_label"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.label}"

    def is_expired(self, at: datetime) -> bool:
        return self.expires_at <= at
