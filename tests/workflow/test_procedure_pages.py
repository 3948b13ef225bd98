"""The catalogue of procedures: read by every officer, written and published by who may."""

import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from audit.models import AuditEvent
from pages.domain_errors import Invalid
from tests.factories.dossiers import at_step, begun, complete, received
from tests.factories.office import EDITIONS, Office, open_office, publish
from workflow.models import EditionDraft, ProcedureVersion
from workflow.procedures.gaps import Gap, gaps_in
from workflow.procedures.selectors import version_in_force

pytestmark = pytest.mark.django_db
TEXT = (EDITIONS / "P6-2025.toml").read_text("utf-8")


def in_force(procedure: str = "P6") -> ProcedureVersion:
    version = version_in_force(procedure)
    assert version is not None
    return version


def page(client: Client, name: str, *args: Any, **query: str) -> str:
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def office(db: None) -> Office:
    return open_office()


@pytest.fixture
def reader(client: Client, office: Office) -> Client:
    client.force_login(office.specialist)
    return client


@pytest.fixture
def writer(client: Client, office: Office) -> Client:
    client.force_login(office.administrator)
    return client


@pytest.fixture
def draft(writer: Client) -> EditionDraft:
    """Begun on the page of renewal."""
    writer.post(reverse("procedure_draft_begin"), {"from": in_force().pk})
    return EditionDraft.objects.get()


def test_the_list_names_each_procedure_once_with_its_editions(reader: Client) -> None:
    shown = page(reader, "procedures")
    assert shown.count("Chuyển quyền") or shown.count("Đăng ký biến động")
    for version in ProcedureVersion.objects.all():
        assert reverse("procedure", args=[version.pk]) in shown


def test_a_figure_is_shown_with_its_source_and_what_is_not_confirmed_says_so(reader: Client) -> None:
    shown = page(reader, "procedure", in_force("P2").pk)
    assert "5 ngày làm việc" in shown or "5 working days" in shown
    assert "151/2025/NĐ-CP" in shown
    assert "cần xác nhận" in shown or "to be confirmed" in shown


def test_steps_are_drawn_and_told(reader: Client) -> None:
    shown = page(reader, "procedure_steps", in_force().pk)
    assert "<svg" in shown
    for step in in_force().edition.steps:
        assert step.name in shown


def test_the_form_is_shown_as_the_counter_sees_it_and_takes_nothing(reader: Client) -> None:
    shown = page(reader, "procedure_form", in_force("P2").pk)
    assert "<fieldset disabled>" in shown
    for field in in_force("P2").edition.form.fields:
        assert field.label in shown


def test_an_edition_is_compared_with_the_one_before_it(reader: Client) -> None:
    shown = page(reader, "procedure_compare", in_force("P2").pk)
    assert "01/07/2014" in shown


@pytest.mark.parametrize("asked", ["", "0", "x", "9" * 30, "-1", "²"])
def test_attack_81_an_edition_compared_with_nothing_is_compared_with_the_one_before(asked: str, reader: Client) -> None:
    assert "01/07/2014" in page(reader, "procedure_compare", in_force("P2").pk, voi=asked)


def test_days_no_edition_is_known_for_are_named_and_not_bridged(reader: Client) -> None:
    """Extension (P7): what counted from August 2024 to June 2025 is not known."""
    for name in ("P7-2014", "P7-2025"):
        publish((EDITIONS / f"{name}.toml").read_text("utf-8"))
    [row] = re.findall(
        r"<tr>(?:(?!</tr>).)*<td class=\"nowrap\">P7</td>.*?</tr>", page(reader, "procedures"), re.DOTALL
    )
    told = "Từ 01/08/2024 đến 30/06/2025 chưa rõ phiên bản: cần tỉnh xác nhận"
    assert told in " ".join(row.split())
    assert told in " ".join(page(reader, "procedure", in_force("P7").pk).split())
    assert version_in_force("P7", date(2024, 8, 1)) is None


