"""What the deaths of the mazes promise: nothing half done is left, and who asks again hears what he had heard."""

import pytest

from pages.domain_errors import Invalid
from tests.factories.moments import MORNING
from tests.workflow.deaths import Death, lived_through
from tests.workflow.ferry import River, only_open
from tests.workflow.untouched import everything
from workflow.engine.operations.complete import complete_step


@pytest.mark.parametrize("is_after", [False, True])
def test_a_refusal_is_heard_whenever_its_process_dies(river: River, *, is_after: bool) -> None:
    run = only_open(river.start(at=MORNING))
    acting, before = river.acting(river.officer_for(run)), everything()

    def refused() -> None:
        complete_step(step_run_id=run.pk, outcome="", version=run.version, acting=acting, at=MORNING)

    at, is_reached = 0, True
    while is_reached:
        at += 1
        death = Death(at, is_after)
        with pytest.raises(Invalid):
            lived_through(refused, death)
        is_reached = death.is_dead
    assert at > 4
    assert everything() == before
