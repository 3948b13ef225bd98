"""Deciding on a mismatch: who may, what is kept, and what becomes of a decision once something changes."""

import json

import pytest

from accounts.acting import Acting
from accounts.sight import NotVisible
from audit.models import AuditEvent
from audit.selectors import history
from dossiers.cross_check import Compared, cross_check
from dossiers.models import Dossier, MismatchRuling
from dossiers.operations.decide_mismatch import Seen, decide_mismatch
from dossiers.selectors import streams_of
from dossiers.states import Ruling
from pages.domain_errors import Conflict, Invalid, Refused
from tests.factories.accounts import acting_at
from tests.factories.dossiers import at_step, received
from tests.factories.office import Office
from tests.factories.readings import land, read_as, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def specialist(office: Office) -> Acting:
    return office.acting(office.specialist)


@pytest.fixture
def dossier(office: Office) -> Dossier:
    """At the specialist's step; the form says 312,5 m², the certificate 321,5."""
    dossier = at_step(office, received(office, scans=("application", "certificate")), "check")
    read_as(dossier, "certificate", *land("116", "24", "321.5"))
    return dossier


def area(dossier: Dossier, acting: Acting) -> Compared:
    row = cross_check(Dossier.objects.get(pk=dossier.pk), acting).row("area")
    assert row is not None
    return row


def decide(dossier: Dossier, acting: Acting, ruling: str = Ruling.PAPER_RIGHT, **how: str) -> MismatchRuling:
    """As the page that shows what is there now would send it."""
    seen = Seen(area(dossier, acting).fingerprint, area(dossier, acting).ruling_number)
    wanted = {"note": "", **how}
    return decide_mismatch(dossier_id=dossier.pk, fact="area", ruling=ruling, seen=seen, acting=acting, **wanted)


def events() -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(verb="mismatch.decided").order_by("id"))


def test_a_decision_is_kept_with_who_when_why_and_the_values_of_that_time(
    office: Office, dossier: Dossier, specialist: Acting
) -> None:
    kept = decide(dossier, specialist, note="  Đơn gõ nhầm hai chữ số ")
    assert (kept.ruling, kept.note, kept.form_value, kept.proposed) == (
        Ruling.PAPER_RIGHT,
        "Đơn gõ nhầm hai chữ số",
        "312,5 m²",
        "321.5",
    )
    assert (kept.ruled_by_id, kept.number, kept.label) == (
        office.specialist.pk,
        1,
        f"{area(dossier, specialist).title}: Diện tích",
    )
    [told] = kept.told
    assert (told["paper"], told["shown"], told["page"], told["confidence"]) == (
        "Giấy chứng nhận đã cấp",
        "321,5 m²",
        1,
        0.97,
    )


def test_it_closes_the_mismatch_and_changes_neither_form_nor_reading(dossier: Dossier, specialist: Acting) -> None:
    decide(dossier, specialist)
    row = area(dossier, specialist)
    assert (row.is_mismatch, row.is_open, row.fits) == (True, False, True)
    assert Dossier.objects.get(pk=dossier.pk).values["area"] == "312.5"


def test_it_leaves_one_event_in_a_clerks_words(dossier: Dossier, specialist: Acting) -> None:
    decide(dossier, specialist, Ruling.FORM_RIGHT, note="Giấy cũ, đã đo lại")
    [event] = events()
    payload = json.loads(event.payload)
    assert (payload["fact"], payload["ruling"], payload["number"]) == ("area", "form_right", 1)
    words = next(line.words for line in history(streams_of(dossier.pk)) if line.event.pk == event.pk)
    for part in ("Diện tích", "312,5 m²", "321,5 m²", "Giấy cũ, đã đo lại"):
        assert part in words


@pytest.mark.parametrize("ruling", [Ruling.FORM_RIGHT, Ruling.TO_COMPLETE, Ruling.IGNORED])
def test_what_the_paper_does_not_say_itself_wants_a_reason(
    dossier: Dossier, specialist: Acting, ruling: Ruling
) -> None:
    with pytest.raises(Invalid) as refused:
        decide(dossier, specialist, ruling)
    assert set(refused.value.fields) == {"note"}
    assert decide(dossier, specialist, ruling, note="Lý do").ruling == ruling


def test_a_doubtful_reading_is_found_wrong_without_a_reason(dossier: Dossier, specialist: Acting) -> None:
    read_as(dossier, "certificate", *land("116", "24"), said("area", "321.5", sure=0.5, group=1))
    assert decide(dossier, specialist, Ruling.FORM_RIGHT).note == ""


@pytest.mark.parametrize(
    ("ruling", "how"),
    [("right_of_course", {}), ("form_right", {"note": "x" * 1001}), ("paper_right", {"proposed": "999"})],
)
def test_what_cannot_be_meant_is_refused(
    dossier: Dossier, specialist: Acting, ruling: str, how: dict[str, str]
) -> None:
    with pytest.raises(Invalid):
        decide(dossier, specialist, ruling, **how)
    assert events() == []


def test_where_papers_disagree_the_value_to_propose_is_chosen(dossier: Dossier, specialist: Acting) -> None:
    read_as(dossier, "application", *land("116", "24", "330"))
    assert [voice.field.told for voice in area(dossier, specialist).proposals] == ["330", "321.5"]
    assert decide(dossier, specialist, proposed="321.5").proposed == "321.5"


