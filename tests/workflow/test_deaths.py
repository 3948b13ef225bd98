"""What the deaths of the mazes promise: nothing half done is left, and who asks again hears what he had heard."""

from itertools import count

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

    last = 0
    for at in count(1):
        death = Death(at, is_after)
        with pytest.raises(Invalid):
            lived_through(refused, death)
        if not death.is_dead:
            break
        last = at
    # It died at each of its statements, the going back and the letting go of its savepoint among them.
    assert last > 2
    assert everything() == before
