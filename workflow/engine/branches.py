"""The paths of branches (nhánh song song).

A run stands in a branch, written as its path from the trunk, which is empty: `4.2` is the second branch that passage 4
opened, `4.2/7.1` the first of those its passage 7 opened. Passages of a case are counted once and for all, so no two
forks of a case have the same path. An opinion stands in a branch of its own beneath the step that asks: `4.2/7.y1`.
"""

_MARK = "/"


def branch_under(branch: str, number: int, turn: int) -> str:
    """The path of the branch number `turn` that the passage `number` of `branch` opens."""
    return _joined(branch, f"{number}.{turn}")


def opinion_under(branch: str, number: int, count: int) -> str:
    """The path of the opinion number `count` that the passage `number` asks for."""
    return _joined(branch, f"{number}.y{count}")


def _joined(branch: str, part: str) -> str:
    return f"{branch}{_MARK}{part}" if branch else part


def parent_of(branch: str) -> str:
    """The branch around this one."""
    return branch.rpartition(_MARK)[0]


def depth_of(branch: str) -> int:
    """How many forks stand between the trunk and this branch."""
    return len(branch.split(_MARK)) if branch else 0


def outer(branch: str, depth: int) -> str:
    """The branch around this one that stands this deep, or itself."""
    return _MARK.join(branch.split(_MARK)[:depth])


def fork_of(branch: str) -> str:
    """With what the paths of this branch, of those beside it and of all beneath them begin."""
    return f"{branch.rpartition('.')[0]}."


def beneath(branch: str) -> str:
    """With what the paths of everything within this branch begin."""
    return f"{branch}{_MARK}" if branch else ""


def turns_of(branch: str) -> str:
    """The path as people count: the first branch within the second one is 2.1."""
    return ".".join(part.rpartition(".")[2] for part in branch.split(_MARK)) if branch else ""
