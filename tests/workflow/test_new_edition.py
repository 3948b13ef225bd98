"""A province's edition of 2026 by data alone, as docs/guides/new-edition.md tells it."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from tests.factories.dossiers import at_step, case_behind, received
from tests.factories.moments import moment, stop_the_clock
from tests.factories.office import EDITIONS, Office, open_office
from workflow.models import ProcedureVersion
from workflow.procedures.selectors import version_in_force

pytestmark = pytest.mark.django_db
GUIDE = (Path(settings.BASE_DIR) / "docs" / "guides" / "new-edition.md").read_text("utf-8")


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Office:
    stop_the_clock(monkeypatch)
    return open_office()


def block(words: str) -> str:
    """The lines of the guide's example between these."""
    [example] = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
    lines = [line.removeprefix("   ") for line in example.splitlines()]
    text = "\n".join(lines)
    found = re.search(words, text, re.DOTALL | re.MULTILINE)
    assert found
    return found[0]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The edition of 2025 changed as the guide says."""
    text = (EDITIONS / "P6-2025.toml").read_text("utf-8")
    for pattern, words in (
        (r"^basis = \[.*?^\]", r"^basis = \[.*?^\]"),
        (r"^\[\[appointments\]\].*?^source = [^\n]*", r"^\[\[appointments\]\].*?^source = [^\n]*"),
        (r'^code = "2025"', r'^code = "2026"'),
        (r"^effective_from = [\d-]+", r"^effective_from = [\d-]+"),
    ):
        found = re.search(pattern, text, re.DOTALL | re.MULTILINE)
        assert found, pattern
        text = text.replace(found[0], block(words), 1)
    assert "days = 2.5" in text
    path = tmp_path / "P6-2026.toml"
    path.write_text(text.replace("days = 2.5", "days = 1.5"), "utf-8")
    return path


def test_a_new_dossier_takes_the_new_edition_by_its_date_and_a_running_one_keeps_its_own(
    office: Office, file: Path
) -> None:
    running = received(office, at=moment("2026-11-30 09:00"))
    call_command("load_procedures", str(file), verbosity=0)
    new = ProcedureVersion.objects.get(procedure="P6", code="2026")
    assert version_in_force("P6", date(2026, 11, 30)) == running.version != new
    assert version_in_force("P6", date(2026, 12, 1)) == new
    later = received(office, at=moment("2026-12-02 09:00"))
    assert later.version == new
    assert case_behind(later).edition_version == new
    assert [int(promised.days) for promised in new.edition.appointments] == [4]
    finished = at_step(office, running, "")
    assert case_behind(finished).edition_version.code == "2025"


def test_a_file_with_a_fault_publishes_nothing_and_names_the_place(office: Office, file: Path) -> None:
    file.write_text(file.read_text("utf-8").replace("days = 1.5", "days = 3.5", 1), "utf-8")
    with pytest.raises(CommandError, match=r"P6-2026.toml: appointments.1: its steps take"):
        call_command("load_procedures", str(file), verbosity=0)
    assert not ProcedureVersion.objects.filter(code="2026").exists()


def test_the_command_run_again_changes_nothing(office: Office, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in ("published", "unchanged"):
        call_command("load_procedures", str(file))
        assert f"P6-2026.toml: {words}" in capsys.readouterr().out
