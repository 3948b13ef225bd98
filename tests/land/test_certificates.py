"""Certificates: one of a serial, one in force for a right."""

import pytest

from accounts.acting import Acting
from land.holders import together
from land.operations.certificates import annotate_certificate, issue_certificate, withdraw_certificate
from land.operations.transfer import transfer_right
from land.places import Place
from land.rights_models import Certificate
from land.states import Ending
from pages.domain_errors import Conflict, Invalid
from tests.factories.land import KHOI, certified, parcel_at, rights_on, source


def test_a_serial_stands_once_however_it_is_written(acting: Acting) -> None:
    certified(parcel_at(acting), acting, "DK 248032")
    other = parcel_at(acting, Place("xã Tân Lộc", "1", "1"))
    with pytest.raises(Conflict):
        certified(other, acting, "dk248032")


@pytest.mark.parametrize("serial", ["", "DK 24803", "DK 2480321", "DKX 248032", "248032"])
def test_what_is_no_serial_is_refused(acting: Acting, serial: str) -> None:
    with pytest.raises(Invalid):
        certified(parcel_at(acting), acting, serial)


def test_a_right_has_one_certificate_in_force(acting: Acting) -> None:
    parcel = parcel_at(acting)
    certificate = certified(parcel, acting)
    with pytest.raises(Conflict, match="DK 248032"):
        certified(parcel, acting, "DK 248033")
    withdraw_certificate(certificate_id=certificate.pk, ending=Ending.LOST, source=source(), acting=acting)
    certified(parcel, acting, "DK 248033")
    assert Certificate.objects.get(valid_until__isnull=True).serial == "DK248033"


def test_a_withdrawn_certificate_is_not_withdrawn_again(acting: Acting) -> None:
    certificate = certified(parcel_at(acting), acting)
    withdraw_certificate(certificate_id=certificate.pk, ending=Ending.LOST, source=source(), acting=acting)
    with pytest.raises(Conflict):
        withdraw_certificate(certificate_id=certificate.pk, ending=Ending.RENEWED, source=source(), acting=acting)


def test_an_ended_right_gets_no_certificate(acting: Acting) -> None:
    parcel = parcel_at(acting)
    [before] = rights_on(parcel)
    transfer_right(parcel_id=parcel.pk, recipients=together([KHOI]), source=source(), acting=acting)
    with pytest.raises(Conflict):
        issue_certificate(serial="DK 248033", right_ids=[before.pk], source=source(), acting=acting)


def test_a_note_may_say_that_somebody_else_is_certified_now(acting: Acting) -> None:
    parcel = parcel_at(acting)
    certificate = certified(parcel, acting)
    granted = transfer_right(parcel_id=parcel.pk, recipients=together([KHOI]), source=source(), acting=acting)
    annotate_certificate(
        certificate_id=certificate.pk,
        text="Chuyển nhượng cho ông Lương Văn Khởi",
        source=source(),
        acting=acting,
        also_certifies=[right.pk for right in granted],
    )
    certificate.refresh_from_db()
    assert certificate.is_current
    assert [line.right_id for line in certificate.certified.filter(valid_until__isnull=True)] == [granted[0].pk]
