"""Publishing an edition, and which one is in force on a day."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_fsm import TransitionNotAllowed

from audit.models import AuditEvent
from audit.recording import SYSTEM
from tests.factories.office import EDITIONS, open_office
from tests.workflow.ferry import FERRY, Landing
from workflow.models import Procedure, ProcedureVersion
from workflow.procedures.operations.publish import publish_edition
from workflow.procedures.reading import FaultyEdition
from workflow.procedures.selectors import version_in_force, versions_in_force

pytestmark = pytest.mark.django_db
Status = ProcedureVersion.Status


@pytest.fixture(autouse=True)
def names(landing: Landing) -> None:
    """The province's roles and types of paper, and the ferry's effects."""
    for command in ("load_organisation", "load_document_types"):
        call_command(command, verbosity=0)


def publish(text: str = FERRY) -> ProcedureVersion | None:
    return publish_edition(text=text, actor=SYSTEM)


def edition(code: str, begins: str, ends: str = "", name: str = "Bến đò") -> str:
    """The ferry's edition under another code and from another day."""
    text = FERRY.replace('code = "thu"', f'code = "{code}"', 1).replace('"Bến đò"', f'"{name}"', 1)
    end = f"\neffective_to = {ends}" if ends else ""
    return text.replace("effective_from = 2020-01-01", f"effective_from = {begins}{end}", 1)


def events() -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(verb="procedure.published").order_by("id"))


@pytest.mark.parametrize("path", sorted(EDITIONS.glob("*.toml")), ids=lambda path: path.stem)
def test_a_shipped_edition_publishes(path: Path) -> None:
    version = publish(path.read_text("utf-8"))
    assert version is not None
    assert (version.status, version.edition.code) == (Status.PUBLISHED, version.code)


def test_a_published_edition_keeps_its_text_and_dates() -> None:
    publish(edition("a", "2024-08-01", "2025-06-30"))
    version = ProcedureVersion.objects.get()
    assert (version.procedure_id, version.code, version.province) == ("DO", "a", "yen-giang")
    assert (version.effective_from, version.effective_to) == (date(2024, 8, 1), date(2025, 6, 30))
    assert version.source == edition("a", "2024-08-01", "2025-06-30")
    assert version.published_at is not None
    assert version.edition.effective_to == version.effective_to


def test_publishing_is_one_event() -> None:
    publish()
    [event] = events()
    assert (event.stream, event.officer_name) == ("procedure:DO", SYSTEM.officer_name)
    assert '"edition":"thu"' in event.payload
    assert '"effective_from":"2020-01-01"' in event.payload


def test_published_a_second_time_nothing_happens() -> None:
    version = publish()
    assert version is not None
    assert publish() is None
    assert len(events()) == ProcedureVersion.objects.count() == 1


def test_published_a_second_time_an_older_edition_does_not_give_its_name_back() -> None:
    publish(edition("a", "2014-07-01", name="Bến đò cũ"))
    publish(edition("b", "2025-07-01", name="Bến khách ngang sông"))
    assert publish(edition("a", "2014-07-01", name="Bến đò cũ")) is None
    assert Procedure.objects.get().short_name == "Bến khách ngang sông"


@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
def test_a_procedure_is_called_as_its_newest_edition_says(order: tuple[str, str]) -> None:
    texts = {"a": edition("a", "2014-07-01", name="cũ"), "b": edition("b", "2025-07-01", name="mới")}
    for code in order:
        publish(texts[code])
    assert Procedure.objects.get().short_name == "mới"


def test_another_text_under_a_published_code_is_refused() -> None:
    publish()
    with pytest.raises(FaultyEdition) as caught:
        publish(FERRY.replace("days = 2.5", "days = 2.25"))
    assert "published with another text" in str(caught.value)
    assert ProcedureVersion.objects.get().source == FERRY
    assert len(events()) == 1


def test_a_refused_text_changes_not_even_the_name_of_the_procedure() -> None:
    publish()
    with pytest.raises(FaultyEdition):
        publish(FERRY.replace('short_name = "Bến đò"', 'short_name = "Khác"'))
    assert Procedure.objects.get().short_name == "Bến đò"


def test_a_faulty_edition_is_not_published_and_every_fault_is_told() -> None:
    text = FERRY.replace('role = "head"', 'role = "admiral"').replace("days = 0.5", "days = 0.3")
    with pytest.raises(FaultyEdition) as caught:
        publish(text)
    assert len(caught.value.faults) == 2
    assert not ProcedureVersion.objects.exists()
    assert not Procedure.objects.exists()
    assert events() == []


def test_another_province_has_editions_of_its_own(settings: Any) -> None:
    publish()
    settings.PROVINCE = "khac"
    assert version_in_force("DO") is None
    assert publish() is not None
    assert ProcedureVersion.objects.count() == 2


# Status --------------------------------------------------------------------------------------------


def test_an_edition_goes_from_draft_over_checked_to_published_to_retired() -> None:
    version = ProcedureVersion()
    for move, status in (
        (version.check_off, Status.CHECKED),
        (version.publish, Status.PUBLISHED),
        (version.retire, Status.RETIRED),
    ):
        move()
        assert version.status == status


