"""A dossier opened beside another one: what it takes over, how each leads to the other, and what stays unseen."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.sight import tokens_of
from documents.models import DocumentToken
from documents.operations.sight import widen_sight
from dossiers.beside import beside, shown_papers
from dossiers.land_told import told_by
from dossiers.land_warnings import open_dossiers
from dossiers.models import Dossier, DossierToken, IssuedForm
from land.operations.restrictions import Restricting, register_restriction
from land.states import RestrictionKind
from pages.domain_errors import Invalid
from tests.dossiers.test_other_ways import publish_with_own
from tests.factories.dossiers import at_step, case_behind, complete, drafted, received
from tests.factories.land import parcel_at, source
from tests.factories.moments import MORNING
from tests.factories.office import Office, open_office
from tests.workflow.untouched import untouched

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    opened = open_office("P6-2025.toml", "P2-2025.toml")
    publish_with_own()
    return opened


@pytest.fixture
def first(office: Office) -> Dossier:
    """At the step that may open the other one, with a scan of the certificate."""
    dossier = at_step(office, received(office, scans=("certificate",)), "check")
    drafted(office, dossier)
    return dossier


def opened_beside(office: Office, first: Dossier) -> Dossier:
    complete(office, first, "first")
    return Dossier.objects.get(version__procedure="P2")


def certificate_of(first: Dossier) -> int:
    found = first.components.get(code="certificate").document_id
    assert found is not None
    return found


def test_it_is_about_the_same_parcel_and_warned_of_like_any_other(office: Office, first: Dossier) -> None:
    own = opened_beside(office, first)
    for code in ("parcel", "sheet", "commune", "area", "land_use", "certificate_serial", "register_number"):
        assert own.values[code] == first.values[code]
    assert set(own.values) < {field.code for field in own.version.edition.form.fields}
    assert set(open_dossiers([told_by(first).place])) == {first.pk, own.pk}
    assert (own.summary, case_behind(own).title) == (first.summary, f"{first.applicant_name} · {first.summary}")


def test_its_papers_are_those_of_the_first_one_and_stay_where_they_are(office: Office, first: Dossier) -> None:
    own = opened_beside(office, first)
    lines = {line.paper.code: line for line in shown_papers(own, case_behind(own), office.acting(office.specialist))}
    lent = lines["certificate"]
    assert lent.document is not None
    assert (lent.is_lent, lent.document.pk, lent.paper.is_handed_in) == (True, certificate_of(first), True)
    assert own.components.get(code="certificate").document_id is None
    # What the first one was never asked for is missing here too.
    assert (lines["contract"].is_lent, lines["contract"].paper.is_handed_in) == (False, False)


def test_both_pages_lead_to_each_other(client: Client, office: Office, first: Dossier) -> None:
    own = opened_beside(office, first)
    client.force_login(office.specialist)
    for here, there in ((first, own), (own, first)):
        page = client.get(reverse("dossier", args=[here.pk])).content.decode()
        assert reverse("dossier", args=[there.pk]) in page
        assert str(there.code) in page
    papers = client.get(reverse("dossier_papers", args=[own.pk])).content.decode()
    assert reverse("document", args=[certificate_of(first)]) in papers


def test_no_receipt_is_offered_that_nobody_gave(client: Client, office: Office, first: Dossier) -> None:
    own = opened_beside(office, first)
    assert not IssuedForm.objects.filter(dossier=own).exists()
    client.force_login(office.specialist)
    for dossier, is_offered in ((first, True), (own, False)):
        page = client.get(reverse("dossier", args=[dossier.pk])).content.decode()
        assert (reverse("dossier_receipt", args=[dossier.pk]) in page) is is_offered


def test_attack_36_who_sees_one_of_them_learns_nothing_of_the_other(
    client: Client, office: Office, first: Dossier
) -> None:
    own = opened_beside(office, first)
    stranger = office.acting(office.stranger)
    token = f"unit:{office.other_branch.pk}"
    for here, there in ((own, first), (first, own)):
        seen = DossierToken.objects.create(holder=here, token=token)
        found = beside(case_behind(here), stranger)
        assert (found.waiting, list(found.opened)) == (None, [])
        client.force_login(office.stranger)
        page = client.get(reverse("dossier", args=[here.pk])).content.decode()
        assert str(there.code) not in page
        seen.delete()


def test_attack_38_a_lent_paper_shows_to_whom_it_showed_before_and_to_nobody_else(
    client: Client, office: Office, first: Dossier
) -> None:
    paper = certificate_of(first)
    before = tokens_of(DocumentToken, [paper])
    own = opened_beside(office, first)
    assert tokens_of(DocumentToken, [paper]) == before
    DossierToken.objects.create(holder=own, token=f"unit:{office.other_branch.pk}")
    client.force_login(office.stranger)
    address = reverse("document", args=[paper])
    assert address not in client.get(reverse("dossier_papers", args=[own.pk])).content.decode()
    assert client.get(address).status_code == 404
    widen_sight(document_ids=[paper], tokens=[f"unit:{office.other_branch.pk}"])
    assert address in client.get(reverse("dossier_papers", args=[own.pk])).content.decode()


def test_what_the_law_lets_nobody_receive_is_not_opened_beside_either(office: Office, first: Dossier) -> None:
    keeper = office.acting(office.specialist)
    told = Restricting(kind=RestrictionKind.SEIZURE, party="Chi cục Thi hành án", registered_at=MORNING)
    register_restriction(parcel_id=parcel_at(keeper).pk, told=told, source=source(), acting=keeper)
    with untouched(), pytest.raises(Invalid):
        complete(office, first, "first")
