"""How a dossier is found: its entry, its words, its status, its place."""

import pytest
from django.urls import reverse

from accounts.acting import unit_token
from dossiers.states import Status
from jobs.worker import drain
from search.kinds import KINDS, badge_of
from search.selectors import Query, find
from tests.factories.dossiers import at_step, begun, complete, received
from tests.factories.office import Office

pytestmark = pytest.mark.django_db


def ids(office: Office, asked: str, who: str = "clerk") -> list[str]:
    return [hit.id for hit in find(Query(asked, kinds=("dossier",)), office.acting(getattr(office, who))).hits]


def test_an_entry_holds_what_one_would_look_for(office: Office) -> None:
    dossier = received(office, "P2")
    [entry] = KINDS["dossier"].load([str(dossier.pk)])
    assert (entry.id, entry.kind, entry.number) == (str(dossier.pk), "dossier", dossier.code)
    assert "Phùng Thị Ngát" in entry.title
    assert "thửa 116, tờ 24" in entry.title
    for word in ("099174003312", "thôn Đồng Vừng", "1874/2026", "Lương Văn Khởi", "DK 248032", "chuyển nhượng"):
        assert word in entry.text, word
    assert entry.tokens == {unit_token(office.one_stop.pk)}
    assert entry.unit == office.branch.short_name
    assert entry.document_type == "Chuyển nhượng, tặng cho, thừa kế"
    assert str(entry.dated) == "2026-12-02"


def test_drafts_are_not_found_and_unknown_ids_are_left_out(office: Office) -> None:
    draft, dossier = begun(office), received(office)
    assert [entry.id for entry in KINDS["dossier"].load([str(draft.pk), str(dossier.pk), "987654"])] == [
        str(dossier.pk)
    ]
    assert list(KINDS["dossier"].all_ids()) == [str(dossier.pk)]


def test_a_hit_opens_the_dossier(office: Office) -> None:
    dossier = received(office)
    assert KINDS["dossier"].url(str(dossier.pk)) == reverse("dossier", args=[dossier.pk])


@pytest.mark.parametrize("status", [status for status in Status if status != Status.REGISTERED])
def test_every_status_reads_as_on_the_page(status: Status) -> None:
    badge = badge_of(f"dossier-{status}")
    assert badge is not None
    assert str(badge.label) == str(status.label)
    assert badge.tone in ("ok", "near", "late", "pause", "info")


@pytest.mark.parametrize(
    "asked",
    ["H99.15-261202-0001", "261202-0001", "phung thi ngat", "099174003312", "thửa 116 tan loc", "DK 248032", "cap doi"],
)
def test_it_is_found_by_what_people_type(office: Office, asked: str) -> None:
    dossier = received(office)
    drain(["index"])
    assert ids(office, asked) == [str(dossier.pk)]


def test_the_index_follows_the_dossier(office: Office) -> None:
    dossier = received(office)
    drain(["index"])
    assert ids(office, "phung thi ngat", "specialist") == []
    complete(office, dossier, "forward")
    drain(["index"])
    assert ids(office, "phung thi ngat", "specialist") == [str(dossier.pk)]
    at_step(office, dossier, "")
    drain(["index"])
    [hit] = find(Query("phung thi ngat", kinds=("dossier",)), office.acting(office.clerk)).hits
    assert hit.status == badge_of(f"dossier-{Status.RETURNED}")
