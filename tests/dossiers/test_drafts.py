"""A dossier before its receipt: begun, saved as typed, moved to another procedure, discarded."""

import re

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from accounts.acting import Acting
from accounts.sight import NotVisible
from audit.models import AuditEvent
from dossiers.intake import Intake
from dossiers.models import Dossier
from dossiers.operations.attach import attach_scan
from dossiers.operations.discarded import KEPT_FOR
from dossiers.operations.draft import LARGEST_DRAFT, begin_draft, change_procedure, discard_draft, save_draft
from dossiers.selectors import own_drafts
from dossiers.states import Status
from pages.domain_errors import Conflict, Invalid, Refused
from portal.demo.visitor import page_of
from tests.factories.accounts import UnitFactory, acting_at
from tests.factories.documents import pdf
from tests.factories.dossiers import begun, received, scanned, typed_intake
from tests.factories.moments import moment, stop_the_clock
from tests.factories.office import INVENTED, Office, publish

pytestmark = pytest.mark.django_db


def saved(dossier: Dossier, typed: QueryDict, acting: Acting) -> Dossier:
    save_draft(dossier_id=dossier.pk, typed=dict(typed.lists()), acting=acting)
    return Dossier.objects.get(pk=dossier.pk)


def shown_fields(client: Client, dossier: Dossier) -> dict[str, str]:
    """What the intake screen would send untouched."""
    response = client.get(reverse("intake", args=[dossier.pk]))
    assert response.status_code == 200
    return dict(page_of("/", response.content.decode()).form(reverse("intake_receive", args=[dossier.pk])).fields)


# Begun ----------------------------------------------------------------------------------------------


def test_a_draft_has_no_code_and_the_papers_of_its_edition(office: Office, clerk: Acting) -> None:
    dossier = begin_draft(procedure="P2", acting=clerk)
    assert (dossier.code, dossier.status, dossier.received_unit_id) == (None, Status.REGISTERED, clerk.unit_id)
    asked = [component.code for component in dossier.version.edition.components]
    assert list(dossier.components.order_by("position").values_list("code", flat=True)) == asked
    assert not dossier.components.filter(is_handed_in=True).exists()


def test_attack_81_beginning_is_one_event(office: Office, clerk: Acting) -> None:
    before = AuditEvent.objects.count()
    dossier = begin_draft(procedure="P6", acting=clerk)
    event = AuditEvent.objects.latest("id")
    assert AuditEvent.objects.count() == before + 1
    assert (event.stream, event.verb, event.officer_id) == (
        f"dossier:{dossier.pk}",
        "dossier.registered",
        clerk.officer_id,
    )


@pytest.mark.parametrize("who", ["specialist", "head", "look_up", "stranger", "administrator"])
def test_only_a_receiver_begins(office: Office, who: str) -> None:
    with pytest.raises(Refused):
        begin_draft(procedure="P6", acting=office.acting(getattr(office, who)))
    assert not Dossier.objects.exists()


def test_a_look_up_account_of_the_one_stop_shop_begins_nothing(office: Office) -> None:
    with pytest.raises(Refused):
        begin_draft(procedure="P6", acting=acting_at(office.one_stop, "lookup", ["clerk"]))


@pytest.mark.parametrize("procedure", ["", "P99", "p6", "P6 "])
def test_a_procedure_that_is_not_in_force_is_refused(office: Office, clerk: Acting, procedure: str) -> None:
    with pytest.raises(Invalid) as fault:
        begin_draft(procedure=procedure, acting=clerk)
    assert "procedure" in fault.value.fields


