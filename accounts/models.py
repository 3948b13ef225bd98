"""Units in time, officers, the two role slots of a unit, who may do which step, and gapless numbers.

Nothing here is ever deleted: units end, holdings end, officers are switched off.
"""

from datetime import date
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Unit(models.Model):
    """An agency or a part of it (đơn vị), from one date to another.

    `agency_code` is the agency's identity in dossier codes (QĐ 20/2020, `H99.15`), `code_pattern` how it writes
    them where it differs from the usual; `area` names the place a unit of that kind serves. A unit that ends has
    successors (`UnitSuccession`). `symbol` stands for the unit in the numbers of its papers (ký hiệu): `17/QĐ-CNHL`.
    """

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=80)
    kind = models.CharField(max_length=40)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    agency_code = models.CharField(max_length=35, blank=True)
    code_pattern = models.CharField(max_length=80, blank=True)
    area = models.CharField(max_length=200, blank=True)
    symbol = models.CharField(max_length=30, blank=True, default="", db_default="")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="accounts_unit_ends_later",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def agency(self) -> str:
        """Whose numbers it gives: those of its agency, else its own."""
        return self.agency_code or self.code


class UnitSuccession(models.Model):
    """What became of a unit: merged, split, renamed or abolished, on a date."""

    predecessor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    successor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    succeeded_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["predecessor", "successor"], name="accounts_one_succession")]

    def __str__(self) -> str:
        return f"{self.predecessor_id} → {self.successor_id}"


class OfficerManager(BaseUserManager["Officer"]):
    def create_superuser(self, username: str, password: str | None = None, full_name: str = "") -> "Officer":
        """For `createsuperuser` on a new installation; everybody else comes through `create_officer`."""
        officer = self.model(username=username, full_name=full_name or username, is_superuser=True)
        officer.set_password(password)
        officer.save(using=self._db)
        return officer


class Officer(AbstractBaseUser):
    """A named person (cán bộ) who signs in; never deleted, because the trail and the steps point here.

    `password_set_at` and `is_password_initial` carry the password rules of the regulation (change at first use,
    every three months).
    """

    username = models.CharField(_("Username"), max_length=80, unique=True, validators=[UnicodeUsernameValidator()])
    full_name = models.CharField(_("Full name"), max_length=160)
    title = models.CharField(_("Title"), max_length=120, blank=True)
    phone = models.CharField(_("Phone"), max_length=30, blank=True)
    email = models.EmailField(_("E-mail"), blank=True)
    is_active = models.BooleanField(default=True)
    is_superuser = models.BooleanField(default=False)
    joined_at = models.DateTimeField(default=timezone.now)
    password_set_at = models.DateTimeField(default=timezone.now)
    is_password_initial = models.BooleanField(default=True)

    objects: ClassVar[OfficerManager] = OfficerManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    def __str__(self) -> str:
        return self.full_name

    def get_full_name(self) -> str:
        return self.full_name


class FormerPassword(models.Model):
    """A password's hash once it was replaced, so that it isn't taken again."""

    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="former_passwords")
    password = models.CharField(max_length=128)
    replaced_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.officer_id} until {self.replaced_at}"


class RoleSlot(models.Model):
    """One of the two accounts of a unit (tài khoản cập nhật, tài khoản tra cứu): never a login.

    Officers act through a slot, so each act has a person, though a unit has two accounts (QĐ 28/2018 Art. 4.2).
    """

    class Kind(models.TextChoices):
        UPDATE = "update", _("Update")
        LOOKUP = "lookup", _("Look-up only")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="slots")
    kind = models.CharField(max_length=10, choices=Kind.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "kind"], name="accounts_two_slots_a_unit")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.kind}"


class SlotHolding(models.Model):
    """An officer's place in a slot, from one date to another."""

    slot = models.ForeignKey(RoleSlot, on_delete=models.PROTECT, related_name="holdings")
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="slot_holdings")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["slot", "officer"],
                condition=Q(valid_to__isnull=True),
                name="accounts_one_open_holding",
            )
        ]

    def __str__(self) -> str:
        return f"{self.officer_id} in {self.slot_id}"


class StepRole(models.Model):
    """Who may do a step (vai trò bước): clerk, specialist, head, records clerk …

    `receives` lets its holder take dossiers in; `leads` lets him hand work from one officer of the unit to another;
    `oversees` shows him what the units below his own have; `guards_secrets` makes him the one who is told of a secret
    paper in the unit or below it (bảo vệ bí mật nhà nước); `imports` lets him bring in files of the past by the
    thousand (số hoá hồ sơ cũ); `keeps_register` lets him keep the outgoing register and the archive lists (văn thư,
    lưu trữ).
    """

    code = models.CharField(max_length=40, primary_key=True)
    name = models.CharField(max_length=120)
    receives = models.BooleanField(default=False)
    leads = models.BooleanField(default=False)
    oversees = models.BooleanField(default=False)
    guards_secrets = models.BooleanField(default=False)
    imports = models.BooleanField(default=False, db_default=False)
    keeps_register = models.BooleanField(default=False, db_default=False)

    def __str__(self) -> str:
        return self.name


class RoleHolding(models.Model):
    """An officer's step role in a unit (phân công), from one date to another."""

    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="role_holdings")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="role_holdings")
    role = models.ForeignKey(StepRole, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["officer", "unit", "role"],
                condition=Q(valid_to__isnull=True),
                name="accounts_one_open_role",
            )
        ]

    def __str__(self) -> str:
        return f"{self.officer_id} {self.role_id} of {self.unit_id}"


class Delegation(models.Model):
    """Who does an officer's steps while he is away (ủy quyền xử lý khi nghỉ), from one day to another, both included.

    `holding` is the role of who is away, `stand_in` the same role in the same unit of who acts meanwhile: without a
    holding of his own nobody stands in for anybody. It ends by its date, or at once by `ended_at`.
    """

    holding = models.ForeignKey(RoleHolding, on_delete=models.PROTECT, related_name="delegations")
    stand_in = models.ForeignKey(RoleHolding, on_delete=models.PROTECT, related_name="stand_ins")
    valid_from = models.DateField()
    valid_to = models.DateField()
    reason = models.CharField(max_length=250)
    made_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="accounts_delegation_ends_later"),
            models.CheckConstraint(condition=~Q(holding=F("stand_in")), name="accounts_delegated_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.holding_id} by {self.stand_in_id} until {self.valid_to}"

    @property
    def principal(self) -> Officer:
        """Who is away."""
        return self.holding.officer

    @property
    def delegate(self) -> Officer:
        """Who acts meanwhile."""
        return self.stand_in.officer

    def is_in_force(self, today: date) -> bool:
        return self.ended_at is None and self.valid_from <= today <= self.valid_to

    def is_over(self, today: date) -> bool:
        return self.ended_at is not None or self.valid_to < today


class NumberSeries(models.Model):
    """The last number of an agency's yearly series of one kind; see `accounts.numbering`."""

    agency = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "kind", "year"], name="accounts_one_series")]

    def __str__(self) -> str:
        return f"{self.agency} {self.kind} {self.year}: {self.last}"
