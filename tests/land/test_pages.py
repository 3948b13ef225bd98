"""The register's pages: found by place, number, serial and holder; seen by those who read it and nobody else."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.acting import Acting
from accounts.models import Officer
from audit.models import AuditEvent
from land.holders import together
from land.operations.certificates import withdraw_certificate
from land.operations.correct_entry import Correction, correct_entry
from land.operations.succession import Part, split_parcel
from land.operations.transfer import transfer_right
from land.places import Place
from land.states import Ending
from pages.paging import PAGE_SIZE
from tests.factories.accounts import UnitFactory, officer_at
from tests.factories.land import DECIDED, KHOI, NGAT, certified, mortgaged, parcel_at, source


@pytest.fixture
def reader(client: Client, acting: Acting) -> Client:
    client.force_login(Officer.objects.get(pk=acting.officer_id))
    return client


def page(client: Client, name: str, *args: object, **asked: str) -> str:
    response = client.get(reverse(name, args=args), asked)
    assert response.status_code == 200
    return response.content.decode().partition("<main")[2]


def test_a_parcel_page_shows_what_there_is_to_know(reader: Client, acting: Acting) -> None:
    parcel = parcel_at(acting)
    certified(parcel, acting)
    mortgaged(parcel, acting, party="Quỹ tín dụng Tân Lộc")
    shown = page(reader, "parcel", parcel.pk)
    for words in ("312,5", "Phùng Thị Ngát", "DK 248032", "Quỹ tín dụng Tân Lộc", "77/2026", parcel.source_code):
        assert words in shown


def test_who_looked_at_a_parcel_is_kept(reader: Client, acting: Acting) -> None:
    parcel = parcel_at(acting)
    page(reader, "parcel", parcel.pk)
    [event] = AuditEvent.objects.filter(verb="parcel.opened")
    assert (event.stream, json.loads(event.payload)["id"]) == (f"account:{acting.officer_id}", parcel.pk)


def test_an_ended_parcel_is_shown_as_it_stood_last_with_what_it_became(reader: Client, acting: Acting) -> None:
    parcel = parcel_at(acting)
    certified(parcel, acting)
    parts = [Part(number="200", area=Decimal(100)), Part(number="201", area=Decimal("212.5"))]
    children = split_parcel(parcel_id=parcel.pk, parts=parts, source=source(), acting=acting)
    shown = page(reader, "parcel", parcel.pk)
    assert "Phùng Thị Ngát" in shown
    assert shown.count("DK 248032</a>") == 1
    for child in children:
        assert reverse("parcel", args=[child.pk]) in shown
    assert reverse("parcel", args=[parcel.pk]) in page(reader, "parcel", children[0].pk)


@pytest.mark.parametrize(
    "asked",
    [
        {"xa": "tan loc", "to": "24", "thua": "116"},
        {"xa": "X. Tân Lộc"},
        {"thua": "0116"},
        {"so": "dk248032"},
        {"so": "099174003312"},
    ],
    ids=["folded", "commune", "number", "serial", "holder"],
)
def test_a_parcel_is_found_by_what_is_known_of_it(reader: Client, acting: Acting, asked: dict[str, str]) -> None:
    parcel = parcel_at(acting)
    certified(parcel, acting)
    other = parcel_at(acting, Place("xã Mường Sài", "1", "1"), people=[KHOI])
    shown = page(reader, "parcels", **asked)
    assert reverse("parcel", args=[parcel.pk]) in shown
    assert reverse("parcel", args=[other.pk]) not in shown


def test_attack_92_what_is_asked_is_taken_literally(reader: Client, acting: Acting) -> None:
    parcel_at(acting)
    for asked in ("%", "_", "116' OR 1=1 --", "*", "<script>alert(1)</script>"):
        shown = page(reader, "parcels", thua=asked)
        assert "Phùng Thị Ngát" not in shown
        assert "<script>alert" not in shown


def test_lists_go_on_by_key_at_the_same_cost(reader: Client, acting: Acting) -> None:
    for number in range(PAGE_SIZE + 3):
        certified(parcel_at(acting, Place("xã Tân Lộc", "9", str(number + 1))), acting, f"DK {number:06d}")
    for name in ("parcels", "certificates"):
        with CaptureQueriesContext(connection) as first:
            response = reader.get(reverse(name))
        key = response.context["page"].next_key
        assert key
        with CaptureQueriesContext(connection) as second:
            rest = reader.get(reverse(name), {"key": key})
        assert len(rest.context["rows"]) == 3
        assert len(second) == len(first)


def test_a_certificate_page_tells_what_it_certifies_and_why_it_ended(reader: Client, acting: Acting) -> None:
    parcel = parcel_at(acting)
    certificate = certified(parcel, acting)
    shown = page(reader, "certificate", certificate.pk)
    assert "Phùng Thị Ngát" in shown
    assert "CH 03288" in shown
    by = source()
    withdraw_certificate(certificate_id=certificate.pk, ending=Ending.LOST, source=by, acting=acting)
    shown = page(reader, "certificate", certificate.pk)
    assert by.code in shown
    assert "Phùng Thị Ngát" in shown


def test_a_certificate_that_has_ended_is_listed_with_what_it_certified_last(reader: Client, acting: Acting) -> None:
    parcel = parcel_at(acting)
    certificate = certified(parcel, acting)
    withdraw_certificate(certificate_id=certificate.pk, ending=Ending.LOST, source=source(), acting=acting)
    transfer_right(parcel_id=parcel.pk, recipients=together([KHOI]), source=source(), acting=acting)
    [row] = reader.get(reverse("certificates"), {"so": "dk 248032"}).context["rows"]
    assert (row.certificate, row.parcels, row.names) == (certificate, [parcel], [NGAT.name])


def test_a_withdrawn_certificate_names_who_held_it_and_what_the_parcel_was(reader: Client, acting: Acting) -> None:
    parcel = parcel_at(acting, people=[NGAT])
    certificate = certified(parcel, acting)
    by = source()
    transfer_right(parcel_id=parcel.pk, recipients=together([KHOI]), source=by, acting=acting)
    withdraw_certificate(certificate_id=certificate.pk, ending=Ending.RIGHT_ENDED, source=by, acting=acting)
    later = source(DECIDED + timedelta(days=30))
    correct_entry(
        parcel_id=parcel.pk, correction=Correction(reason="Đo lại", area=Decimal(330)), source=later, acting=acting
    )
    certifies = page(reader, "certificate", certificate.pk).partition('id="certifies"')[2].partition("</section>")[0]
    assert "Phùng Thị Ngát" in certifies
    assert "Lương Văn Khởi" not in certifies
    assert "312,5 m² ONT" in certifies


def test_attack_34_who_does_not_read_the_register_sees_none_of_it(client: Client, acting: Acting) -> None:
    parcel = parcel_at(acting)
    certificate = certified(parcel, acting)
    client.force_login(officer_at(UnitFactory.create(kind="tax"), "update", ["specialist"]))
    assert client.get(reverse("parcels")).status_code == 403
    assert client.get(reverse("certificates")).status_code == 403
    hidden = client.get(reverse("parcel", args=[parcel.pk])), client.get(reverse("certificate", args=[certificate.pk]))
    missing = client.get(reverse("parcel", args=[987654]))
    assert [answer.status_code for answer in (*hidden, missing)] == [404, 404, 404]
    assert "Ngát" not in hidden[0].content.decode()


def test_a_unit_founded_later_reads_the_register_too(client: Client, acting: Acting) -> None:
    parcel = parcel_at(acting)
    client.force_login(officer_at(UnitFactory.create(kind="registration_branch"), "lookup"))
    assert client.get(reverse("parcel", args=[parcel.pk])).status_code == 200