def test_a_draft_comes_under_the_edition_of_its_day(
    office: Office, clerk: Acting, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_the_clock(monkeypatch, moment("2024-07-31 09:00"))
    assert begin_draft(procedure="P6", acting=office.acting(office.clerk)).version.code == "2014"
    stop_the_clock(monkeypatch, moment("2025-07-01 00:01"))
    assert begin_draft(procedure="P6", acting=office.acting(office.clerk)).version.code == "2025"


def test_the_counter_lists_the_officers_own_drafts_alone(office: Office, clerk: Acting) -> None:
    colleague = acting_at(office.one_stop, roles=["clerk"])
    mine = begin_draft(procedure="P6", acting=clerk)
    begin_draft(procedure="P6", acting=colleague)
    received(office)
    assert list(own_drafts(clerk)) == [mine]


# Saved ----------------------------------------------------------------------------------------------

WRONG = {
    "kind": "ghost",
    "id_number": "12",
    "name": "  Phùng\tThị ",
    "birth_date": "31/02/1974",
    "phone": "không có",
    "address": "",
    "unit": "abc",
    "form__parcel": "1/2",
    "form__area": "ba trăm",
    "form__reason": "none of these",
    "paper__application__quantity": "rất nhiều",
    "paper__application__form": "a photo",
}


@pytest.mark.parametrize("procedure", ["P6", "P2", "ONG"])
def test_what_was_typed_right_is_there_again(client: Client, office: Office, clerk: Acting, procedure: str) -> None:
    client.force_login(office.clerk)
    dossier, typed = begun(office, procedure), typed_intake(office, procedure)
    saved(dossier, typed, clerk)
    shown = shown_fields(client, dossier)
    assert {name: shown.get(name) for name in typed if "INITIAL" not in name} == {
        name: value for name, value in typed.items() if "INITIAL" not in name
    }


def test_what_was_typed_wrong_is_kept_as_it_was(client: Client, office: Office, clerk: Acting) -> None:
    client.force_login(office.clerk)
    dossier = begun(office)
    saved(dossier, typed_intake(office, **WRONG), clerk)
    shown = shown_fields(client, dossier)
    for name in ("id_number", "birth_date", "phone"):
        assert shown[name] == WRONG[name]
    assert shown["form-parcel"] == "1/2"
    assert shown["form-area"] == "ba trăm"
    assert Dossier.objects.get(pk=dossier.pk).draft["name"] == ["  Phùng\tThị "]


def test_every_row_of_a_table_is_there_again(client: Client, office: Office, clerk: Acting) -> None:
    client.force_login(office.clerk)
    dossier = begun(office, "P2")
    rows = {
        f"form__recipients__{number}__{column}": f"{column} {number}"
        for number in range(7)
        for column in ("name", "id_number", "share")
    }
    saved(dossier, typed_intake(office, "P2", form__recipients__TOTAL_FORMS=7, **rows), clerk)
    shown = shown_fields(client, dossier)
    assert [shown[f"form-recipients-{number}-name"] for number in range(7)] == [f"name {number}" for number in range(7)]
    assert shown["form-recipients-TOTAL_FORMS"] == "7"


def test_a_row_deleted_in_the_middle_leaves_no_hole(client: Client, office: Office, clerk: Acting) -> None:
    client.force_login(office.clerk)
    dossier = begun(office, "ONG")
    typed = typed_intake(office, "ONG", form__keepers__TOTAL_FORMS=3, form__keepers__2__name="Lò Văn Mật")
    saved(dossier, typed, clerk)
    shown = shown_fields(client, dossier)
    assert [shown["form-keepers-0-name"], shown["form-keepers-1-name"]] == ["Sầm Thị Ong", "Lò Văn Mật"]


def test_ticked_papers_their_kind_and_number_are_there_again(client: Client, office: Office, clerk: Acting) -> None:
    client.force_login(office.clerk)
    dossier = begun(office)
    changes = {"paper__survey__in": "yes", "paper__survey__form": "certified", "paper__survey__quantity": "3"}
    saved(dossier, typed_intake(office, paper__application__in=None, **changes), clerk)
    shown = shown_fields(client, dossier)
    assert "paper-application-in" not in shown
    assert (shown["paper-survey-in"], shown["paper-survey-form"], shown["paper-survey-quantity"]) == (
        "yes",
        "certified",
        "3",
    )


@pytest.mark.parametrize("typed", ["0", "-1", "1000", "9" * 5000, "²", "1.5", ""])
def test_a_quantity_that_cannot_be_counts_as_the_editions(office: Office, clerk: Acting, typed: str) -> None:
    dossier = saved(begun(office), typed_intake(office, paper__certificate__quantity=typed), clerk)
    assert [paper.quantity for paper in Intake(dossier).papers] == [1, 1, 1, 1]


def test_saving_leaves_no_event(office: Office, clerk: Acting) -> None:
    dossier = begun(office)
    before = AuditEvent.objects.count()
    saved(dossier, typed_intake(office), clerk)
    saved(dossier, typed_intake(office, name="Phùng Thị Ngần"), clerk)
    assert AuditEvent.objects.count() == before


def test_the_page_learns_when_it_was_saved_and_what_is_missing(client: Client, office: Office) -> None:
    client.force_login(office.clerk)
    typed = typed_intake(office, form__reason="remeasured", paper__certificate__in=None)
    response = client.post(reverse("intake_save", args=[begun(office).pk]), typed.dict())
    assert response["X-Saved-At"] == "09:00:00"
    parts = {part.partition('"')[0]: part for part in response.content.decode().split('<span id="')[1:]}
    missing = {name for name, part in parts.items() if "t-late" in part}
    assert missing == {"paper-certificate-status", "paper-survey-status", "intake-missing"}
    assert "2" in re.sub(r"<[^>]+>", "", parts["intake-missing"])


def test_too_much_text_is_refused_and_what_was_saved_stays(office: Office, clerk: Acting) -> None:
    dossier = saved(begun(office), typed_intake(office), clerk)
    with pytest.raises(Invalid):
        save_draft(dossier_id=dossier.pk, typed={"name": ["x" * LARGEST_DRAFT]}, acting=clerk)
    assert Dossier.objects.get(pk=dossier.pk).draft["name"] == ["Phùng Thị Ngát"]


def test_too_many_names_are_too_much_text_as_well(office: Office, clerk: Acting) -> None:
    with pytest.raises(Invalid):
        save_draft(dossier_id=begun(office).pk, typed={"x" * 1000 + str(n): [] for n in range(200)}, acting=clerk)


def test_token_and_file_are_not_kept_with_what_was_typed(client: Client, office: Office) -> None:
    client.force_login(office.clerk)
    dossier = begun(office)
    posted = {"name": "Phùng Thị Ngát", "csrfmiddlewaretoken": "secret", "procedure": "P2"}
    client.post(reverse("intake_save", args=[dossier.pk]), posted)
    assert Dossier.objects.get(pk=dossier.pk).draft == {"name": ["Phùng Thị Ngát"]}


def test_attack_41_what_is_saved_changes_no_column(office: Office, clerk: Acting) -> None:
    dossier = begun(office)
    others = [field.attname for field in Dossier._meta.concrete_fields if not field.attname.startswith("draft")]
    before = Dossier.objects.values(*others).get(pk=dossier.pk)
    evil = {"code": "H99-1", "status": "resolved", "clerk_id": "1", "received_unit": "1", "public_key": "x", "id": "7"}
    saved(dossier, typed_intake(office, **evil), clerk)
    assert Dossier.objects.values(*others).get(pk=dossier.pk) == before


# Whose it is ----------------------------------------------------------------------------------------


def test_attack_34_a_draft_of_another_one_stop_shop_is_not_there(office: Office, clerk: Acting) -> None:
    elsewhere = UnitFactory.create(kind="one_stop")
    draft = begin_draft(procedure="P6", acting=acting_at(elsewhere, roles=["clerk"]))
    for act in (
        lambda: save_draft(dossier_id=draft.pk, typed={}, acting=clerk),
        lambda: change_procedure(dossier_id=draft.pk, procedure="P2", acting=clerk),
        lambda: discard_draft(dossier_id=draft.pk, acting=clerk),
    ):
        with pytest.raises(NotVisible):
            act()


@pytest.mark.parametrize("who", ["administrator", "look-up"])
def test_who_sees_a_draft_but_does_not_receive_changes_nothing(office: Office, clerk: Acting, who: str) -> None:
    dossier = saved(begun(office), typed_intake(office), clerk)
    seeing = office.acting(office.administrator) if who == "administrator" else acting_at(office.one_stop, "lookup")
    for act in (
        lambda: save_draft(dossier_id=dossier.pk, typed={}, acting=seeing),
        lambda: change_procedure(dossier_id=dossier.pk, procedure="P2", acting=seeing),
        lambda: discard_draft(dossier_id=dossier.pk, acting=seeing),
    ):
        with pytest.raises(Refused):
            act()
    assert Dossier.objects.get(pk=dossier.pk).draft["name"] == ["Phùng Thị Ngát"]


def test_a_colleague_may_go_on_with_a_draft(office: Office, clerk: Acting) -> None:
    dossier = saved(begun(office), typed_intake(office), acting_at(office.one_stop, roles=["clerk"]))
    assert dossier.draft["name"] == ["Phùng Thị Ngát"]
    assert dossier.clerk_id == clerk.officer_id


def test_after_the_receipt_nothing_is_saved_any_more(office: Office, clerk: Acting) -> None:
    dossier = received(office)
    with pytest.raises(Conflict, match=str(dossier.code)):
        save_draft(dossier_id=dossier.pk, typed={"name": ["Ai đó"]}, acting=clerk)
    assert Dossier.objects.get(pk=dossier.pk).draft == {}


# Another procedure ----------------------------------------------------------------------------------


def papers(dossier: Dossier) -> dict[str, int | None]:
    return dict(dossier.components.order_by("position").values_list("code", "document_id"))


def test_what_was_typed_and_scanned_stays_with_another_procedure(client: Client, office: Office, clerk: Acting) -> None:
    client.force_login(office.clerk)
    dossier = saved(begun(office), typed_intake(office), clerk)
    scan = scanned(office, dossier, "certificate")
    change_procedure(dossier_id=dossier.pk, procedure="P2", acting=clerk)
    dossier.refresh_from_db()
    assert dossier.version.procedure_id == "P2"
    assert papers(dossier)["certificate"] == scan.document_id
    shown = shown_fields(client, dossier)
    assert (shown["name"], shown["form-parcel"]) == ("Phùng Thị Ngát", "116")
    assert shown["paper-certificate-in"] == "yes"


def test_there_and_back_again_loses_nothing(client: Client, office: Office, clerk: Acting) -> None:
    client.force_login(office.clerk)
    dossier = saved(begun(office, "P2"), typed_intake(office, "P2"), clerk)
    for procedure in ("P6", "P2"):
        change_procedure(dossier_id=dossier.pk, procedure=procedure, acting=clerk)
    assert shown_fields(client, dossier)["form-recipients-0-name"] == "Lương Văn Khởi"


def test_what_was_typed_but_not_yet_saved_stays_too(client: Client, office: Office) -> None:
    client.force_login(office.clerk)
    dossier = begun(office)
    posted = {**typed_intake(office, name="Vừa gõ xong").dict(), "procedure": "P2"}
    assert client.post(reverse("intake_change", args=[dossier.pk]), posted).status_code == 303
    assert shown_fields(client, dossier)["name"] == "Vừa gõ xong"


def test_a_scan_the_new_procedure_has_no_place_for_keeps_the_old_one(office: Office, clerk: Acting) -> None:
    dossier = begun(office, "P2")
    scan = scanned(office, dossier, "contract")
    with pytest.raises(Invalid, match="Hợp đồng"):
        change_procedure(dossier_id=dossier.pk, procedure="P6", acting=clerk)
    dossier.refresh_from_db()
    assert dossier.version.procedure_id == "P2"
    assert papers(dossier)["contract"] == scan.document_id


def _two_of_a_type(procedure: str, *, second: str) -> str:
    """The invented edition with two papers of one type, the second under this code."""
    text = INVENTED.read_text("utf-8").replace('procedure = "ONG"', f'procedure = "{procedure}"')
    return text.replace('code = "map"', f'code = "{second}"').replace("so_do_nha", "giay_to_khac")


@pytest.mark.parametrize("second", ["map", "sketch"])
def test_two_scans_of_one_type_both_keep_a_place(office: Office, clerk: Acting, second: str) -> None:
    publish(_two_of_a_type("ONG2", second="map"))
    publish(_two_of_a_type("ONG3", second=second))
    dossier = begun(office, "ONG2")
    scans = [scanned(office, dossier, code, pdf(width=width)) for code, width in (("map", 501), ("request", 502))]
    change_procedure(dossier_id=dossier.pk, procedure="ONG3", acting=clerk)
    assert papers(dossier) == {"request": scans[1].document_id, second: scans[0].document_id}


def test_one_place_is_not_enough_for_two_scans(office: Office, clerk: Acting) -> None:
    publish(_two_of_a_type("ONG2", second="map"))
    dossier = begun(office, "ONG2")
    for code, width in (("map", 501), ("request", 502)):
        scanned(office, dossier, code, pdf(width=width))
    with pytest.raises(Invalid):
        change_procedure(dossier_id=dossier.pk, procedure="ONG", acting=clerk)


def test_attack_81_changing_the_procedure_is_one_event(office: Office, clerk: Acting) -> None:
    dossier = begun(office)
    scanned(office, dossier, "certificate")
    before = AuditEvent.objects.count()
    change_procedure(dossier_id=dossier.pk, procedure="P2", acting=clerk)
    change_procedure(dossier_id=dossier.pk, procedure="P2", acting=clerk)
    assert AuditEvent.objects.count() == before + 1
    assert AuditEvent.objects.latest("id").verb == "dossier.procedure_changed"


# Discarded ------------------------------------------------------------------------------------------


def test_a_discarded_draft_keeps_its_trail_and_never_had_a_code(office: Office, clerk: Acting) -> None:
    dossier = begun(office)
    discard_draft(dossier_id=dossier.pk, acting=clerk)
    dossier.refresh_from_db()
    assert (dossier.status, dossier.code) == (Status.CANCELLED, None)
    verbs = AuditEvent.objects.filter(stream=f"dossier:{dossier.pk}").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["dossier.registered", "dossier.discarded"]
    assert list(own_drafts(clerk)) == []
    assert received(office).code == "H99.15-261202-0001"


def test_who_discards_is_told_before_how_long_the_scans_stay(client: Client, office: Office) -> None:
    client.force_login(office.clerk)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.get(reverse("intake", args=[begun(office).pk])).content.decode()
    assert f"deleted after {KEPT_FOR.days} days" in page


def test_nothing_more_happens_to_a_discarded_draft(client: Client, office: Office, clerk: Acting) -> None:
    client.force_login(office.clerk)
    dossier = begun(office)
    discard_draft(dossier_id=dossier.pk, acting=clerk)
    before = AuditEvent.objects.count()
    response = client.post(reverse("intake_receive", args=[dossier.pk]), typed_intake(office).dict())
    assert response.status_code == 409
    assert "–." not in response.content.decode()
    with pytest.raises(Conflict):
        attach_scan(dossier_id=dossier.pk, component="certificate", file=ContentFile(pdf()), name="a.pdf", acting=clerk)
    with pytest.raises(Conflict):
        discard_draft(dossier_id=dossier.pk, acting=clerk)
    assert AuditEvent.objects.count() == before


def test_a_received_dossier_is_not_discarded(office: Office, clerk: Acting) -> None:
    dossier = received(office)
    with pytest.raises(Conflict):
        discard_draft(dossier_id=dossier.pk, acting=clerk)
    assert Dossier.objects.get(pk=dossier.pk).status == Status.RECEIVED