def test_gaps_lie_between_editions_only() -> None:
    def edition(since: str, until: str = "") -> ProcedureVersion:
        end = date.fromisoformat(until) if until else None
        return ProcedureVersion(effective_from=date.fromisoformat(since), effective_to=end)

    closed = edition("2014-07-01", "2024-07-31")
    assert gaps_in([]) == gaps_in([closed]) == gaps_in([edition("2024-08-01"), closed]) == []
    assert gaps_in([edition("2020-01-01"), edition("2026-01-01")]) == []
    assert gaps_in([edition("2025-07-01"), closed]) == [Gap(date(2024, 8, 1), date(2025, 6, 30))]
    assert gaps_in([edition("2024-08-02"), closed]) == [Gap(date(2024, 8, 1), date(2024, 8, 1))]
    # An edition within another's time hides nothing.
    assert gaps_in([closed, edition("2015-01-01", "2016-01-01"), edition("2024-08-01")]) == []


def test_a_retired_edition_is_taken_for_no_new_dossier_and_finished_by_those_received(
    writer: Client, office: Office
) -> None:
    running, version = received(office), in_force()
    answer: Any = writer.post(reverse("procedure_retire", args=[version.pk]), {"reason": "Tỉnh đã quy định khác"})
    assert answer.status_code == 303
    assert version_in_force("P6") is None
    shown = page(writer, "procedure", version.pk)
    assert "Thôi áp dụng" in shown
    assert reverse("procedure_retire", args=[version.pk]) not in shown
    event = AuditEvent.objects.get(verb="procedure.retired")
    assert (event.stream, "Tỉnh đã quy định khác" in event.payload) == ("procedure:P6", True)
    at_step(office, running, "")
    running.refresh_from_db()
    assert running.status == "returned"
    with pytest.raises(Invalid):
        begun(office)


@pytest.mark.parametrize(("reason", "status"), [("  ", 422), ("lý do " * 50, 422), ("lý do", 303)])
def test_attack_44_an_edition_is_retired_once_and_with_a_reason(
    writer: Client, office: Office, reason: str, status: int
) -> None:
    version = in_force()
    address = reverse("procedure_retire", args=[version.pk])
    assert writer.post(address, {"reason": reason}).status_code == status
    again = writer.post(address, {"reason": "lý do"}).status_code
    assert (again, AuditEvent.objects.filter(verb="procedure.retired").count()) == (303 if status == 422 else 409, 1)


def test_the_file_is_the_one_that_was_published(reader: Client) -> None:
    response = reader.get(reverse("procedure_file", args=[in_force().pk]))
    assert response.content.decode() == TEXT
    assert response["Content-Disposition"] == 'attachment; filename="P6-2025.toml"'


def test_who_may_not_publish_sees_no_draft_and_no_way_to_one(draft: EditionDraft, office: Office) -> None:
    browser = Client()
    browser.force_login(office.head)
    shown = page(browser, "procedures") + page(browser, "procedure", in_force().pk)
    assert "du-thao" not in shown
    assert browser.get(reverse("procedure_draft", args=[draft.pk])).status_code == 403


# Writing --------------------------------------------------------------------------------------------------


def test_a_draft_is_changed_part_by_part_checked_and_published(writer: Client, draft: EditionDraft) -> None:
    save, part = reverse("procedure_draft_save", args=[draft.pk]), reverse("procedure_draft_part", args=[draft.pk])
    assert "Thẩm định" in writer.get(part).content.decode() or draft.edition.steps[1].name
    shown = writer.get(part, {"phan": "appointments.0"})
    form = shown.context["form"]
    typed = {name: form[name].value() for name in form.fields} | {"days": "4,5", "phan": "appointments.0", "version": 1}
    assert writer.post(save, typed).status_code == 303
    draft.refresh_from_db()
    assert str(draft.edition.appointments[0].days) == "4.5"
    # The steps still take five days.
    assert "its steps take" in page(writer, "procedure_draft", draft.pk)
    writer.post(save, {**typed, "days": "5", "version": 2})
    assert writer.post(reverse("procedure_draft_publish", args=[draft.pk]), {"version": 3}).status_code == 303
    assert ProcedureVersion.objects.filter(procedure="P6", code=draft.code).count() == 1


