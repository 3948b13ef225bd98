"""The history of a dossier in words a clerk understands: its own events and those of its papers."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.acting import Acting
from audit.models import AuditEvent
from audit.recording import record
from audit.selectors import history
from audit.verbs import all_verbs
from dossiers.models import Dossier
from dossiers.operations.draft import change_procedure, discard_draft
from dossiers.selectors import streams_of
from dossiers.views.dossier import HISTORY_PAGE
from jobs.worker import drain
from tests.factories.dossiers import at_step, begun, complete, received
from tests.factories.office import Office

pytestmark = pytest.mark.django_db


def told(dossier: Dossier) -> list[str]:
    """The sentences, oldest first."""
    return [line.words for line in reversed(history(streams_of(dossier.pk)))]


def test_a_whole_life_is_told_in_order(office: Office) -> None:
    dossier = received(office, "P2", scans=("certificate",))
    at_step(office, dossier, "")
    drain(["issued_result"])
    verbs = list(
        AuditEvent.objects.filter(stream__in=streams_of(dossier.pk)).order_by("id").values_list("verb", flat=True)
    )
    assert verbs == [
        *("dossier.registered", "document.received", "dossier.received"),
        *("step.completed",) * 4,
        "document.drafted",
        *("step.completed",) * 4,
        "result.numbered",
    ]


def test_the_words_name_what_happened(office: Office) -> None:
    dossier = received(office)
    complete(office, dossier, "forward", note="Đủ giấy tờ")
    words = told(dossier)
    assert "Cấp đổi Giấy chứng nhận" in words[0]
    for fact in ("H99.15-261202-0001", "Phùng Thị Ngát", "09/12/2026"):
        assert fact in words[1], fact
    assert "Tiếp nhận, chuyển hồ sơ" in words[2]
    assert "Chuyển hồ sơ đến đơn vị giải quyết" in words[2]
    assert not [line for line in words if "%(" in line or "…" in line]


def test_drafts_tell_their_story_too(office: Office, clerk: Acting) -> None:
    dossier = begun(office)
    change_procedure(dossier_id=dossier.pk, procedure="P2", acting=clerk)
    discard_draft(dossier_id=dossier.pk, acting=clerk)
    assert len(told(dossier)) == 3
    assert "chuyển nhượng" in told(dossier)[1]


def test_every_verb_of_the_package_is_used(office: Office) -> None:
    """A sentence nobody can read is a sentence nobody needs. What is shared with an agency is said by `exchange`."""
    own = {verb.code for verb in all_verbs() if verb.code.startswith(("dossier.", "result."))} - {"dossier.shared"}
    assert own == {
        *("dossier.registered", "dossier.procedure_changed", "dossier.discarded", "dossier.received"),
        "dossier.opened_beside",
        *("dossier.bundle_split", "dossier.scans_released", "dossier.classified", "dossier.kept"),
        *("dossier.disposed", "result.numbered"),
    }


def test_another_dossiers_events_stay_out(office: Office) -> None:
    mine, other = received(office, scans=("certificate",)), received(office, scans=("application",))
    streams = {event.event.stream for event in history(streams_of(mine.pk))}
    assert f"dossier:{other.pk}" not in streams
    assert streams == set(streams_of(mine.pk))


def test_the_tab_shows_who_and_when_and_counts(client: Client, office: Office) -> None:
    client.force_login(office.clerk)
    dossier = received(office)
    html = client.get(reverse("dossier_history", args=[dossier.pk])).content.decode()
    assert "02/12/2026 09:00:00" in html
    assert office.clerk.full_name in html
    assert office.one_stop.name in html
    assert re.search(r"<a[^>]*lich-su[^>]*>[^<]*<[^>]*>\s*2\s*<", html) or ">2<" in html


@pytest.mark.parametrize(("events", "wanted"), [(HISTORY_PAGE, 1), (HISTORY_PAGE + 1, 2), (2 * HISTORY_PAGE + 1, 3)])
def test_a_long_history_goes_on_page_by_page(
    client: Client, office: Office, clerk: Acting, events: int, wanted: int
) -> None:
    client.force_login(office.clerk)
    dossier = received(office)
    for number in range(events - 2):
        payload = {"before": "Cấp đổi Giấy chứng nhận", "after": f"Thủ tục thứ {number}"}
        record(f"dossier:{dossier.pk}", "dossier.procedure_changed", actor=clerk.actor, payload=payload)
    seen: list[int] = []
    pages = 0
    address = reverse("dossier_history", args=[dossier.pk])
    while address:
        response = client.get(address)
        assert len(response.content) < 60_000
        pages += 1
        seen += [line.event.pk for line in response.context["history"]]
        link = re.search(r'rel="next"\s+href="(\?truoc=\d+)"', response.content.decode())
        address = reverse("dossier_history", args=[dossier.pk]) + link[1] if link else ""
    kept = AuditEvent.objects.filter(stream=f"dossier:{dossier.pk}").order_by("-id").values_list("pk", flat=True)
    assert seen == list(kept)
    assert pages == wanted


@pytest.mark.parametrize("before", ["x", "-1", "²", "9" * 30, "9" * 5000, "1e3"])
def test_a_place_in_the_history_that_cannot_be_is_passed_over(client: Client, office: Office, before: str) -> None:
    client.force_login(office.clerk)
    dossier = received(office)
    response = client.get(reverse("dossier_history", args=[dossier.pk]), {"truoc": before})
    assert len(response.context["history"]) == 2
