"""Work that follows the commit."""

from collections.abc import Sequence

from dossiers.operations.bundle import TOPIC, give_up_proposing, propose_cuts
from dossiers.operations.number_result import print_numbered_result
from dossiers.records.operations.carry_out import check_list, end_list, pack_list
from dossiers.records.operations.lists import CHECK, DISPOSAL, PACKAGE
from jobs.registry import Job, NotNow, handles

ISSUED_TOPIC = "issued_result"


@handles(ISSUED_TOPIC, lane="quick", in_atomic=False)
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


# Reading or packing hundreds of dossiers takes minutes, and nobody waits with a page open.
@handles(CHECK, lane="slow", in_atomic=False)
def check_records(jobs: Sequence[Job]) -> None:
    """Verifies the files of the lists the keys name."""
    for job in jobs:
        check_list(list_id=int(job.key))


@handles(PACKAGE, lane="slow", in_atomic=False)
def pack_records(jobs: Sequence[Job]) -> None:
    """Builds the packages of approved transfers."""
    for job in jobs:
        pack_list(list_id=int(job.key))


@handles(DISPOSAL, lane="slow", in_atomic=False)
def end_records(jobs: Sequence[Job]) -> None:
    """Ends the files of approved disposal lists."""
    for job in jobs:
        end_list(list_id=int(job.key))
