"""Contents every printed form of the catalogue can be filled in with, and what stands in a printed one."""

import io
import unicodedata
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from papers.rendering import qr_code

STATUS_URL = "http://127.0.0.1:8000/tra-cuu/?ma=H99.15-261202-0001&khoa=nP3xQ7aZ1bC2dE4f"
# Letters with every Vietnamese mark; a font without them would show boxes, a wrong encoding nothing to copy.
MARKS = "Nguyễn Thị Ngọc Ẩn, Đặng Hữu Phước, Lữ Ỷ Vỹ, ỡ ặ ẫ ậ ể ễ ệ ỉ ị ọ ổ ỗ ộ ở ợ ủ ứ ừ ữ ự ỳ ỹ ỵ"

RECEIPT: dict[str, Any] = {
    "agency": "Trung tâm Phục vụ hành chính công tỉnh Yên Giang",
    "parent_agency": "Ủy ban nhân dân tỉnh Yên Giang",
    "place": "Yên Giang",
    "dated": "ngày 02 tháng 12 năm 2026",
    "number": "0001",
    "code": "H99.15-261202-0001",
    "applicant": MARKS,
    "representative": "Lục Văn Thạo",
    "submitter": "Lục Văn Thạo",
    "address": "thôn Đồng Vừng, xã Tân Lộc",
    "contact": "0900 555 018",
    "procedure": "Cấp đổi Giấy chứng nhận",
    "summary": "thửa 116, tờ 24",
    "papers": [{"name": "Đơn đăng ký biến động", "form_of_paper": "Bản chính", "quantity": 2}],
    "limit": "8 ngày làm việc (5 + 3)",
    "first_label": "phiếu chuyển thông tin",
    "second_limit": "3 ngày làm việc",
    "received_at": "09 giờ 00, thứ Tư ngày 02/12/2026",
    "due_at": "17 giờ 00, thứ Tư ngày 09/12/2026",
    "return_place": "Quầy số 4",
    "clerk": "Đỗ Thị Lan Chi",
    "status_url": STATUS_URL,
}
RESULT: dict[str, Any] = {
    "name": "Giấy chứng nhận quyền sử dụng đất",
    "agency": "Chi nhánh Văn phòng Đăng ký đất đai khu vực Hải Lộc",
    "parent_agency": "Văn phòng Đăng ký đất đai tỉnh Yên Giang",
    "code": "H99.15-261202-0001",
    "procedure": "Cấp đổi Giấy chứng nhận",
    "holders": [{"title": "Ông/Bà", "name": MARKS, "detail": "số định danh 099174003312"}],
    "facts": [("Thửa đất số", "116"), ("Diện tích", "312,5 m²")],
    "replaces": "DK 248032",
    "place": "Yên Giang",
    "dated": "ngày 09 tháng 12 năm 2026",
    "signing_authority": "Giám đốc Chi nhánh",
    "signing_hint": "(Đã ký)",
    "signer": "Hoàng Đức Thiện",
    "number": "VP 00001",
    "serial": "AA 00000116",
}
_OF_BOTH = {name: RECEIPT[name] for name in ("code", "procedure", "summary", "applicant", "place", "received_at")}
_OF_BRANCH = {**_OF_BOTH, "agency": RESULT["agency"], "parent_agency": RESULT["parent_agency"]}
SLIP: dict[str, Any] = {
    **_OF_BRANCH,
    "dated": "ngày 04 tháng 12 năm 2026",
    "handled_by": "Phòng Đăng ký khu vực Hải Lộc",
    "coordinators": "Thuế cơ sở 7, UBND xã Tân Lộc",
    "due": "hẹn trả 17 giờ 00, thứ Tư ngày 09/12/2026",
    "rows": [
        {
            "step": "Thẩm tra hồ sơ",
            "given_by": "Đỗ Thị Lan Chi",
            "taken_by": "Phan Quốc Bảo",
            "from": "09 giờ 15, ngày 02/12/2026",
            "to": "16 giờ 40, ngày 03/12/2026",
            "verdict": "Trước hạn",
            "time": "1,5 ngày trong 2 ngày",
            "note": "Đã đối chiếu bản gốc",
        }
    ],
    "printed": "In lúc 08 giờ 05, thứ Sáu ngày 04/12/2026.",
}
APOLOGY: dict[str, Any] = {
    **_OF_BRANCH,
    "dated": "ngày 10 tháng 12 năm 2026",
    "number": "12/XL-CNHL",
    "received_by": RECEIPT["agency"],
    "due_at": RECEIPT["due_at"],
    "reason": "Bản đồ địa chính của khu vực đang được chỉnh lý.",
    "until": "17 giờ 00, thứ Ba ngày 15/12/2026",
    "signer": RESULT["signer"],
}
MINUTES: dict[str, Any] = {
    "agency": RESULT["agency"],
    "parent_agency": RESULT["parent_agency"],
    "number": "03/BB-CNHL",
    "giver": "Phan Quốc Bảo, Phòng Đăng ký khu vực Hải Lộc",
    "taker": "Tạ Thị Hồng Hạc, Phòng Đăng ký khu vực Đông Giang",
    "reason": MARKS,
    "made_at": "14:20, 04/12/2026",
    "made_by": "Hoàng Đức Thiện",
    "accepted_at": "08:10, 07/12/2026",
    "accepted_by": "Vi Văn Mộc",
    "dossiers": 17,
    "steps": 23,
    "is_draft": False,
}
# Under which name a form finds its own content; all others print a result.
PART_OF = {"receipt": "receipt", "control_slip": "slip", "apology": "apology", "hand_over_minutes": "minutes"}


def content(**changes: Any) -> dict[str, Any]:
    """Everything any form asks for, some of it changed."""
    parts = {"receipt": RECEIPT, "result": RESULT, "slip": SLIP, "apology": APOLOGY, "minutes": MINUTES}
    return {name: {**part, **changes} for name, part in parts.items()} | {"qr": qr_code(STATUS_URL), "lines": []}


def words_in(value: Any) -> Iterator[str]:
    """Every text of a content; a yes or no is no text."""
    if isinstance(value, dict):
        for part in value.values():
            yield from words_in(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from words_in(part)
    elif not isinstance(value, bool):
        yield str(value)


def text_of(pdf: bytes) -> str:
    """The text as a reader copies it, in one line; nothing is composed that isn't."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def squeezed(text: str) -> str:
    """Without the spaces a line break or a table makes, in capitals as heads of papers have them."""
    return "".join(unicodedata.normalize("NFC", text).upper().split())


def fonts_of(pdf: bytes) -> dict[str, DictionaryObject]:
    """The descriptors of the fonts of all pages, by name."""
    found: dict[str, DictionaryObject] = {}
    for page in PdfReader(io.BytesIO(pdf)).pages:
        for font in page["/Resources"]["/Font"].get_object().values():  # type: ignore[index]
            below = font.get_object().get("/DescendantFonts", [font])[0].get_object()
            found[str(font.get_object()["/BaseFont"])] = below["/FontDescriptor"].get_object()
    return found
