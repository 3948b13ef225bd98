"""What the counter's form is filled in with, whatever the procedure: read off the edition, field by field."""

from collections.abc import Iterator, Mapping

from django.http import QueryDict

from accounts.models import Unit
from tests.factories.dossiers import TYPED
from workflow.procedures.schema import Edition, FormField

# What is typed where a field is no choice and its type doesn't say enough; the land is that of the other tests.
_TYPED = {name.removeprefix("form-"): text for name, text in TYPED["P6"].items() if name.startswith("form-")} | {
    "new_use": "ODT",
    "new_area": "312,5",
    "since": "1992",
    "lender_tax_code": "0990011223",
    "until": "31/12/2076",
    "extension": "no",
}
_ROWS = {
    "recipients": [{"id_number": "099079001262", "name": "Lương Văn Khởi", "birth_year": "1979", "share": "1/1"}],
    "new_parcels": [{"number": "200", "area": "100"}, {"number": "201", "area": "212,5"}],
    "other_parcels": [],
}
_BY_TYPE = {"text": "chữ", "number": "100", "money": "1000", "date": "12/11/2026"}
Rows = list[dict[str, str]]


def typed_for(
    edition: Edition,
    *,
    unit: Unit | None = None,
    person: Mapping[str, str] | None = None,
    values: Mapping[str, str] | None = None,
    rows: Mapping[str, Rows] | None = None,
) -> QueryDict:
    """A complete post of the counter's form, for the first unit there is or for this one.

    `person`, `values` and `rows` say what is typed instead of the usual: of the applicant, in a field, in a table.
    """
    handling = unit or Unit.objects.filter(kind=edition.competent_kind, valid_to__isnull=True).order_by("code").first()
    assert handling is not None
    post = QueryDict(mutable=True)
    for name, text in {**TYPED["P6"], **(person or {})}.items():
        if not name.startswith(("form-", "paper-")):
            post[name] = text
    post["unit"] = str(handling.pk)
    typed, tables = {**_TYPED, **(values or {})}, {**_ROWS, **(rows or {})}
    for field in edition.form.fields:
        for name, text in _values(field, typed, tables):
            post[f"form-{name}"] = text
    for component in edition.components:
        post[f"paper-{component.code}-in"] = "yes"
    return post


def _values(field: FormField, typed: Mapping[str, str], tables: Mapping[str, Rows]) -> Iterator[tuple[str, str]]:
    if field.type != "table":
        usual = field.choices[0].code if field.choices else _BY_TYPE[field.type]
        yield field.code, typed.get(field.code, usual)
        return
    rows = tables[field.code]
    yield f"{field.code}-TOTAL_FORMS", str(len(rows))
    yield f"{field.code}-INITIAL_FORMS", "0"
    for number, row in enumerate(rows):
        for column, text in row.items():
            yield f"{field.code}-{number}-{column}", text
