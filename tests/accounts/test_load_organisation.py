"""Units, roles and successions of a province from its file."""

from collections.abc import Callable

import pytest

from accounts.models import StepRole, Unit, UnitSuccession
from accounts.operations.load_organisation import FaultyOrganisation, load_organisation
from audit.models import AuditEvent
from audit.recording import SYSTEM

pytestmark = pytest.mark.django_db

TEXT = """
roles = [{ code = "ferryman", name = "Người chèo đò", receives = true }]

[[units]]
code = "ben-tren"
name = "Bến Trên"
short_name = "Bến Trên"
kind = "branch"
valid_from = 2020-01-01

[[units]]
code = "ben-duoi"
name = "Bến Dưới"
short_name = "Bến Dưới"
kind = "branch"
valid_from = 2025-07-01
parent = "ben-tren"

[[successions]]
predecessor = "ben-tren"
successor = "ben-duoi"
on = 2025-07-01
"""


def loaded(text: str = TEXT) -> bool:
    return load_organisation(text=text, actor=SYSTEM)


def test_roles_units_with_their_parents_and_successions_are_loaded() -> None:
    assert loaded()
    assert StepRole.objects.get(code="ferryman").receives
    assert Unit.objects.get(code="ben-duoi").parent == Unit.objects.get(code="ben-tren")
    succession = UnitSuccession.objects.get(predecessor__code="ben-tren")
    assert (succession.successor.code, f"{succession.succeeded_on}") == ("ben-duoi", "2025-07-01")


def test_loading_the_same_again_changes_nothing_and_is_no_event() -> None:
    loaded()
    assert not loaded()
    assert AuditEvent.objects.filter(verb="organisation.loaded").count() == 1


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ('name = "Bến Dưới"', 'name = "Bến Mới"', lambda: Unit.objects.get(code="ben-duoi").name == "Bến Mới"),
        ('parent = "ben-tren"\n', "", lambda: Unit.objects.get(code="ben-duoi").parent is None),
        ("receives = true", "leads = true", lambda: not StepRole.objects.get(code="ferryman").receives),
    ],
)
def test_what_the_file_says_anew_is_changed_in_place(old: str, new: str, changed: Callable[[], bool]) -> None:
    loaded()
    before = Unit.objects.count(), StepRole.objects.count()
    assert loaded(TEXT.replace(old, new))
    assert changed()
    assert (Unit.objects.count(), StepRole.objects.count()) == before


def test_what_the_file_no_longer_names_stays() -> None:
    loaded()
    assert not loaded("roles = []")
    assert Unit.objects.filter(code="ben-duoi").exists()


@pytest.mark.parametrize(
    ("old", "new"),
    [('parent = "ben-tren"', 'parent = "ben-la"'), ('successor = "ben-duoi"', 'successor = "ben-la"'), ("on =", "on")],
)
def test_a_faulty_file_is_refused_as_a_whole(old: str, new: str) -> None:
    with pytest.raises(FaultyOrganisation):
        loaded(TEXT.replace(old, new))
    assert not Unit.objects.filter(code="ben-tren").exists()
