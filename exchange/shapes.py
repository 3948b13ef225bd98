"""What the API says: the shapes of its answers, as its document publishes them."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from ninja import Field, Schema
from pydantic import PlainSerializer, WithJsonSchema

from documents.states import State
from dossiers.states import Status
from search.question import LONGEST_QUESTION
from search.selectors import Mercy
from workflow.clock.ledger import ClockState

LONGEST_CODE = 60
LARGEST_PAGE = 50
# Control characters, in a class of a pattern: no text has them.
UNSEEN = r"\x00-\x1f\x7f"

# Quarters of a day at the smallest: a float has each of them exactly.
Days = Annotated[Decimal, PlainSerializer(float), WithJsonSchema({"type": "number", "minimum": 0})]


class DossierStatus(Schema):
    """Where a dossier stands in law (trạng thái hồ sơ): for machines, and in the language asked for."""

    code: Status = Field(examples=["in_process"])
    words: str = Field(examples=["Đang xử lý"])


class UnitRef(Schema):
    """A unit (đơn vị) by its identity among agencies (QĐ 20/2020), which not every unit has."""

    agency_code: str = Field(examples=["H99.16.21"])
    name: str = Field(examples=["Chi nhánh Văn phòng Đăng ký đất đai Hải Lộc"])


class ProcedureRef(Schema):
    """A procedure (thủ tục hành chính); `national_code` is empty where it has none."""

    code: str = Field(examples=["P6"])
    name: str = Field(examples=["Cấp đổi Giấy chứng nhận"])
    national_code: str = Field(examples=["1.012783"])


class Appointment(Schema):
    """A limit the edition promises (hẹn trả), in working days."""

    number: int = Field(examples=[1])
    label: str = Field(examples=["Trả kết quả"])
    working_days: Days = Field(examples=[5])


class OpenStep(Schema):
    """A step in progress (bước đang xử lý) and the unit it lies with; who does it is not told."""

    name: str = Field(examples=["Kiểm tra hồ sơ"])
    unit: UnitRef | None


class Result(Schema):
    """A result as issued (kết quả giải quyết); `serial` is the number of the secured blank, where there is one."""

    code: str = Field(examples=["certificate"])
    name: str = Field(examples=["Giấy chứng nhận"])
    state: State = Field(examples=["issued"])
    number: str = Field(examples=["CN 00012"])
    serial: str = Field(examples=["AA 00000116"])
    issued_on: date | None


class DossierOut(Schema):
    """A dossier (hồ sơ), without personal data but for the applicant's name where the agreement includes it.

    `due_at` is null while the clock is paused: it moves on until the clock runs again.
    """

    code: str = Field(examples=["H99.15-261202-0001"])
    status: DossierStatus
    procedure: ProcedureRef
    edition: str = Field(description="The edition it was received under, kept for good.", examples=["2025"])
    received_at: datetime
    received_by: UnitRef
    unit: UnitRef | None = Field(description="The competent unit.")
    clock: ClockState = Field(examples=["running"])
    due_at: datetime | None
    appointment: int = Field(description="The appointment that counts now.", examples=[1])
    appointments: list[Appointment]
    steps: list[OpenStep] = Field(description="The steps in progress; none when the dossier is closed.")
    results: list[Result] = Field(description="What was issued.")
    resolved_at: datetime | None
    returned_at: datetime | None
    applicant: str | None = Field(description="Null unless the agreement includes it.", examples=["Phùng Thị Ngát"])


class Kind(StrEnum):
    """What can be searched: dossiers, papers, decisions and certificates."""

    DOSSIER = "dossier"
    DOCUMENT = "document"
    DECISION = "decision"
    CERTIFICATE = "certificate"


class Question(Schema):
    """What is sought; the words are literal, there is no query syntax."""

    q: str = Field(
        min_length=1,
        max_length=LONGEST_QUESTION,
        pattern=f"^[^{UNSEEN}]+$",
        description="The words sought, with or without tone marks.",
        json_schema_extra={"example": "cap doi giay chung nhan"},
    )
    kind: list[Kind] = Field(
        [], description="Only these kinds; all when none is named.", json_schema_extra={"example": ["dossier"]}
    )
    limit: int = Field(10, ge=1, le=LARGEST_PAGE, description="Hits of one page.")
    after: str = Field(
        "", max_length=60, description="`next` of the page before.", json_schema_extra={"format": "page-key"}
    )


class HitOut(Schema):
    """A thing found; `number` of a dossier is the code it is read by."""

    kind: Kind = Field(examples=["dossier"])
    id: str = Field(examples=["17"])
    number: str = Field(examples=["H99.15-261202-0001"])
    title: str = Field(examples=["Phùng Thị Ngát · Cấp đổi GCN · thửa 116, tờ 24, xã Tân Lộc"])
    document_type: str = Field(examples=["Cấp đổi GCN"])
    status: str = Field(description="In the language asked for.", examples=["Đang xử lý"])
    unit: str = Field(examples=["CN Hải Lộc"])
    dated: date | None


class Found(Schema):
    """A page of hits, the best first. `next` is empty at the end, and after a thousand hits."""

    total: int = Field(ge=0, examples=[1])
    forgiven: Mercy = Field(
        description="What was forgiven because nothing had every word: slips of the pen, or a word missing.",
        examples=["none"],
    )
    hits: list[HitOut]
    next: str


class ProcedureOut(ProcedureRef):
    """A procedure with its edition in force (thủ tục đang có hiệu lực)."""

    short_name: str = Field(examples=["Cấp đổi GCN"])
    edition: str = Field(examples=["2025"])
    effective_from: date
    effective_to: date | None
    appointments: list[Appointment]


class FormOut(Schema):
    """The electronic form (biểu mẫu điện tử) of a procedure's edition in force.

    `values_schema` (JSON Schema 2020-12) says what its values may be.
    """

    procedure: str = Field(examples=["P6"])
    edition: str = Field(examples=["2025"])
    effective_from: date
    title: str = Field(examples=["Đơn đăng ký biến động"])
    form_code: str = Field(examples=["Mẫu số 18"])
    regulation: str = Field(examples=["NĐ 151/2025/NĐ-CP"])
    values_schema: dict[str, Any]
