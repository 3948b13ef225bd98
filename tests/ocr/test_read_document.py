"""`manage.py read_document FILE… --json`, as operators and checks call it."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from portal.demo.scanner import Marking, as_jpeg, as_pdf, as_png, damage, print_pages
from tests.ocr.papers import SLIP, kept, slip_pdf, slip_picture
from tests.scans import hostile
from tests.scans.generator import own_samples


def run(*arguments: str) -> list[str]:
    out = io.StringIO()
    call_command("read_document", *arguments, stdout=out)
    return out.getvalue().splitlines()


def objects(*files: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run("--json", *map(str, files))]


def test_each_file_gives_one_object_in_the_order_given(tmp_path: Path) -> None:
    files = [
        kept(tmp_path, "scan.png", as_png(slip_picture())),
        kept(tmp_path, "slip.pdf", slip_pdf()),
        kept(tmp_path, "scan.jpg", as_jpeg(slip_picture())),
    ]
    found = objects(*files)
    assert [one["file"] for one in found] == [str(file) for file in files]
    assert [one["pages"][0]["source"] for one in found] == ["ocr", "text-layer", "ocr"]
    assert all(one["error"] is None for one in found)


def test_the_object_has_the_agreed_shape(tmp_path: Path) -> None:
    [found] = objects(kept(tmp_path, "slip.pdf", slip_pdf()))
    page = found["pages"][0]
    assert found == {
        "file": found["file"],
        "pages": [
            {
                "number": 1,
                "source": "text-layer",
                "text": SLIP,
                "confidence": None,
                "rotation": 0,
                "seconds": page["seconds"],
            }
        ],
        "fields": {
            "number": "31/GM-UBND",
            "document_type": "Giấy mời",
            "issued_on": "2025-08-07",
            "issued_at": "Tân Lộc",
            "issuer": "ỦY BAN NHÂN DÂN XÃ TÂN LỘC",
            "subject": found["fields"]["subject"],
            "signer": None,
            "effective_on": None,
            "references": [],
            "extracted": found["fields"]["extracted"],
        },
        "paper_type": {"code": "giay_moi", "confidence": found["paper_type"]["confidence"]},
        "secrecy": None,
        "error": None,
    }


def test_every_value_comes_with_its_sureness_page_and_box(tmp_path: Path) -> None:
    [found] = objects(kept(tmp_path, "slip.pdf", slip_pdf()))
    values = {one["name"]: one for one in found["fields"]["extracted"]}
    assert values["paper_type"]["value"] == "giay_moi"
    assert (values["number"]["value"], values["parcel"]["value"], values["sheet"]["value"]) == (
        "31/GM-UBND",
        "116",
        "24",
    )
    for one in (values["number"], values["parcel"], values["sheet"]):
        left, top, width, height = one["box"]
        assert one["page"] == 1
        assert 0.8 < one["confidence"] < 1
        assert 0 <= left < left + width <= 1
        assert 0 <= top < top + height <= 1
    assert values["number"]["box"][1] < values["parcel"]["box"][1]


def test_references_are_objects(tmp_path: Path) -> None:
    [found] = objects(kept(tmp_path, "decision.pdf", slip_pdf(own_samples()[0].text)))
    replaced = {"number": "33/2017/QĐ-UBND", "document_type": "Quyết định", "relation": "replaces"}
    assert replaced in found["fields"]["references"]


def test_a_file_that_can_not_be_read_still_gets_its_object(tmp_path: Path) -> None:
    missing = tmp_path / "none.pdf"
    files = [
        kept(tmp_path, "locked.pdf", hostile.locked(slip_pdf(), password="open sesame")),
        missing,
        tmp_path,
        kept(tmp_path, "slip.pdf", slip_pdf()),
    ]
    locked, absent, folder, good = objects(*files)
    assert locked["error"].startswith("encrypted")
    assert str(missing) in absent["error"]
    assert folder["error"]
    assert good["error"] is None
    assert locked["pages"] == []
    assert locked["fields"] == {**dict.fromkeys(good["fields"]), "references": [], "extracted": []}


def test_a_stamped_and_turned_page_is_told(tmp_path: Path) -> None:
    page = damage(slip_picture(), marking=Marking("MẬT", left=0.75, top=0.1), quarter_turns=2)
    [found] = objects(kept(tmp_path, "secret.pdf", as_pdf([page])))
    assert found["secrecy"] == "mat"
    assert found["pages"][0]["rotation"] == 180
    assert 0.8 < found["pages"][0]["confidence"] <= 1


def test_the_printed_head_of_a_decision_in_two_columns_is_understood(tmp_path: Path) -> None:
    sample = own_samples()[1]
    page = damage(print_pages(sample.text, layout="administrative")[0], specks=800, skew=-0.8)
    [found] = objects(kept(tmp_path, "decision.png", as_png(page)))
    assert found["fields"]["number"] == sample.number
    assert found["fields"]["issued_on"] == sample.issued_on.isoformat()
    assert found["fields"]["issuer"] == sample.issuer
    assert found["fields"]["signer"] == "Lưu Văn Hạnh"


def test_without_json_people_can_read_it(tmp_path: Path) -> None:
    lines = run(
        str(kept(tmp_path, "slip.pdf", slip_pdf("TỐI MẬT\n" + own_samples()[0].text))),
        str(kept(tmp_path, "empty.pdf", b"")),
    )
    assert "  number: 14/2024/QĐ-UBND" in lines
    assert "  secrecy: toi_mat" in lines
    assert any(line.startswith("  page 1: ") and line.endswith(" s") for line in lines)
    assert "  not read: empty: no bytes" in lines


@pytest.mark.parametrize("name", ["tên có dấu.pdf", "a b.pdf", b"\xff\xfe.pdf".decode(errors="surrogateescape")])
def test_the_file_is_named_as_it_was_given(tmp_path: Path, name: str) -> None:
    [found] = objects(kept(tmp_path, name, slip_pdf()))
    assert found["file"] == str(tmp_path / name)
    assert found["error"] is None
