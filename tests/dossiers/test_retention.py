"""How long the records of a closed dossier are kept: by dated rules, for good where there is none."""

import json
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.sight import NotVisible
from audit.models import AuditEvent
from audit.recording import SYSTEM
from dossiers.records.operations.classify_file import classify_file
from dossiers.records.operations.load_retention import FaultyRetention, load_retention
from dossiers.records_models import RecordFile, RetentionClass, RetentionRule
from dossiers.records_states import FileState
from pages.domain_errors import Conflict, Invalid, Refused
from tests.factories.dossiers import at_step, received
from tests.factories.office import Office
from tests.factories.records import again, closed, listed

pytestmark = pytest.mark.django_db


def test_a_returned_dossier_has_a_file_with_class_and_date(office: Office) -> None:
    file = closed(office)
    assert (file.state, file.year, file.unit) == (FileState.CURRENT, 2026, office.branch)
    assert (file.retention_id, file.keep_until) == ("permanent", None)


def test_a_dossier_going_on_has_none(office: Office) -> None:
    at_step(office, received(office), "hand_over")
    assert not RecordFile.objects.exists()


def test_a_procedure_nobody_has_a_rule_for_is_kept_for_good(office: Office) -> None:
    RetentionRule.objects.all().delete()
    file = closed(office)
    assert (file.retention, file.keep_until) == (None, None)


@pytest.mark.parametrize(
    ("procedure", "paper", "kept_as", "until"),
    [
        ("years-5", "", "years-5", date(2031, 12, 31)),
        ("years-5", "years-10", "years-10", date(2036, 12, 31)),
        ("years-10", "years-5", "years-10", date(2036, 12, 31)),
        ("years-5", "permanent", "permanent", None),
    ],
)
def test_a_paper_can_only_lengthen_what_the_procedure_says(
    office: Office, procedure: str, paper: str, kept_as: str, until: date | None
) -> None:
    RetentionRule.objects.all().delete()
    RetentionClass.objects.create(code="years-10", name="10 năm", years=10, source="thử")
    since: dict[str, Any] = {"valid_from": date(2014, 7, 1), "source": "thử"}
    RetentionRule.objects.create(procedure="P6", retention_id=procedure, **since)
    if paper:
        RetentionRule.objects.create(document_type="giay_chung_nhan", retention_id=paper, **since)
    file = closed(office)
    assert (file.retention_id, file.keep_until) == (kept_as, until)


def test_rules_count_as_of_the_day_of_closing(office: Office) -> None:
    RetentionRule.objects.all().delete()
    ended = {"valid_from": date(2014, 7, 1), "valid_to": date(2026, 11, 30), "source": "thử"}
    RetentionRule.objects.create(procedure="P6", retention_id="years-5", **ended)
    assert closed(office).keep_until is None


def test_loading_classes_again_changes_nothing_and_faults_are_told(office: Office) -> None:
    text = '[[classes]]\ncode = "y2"\nname = "2 năm"\nyears = 2\nsource = "[?]"\n'
    assert load_retention(text=text, actor=SYSTEM)
    assert not load_retention(text=text, actor=SYSTEM)
    rule = '[[rules]]\nclass = "y2"\nsource = "x"\nvalid_from = 2020-01-01\n'
    for faulty in (
        rule,
        f'{rule}procedure = "P6"\nword = 1\n',
        text.replace("2\ns", "0\ns"),
        "[[",
        '[[classes]]\ncode="a"',
        'classes = ["x"]',
        'rules = "x"',
        f'{rule}procedure = "P6"\n'.replace("2020-01-01", '"abc"'),
        f'{rule}procedure = "P6"\nvalid_to = 2020-01-01T00:00:00\n',
        text.replace('"2 năm"', "2"),
        text.replace("[?]", "x" * 251),
    ):
        with pytest.raises(FaultyRetention):
            load_retention(text=faulty, actor=SYSTEM)


