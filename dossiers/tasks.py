"""Work that follows the commit."""

from collections.abc import Sequence

from dossiers.operations.number_result import print_numbered_result
from jobs.registry import Job, handles


@handles("issued_result", lane="quick", in_atomic=False)
def print_issued_results(jobs: Sequence[Job]) -> None:
    """Prints issued results with their number, date and signer."""
    for job in jobs:
        print_numbered_result(result_id=int(job.key))
