"""The applicants' papers of the demonstration, printed, signed, sealed and scanned the way an office gets them."""

from dataclasses import dataclass

from portal.demo.scanner import Seal, as_pdf, damage, print_pages

DPI = 200

_APPLICATION = """CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
---------------
ĐƠN ĐĂNG KÝ BIẾN ĐỘNG ĐẤT ĐAI, TÀI SẢN GẮN LIỀN VỚI ĐẤT
Kính gửi: Chi nhánh Văn phòng Đăng ký đất đai khu vực Hải Lộc
1. Người sử dụng đất: {name}, sinh năm {birth_year}, số định danh {id_number}.
2. Địa chỉ: {address}.
3. Thửa đất số: {parcel}; tờ bản đồ số: {sheet}; diện tích: {area} m².
4. Giấy chứng nhận đã cấp: số phát hành {serial}; số vào sổ cấp GCN: {register_number}.
5. Nội dung biến động: {wish}.
6. Lý do biến động: {reason}.
Tôi cam đoan nội dung kê khai trên đây là đúng và chịu trách nhiệm trước pháp luật.
Yên Giang, ngày 16 tháng 11 năm 2026
Người viết đơn
{name}"""

_CERTIFICATE = """ỦY BAN NHÂN DÂN HUYỆN HẢI LỘC
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
---------------
GIẤY CHỨNG NHẬN QUYỀN SỬ DỤNG ĐẤT
Số phát hành: {serial}
I. Người sử dụng đất
Ông (bà): {name}, sinh năm {birth_year}. Địa chỉ thường trú: {address}.
II. Thửa đất được quyền sử dụng
a) Thửa đất số: {parcel}; tờ bản đồ số: {sheet};
b) Địa chỉ: {commune}, huyện Hải Lộc, tỉnh Yên Giang;
c) Diện tích: {area} m²;
d) Mục đích sử dụng: đất ở tại nông thôn; đất trồng cây lâu năm;
đ) Thời hạn sử dụng: đất ở lâu dài;
e) Nguồn gốc sử dụng: Nhà nước công nhận quyền sử dụng đất.
Hải Lộc, ngày 14 tháng 6 năm 2011
TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
Số vào sổ cấp GCN: {register_number}"""

_CONTRACT = """CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
---------------
HỢP ĐỒNG CHUYỂN NHƯỢNG QUYỀN SỬ DỤNG ĐẤT
Số công chứng: {contract_number}
Bên chuyển nhượng: {name}, số định danh {id_number}.
Bên nhận chuyển nhượng: {recipient}.
Điều 1. Bên chuyển nhượng chuyển nhượng toàn bộ thửa đất số: {parcel}; tờ bản đồ số: {sheet},
{commune}, diện tích: {area} m², theo Giấy chứng nhận số phát hành {serial}.
Điều 2. Giá chuyển nhượng là {price} đồng.
Điều 3. Lệ phí trước bạ do bên nhận nộp, thuế thu nhập cá nhân do bên chuyển nhượng nộp.
Yên Giang, ngày 12 tháng 11 năm 2026
CÔNG CHỨNG VIÊN"""

_FEE = """CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
---------------
TỜ KHAI LỆ PHÍ TRƯỚC BẠ
Mẫu số 01/LPTB
Người nộp lệ phí: {recipient}.
Tài sản: thửa đất số: {parcel}; tờ bản đồ số: {sheet}; diện tích: {area} m².
Giá trị chuyển nhượng theo hợp đồng: {price} đồng."""

_INCOME_TAX = """CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
---------------
TỜ KHAI THUẾ THU NHẬP CÁ NHÂN
Mẫu số 03/BĐS-TNCN
Người nộp thuế: {name}, số định danh {id_number}.
Thửa đất số: {parcel}; tờ bản đồ số: {sheet}. Giá chuyển nhượng: {price} đồng."""

_TEXTS = {
    "application": _APPLICATION,
    "certificate": _CERTIFICATE,
    "contract": _CONTRACT,
    "registration_fee": _FEE,
    "income_tax": _INCOME_TAX,
}


@dataclass(frozen=True, slots=True)
class Scan:
    """A scanned paper as the scanner's folder has it."""

    file_name: str
    content: bytes


def scan_of(paper: str, facts: dict[str, str], *, seed: int) -> Scan:
    """The scan of this paper with these facts: 200 dpi, a few specks, slightly crooked, sealed if it is official."""
    pages = print_pages(_TEXTS[paper].format_map(facts), dpi=DPI)
    seal = Seal(lettering="ỦY BAN NHÂN DÂN HUYỆN HẢI LỘC") if paper == "certificate" else None
    damaged = [
        damage(page, dpi=DPI, seal=seal, specks=120, skew=0.4, seed=seed + number) for number, page in enumerate(pages)
    ]
    return Scan(f"quet-{seed:04d}-{paper}.pdf", as_pdf(damaged, dpi=DPI))
