"""An edition as long as a province may ever want it: forty steps, with branches that meet, waits and ways back."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from workflow.procedures.reading import read_edition
from workflow.procedures.schema import Edition, Outcome, Step

_MODEL = Path(__file__).resolve().parents[1] / "workflow" / "procedures" / "editions" / "yen-giang" / "P9-2025.toml"
_GROUP = 5


def long_edition(steps: int = 40) -> Edition:
    """The correction of a certificate (P9) with so many steps, in groups of five, each like the one before."""
    model = read_edition(_MODEL.read_text("utf-8"))
    groups = [_group(number, is_last=number == steps // _GROUP) for number in range(1, steps // _GROUP + 1)]
    promised = replace(model.appointments[0], days=Decimal(steps))
    return replace(model, steps=tuple(step for group in groups for step in group), appointments=(promised,), results=())


def _group(number: int, *, is_last: bool) -> list[Step]:
    """Two branches, where they meet, and a wait for an outside event; from both one may go back."""
    begin, field, desk, meet, wait = (f"{name}_{number}" for name in ("begin", "field", "desk", "meet", "wait"))
    following = "" if is_last else f"begin_{number + 1}"
    return [
        _step(begin, "Phân công thẩm định", Outcome(code="split", name="Giao hai bộ phận", splits=(field, desk))),
        _step(field, "Kiểm tra thực địa, lập biên bản", _on("done", "Đã có biên bản", meet)),
        _step(desk, "Thẩm định hồ sơ, đối chiếu quy hoạch", _on("done", "Đã có ý kiến", meet)),
        replace(
            _step(meet, "Tổng hợp ý kiến, trình lãnh đạo", _on("submit", "Trình", wait), _back("again", begin)),
            joins=True,
        ),
        replace(
            _step(wait, "Chờ ý kiến cơ quan liên quan", _on("told", "Đã có trả lời", following), _back("redo", meet)),
            days=None,
            waits_for="opinion",
        ),
    ]


def _step(code: str, name: str, *outcomes: Outcome) -> Step:
    return Step(code=code, name=name, role="specialist", days=Decimal("0.5"), outcomes=outcomes)


def _on(code: str, name: str, to: str) -> Outcome:
    return Outcome(code=code, name=name, to=to)


def _back(code: str, to: str) -> Outcome:
    return Outcome(code=code, name="Trả lại", to=to, manner="back", is_note_required=True)
