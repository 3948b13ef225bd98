"""A form with a field of every type, and texts as a clerk posts them."""

from collections.abc import Mapping
from typing import Any

from workflow.procedures.eforms import EForm, Value, faults_in, form_for
from workflow.procedures.schema import Choice, Column, Condition, FormField

KINDS = (Choice(code="sale", label="Chuyển nhượng"), Choice(code="gift", label="Tặng cho"))
OWNERS = FormField(
    code="owners",
    label="Bên nhận",
    type="table",
    columns=(
        Column(code="name", label="Họ tên", type="text", is_required=True),
        Column(
            code="id_number", label="Số CCCD", type="text", pattern=r"\d{9}|\d{12}", pattern_message="9 hoặc 12 số."
        ),
        Column(code="share", label="Diện tích", type="number"),
        Column(code="paid", label="Đã trả", type="money"),
        Column(code="since", label="Từ ngày", type="date"),
        Column(code="kind", label="Hình thức", type="choice", choices=KINDS),
    ),
)
SALE = (
    FormField(code="place", label="Nơi có đất", type="text", is_required=True),
    FormField(
        code="parcel",
        label="Thửa số",
        type="text",
        pattern=r"\d{1,5}[a-z]?",
        pattern_message="Số thửa gồm 1 đến 5 chữ số.",
    ),
    FormField(code="area", label="Diện tích", type="number", unit="m²"),
    FormField(code="kind", label="Hình thức", type="choice", is_required=True, choices=KINDS),
    FormField(
        code="price",
        label="Giá",
        type="money",
        unit="đồng",
        required_if=Condition(field="kind", is_one_of=("sale",)),
    ),
    FormField(code="signed", label="Ngày công chứng", type="date"),
    OWNERS,
)


def posted(*rows: Mapping[str, str], total: int | None = None, **fields: str) -> dict[str, str]:
    """A post of the form: right but for `fields`; `rows` are those of the table, `total` how many it says it has."""
    data = {"place": "xã Tân Lộc", "kind": "gift", **fields}
    return {**data, **table(*rows, total=total)}


def table(*rows: Mapping[str, str], total: int | None = None, code: str = "owners", initial: int = 0) -> dict[str, str]:
    cells = {f"{code}-{number}-{name}": text for number, row in enumerate(rows) for name, text in row.items()}
    count = len(rows) if total is None else total
    return {f"{code}-TOTAL_FORMS": str(count), f"{code}-INITIAL_FORMS": str(initial), **cells}


def judged(data: Mapping[str, Any], fields: tuple[FormField, ...] = SALE) -> EForm:
    form = form_for(fields, data)
    form.is_valid()
    return form


def values_of(data: Mapping[str, Any], fields: tuple[FormField, ...] = SALE) -> dict[str, Value]:
    form = judged(data, fields)
    assert form.is_valid(), faults_in(form)
    return form.values()


def faults_of(data: Mapping[str, Any], fields: tuple[FormField, ...] = SALE) -> dict[str, str]:
    """The fault of each field; there must be some."""
    form = judged(data, fields)
    assert not form.is_valid()
    found = {name: str(words) for name, words in faults_in(form).items()}
    assert found, "refused, and nobody is told why"
    return found
