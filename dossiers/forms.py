"""Who asks, and who stands at the counter."""

import re
import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from accounts.selectors import units_in_force
from dossiers.states import ApplicantKind

# CCCD: province (3), century and sex (0–3), year (2), number (6). CMND: nine digits. Tax code: ten, or thirteen.
_CCCD = re.compile(r"0[0-9]{2}[0-3][0-9]{8}")
_CMND = re.compile(r"[0-9]{9}")
_TAX_CODE = re.compile(r"[0-9]{10}(-?[0-9]{3})?")


def composed(text: str) -> str:
    """The text in composed letters (NFC): on whichever keyboard a name is typed, it is one name."""
    return unicodedata.normalize("NFC", text)


class _Text(forms.CharField):
    def to_python(self, value: Any) -> str:
        return composed(super().to_python(value) or "")


class ApplicantForm(forms.Form):
    """The applicant (người nộp hồ sơ) and, if somebody else came, his representative (người được ủy quyền)."""

    kind = forms.ChoiceField(label=_("Applicant"), choices=ApplicantKind.choices, initial=ApplicantKind.PERSON)
    id_number = forms.CharField(label=_("CCCD or tax code"), max_length=20)
    name = _Text(label=_("Full name"), max_length=160)
    birth_date = forms.DateField(
        label=_("Date of birth"), required=False, widget=forms.DateInput(attrs={"placeholder": "dd/mm/yyyy"})
    )
    phone = forms.RegexField(
        label=_("Phone"),
        regex=r"^\+?[0-9 .]{8,20}\Z",
        max_length=30,
        error_messages={"invalid": _("Digits only, with spaces if you like.")},
    )
    email = forms.EmailField(label=_("E-mail"), required=False)
    address = _Text(label=_("Permanent address"), max_length=250)
    is_represented = forms.BooleanField(
        label=_("Handed in by somebody else"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
    representative_name = _Text(label=_("Representative"), max_length=160, required=False)
    representative_id_number = forms.CharField(
        label=_("Representative's identity number"), max_length=20, required=False
    )
    unit: forms.ModelChoiceField[Unit] = forms.ModelChoiceField(
        label=_("Competent unit"), queryset=Unit.objects.none(), empty_label=_("Choose…")
    )

    def __init__(self, *args: Any, competent_kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = units_in_force(kind=competent_kind)
        choice = self.fields["unit"]
        assert isinstance(choice, forms.ModelChoiceField)  # noqa: S101 narrows the type
        choice.queryset = units
        if self.initial.get("unit") is None and len(units) == 1:
            self.initial["unit"] = units[0].pk

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        number = cleaned.get("id_number", "")
        if number and not _is_identity(cleaned.get("kind", ""), number):
            self.add_error("id_number", _id_fault(cleaned.get("kind", "")))
        if cleaned.get("is_represented"):
            self._check_representative(cleaned)
        return cleaned

    def _check_representative(self, cleaned: dict[str, Any]) -> None:
        for name in ("representative_name", "representative_id_number"):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("Fill this in."))
        number = cleaned.get("representative_id_number", "")
        if number and not _is_identity(ApplicantKind.PERSON, number):
            self.add_error("representative_id_number", _id_fault(ApplicantKind.PERSON))


def _is_identity(kind: str, number: str) -> bool:
    if kind == ApplicantKind.ORGANISATION:
        return bool(_TAX_CODE.fullmatch(number))
    return bool(_CCCD.fullmatch(number) or _CMND.fullmatch(number))


def _id_fault(kind: str) -> Any:
    if kind == ApplicantKind.ORGANISATION:
        return _("A tax code has 10 digits, a branch's 13.")
    return _("A CCCD has 12 digits, an old CMND 9.")