@pytest.mark.parametrize(
    ("status", "move"),
    [
        (Status.DRAFT, "publish"),
        (Status.DRAFT, "retire"),
        (Status.CHECKED, "check_off"),
        (Status.CHECKED, "retire"),
        (Status.PUBLISHED, "publish"),
        (Status.PUBLISHED, "check_off"),
        (Status.RETIRED, "publish"),
        (Status.RETIRED, "check_off"),
        (Status.RETIRED, "retire"),
    ],
)
def test_no_other_way_leads_on(status: str, move: str) -> None:
    version = ProcedureVersion(status=status)
    with pytest.raises(TransitionNotAllowed):
        getattr(version, move)()


def test_the_status_is_not_written_by_hand() -> None:
    version = ProcedureVersion()
    with pytest.raises(AttributeError):
        version.status = Status.PUBLISHED


@pytest.mark.databases_differ
def test_the_database_keeps_one_edition_of_a_code() -> None:
    version = publish()
    assert version is not None
    values = {"procedure": version.procedure, "code": "thu", "effective_from": date(2026, 1, 1), "source": FERRY}
    with pytest.raises(IntegrityError), transaction.atomic():
        ProcedureVersion.objects.create(province="yen-giang", **values)


@pytest.mark.databases_differ
def test_the_database_refuses_an_edition_that_ends_before_it_begins() -> None:
    version = publish()
    assert version is not None
    version.effective_to = date(2019, 12, 31)
    with pytest.raises(IntegrityError), transaction.atomic():
        version.save()


# In force ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("procedure", "day", "code"),
    [
        ("P6", date(2014, 6, 30), None),
        ("P6", date(2014, 7, 1), "2014"),
        ("P6", date(2020, 1, 1), "2014"),
        ("P6", date(2024, 7, 31), "2014"),
        ("P6", date(2024, 8, 1), "2024"),
        ("P6", date(2025, 6, 30), "2024"),
        ("P6", date(2025, 7, 1), "2025"),
        ("P6", date(2050, 1, 1), "2025"),
        ("P2", date(2020, 1, 1), "2014"),
        # The limit of P7 from August 2024 to June 2025 isn't known: no dossier can be taken in under it.
        ("P7", date(2024, 7, 31), "2014"),
        ("P7", date(2024, 8, 1), None),
        ("P7", date(2025, 6, 30), None),
        ("P7", date(2025, 7, 1), "2025"),
        ("P10", date(2020, 1, 1), None),
    ],
)
def test_the_edition_in_force_is_that_of_the_day(procedure: str, day: date, code: str | None) -> None:
    call_command("load_procedures", verbosity=0)
    version = version_in_force(procedure, day)
    assert (version.code if version else None) == code


def test_without_a_day_today_counts() -> None:
    open_office()
    assert version_in_force("P6") == version_in_force("P6", timezone.localdate())
    assert version_in_force("P6") is not None


def test_the_newest_wins_where_several_overlap() -> None:
    for code, begins in (("b", "2025-07-01"), ("a", "2020-01-01"), ("c", "2030-01-01")):
        publish(edition(code, begins))
    found = version_in_force("DO", date(2026, 11, 9))
    assert found is not None
    assert found.code == "b"


def test_of_two_in_force_from_the_same_day_the_one_published_last_counts() -> None:
    """A correction brought on the day itself takes the place of what it corrects."""
    for code in ("b", "c", "a"):
        last = publish(edition(code, "2025-07-01"))
        assert version_in_force("DO", date(2026, 11, 9)) == last


@pytest.mark.parametrize("status", [Status.DRAFT, Status.CHECKED, Status.RETIRED])
def test_only_a_published_edition_is_in_force(status: str) -> None:
    publish()
    ProcedureVersion.objects.update(status=status)
    assert version_in_force("DO") is None


def test_the_editions_in_force_come_by_procedure_newest_first() -> None:
    open_office("P6-2025.toml", "P2-2025.toml")
    publish(edition("a", "2020-01-01"))
    publish(edition("b", "2025-07-01"))
    found = [(version.procedure_id, version.code) for version in versions_in_force(date(2026, 11, 9))]
    assert found == [("DO", "b"), ("DO", "a"), ("P2", "2025"), ("P6", "2025")]


# The command ---------------------------------------------------------------------------------------


def test_the_command_publishes_the_province_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_procedures")
    assert re.findall(r"(\S+): published", capsys.readouterr().out) == [
        path.name for path in sorted(EDITIONS.iterdir())
    ]
    call_command("load_procedures")
    assert "published" not in capsys.readouterr().out


def test_the_command_names_file_and_fault_and_publishes_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(FERRY.replace('role = "head"', 'role = "admiral"'), "utf-8")
    (tmp_path / "b.toml").write_text(edition("b", "2025-07-01"), "utf-8")
    (tmp_path / "c.toml").write_bytes(b'name = "\xff"')
    with pytest.raises(CommandError) as caught:
        call_command("load_procedures", tmp_path)
    assert str(caught.value).splitlines() == [
        "a.toml: steps.agree: unknown role admiral",
        "c.toml: no UTF-8 text at byte 8",
    ]
    assert ProcedureVersion.objects.get().code == "b"


@pytest.mark.parametrize("name", ["", "khong-co.toml"])
def test_the_command_says_when_there_is_nothing_to_publish(tmp_path: Path, name: str) -> None:
    with pytest.raises(CommandError) as caught:
        call_command("load_procedures", tmp_path / name)
    assert str(caught.value)
