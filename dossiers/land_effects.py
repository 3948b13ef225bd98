"""The effects by which an edition's steps change the land register, in the transaction of the step.

An edition names the change: "issue_and_transfer" issues the result and enters the transfer. Editions that end in
"issue_result" or "resolve" change what their procedure usually does (usual_land_changes.toml).
"""

from collections.abc import Mapping

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from dossiers import effects
from dossiers.land_changes import CHANGES
from dossiers.land_parcels import entering
from dossiers.models import Dossier
from dossiers.usual_land import ISSUE_AND, usual_change
from workflow.kinds import Effect, Occasion


def issue_result(occasion: Occasion) -> None:
    """Issues the result, and changes the register as the procedure usually does."""
    effects.issue_result(occasion)
    _change_as_usual(occasion)


def resolve(occasion: Occasion) -> None:
    """Resolves without a paper, and changes the register as the procedure usually does."""
    effects.resolve(occasion)
    _change_as_usual(occasion)


def _change_as_usual(occasion: Occasion) -> None:
    name = usual_change(occasion.case.edition_version.edition)
    if name:
        _enter(occasion, name)


def _enter(occasion: Occasion, name: str) -> None:
    dossier = Dossier.objects.select_related("version").get(pk=occasion.case.subject_id)
    change, _words = CHANGES[name]
    change(entering(dossier, occasion.acting, occasion.at))


def _effect(name: str) -> Effect:
    def run(occasion: Occasion) -> None:
        effects.issue_result(occasion)
        _enter(occasion, name)

    label = format_lazy("{}; {}", gettext_lazy("Issues the result"), CHANGES[name][1])
    return Effect(run, label, is_final=True, by_officer=True)


LAND_EFFECTS: Mapping[str, Effect] = {f"{ISSUE_AND}{name}": _effect(name) for name in CHANGES}
