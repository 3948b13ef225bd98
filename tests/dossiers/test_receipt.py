"""The receipt with its appointment (form 01): fixed as it was given, readable by people, phones and machines."""

import io
from urllib.parse import parse_qs, urlsplit

import cv2
import numpy as np
import pypdfium2 as pdfium
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import Officer, Unit
from dossiers.models import Dossier
from dossiers.receipts import print_receipt
from tests.dossiers.pdf_words import words_of as words
from tests.factories.dossiers import at_step, begun, received
from tests.factories.moments import moment
from tests.factories.office import Office

pytestmark = pytest.mark.django_db


def printed(dossier: Dossier) -> bytes:
    return print_receipt(dossier.forms.get(code="receipt"))


def scanned_code(pdf: bytes) -> str:
    """What the QR code says; as with a telephone, one nearness or another does it."""
    tries = (cv2.QRCodeDetector().detectAndDecode(picture(pdf, scale=scale))[0] for scale in (4, 3, 6, 2, 5))
    return next(filter(None, tries), "")


def picture(pdf: bytes, *, scale: int = 4) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    document = pdfium.PdfDocument(pdf)
    try:
        return np.ascontiguousarray(document[0].render(scale=scale).to_numpy()[:, :, :3])
    finally:
        document.close()


def test_the_receipt_says_what_was_received_and_when_it_is_due(office: Office) -> None:
    dossier = received(office, "P2", paper__contract__form="certified", email="ngat@example.vn")
    text = words(printed(dossier))
    for fact in (
        "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
        "H99.15-261202-0001",
        "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG TỈNH YÊN GIANG",
        "ỦY BAN NHÂN DÂN TỈNH YÊN GIANG",
        "Yên Giang, ngày 02 tháng 12 năm 2026",
        "Phùng Thị Ngát",
        "thôn Đồng Vừng, xã Tân Lộc, tỉnh Yên Giang",
        "0900 555 018, ngat@example.vn",
        "thửa 116, tờ 24, xã Tân Lộc",
        "Hợp đồng hoặc văn bản về quyền thừa kế",
        "Bản sao chứng thực",
        "8 ngày làm việc (5 + 3)",
        "09 giờ 00, thứ Tư ngày 02/12/2026",
        "17 giờ 00, thứ Tư ngày 09/12/2026",
        "3 ngày làm việc kể từ khi hoàn thành nghĩa vụ tài chính",
        office.clerk.full_name,
    ):
        assert fact in text, fact


def test_papers_not_handed_in_are_not_on_it(office: Office) -> None:
    text = words(printed(received(office)))
    assert "Giấy chứng nhận đã cấp" in text
    assert "trích đo" not in text


def test_the_representative_signs_for_the_applicant(office: Office) -> None:
    dossier = received(
        office,
        is_represented="on",
        representative_name="Lục Văn Thạo",
        representative_id_number="099068001177",
        paper__authorisation__in="yes",
    )
    content = dossier.forms.get().content
    assert (content["applicant"], content["submitter"]) == ("Phùng Thị Ngát", "Lục Văn Thạo")
    assert words(printed(dossier)).count("Lục Văn Thạo") == 2


