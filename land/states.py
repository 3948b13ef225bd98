"""The closed lists of the land register."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class UserKind(models.TextChoices):
    """Who may use land (người sử dụng đất)."""

    PERSON = "person", _("Person")
    HOUSEHOLD = "household", _("Household")
    ORGANISATION = "organisation", _("Organisation")


class Lineage(models.TextChoices):
    """How parcels come from others: tách thửa, hợp thửa, đánh lại số."""

    SPLIT = "split", _("Split")
    MERGE = "merge", _("Merger")
    RENUMBER = "renumber", _("Renumbering")


class Term(models.TextChoices):
    """Until when land is used (thời hạn sử dụng)."""

    LONG = "long", _("long-term")
    UNTIL = "until", _("until a date")
    UNKNOWN = "unknown", _("not stated")


class Provenance(models.TextChoices):
    """How the register came to know a parcel: đăng ký, theo hồ sơ (chưa kiểm tra), từ thửa khác."""

    REGISTERED = "registered", _("registered")
    TAKEN_OVER = "taken_over", _("taken over from a dossier")
    DERIVED = "derived", _("from other parcels")
    CORRECTED = "corrected", _("corrected")


class Ending(models.TextChoices):
    """Why a certificate is no longer in force."""

    RENEWED = "renewed", _("Replaced by a new certificate")
    LOST = "lost", _("Lost, cancelled")
    PARCEL_CHANGED = "parcel_changed", _("The parcel was split, merged or renumbered")
    RIGHT_ENDED = "right_ended", _("The right was transferred")
    REVOKED = "revoked", _("Revoked")


class RestrictionKind(models.TextChoices):
    """What narrows a right (hạn chế quyền); what each does stands in the catalogue."""

    MORTGAGE = "mortgage", _("Mortgage")
    DISPUTE = "dispute", _("Dispute")
    SEIZURE = "seizure", _("Seizure")
    PLANNING = "planning", _("Planning")
