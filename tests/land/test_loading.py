"""The first load: each line stands for itself, and is refused with its number and a reason."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from accounts.acting import Acting
from accounts.models import Officer
from land.loading import read_parcels
from land.models import Parcel
from land.rights_models import Certificate, Restriction
from pages.domain_errors import Invalid
from tests.factories.land import held_by

HEAD = "commune,sheet,number,area,purposes,holders,serial,mortgagee,contract_number,registered_at\n"
NGAT = "099174003312|Phùng Thị Ngát|1974"
GOOD = f"xã Tân Lộc,24,116,312.5,ONT+CLN,{NGAT},DK 248032,Quỹ tín dụng Tân Lộc,77/2026,2026-01-05 09:30\n"


def load(acting: Acting, path: Path) -> dict[str, Any]:
    out, username = StringIO(), Officer.objects.get(pk=acting.officer_id).username
    call_command(
        "load_land", str(path), "--as", username, "--basis", "12/BB-VPĐK", "--on", "2026-01-12", "--json", stdout=out
    )
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "thua.csv"
    path.write_text(HEAD + GOOD, "utf-8")
    return path


def test_a_line_is_a_parcel_with_certificate_and_mortgage(acting: Acting, file: Path) -> None:
    assert load(acting, file) == {"entered": 1, "skipped": 0, "refused": []}
    parcel = Parcel.objects.get()
    assert (parcel.source_kind, parcel.source_code) == ("initial_load", "12/BB-VPĐK")
    assert held_by(parcel) == [("1/1", ["Phùng Thị Ngát"])]
    assert Certificate.objects.get().serial == "DK248032"
    assert Restriction.objects.get().contract_number == "77/2026"


def test_attack_86_the_same_file_twice_is_loaded_once(acting: Acting, file: Path) -> None:
    load(acting, file)
    assert load(acting, file) == {"entered": 0, "skipped": 1, "refused": []}
    assert Parcel.objects.count() == 1


def test_attack_87_a_refused_line_leaves_nothing_and_the_others_stand(acting: Acting, file: Path) -> None:
    bad = [
        f"xã Tân Lộc,24,116a,0,ONT,{NGAT},,,,",
        f"xã Tân Lộc,24,116b,100,ONT,{NGAT},,,,,,",
        f"xã Tân Lộc,24,117,abc,ONT,{NGAT},,,,",
        f"xã Tân Lộc,24,118,100,XYZ,{NGAT},,,,",
        f"xã Tân Lộc,24,119,100,ONT,{NGAT},DK 248032,,,",
        "xã Tân Lộc,24,120,100,ONT,,,,,",
        f"xã Tân Lộc,,121,100,ONT,{NGAT},,,,",
        f"xã Tân Lộc,24,122,100,ONT,{NGAT},,QTD,,2026-01-05 09:30",
    ]
    file.write_text(HEAD + GOOD + "\n".join(bad) + "\n", "utf-8")
    told = load(acting, file)
    assert told["entered"] == 1
    assert [fault["line"] for fault in told["refused"]] == [3, 4, 5, 6, 7, 8, 9, 10]
    assert all(fault["reason"] for fault in told["refused"])
    assert (Parcel.objects.count(), Certificate.objects.count(), Restriction.objects.count()) == (1, 1, 1)


def test_a_toml_file_may_name_shares(acting: Acting, tmp_path: Path) -> None:
    path = tmp_path / "thua.toml"
    path.write_text(
        """[[parcels]]
commune = "xã Tân Lộc"
sheet = "24"
number = "116"
area = 312.5
holders = [
  { id_number = "099174003312", name = "Phùng Thị Ngát", share = "1/2" },
  { id_number = "099079001262", name = "Lương Văn Khởi", share = "1/2" },
]
""",
        "utf-8",
    )
    assert load(acting, path)["entered"] == 1
    assert [share for share, _names in held_by(Parcel.objects.get())] == ["1/2", "1/2"]


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe\x00", "số;tờ\n1;2\n".encode(), b"", HEAD.encode("utf-16")],
    ids=["bytes", "columns", "empty", "utf-16"],
)
def test_attack_85_a_file_that_cannot_be_read_is_refused_whole(acting: Acting, file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(CommandError):
        load(acting, file)


def test_a_missing_file_is_said_in_words(acting: Acting, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="thua"):
        load(acting, tmp_path / "thua.csv")


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_in_words(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    for name, head in (("a.csv", HEAD), ("a.toml", "")):
        path = tmp_path_factory.mktemp("nap") / name
        path.write_text(head + text, "utf-8", newline="", errors="replace")
        try:
            lines = list(read_parcels(path))
        except Invalid:
            continue
        assert all(line.fault or line.parcel for line in lines)