def test_every_font_of_the_receipt_is_in_the_file(office: Office) -> None:
    """Vietnamese letters must not depend on the printer's fonts."""
    page = PdfReader(io.BytesIO(printed(received(office)))).pages[0]
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]
    descriptors = [font["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts]
    assert descriptors
    assert all({"/FontFile2", "/FontFile3"} & set(descriptor) for descriptor in descriptors)


@pytest.mark.parametrize("procedure", ["P6", "P2"])
@pytest.mark.parametrize("at", ["2025-09-12 09:00", "2026-12-02 09:00"])
def test_it_is_one_sheet_of_a5(office: Office, procedure: str, at: str) -> None:
    document = pdfium.PdfDocument(printed(received(office, procedure, at=moment(at))))
    try:
        assert len(document) == 1
        assert document[0].get_size() == pytest.approx((419.5, 595.3), abs=1)
        lines = document[0].get_textpage().get_text_range().splitlines()
        assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in lines
    finally:
        document.close()


def test_its_qr_code_opens_the_public_page(client: Client, office: Office) -> None:
    dossier = received(office)
    parts = urlsplit(scanned_code(printed(dossier)))
    assert f"{parts.scheme}://{parts.netloc}" == settings.PUBLIC_URL
    assert parse_qs(parts.query) == {"ma": [dossier.code], "khoa": [dossier.public_key]}
    answer = client.get(f"{parts.path}?{parts.query}")
    assert answer.status_code == 200
    assert str(dossier.status_words) in answer.content.decode()


def test_printed_again_it_says_the_same_whatever_has_changed_since(office: Office) -> None:
    """Unit, officer, applicant and edition may be called otherwise by then; what was handed out was handed out."""
    dossier = received(office)
    before = words(printed(dossier))
    Unit.objects.update(name="Cơ quan khác", short_name="CQ khác")
    Officer.objects.update(full_name="Người khác")
    Dossier.objects.update(applicant_name="Ai đó", summary="thửa khác")
    dossier.components.update(name="Giấy khác", quantity=9)
    at_step(office, dossier, "sign")
    assert words(printed(Dossier.objects.get(pk=dossier.pk))) == before


@pytest.mark.parametrize(
    ("at", "regulation"),
    [
        ("2025-07-01 09:00", "01/2018/TT-VPCP"),
        ("2025-09-14 23:59", "01/2018/TT-VPCP"),
        ("2025-09-15 00:01", "03/2025/TT-VPCP"),
        ("2026-12-02 09:00", "03/2025/TT-VPCP"),
    ],
)
def test_the_form_is_the_one_in_force_on_the_day(office: Office, at: str, regulation: str) -> None:
    dossier = received(office, at=moment(at))
    form = dossier.forms.get()
    assert (form.regulation, form.issued_at) == (regulation, moment(at))
    assert regulation in words(printed(dossier))


def test_an_older_form_is_printed_again_as_it_was(office: Office) -> None:
    text = words(printed(received(office, at=moment("2025-09-12 09:00"))))
    assert "ban hành theo Thông tư 01/2018/TT-VPCP" in text
    assert "quyển số" in text


def test_whoever_sees_the_dossier_prints_its_receipt(client: Client, office: Office) -> None:
    dossier = at_step(office, received(office), "check")
    for who in ("clerk", "specialist", "look_up", "administrator"):
        client.force_login(getattr(office, who))
        response = client.get(reverse("dossier_receipt", args=[dossier.pk]))
        assert response.status_code == 200
        assert response["Content-Type"] == "application/pdf"
        assert f'filename="giay-hen-{dossier.code}.pdf"' in response["Content-Disposition"]
        assert response.content.startswith(b"%PDF-")


def test_attack_34_no_receipt_for_who_does_not_see_the_dossier(client: Client, office: Office) -> None:
    client.force_login(office.stranger)
    assert client.get(reverse("dossier_receipt", args=[received(office).pk])).status_code == 404


def test_a_draft_has_no_receipt(client: Client, office: Office) -> None:
    client.force_login(office.clerk)
    assert client.get(reverse("dossier_receipt", args=[begun(office).pk])).status_code == 404


def test_a_dossier_has_one_receipt_in_the_language_of_the_office(client: Client, office: Office) -> None:
    client.force_login(office.clerk)
    client.cookies.load({settings.LANGUAGE_COOKIE_NAME: "en"})
    dossier = received(office)
    response = client.get(reverse("dossier_receipt", args=[dossier.pk]))
    assert "thứ Tư ngày 09/12/2026" in words(response.content)
    assert dossier.forms.count() == 1
