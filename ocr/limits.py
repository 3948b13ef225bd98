"""How much of the machine one file may take."""

import math
import os
import resource
from dataclasses import dataclass

MEBIBYTE = 1024 * 1024
# Each page being recognised needs about this much beside what the reader itself takes.
MEMORY_A_PAGE = 192 * MEBIBYTE
MEMORY_OF_THE_READER = 448 * MEBIBYTE


@dataclass(frozen=True)
class Limits:
    """What reading one file may cost.

    `memory` is the address space of each process in bytes. `seconds` bounds the wait for the next page and, for
    short files, the whole; a file of many pages has `seconds_a_page` for each. `pages` and `pixels` (of one
    picture) are checked before anything is decoded. `workers` pages are recognised at once, by default one a core.
    `niceness`, on top of what reading takes by itself, lets others on this machine go first.
    """

    memory: int = 1024 * MEBIBYTE
    seconds: float = 60
    seconds_a_page: float = 20
    pages: int = 2000
    pixels: int = 100_000_000
    workers: int | None = None
    niceness: int = 0

    def seconds_for(self, pages: int) -> float:
        """The time a whole file of that many pages may take."""
        return max(self.seconds, self.seconds_a_page * pages)

    def pages_at_once(self) -> int:
        wanted = self.workers or len(os.sched_getaffinity(0))
        return max(1, min(wanted, (self.memory - MEMORY_OF_THE_READER) // MEMORY_A_PAGE))


def confine(limits: Limits) -> None:
    """Bounds memory, file sizes and open files of this process and all it will start.

    The number of processes is left alone: the system counts it per user, not per file.
    """
    _bound(resource.RLIMIT_AS, limits.memory)
    _bound(resource.RLIMIT_FSIZE, limits.memory // 2)
    _bound(resource.RLIMIT_NOFILE, 256)
    _bound(resource.RLIMIT_CORE, 0)
    os.nice(limits.niceness)
    allow_processor(limits, pages=1)


def allow_processor(limits: Limits, *, pages: int) -> None:
    """Bounds the processor time of this process for a file of that many pages; may be raised once they are known.

    A second net: the caller's clock ends the reader first, unless the caller itself is stuck.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    wanted = math.ceil(limits.seconds_for(pages)) * limits.pages_at_once()
    resource.setrlimit(resource.RLIMIT_CPU, (_at_most(wanted, hard), hard))


def _bound(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    bound = _at_most(most, hard)
    resource.setrlimit(what, (bound, bound))


def _at_most(wanted: int, hard: int) -> int:
    return wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