def test_parts_are_added_moved_and_removed(writer: Client, draft: EditionDraft) -> None:
    save = reverse("procedure_draft_save", args=[draft.pk])
    count = len(draft.edition.steps)
    for version, (do, path) in enumerate(
        [("add", "steps"), ("up", f"steps.{count}"), ("remove", f"steps.{count - 1}")], start=1
    ):
        assert writer.post(save, {"do": do, "phan": path, "version": version}).status_code == 303
        draft.refresh_from_db()
        assert draft.revision == version + 1
    assert draft.edition.steps == in_force().edition.steps


@pytest.mark.parametrize(
    ("do", "path"), [("add", "moon"), ("remove", "form"), ("up", "steps.99"), ("burn", "steps.0"), ("remove", "")]
)
def test_attack_81_what_cannot_be_done_to_a_part_is_told(
    do: str, path: str, writer: Client, draft: EditionDraft
) -> None:
    answer = writer.post(
        reverse("procedure_draft_save", args=[draft.pk]), {"do": do, "phan": path, "version": draft.revision}
    )
    assert answer.status_code == 422
    assert EditionDraft.objects.get().source == draft.source


def test_what_is_typed_wrong_is_shown_again(writer: Client, draft: EditionDraft) -> None:
    answer = writer.post(
        reverse("procedure_draft_save", args=[draft.pk]),
        {"phan": "steps.0", "version": 1, "days": "nhiều", "name": "Tiếp nhận hồ sơ"},
    )
    assert answer.status_code == 422
    assert "nhiều" in answer.content.decode()
    assert "Tiếp nhận hồ sơ" in answer.content.decode()


def test_a_text_that_is_no_edition_is_shown_again_with_its_faults(writer: Client, draft: EditionDraft) -> None:
    text = draft.source.replace("role = ", "rule = ", 1)
    answer = writer.post(reverse("procedure_draft_rewrite", args=[draft.pk]), {"text": text, "version": 1})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "steps.0.role" in shown
    assert "rule = " in shown
    assert EditionDraft.objects.get().revision == 1


def test_a_text_comes_back_from_the_browser_as_it_was(writer: Client, draft: EditionDraft) -> None:
    text = draft.source.replace("\n", "\r\n")
    writer.post(reverse("procedure_draft_rewrite", args=[draft.pk]), {"text": text, "version": 1})
    assert EditionDraft.objects.get().source == draft.source


def test_an_edition_is_brought_as_a_file(writer: Client) -> None:
    text = TEXT.replace('code = "2025"', 'code = "2027"', 1).replace("2025-07-01", "2027-01-01", 1)
    file = SimpleUploadedFile("P6-2027.toml", text.encode())
    writer.post(reverse("procedure_draft_begin"), {"file": file})
    assert EditionDraft.objects.get().source == text


@pytest.mark.parametrize("content", [b"\xff\xfe", b"", b"procedure = ", b"x" * 5_000_000])
def test_attack_81_a_file_that_is_no_edition_is_refused(content: bytes, writer: Client) -> None:
    file = SimpleUploadedFile("x.toml", content)
    assert writer.post(reverse("procedure_draft_begin"), {"file": file}).status_code == 422
    assert not EditionDraft.objects.exists()


# The dossier's steps --------------------------------------------------------------------------------------


def test_the_dossier_s_tab_draws_the_way_of_its_own_edition_with_its_place(reader: Client, office: Office) -> None:
    dossier = received(office)
    complete(office, dossier, "forward")
    shown = page(reader, "dossier_steps", dossier.pk)
    assert 'class="step now' in shown
    assert shown.count('class="step done') == 1
    publish(TEXT.replace('code = "2025"', 'code = "sau"', 1).replace("2025-07-01", "2026-01-01", 1))
    assert reverse("procedure_steps", args=[dossier.version_id]) in page(reader, "dossier_steps", dossier.pk)
