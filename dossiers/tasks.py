"""Work that follows the commit."""

from collections.abc import Sequence

from dossiers.operations.bundle import TOPIC, give_up_proposing, propose_cuts
from dossiers.operations.number_result import print_numbered_result
from jobs.registry import Job, NotNow, handles


@handles("issued_result", lane="quick", in_atomic=False)
def print_issued_results(jobs: Sequence[Job]) -> None:
    """Prints issued results with their number, date and signer."""
    for job in jobs:
        print_numbered_result(result_id=int(job.key))


def give_up_cutting(job: Job) -> None:
    give_up_proposing(bundle_id=int(job.key))


@handles(TOPIC, lane="slow", in_atomic=False, attempts=3, on_dead=give_up_cutting)
def look_through_bundles(jobs: Sequence[Job]) -> None:
    """Looks where the bundles named by the keys are to be cut, once they are read."""
    for job in jobs:
        if not propose_cuts(bundle_id=int(job.key)):
            raise NotNow
