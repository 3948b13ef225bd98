"""A work list as a file: its rows as they are narrowed down, of what the officer sees, recorded, and harmless."""

import csv
import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audit.canonical import canonical
from audit.models import AuditEvent
from tests.factories.moments import MORNING, moment, stop_the_clock
from tests.workflow.ferry import River
from tests.workflow.lists import at_inspection, codes, in_hands
from tests.workflow.untouched import untouched
from workflow.engine.operations import export_work
from workflow.views.work_list import ROWS

CANARY = "Chim Hoàng Yến"
LISTS = ["mine", "unit", "followed", "finished", "late"]


@pytest.fixture(autouse=True)
def same_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_clock(monkeypatch)


def taken(client: Client, which: str = "unit", **query: str) -> list[dict[str, str]]:
    """The rows of the file as a spreadsheet reads them."""
    answer: Any = client.get(reverse(f"work_{which}_export"), query)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="viec-20261202-0900.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def codes_in(rows: list[dict[str, str]]) -> list[str]:
    return [row["Mã hồ sơ"] for row in rows]


def test_a_file_says_of_each_step_what_the_list_says(client: Client, river: River) -> None:
    case = at_inspection(river, title="Sầm Văn Đò · bến Cây Gạo")
    in_hands(river, case)
    client.force_login(river.office.specialist)
    [row] = taken(client, "mine")
    assert row == {
        "Mã hồ sơ": case.code,
        "Người nộp · thửa": "Sầm Văn Đò · bến Cây Gạo",
        "Thủ tục": "Bến đò",
        "Bước": "Xem bến",
        "Đơn vị": river.branch.short_name,
        "Người xử lý": river.office.specialist.full_name,
        "Nhận bước": "02/12/2026 09:00",
        "Hạn bước": "04/12/2026 14:30",
        "Hạn hồ sơ": "08/12/2026 17:00",
        "Mức độ gấp": "Còn hạn",
    }


def test_a_file_holds_the_whole_list_in_its_order_and_not_one_page(client: Client, river: River) -> None:
    late = [at_inspection(river, at=moment("2026-12-01 10:00")) for _case in range(ROWS)]
    soon = [at_inspection(river) for _case in range(3)]
    waiting = at_inspection(river)
    river.walk(waiting, "fits", "deep", at=MORNING)
    client.force_login(river.office.specialist)
    assert codes_in(taken(client)) == codes(*late, *soon, waiting)


def test_a_file_is_narrowed_as_the_list_is(client: Client, river: River) -> None:
    gao = at_inspection(river, title="bến Cây Gạo")
    sung = at_inspection(river, title="bến Cây Sung")
    client.force_login(river.office.specialist)
    assert codes_in(taken(client, q="Sung")) == codes(sung)
    assert codes_in(taken(client, han="late")) == []
    assert codes_in(taken(client, ai="0", han="ok")) == codes(gao, sung)
    page = client.get(reverse("work_unit"), {"q": "Sung", "han": "ok", "key": ""}).content.decode()
    assert f'href="{reverse("work_unit_export")}?q=Sung&amp;han=ok"' in page


def test_finished_and_late_work_are_taken_out_too(
    client: Client, river: River, monkeypatch: pytest.MonkeyPatch
) -> None:
    done, open_case = at_inspection(river), at_inspection(river)
    river.end(done, "fits", at=MORNING)
    client.force_login(river.office.specialist)
    [row] = taken(client, "finished")
    assert (row["Mã hồ sơ"], row["Kết quả"], row["Hoàn thành"]) == (done.code, "Bến phù hợp", "02/12/2026 09:00")
    stop_the_clock(monkeypatch, moment("2026-12-07 09:30"))
    client.force_login(river.office.head)
    answer = client.get(reverse("work_late_export"))
    assert open_case.code in answer.content.decode()
    client.force_login(river.office.specialist)
    assert client.get(reverse("work_late_export")).status_code == 403


@pytest.mark.parametrize("which", ["mine", "unit", "followed", "finished"])
def test_attack_36_another_units_rows_are_in_no_file(client: Client, river: River, which: str) -> None:
    in_hands(river, at_inspection(river, title=f"{CANARY} · bến Cây Gạo"))
    client.force_login(river.office.stranger)
    for query in ({}, {"q": CANARY}, {"ai": str(river.office.specialist.pk)}):
        assert taken(client, which, **query) == []
        assert CANARY not in client.get(reverse(f"work_{which}_export"), query).content.decode()


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t=", " =", "\uff1d", "\n@"])
def test_attack_88_no_cell_of_a_file_begins_a_formula(client: Client, river: River, sign: str) -> None:
    at_inspection(river, title=f'{sign}HYPERLINK("http://x";"y")')
    client.force_login(river.office.specialist)
    [row] = taken(client)
    assert row["Người nộp · thửa"].startswith("'")


def test_attack_89_who_took_which_list_is_recorded_once_with_how_many_rows(client: Client, river: River) -> None:
    at_inspection(river)
    client.force_login(river.office.specialist)
    before = AuditEvent.objects.count()
    taken(client, q="bến", han="ok", key="x")
    [event] = AuditEvent.objects.order_by("id")[before:]
    assert (event.stream, event.verb) == (f"account:{river.office.specialist.pk}", "work.exported")
    assert event.payload == canonical({"list": "unit", "count": 1, "narrowed": {"q": "bến", "han": "ok"}})


def test_of_a_list_too_long_no_part_is_given(client: Client, river: River, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_work, "MOST_ROWS", 2)
    for _case in range(3):
        at_inspection(river)
    client.force_login(river.office.specialist)
    with untouched():
        answer = client.get(reverse("work_unit_export"))
    assert answer.status_code == 422
    assert "hơn 2 dòng" in answer.content.decode()
    assert len(taken(client, han="ok", q=codes(at_inspection(river))[0])) == 1


def test_a_file_of_many_rows_costs_no_more_queries_than_one_of_few(
    client: Client, river: River, django_assert_num_queries: Any
) -> None:
    client.force_login(river.office.specialist)
    for more in (2, 30):
        for _case in range(more):
            at_inspection(river)
        with django_assert_num_queries(12):
            taken(client)
