"""Receiving a dossier: everything at once or nothing, each missing thing by its field, the clock from there."""

import json
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from accounts.acting import Acting, unit_token
from accounts.models import NumberSeries, Unit
from accounts.sight import NotVisible, tokens_of
from audit.models import AuditEvent, StreamHead
from documents.models import DocumentToken
from dossiers.models import Applicant, Dossier, DossierToken, IssuedForm
from dossiers.operations import receive as module
from dossiers.operations.draft import begin_draft
from dossiers.operations.receive import receive_dossier
from dossiers.selectors import visible_dossiers
from dossiers.states import Status
from jobs.models import OutboxRow
from pages.domain_errors import Conflict, Invalid, Refused
from tests.factories.accounts import acting_at
from tests.factories.dossiers import begun, case_behind, open_step, received, scanned, typed_intake
from tests.factories.moments import MORNING, moment, stop_the_clock
from tests.factories.office import INVENTED, Office, publish
from workflow.clock.ledger import ClockState, EntryKind
from workflow.models import Case

pytestmark = pytest.mark.django_db


def refused(dossier: Dossier, office: Office, procedure: str = "P6", **changes: Any) -> Invalid:
    """The fault of receiving the draft as typed."""
    typed = typed_intake(office, procedure, **changes)
    with pytest.raises(Invalid) as fault:
        receive_dossier(dossier_id=dossier.pk, typed=typed, acting=office.acting(office.clerk))
    return fault.value


def everything() -> dict[str, list[Any]]:
    """Every row of every table."""
    return {
        model._meta.db_table: sorted(map(repr, model._default_manager.values_list()))
        for model in apps.get_models(include_auto_created=True)
    }


# All of it --------------------------------------------------------------------------------------------


def test_a_received_dossier_has_all_it_needs(office: Office, clerk: Acting) -> None:
    draft = begun(office)
    events = AuditEvent.objects.count()
    OutboxRow.objects.all().delete()

    dossier = receive_dossier(dossier_id=draft.pk, typed=typed_intake(office), acting=clerk)

    dossier.refresh_from_db()
    assert (dossier.code, dossier.status, dossier.received_at) == ("H99.15-261202-0001", Status.RECEIVED, MORNING)
    assert (dossier.received_unit, dossier.unit, dossier.clerk) == (office.one_stop, office.branch, office.clerk)
    assert dossier.draft == {}
    assert dossier.values["area"] == "312.5"
    assert dossier.summary == "thửa 116, tờ 24, xã Tân Lộc"
    assert len(dossier.public_key) == 16
    assert list(dossier.forms.values_list("code", "number")) == [("receipt", "0001")]
    assert AuditEvent.objects.count() == events + 1
    event = AuditEvent.objects.latest("id")
    assert (event.stream, event.verb, event.occurred_at) == (f"dossier:{dossier.pk}", "dossier.received", MORNING)
    assert json.loads(event.payload)["code"] == dossier.code
    assert set(OutboxRow.objects.values_list("topic", "key")) == {("index", f"dossier:{dossier.pk}")}


def test_its_case_stands_at_the_first_step_in_the_clerks_hands(office: Office) -> None:
    dossier = received(office)
    case, run = case_behind(dossier), open_step(dossier)
    assert (case.code, case.home_unit, case.unit) == (dossier.code, office.one_stop, office.branch)
    assert case.edition_version == dossier.version
    assert (run.step, run.unit, run.owner) == ("receive", office.one_stop, office.clerk)


def test_its_clock_runs_from_the_receipt(office: Office) -> None:
    case = case_behind(received(office))
    [entry] = case.clock_entries.all()
    assert (entry.kind, entry.at, entry.appointment, entry.limit) == (EntryKind.START, MORNING, 1, 5 * 480)
    assert (case.clock_state, case.due_at) == (ClockState.RUNNING, moment("2026-12-09 17:00"))


def test_the_units_on_its_way_see_it_as_it_reaches_them(office: Office) -> None:
    dossier = received(office)
    assert tokens_of(DossierToken, [dossier.pk]) == {dossier.pk: [unit_token(office.one_stop.pk)]}
    assert not visible_dossiers(office.acting(office.specialist)).exists()


def test_its_papers_are_as_they_were_handed_in(office: Office) -> None:
    dossier = received(office, paper__certificate__form="certified", paper__certificate__quantity="2")
    rows = dossier.components.order_by("position").values_list("code", "is_handed_in", "form_of_paper", "quantity")
    assert list(rows) == [
        ("application", True, "original", 1),
        ("certificate", True, "certified", 2),
        ("survey", False, "original", 1),
        ("authorisation", False, "original", 1),
    ]


