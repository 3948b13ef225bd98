"""The land register as a clerk and a specialist meet it: on both screens, and a warning while the parcel is typed."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, ViewportSize, expect

from land.models import Parcel
from land.operations.succession import Part, split_parcel
from land.places import Place
from land.rights_models import Certificate
from tests.browser.pictures import take
from tests.browser.screens import DESKTOP, PHONE, SignIn, Violations
from tests.factories.dossiers import begun, received
from tests.factories.land import KHOI, NGAT, certified, mortgaged, parcel_at, source
from tests.factories.office import Office, open_office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office(transactional_db: None) -> Office:
    """A mortgaged parcel of two people with its certificate, another one split in two, a dossier open on the first."""
    opened = open_office("P6-2025.toml", "P2-2025.toml")
    keeper = opened.acting(opened.specialist)
    parcel = parcel_at(keeper, people=[NGAT, KHOI])
    certified(parcel, keeper)
    mortgaged(parcel, keeper, party="Quỹ tín dụng nhân dân Tân Lộc")
    split = parcel_at(keeper, Place("xã Tân Lộc", "24", "117"), area="500", people=[KHOI])
    certified(split, keeper, "DK 000117")
    parts = [Part(number="210", area=Decimal(200)), Part(number="211", area=Decimal(300))]
    split_parcel(parcel_id=split.pk, parts=parts, source=source(), acting=keeper)
    received(opened)
    return opened


@pytest.fixture
def keeper(office: Office, signed_in: SignIn, settings: Any) -> Page:
    settings.LOGIN_REDIRECT_URL = "parcels"
    return signed_in(office.specialist.username)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_pages_are_accessible_and_fit(keeper: Page, violations: Violations, size: ViewportSize) -> None:
    keeper.set_viewport_size(size)
    held, ended = Parcel.objects.get(number="116"), Parcel.objects.get(number="117")
    certificate, withdrawn = Certificate.objects.get(serial="DK248032"), Certificate.objects.get(serial="DK000117")
    pages = {
        "parcels": reverse("parcels"),
        "parcel": reverse("parcel", args=[held.pk]),
        "parcel-ended": reverse("parcel", args=[ended.pk]),
        "certificates": reverse("certificates"),
        "certificate": reverse("certificate", args=[certificate.pk]),
        "certificate-ended": reverse("certificate", args=[withdrawn.pk]),
    }
    for name, address in pages.items():
        keeper.goto(address)
        take(keeper, f"{name}-{size['width']}")
        assert violations(keeper) == [], name
        assert keeper.evaluate("document.documentElement.scrollWidth") <= size["width"], name


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_counter_warns_while_the_parcel_is_typed(
    office: Office, signed_in: SignIn, violations: Violations, size: ViewportSize
) -> None:
    page = signed_in(office.clerk.username)
    page.set_viewport_size(size)
    page.goto(reverse("intake", args=[begun(office, "P2").pk]))
    known = page.locator("#land-known")
    for name, value in (("parcel", "0116"), ("sheet", "24"), ("commune", "X. Tân Lộc")):
        page.locator(f"[name=form-{name}]").fill(value)
        page.locator(f"[name=form-{name}]").blur()
    expect(known).to_contain_text("Quỹ tín dụng nhân dân Tân Lộc")
    expect(known.locator(".say.late")).to_have_count(1)
    expect(known.locator("a", has_text="H99")).to_have_count(1)
    take(page, f"intake-land-{size['width']}")
    assert violations(page) == []
    page.locator("[name=form-parcel]").fill("999")
    page.locator("[name=form-parcel]").blur()
    expect(known.locator(".say.info")).to_have_count(1)
    expect(known.locator(".say.late")).to_have_count(0)


def test_the_dossier_says_it_too(office: Office, signed_in: SignIn) -> None:
    same: dict[str, Any] = {"form-parcel": "116", "form-certificate_serial": "DK 248032"}
    dossier = received(office, "P2", **same)
    page = signed_in(office.clerk.username)
    page.goto(reverse("dossier", args=[dossier.pk]))
    expect(page.locator(".say.late")).to_contain_text("Quỹ tín dụng nhân dân Tân Lộc")
    take(page, "dossier-land")