def test_of_two_rules_for_a_type_of_paper_the_newer_one_counts(office: Office) -> None:
    RetentionRule.objects.all().delete()
    RetentionRule.objects.create(procedure="P6", retention_id="years-5", valid_from=date(2014, 7, 1), source="thử")
    for since, kept_as in ((date(2014, 7, 1), "permanent"), (date(2024, 8, 1), "years-5")):
        RetentionRule.objects.create(
            document_type="giay_chung_nhan", retention_id=kept_as, valid_from=since, source="thử"
        )
    assert closed(office).retention_id == "years-5"


def test_the_trail_has_each_class_and_rule_that_changed_with_what_it_said_before(db: None) -> None:
    text = '[[classes]]\ncode = "y2"\nname = "2 năm"\nyears = 2\nsource = "x"\n'
    rule = '[[rules]]\nprocedure = "P6"\nclass = "y2"\nsource = "x"\nvalid_from = 2020-01-01\n'
    load_retention(text=text + rule, actor=SYSTEM)
    load_retention(text=(text + rule).replace("years = 2\n", ""), actor=SYSTEM)
    told = [json.loads(event.payload) for event in AuditEvent.objects.filter(verb="retention.changed").order_by("pk")]
    assert [one["about"] for one in told] == ["y2", "P6 2020-01-01", "y2"]
    assert told[0]["before"] == "–"
    assert "years=2" in told[2]["before"]
    assert "years=None" in told[2]["after"]


def test_no_shipped_rule_is_without_effect(office: Office) -> None:
    shortest = RetentionClass.objects.order_by("years").exclude(years=None).first()
    assert not RetentionRule.objects.exclude(document_type="").filter(retention=shortest).exists()


# A class for what no rule speaks of ------------------------------------------------------------------


def unknown(office: Office) -> RecordFile:
    RetentionRule.objects.all().delete()
    return closed(office)


def test_records_no_rule_speaks_of_are_given_a_class_with_a_reason(office: Office) -> None:
    file, keeper = unknown(office), office.acting(office.specialist)
    with pytest.raises(Invalid):
        classify_file(file_id=file.pk, retention="years-5", reason=" ", acting=keeper)
    with pytest.raises(Invalid):
        classify_file(file_id=file.pk, retention="khong-co", reason="Theo quyết định", acting=keeper)
    classify_file(file_id=file.pk, retention="years-5", reason="Theo quyết định", acting=keeper)
    file = again(file)
    assert (file.retention_id, file.keep_until) == ("years-5", date(2031, 12, 31))
    event = AuditEvent.objects.get(verb="dossier.classified")
    assert (event.stream, json.loads(event.payload)["reason"]) == (f"dossier:{file.dossier_id}", "Theo quyết định")


def test_a_class_is_only_made_longer(office: Office) -> None:
    file, keeper = unknown(office), office.acting(office.specialist)
    for kept_as in ("years-5", "permanent"):
        classify_file(file_id=file.pk, retention=kept_as, reason="Theo quyết định", acting=keeper)
    for kept_as in ("years-5", "permanent"):
        with pytest.raises(Conflict):
            classify_file(file_id=file.pk, retention=kept_as, reason="Theo quyết định", acting=keeper)
    assert again(file).keep_until is None


def test_only_who_keeps_the_records_says_how_long(office: Office) -> None:
    file = unknown(office)
    with pytest.raises(Refused):
        classify_file(file_id=file.pk, retention="years-5", reason="Ý kiến", acting=office.acting(office.head))
    with pytest.raises(NotVisible):
        classify_file(file_id=file.pk, retention="years-5", reason="Ý kiến", acting=office.acting(office.stranger))


def test_the_page_of_a_list_gives_a_class_to_records_without_one(office: Office) -> None:
    file, client = unknown(office), Client()
    found = listed(office)
    client.force_login(office.specialist)
    address = reverse("records_classify", args=[found.pk, file.pk])
    assert address in client.get(reverse("records_list", args=[found.pk])).content.decode()
    client.post(address, {"retention": "permanent", "reason": "Sổ địa chính"})
    assert again(file).retention_id == "permanent"
    assert address not in client.get(reverse("records_list", args=[found.pk])).content.decode()
