"""Ruled tables of land: what lists of parcels and cadastral books look like."""

import numpy as np

from portal.demo.scanner import typeset
from tests.scans.generator import Sample

_STYLE = """<style>
table { width: 100%; border-collapse: collapse; margin: 3mm 0 }
td, th { border: 0.35mm solid #000; padding: 1mm 1.5mm }
</style>"""
_HEADS = ("TT", "Tờ", "Thửa", "Diện tích (m²)", "Người sử dụng đất", "Ghi chú")
_PEOPLE = ("Phùng Văn Thử", "Lương Thị Mẫu", "Đoàn Quốc Giả", "Ngô Thị Định", "Vũ Đình Sẵn", "Trịnh Thị Bịa")
_NOTES = ("Đất ở", "Đất trồng lúa", "Đất trồng cây lâu năm", "Đã cấp giấy", "Chưa đo đạc")


def table_of(sample: Sample, seed: int) -> str:
    """The HTML of a page with the head of a document and a ruled table below it."""
    chance = np.random.default_rng(seed)
    rows = ["".join(f"<th>{head}</th>" for head in _HEADS)]
    for number in range(1, 19):
        sheet, parcel, area = (int(most) for most in chance.integers((1, 1, 60), (80, 600, 9000)))
        person, note = chance.choice(_PEOPLE), chance.choice(_NOTES)
        cells = (str(number), str(sheet), str(parcel), f"{area},{area % 10}", person, note)
        rows.append("".join(f"<td>{cell}</td>" for cell in cells))
    table = _STYLE + "<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"
    return typeset(sample.text[:900], layout="plain").replace("</body>", f"{table}</body>")