def test_a_scan_counts_as_handed_in(office: Office, clerk: Acting) -> None:
    draft = begun(office)
    scan = scanned(office, draft, "certificate")
    typed = typed_intake(office, paper__certificate__in=None)
    dossier = receive_dossier(dossier_id=draft.pk, typed=typed, acting=clerk)
    assert dossier.components.get(code="certificate").is_handed_in
    assert tokens_of(DocumentToken, [scan.document_id])[scan.document_id] == [unit_token(office.one_stop.pk)]


def test_an_invented_procedure_is_received_like_any_other(office: Office) -> None:
    dossier = received(office, "ONG")
    assert (dossier.summary, dossier.values["keepers"]) == ("bìa rừng Đồi Mây, 12 đàn", [{"name": "Sầm Thị Ong"}])


@pytest.mark.parametrize(
    "step", ["issue_receipt", "_record", "start_case", "index_later", "allot_code"], ids=lambda name: name.strip("_")
)
def test_attack_80_a_failure_anywhere_leaves_nothing(
    office: Office, clerk: Acting, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Neither code nor number, case, applicant, form nor event: the next dossier gets the number."""
    draft = begun(office)
    before = everything()

    def fails(*_args: object, **_kwargs: object) -> None:
        raise OSError

    with monkeypatch.context() as patch, pytest.raises(OSError):
        patch.setattr(module, step, fails)
        receive_dossier(dossier_id=draft.pk, typed=typed_intake(office), acting=clerk)
    assert everything() == before
    dossier = receive_dossier(dossier_id=draft.pk, typed=typed_intake(office), acting=clerk)
    assert dossier.code == "H99.15-261202-0001"


def test_a_faulty_pattern_of_codes_is_told_and_what_was_typed_stays(client: Client, office: Office) -> None:
    Unit.objects.filter(pk=office.one_stop.pk).update(code_pattern="{agency}-{number}")
    client.force_login(office.clerk)
    draft = begun(office)
    response = client.post(reverse("intake_receive", args=[draft.pk]), typed_intake(office).dict())
    assert response.status_code == 422
    assert office.one_stop.name in response.content.decode()
    assert Dossier.objects.get(pk=draft.pk).draft["name"] == ["Phùng Thị Ngát"]
    assert not NumberSeries.objects.exists()


# What is missing --------------------------------------------------------------------------------------


def test_each_missing_thing_is_named_by_its_field(office: Office) -> None:
    nothing: dict[str, Any] = {name.replace("-", "__"): None for name in typed_intake(office)}
    fault = refused(begun(office), office, **nothing)
    assert set(fault.fields) == {
        *("kind", "id_number", "name", "phone", "address", "unit"),
        *(f"form-{code}" for code in ("parcel", "sheet", "commune", "area", "certificate_serial", "reason")),
        *("paper-application-in", "paper-certificate-in"),
    }


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id_number": "12"}, "id_number"),
        ({"birth_date": "31/02/1974"}, "birth_date"),
        ({"email": "không có"}, "email"),
        ({"form__parcel": "1/2"}, "form-parcel"),
        ({"form__area": "ba trăm"}, "form-area"),
        ({"form__area": "-1"}, "form-area"),
        ({"form__reason": "none"}, "form-reason"),
        ({"form__reason": "other"}, "form-reason_note"),
        ({"form__reason": "remeasured"}, "paper-survey-in"),
        ({"paper__application__in": None}, "paper-application-in"),
        ({"name": "x" * 161}, "name"),
    ],
)
def test_what_is_wrong_is_named_by_its_field_and_nothing_else_is(
    office: Office, changes: dict[str, Any], field: str
) -> None:
    assert set(refused(begun(office), office, **changes).fields) == {field}


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"paper__contract__in": None}, {"paper-contract-in"}),
        ({"paper__income_tax__in": None}, {"paper-income_tax-in"}),
        ({"form__kind_of_transfer": "gift", "paper__income_tax__in": None}, {"paper-income_tax-in"}),
        ({"form__scope": "part"}, {"paper-drawing-in"}),
        ({"form__price": None}, {"form-price"}),
        ({"form__recipients__0__id_number": "12"}, {"form-recipients-0-id_number"}),
        ({"form__recipients__0__name": ""}, {"form-recipients-0-name"}),
    ],
)
def test_conditional_papers_and_rows_are_asked_for_when_they_apply(
    office: Office, changes: dict[str, Any], missing: set[str]
) -> None:
    assert set(refused(begun(office, "P2"), office, "P2", **changes).fields) == missing


@pytest.mark.parametrize(
    "changes",
    [
        {"form__kind_of_transfer": "inheritance", "form__price": None, "paper__income_tax__in": None},
        {"form__scope": "part", "paper__drawing__in": "yes"},
        {"form__kind_of_transfer": "gift", "form__price": ""},
    ],
)
def test_what_does_not_apply_is_not_asked_for(office: Office, changes: dict[str, Any]) -> None:
    assert received(office, "P2", **changes).status == Status.RECEIVED


def test_the_authorisation_is_asked_for_when_somebody_else_comes(office: Office) -> None:
    somebody = {"representative_name": "Lục Văn Thạo", "representative_id_number": "099068001177"}
    assert set(refused(begun(office), office, is_represented="on", **somebody).fields) == {"paper-authorisation-in"}


EMPTY_ROW = {f"form__recipients__0__{column}": "" for column in ("id_number", "name", "birth_year", "share")}


@pytest.mark.parametrize(
    "changes",
    [
        EMPTY_ROW,
        {**EMPTY_ROW, "form__recipients__TOTAL_FORMS": "0"},
        {"form__recipients__TOTAL_FORMS": None},
        {"form__recipients__TOTAL_FORMS": "nine"},
        {"form__recipients__TOTAL_FORMS": "51"},
        {"form__recipients__TOTAL_FORMS": "1000000000"},
    ],
    ids=["empty", "none", "torn", "nonsense", "too many", "bomb"],
)
def test_a_table_without_its_rows_is_refused_and_the_page_says_which(
    client: Client, office: Office, changes: dict[str, Any]
) -> None:
    """A post without the count of rows, or with more than are read, would lose rows unseen."""
    client.force_login(office.clerk)
    draft = begun(office, "P2")
    typed = typed_intake(office, "P2", **changes)
    response = client.post(reverse("intake_receive", args=[draft.pk]), typed.dict())
    assert response.status_code == 422
    assert response.context["fault"].fields
    assert "Bên nhận: " in response.content.decode()
    assert Dossier.objects.get(pk=draft.pk).is_draft


def test_the_screen_comes_back_with_everything_that_was_typed(client: Client, office: Office) -> None:
    client.force_login(office.clerk)
    draft = begun(office)
    typed = typed_intake(office, id_number="12", form__parcel="1/2", address="thôn Đồng Vừng")
    response = client.post(reverse("intake_receive", args=[draft.pk]), typed.dict())
    html = response.content.decode()
    assert response.status_code == 422
    for words in ('value="12"', 'value="1/2"', 'value="thôn Đồng Vừng"', 'value="312,5"'):
        assert words in html
    assert Dossier.objects.get(pk=draft.pk).draft["id_number"] == ["12"]
    assert not Applicant.objects.exists()


def test_an_edition_no_longer_in_force_takes_no_dossier(
    office: Office, clerk: Acting, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_the_clock(monkeypatch, moment("2024-07-31 09:00"))
    draft = begun(office)
    stop_the_clock(monkeypatch, moment("2024-08-01 09:00"))
    assert "2014" in str(refused(draft, office).message)
    assert Dossier.objects.get(pk=draft.pk).is_draft


def test_an_edition_a_newer_one_has_followed_takes_no_dossier(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody writes an end into the older edition: the newer one's first day is it."""
    draft = begun(office, "ONG")
    text = INVENTED.read_text("utf-8").replace('code = "thu"', 'code = "moi"')
    publish(text.replace("effective_from = 2020-01-01", "effective_from = 2026-12-03"))
    stop_the_clock(monkeypatch, moment("2026-12-03 08:00"))
    assert "thu" in str(refused(draft, office, "ONG").message)
    assert Dossier.objects.get(pk=draft.pk).is_draft


# Twice, and others ------------------------------------------------------------------------------------


def test_attack_44_the_same_form_sent_twice_is_one_dossier(client: Client, office: Office) -> None:
    client.force_login(office.clerk)
    draft, typed = begun(office), typed_intake(office).dict()
    first = client.post(reverse("intake_receive", args=[draft.pk]), typed)
    before = everything()
    second = client.post(reverse("intake_receive", args=[draft.pk]), typed)
    assert first.status_code == second.status_code == 303
    assert first["Location"] == second["Location"] == reverse("dossier", args=[draft.pk])
    after = everything()
    del before["django_session"], after["django_session"]
    assert after == before


def test_attack_45_a_colleague_who_comes_second_is_told_who_was_first(client: Client, office: Office) -> None:
    dossier = received(office)
    colleague = acting_at(office.one_stop, roles=["clerk"])
    with pytest.raises(Conflict) as conflict:
        receive_dossier(dossier_id=dossier.pk, typed=typed_intake(office), acting=colleague)
    assert office.clerk.full_name in str(conflict.value.message)
    assert str(dossier.code) in str(conflict.value.message)


def test_a_colleague_may_receive_what_another_began(office: Office) -> None:
    colleague = acting_at(office.one_stop, roles=["clerk"])
    dossier = receive_dossier(dossier_id=begun(office).pk, typed=typed_intake(office), acting=colleague)
    assert dossier.clerk_id == colleague.officer_id
    assert open_step(dossier).owner_id == colleague.officer_id


@pytest.mark.parametrize("who", ["administrator", "look_up_of_the_shop"])
def test_who_does_not_receive_is_refused(office: Office, who: str) -> None:
    acting = office.acting(office.administrator)
    if who == "look_up_of_the_shop":
        acting = acting_at(office.one_stop, "lookup", ["clerk"])
    with pytest.raises(Refused):
        receive_dossier(dossier_id=begun(office).pk, typed=typed_intake(office), acting=acting)


@pytest.mark.parametrize("who", ["specialist", "head", "look_up", "stranger"])
def test_attack_34_another_units_draft_is_not_there(office: Office, who: str) -> None:
    with pytest.raises(NotVisible):
        receive_dossier(
            dossier_id=begun(office).pk, typed=typed_intake(office), acting=office.acting(getattr(office, who))
        )


def test_attack_41_columns_sent_along_are_ignored(office: Office) -> None:
    evil: dict[str, Any] = {
        "code": "H99-1",
        "status": "returned",
        "received_unit": office.branch.pk,
        "clerk": office.head.pk,
        "public_key": "known",
        "received_at": "2020-01-01",
        "due_at": "2030-01-01",
        "version": "999",
        "id": "999",
        "owner": office.head.pk,
        "applicant": "1",
        "values": "{}",
        "form__price": "1",
        "paper__drawing__in": "yes",
    }
    same: dict[str, Any] = {"form__parcel": "116", "form__certificate_serial": "DK 248032"}
    plain, dossier = received(office), received(office, **evil, **same)
    assert (dossier.code, dossier.status) == ("H99.15-261202-0002", Status.RECEIVED)
    assert (dossier.received_unit, dossier.clerk) == (office.one_stop, office.clerk)
    assert dossier.public_key not in ("known", plain.public_key)
    assert (dossier.received_at, dossier.version, dossier.values) == (plain.received_at, plain.version, plain.values)
    assert case_behind(dossier).due_at == case_behind(plain).due_at
    assert open_step(dossier).owner == office.clerk
    assert set(dossier.components.values_list("code", flat=True)) == set(
        plain.components.values_list("code", flat=True)
    )


def test_nothing_of_another_dossier_is_touched(office: Office) -> None:
    first = received(office)
    before = Dossier.objects.values().get(pk=first.pk), StreamHead.objects.get(stream=f"dossier:{first.pk}").hash
    received(office, name="Lục Văn Thạo", id_number="099068001177")
    assert (
        Dossier.objects.values().get(pk=first.pk),
        StreamHead.objects.get(stream=f"dossier:{first.pk}").hash,
    ) == before
    assert (Case.objects.count(), IssuedForm.objects.count()) == (2, 2)


def test_a_draft_begun_in_the_demo_way_is_received_by_its_pages(client: Client, office: Office) -> None:
    client.force_login(office.clerk)
    begin = client.post(reverse("intake_begin"), {"procedure": "P6"})
    draft = Dossier.objects.get()
    assert begin["Location"] == reverse("intake", args=[draft.pk])
    page = client.post(reverse("intake_receive", args=[draft.pk]), typed_intake(office).dict(), follow=True)
    assert page.status_code == 200
    assert "0001" in page.content.decode()
    assert begin_draft(procedure="P6", acting=office.acting(office.clerk)).code is None
