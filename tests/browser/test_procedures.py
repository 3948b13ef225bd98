"""Procedures as who reads and who writes them meets them: on both screens, and by keyboard alone."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.pictures import take
from tests.browser.screens import DESKTOP, PHONE, SignIn, Violations
from tests.factories.dossiers import at_step, received
from tests.factories.office import Office, open_office
from workflow.models import EditionDraft, ProcedureVersion
from workflow.procedures.operations.draft import begin_draft
from workflow.procedures.selectors import version_in_force

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office(transactional_db: None) -> Office:
    return open_office("P1-2025.toml", "P2-2014.toml", "P2-2025.toml", "P6-2025.toml")


@pytest.fixture
def writer(office: Office, signed_in: SignIn, settings: Any) -> Page:
    settings.LOGIN_REDIRECT_URL = "procedures"
    return signed_in(office.administrator.username)


def published(procedure: str) -> ProcedureVersion:
    version = version_in_force(procedure)
    assert version is not None
    return version


def check(page: Page, violations: Violations, size: ViewportSize, name: str) -> None:
    take(page, f"procedures-{name}-{size['width']}")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_pages_are_accessible_and_fit(
    writer: Page, office: Office, violations: Violations, size: ViewportSize
) -> None:
    writer.set_viewport_size(size)
    transfer, first = published("P2").pk, published("P1").pk
    draft = begin_draft(version_id=transfer, acting=office.acting(office.administrator))
    for name, address in {
        "list": reverse("procedures"),
        "overview": reverse("procedure", args=[transfer]),
        "steps": reverse("procedure_steps", args=[transfer]),
        "branches": reverse("procedure_steps", args=[first]),
        "form": reverse("procedure_form", args=[transfer]),
        "compare": reverse("procedure_compare", args=[transfer]),
        "draft": reverse("procedure_draft", args=[draft.pk]),
        "part": f"{reverse('procedure_draft_part', args=[draft.pk])}?phan=steps.1",
        "text": reverse("procedure_draft_text", args=[draft.pk]),
    }.items():
        writer.goto(address)
        check(writer, violations, size, name)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_dossier_s_steps_are_drawn_with_its_place(
    office: Office, signed_in: SignIn, violations: Violations, size: ViewportSize
) -> None:
    dossier = at_step(office, received(office, "P2"), "tax_slip")
    page = signed_in(office.specialist.username)
    page.set_viewport_size(size)
    page.goto(reverse("dossier_steps", args=[dossier.pk]))
    check(page, violations, size, "dossier")
    expect(page.locator(".diagram svg[role=img]")).to_be_visible()
    expect(page.locator(".diagram .step.now .name").first).to_contain_text("3.")
    assert page.locator(".diagram .step.done").count() == 2


def test_an_edition_is_begun_changed_and_published_by_keyboard_alone(writer: Page) -> None:
    writer.goto(reverse("procedure", args=[published("P6").pk]))
    writer.get_by_role("button", name="Lập phiên bản mới").press("Enter")
    writer.get_by_role("link", name="Sửa", exact=True).press("Enter")
    writer.get_by_label("Tên ngắn").fill("Cấp đổi Giấy chứng nhận")
    writer.get_by_label("Tên ngắn").press("Enter")
    expect(writer.get_by_role("heading", level=1)).to_contain_text("Cấp đổi Giấy chứng nhận")
    writer.get_by_role("link", name="Về dự thảo").press("Enter")
    writer.get_by_role("button", name="Công bố").press("Enter")
    writer.locator("dialog[open] .btn-primary").press("Enter")
    expect(writer.get_by_role("button", name="Lập phiên bản mới")).to_be_visible()
    assert not EditionDraft.objects.exists()
    assert ProcedureVersion.objects.filter(procedure="P6").count() == 2
