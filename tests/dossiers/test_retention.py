"""How long the records of a closed dossier are kept: by dated rules, for good where there is none."""

from datetime import date

import pytest

from audit.recording import SYSTEM
from dossiers.records.operations.load_retention import FaultyRetention, load_retention
from dossiers.records_models import RecordFile, RetentionRule
from dossiers.records_states import FileState
from tests.factories.dossiers import at_step, received
from tests.factories.office import Office
from tests.factories.records import closed

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
    since = {"valid_from": date(2014, 7, 1), "source": "thử"}
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
    ):
        with pytest.raises(FaultyRetention):
            load_retention(text=faulty, actor=SYSTEM)
