"""Work that follows the commit."""

from collections.abc import Sequence
from datetime import timedelta

from dossiers.operations.bundle import TOPIC, give_up_proposing, propose_cuts
from dossiers.operations.discarded import TOPIC as DISCARDED
from dossiers.operations.discarded import release_forgotten, release_scans
from dossiers.operations.draft_apologies import draft_apologies
from dossiers.operations.number_result import ISSUED_TOPIC, print_numbered_result
from dossiers.records.operations.carry_out import check_list, end_list
from dossiers.records.operations.lists import CHECK, DISPOSAL, PACKAGE
from dossiers.records.operations.packages import pack_list, release_shut_packages
from dossiers.records.operations.send_back import send_back
from dossiers.records_states import SentBack
from jobs.registry import Job, handles, scheduled


@handles(ISSUED_TOPIC, lane="quick", in_atomic=False)
def print_issued_results(jobs: Sequence[Job]) -> None:
    """Prints issued results with their number, date and signer."""
    for job in jobs:
        print_numbered_result(result_id=int(job.key))


def give_up_cutting(job: Job) -> None:
    give_up_proposing(bundle_id=int(job.key))


@handles(TOPIC, lane="slow", in_atomic=False, attempts=3, on_dead=give_up_cutting)
def look_through_bundles(jobs: Sequence[Job]) -> None:
    """Looks where the bundles named by the keys are to be cut; each is asked for when its reading ends."""
    for job in jobs:
        propose_cuts(bundle_id=int(job.key))


@handles(DISCARDED, lane="quick")
def release_discarded_scans(jobs: Sequence[Job]) -> None:
    """Lets go of the scans of drafts discarded some days ago."""
    for job in jobs:
        release_scans(dossier_id=int(job.key))


@scheduled("dossiers.release_forgotten", every=timedelta(days=1))
def ask_for_forgotten() -> None:
    """Has the scans let go of where nobody asked for it when the draft was discarded."""
    release_forgotten()


# Reading or packing hundreds of dossiers takes minutes, and nobody waits with a page open.
@handles(CHECK, lane="slow", in_atomic=False)
def check_records(jobs: Sequence[Job]) -> None:
    """Verifies the files of the lists the keys name."""
    for job in jobs:
        check_list(list_id=int(job.key))


def give_up_list(job: Job) -> None:
    """A list nobody can carry out freezes nothing: it can be mended, approved anew or dropped."""
    send_back(list_id=int(job.key), why=SentBack.FAILED)


@handles(PACKAGE, lane="slow", in_atomic=False, on_dead=give_up_list)
def pack_records(jobs: Sequence[Job]) -> None:
    """Builds the packages of approved transfers."""
    for job in jobs:
        pack_list(list_id=int(job.key))


@handles(DISPOSAL, lane="slow", in_atomic=False, on_dead=give_up_list)
def end_records(jobs: Sequence[Job]) -> None:
    """Ends the files of approved disposal lists."""
    for job in jobs:
        end_list(list_id=int(job.key))


# Meanwhile nobody is given such a package: `take_package` looks for itself.
@scheduled("dossiers.release_shut_packages", every=timedelta(hours=1))
def let_shut_packages_go() -> None:
    """Takes packages back in which something was found that must not be given out."""
    release_shut_packages()


@scheduled("apologies", every=timedelta(minutes=30))
def ask_for_apologies() -> None:
    """Drafts apologies while they can still be sent in time."""
    draft_apologies()