# Who --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["clerk", "head", "look_up", "administrator"])
def test_only_who_has_the_open_step_decides(office: Office, dossier: Dossier, who: str) -> None:
    with pytest.raises(Refused):
        decide(dossier, office.acting(getattr(office, who)))
    assert not MismatchRuling.objects.exists()


def test_the_clerk_decides_while_the_first_step_is_his(office: Office, clerk: Acting) -> None:
    dossier = received(office, scans=("certificate",))
    read_as(dossier, "certificate", *land("116", "24", "321.5"))
    assert decide(dossier, clerk).ruled_by_id == office.clerk.pk


def test_for_a_stranger_there_is_no_such_dossier(office: Office, dossier: Dossier) -> None:
    with pytest.raises(NotVisible):
        decide_mismatch(
            dossier_id=dossier.pk,
            fact="area",
            ruling=Ruling.PAPER_RIGHT,
            note="",
            seen=Seen("", 0),
            acting=office.acting(office.stranger),
        )


# Two at once, and afterwards --------------------------------------------------------------------------


def test_attack_46_who_decides_on_an_old_page_is_told_who_was_first(
    office: Office, dossier: Dossier, specialist: Acting
) -> None:
    seen = Seen(area(dossier, specialist).fingerprint, 0)
    decide(dossier, specialist)
    colleague = acting_at(office.branch, roles=["specialist"])
    with pytest.raises(Conflict) as refused:
        decide_mismatch(
            dossier_id=dossier.pk, fact="area", ruling=Ruling.IGNORED, note="Không sao", seen=seen, acting=colleague
        )
    assert office.specialist.full_name in str(refused.value.message)
    assert len(events()) == 1


def test_attack_44_the_same_form_sent_twice_is_kept_once(dossier: Dossier, specialist: Acting) -> None:
    seen = Seen(area(dossier, specialist).fingerprint, 0)
    kept = {
        decide_mismatch(
            dossier_id=dossier.pk, fact="area", ruling=Ruling.PAPER_RIGHT, note="", seen=seen, acting=specialist
        ).pk
        for _sending in range(2)
    }
    assert (len(kept), len(events())) == (1, 1)


def test_a_page_from_before_the_paper_was_read_again_decides_nothing(dossier: Dossier, specialist: Acting) -> None:
    seen = Seen(area(dossier, specialist).fingerprint, 0)
    read_as(dossier, "certificate", *land("116", "24", "330"))
    with pytest.raises(Conflict):
        decide_mismatch(
            dossier_id=dossier.pk, fact="area", ruling=Ruling.PAPER_RIGHT, note="", seen=seen, acting=specialist
        )


def test_what_agrees_meanwhile_is_not_decided(dossier: Dossier, specialist: Acting) -> None:
    read_as(dossier, "certificate", *land("116", "24", "312.5"))
    with pytest.raises(Conflict):
        decide(dossier, specialist)
    read_as(dossier, "certificate")
    Dossier.objects.filter(pk=dossier.pk).update(values={})
    with pytest.raises(Invalid):
        decide_mismatch(
            dossier_id=dossier.pk,
            fact="area",
            ruling=Ruling.PAPER_RIGHT,
            note="",
            seen=Seen("", 0),
            acting=specialist,
        )


def test_another_value_read_makes_the_decision_outdated_and_the_mismatch_open(
    dossier: Dossier, specialist: Acting
) -> None:
    decide(dossier, specialist)
    read_as(dossier, "certificate", *land("116", "24", "330"))
    row = area(dossier, specialist)
    assert (row.is_outdated, row.is_open) == (True, True)


def test_the_same_value_read_again_leaves_the_decision_standing(dossier: Dossier, specialist: Acting) -> None:
    decide(dossier, specialist)
    read_as(dossier, "certificate", *land("116", "24"), said("area", "321.50", sure=0.88, group=1, page=2))
    assert area(dossier, specialist).fits


def test_a_form_that_was_edited_makes_the_decision_outdated(dossier: Dossier, specialist: Acting) -> None:
    decide(dossier, specialist, Ruling.FORM_RIGHT, note="Đã đo lại")
    values = {**Dossier.objects.get(pk=dossier.pk).values, "area": "313"}
    Dossier.objects.filter(pk=dossier.pk).update(values=values)
    row = area(dossier, specialist)
    assert (row.is_outdated, row.is_open) == (True, True)
    again = decide(dossier, specialist)
    assert (again.number, area(dossier, specialist).is_open) == (2, False)
    assert json.loads(events()[-1].payload)["before"] == "form_right"


def test_a_form_corrected_as_proposed_agrees(dossier: Dossier, specialist: Acting) -> None:
    kept = decide(dossier, specialist)
    values = {**Dossier.objects.get(pk=dossier.pk).values, "area": kept.proposed}
    Dossier.objects.filter(pk=dossier.pk).update(values=values)
    row = area(dossier, specialist)
    assert (row.is_mismatch, row.is_open, row.is_outdated) == (False, False, True)


def test_one_may_change_ones_mind(dossier: Dossier, specialist: Acting) -> None:
    decide(dossier, specialist)
    decide(dossier, specialist, Ruling.IGNORED, note="Sai số cho phép")
    assert [one.ruling for one in MismatchRuling.objects.order_by("number")] == ["paper_right", "ignored"]
    assert area(dossier, specialist).fits
