"""Random valid procedures: steps in blocks, blocks that divide into blocks, and ways back, round and out.

Everybody's role is the specialist's, so that one officer can go any way. `MAZE_EXAMPLES` asks for more of them than an
ordinary run draws.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from hypothesis import strategies as st

EXAMPLES = int(os.environ.get("MAZE_EXAMPLES", "25"))
HEAD = """
procedure = "MAZE"
code = "{code}"
name = "Mê cung"
short_name = "Mê cung"
field = "Thử"
effective_from = 2020-01-01
competent_kind = "registration_branch"
basis = [{{ document = "Quy định thử nghiệm", is_confirmed = true }}]

[[appointments]]
number = 1
days = 500
label = "Ra khỏi"
source = {{ document = "Quy định thử nghiệm", is_confirmed = true }}

[form]
title = "Đơn"
code = "M-1"
regulation = "Quy định thử nghiệm"

[[components]]
code = "request"
name = "Đơn"
document_type = "giay_to_khac"
"""


@dataclass
class Node:
    """A step of a maze: its ways forward by code, its ways back, whether it may stop, and where it stands.

    to        the step each way forward leads to, empty for the end of the branch or the case
    splits    the first steps of the branches it divides into, if it does
    backs     the steps it is sent back to
    region    the forks around it, from the outside in: (code of the dividing step, number of the branch)
    """

    code: str
    region: tuple[tuple[str, int], ...]
    to: dict[str, str] = field(default_factory=dict)
    splits: tuple[str, ...] = ()
    backs: dict[str, str] = field(default_factory=dict)
    may_stop: bool = False
    joins: bool = False
    pauses: bool = False


@dataclass
class Maze:
    nodes: list[Node] = field(default_factory=list)

    def node(self, code: str) -> Node:
        return next(node for node in self.nodes if node.code == code)

    def as_toml(self, code: str) -> str:
        return HEAD.format(code=code) + "".join(_step(node) for node in self.nodes)


def _step(node: Node) -> str:
    lines = [f'\n[[steps]]\ncode = "{node.code}"\nname = "Bước {node.code}"\nrole = "specialist"\ndays = 0.25']
    lines += ["joins = true"] if node.joins else []
    lines += ['pauses = "flood"'] if node.pauses else []
    ways = [(code, f'to = "{to}"' if to else "") for code, to in node.to.items()]
    if node.splits:
        ways.append(("split", f"splits = [{', '.join(f'{code!r}' for code in node.splits)}]"))
    ways += [(code, f'to = "{to}"\nmanner = "back"') for code, to in node.backs.items()]
    ways += [("stop", 'manner = "stop"')] if node.may_stop else []
    lines += [f'\n[[steps.outcomes]]\ncode = "{code}"\nname = "{code}"\n{way}' for code, way in ways]
    return "\n".join(lines) + "\n"


@st.composite
def mazes(draw: st.DrawFn) -> Maze:
    """A maze of up to some twenty steps, three forks deep."""
    maze, numbers = Maze(), count(1)
    _block(draw, maze, (), "", numbers, may_end=True)
    for node in maze.nodes:
        _ways_back(draw, maze, node)
    return maze


def _block(
    draw: st.DrawFn,
    maze: Maze,
    region: tuple[tuple[str, int], ...],
    after: str,
    numbers: Iterator[int],
    *,
    may_end: bool,
) -> str:
    """Lays a row of steps that leads to `after` (empty: the end); the code of its first one."""
    length = draw(st.integers(1, 3 if not region else 2))
    nodes = [Node(f"s{next(numbers)}", region, pauses=draw(st.integers(0, 7)) == 0) for _turn in range(length)]
    nodes[-1].may_stop = may_end and draw(st.booleans())
    maze.nodes += nodes
    first_after: dict[str, str] = {}
    for here, following in zip(nodes, [*nodes[1:], None], strict=True):
        first_after[here.code] = following.code if following else after
    for here in nodes:
        is_fork = len(region) < 3 and len(maze.nodes) < 20 and draw(st.integers(0, 2)) == 0
        if is_fork:
            _fork(draw, maze, here, first_after[here.code], numbers)
        else:
            here.to["on"] = first_after[here.code]
    for index, here in enumerate(nodes[:-2]):
        if here.to and not nodes[index + 2].joins and draw(st.booleans()):
            here.to["past"] = nodes[index + 2].code
    return nodes[0].code


def _fork(draw: st.DrawFn, maze: Maze, here: Node, following: str, numbers: Iterator[int]) -> None:
    """The step divides. What its branches meet at is a step of its own, unless all of them end by themselves."""
    ends_apart = [draw(st.integers(0, 3)) == 0 for _turn in range(draw(st.integers(2, 3)))]
    meets_at = ""
    if not all(ends_apart) or following:
        ends_apart[0] = False
        meet = Node(f"s{next(numbers)}", here.region, joins=True)
        meet.to["on"] = following
        maze.nodes.append(meet)
        meets_at = meet.code
    here.splits = tuple(
        _block(draw, maze, (*here.region, (here.code, turn)), "" if apart else meets_at, numbers, may_end=True)
        for turn, apart in enumerate(ends_apart, start=1)
    )


def _ways_back(draw: st.DrawFn, maze: Maze, node: Node) -> None:
    """Back to any step of its own branch or of one around it, sooner or later ones alike."""
    around = [one.code for one in maze.nodes if node.region[: len(one.region)] == one.region and one.code != node.code]
    turn = draw(st.integers(0, 2 * len(around)))
    if turn < len(around):
        node.backs["back"] = around[turn]
