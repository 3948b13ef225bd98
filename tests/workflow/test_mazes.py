"""Random cases through random valid procedures, held against a model of tokens that knows no engine.

Deeds are killed at random moments: at any statement they send to the database, before or after it is carried out.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.models import AuditEvent
from audit.verifier import verify
from jobs.models import OutboxRow
from jobs.outbox import enqueue
from pages.domain_errors import Conflict, DomainError, Invalid
from tests.factories.moments import MORNING
from tests.factories.office import publish
from tests.workflow.deaths import Death, lived_through
from tests.workflow.ferry import Landing, River, stream_of
from tests.workflow.mazes import EXAMPLES, Maze, Node, mazes
from workflow import kinds
from workflow.clock.ledger import ClockState
from workflow.engine.operations.complete import complete_step
from workflow.engine.operations.consult import answer_consultation, consult, take_back_consultation
from workflow.engine.operations.jump import jump_to_step
from workflow.engine.operations.send_back import send_back, steps_behind
from workflow.engine.operations.undo import undo_step
from workflow.engine.selectors import open_opinions_of, open_runs
from workflow.models import Case, StepRun

_codes = count(1)
DUE_ON = date(2026, 12, 10)
MOVED = "ferry_moved"
# Deeds take some fifteen to thirty-five statements; a death that comes later never comes.
DEATHS = st.none() | st.builds(Death, at=st.integers(1, 30), is_after=st.booleans())


@pytest.fixture
def landing(landing: Landing, monkeypatch: pytest.MonkeyPatch) -> Landing:
    """Asks for work in the outbox whenever a case has moved."""
    kind = replace(landing.kind(), moved=lambda subject_id: enqueue(MOVED, str(subject_id)))
    monkeypatch.setitem(kinds._KINDS, "ferry", kind)
    return landing


# The model ------------------------------------------------------------------------------------------


@dataclass
class Token:
    """Where the case stands in one branch: the step, the branch's path, and the passage's number."""

    step: str
    branch: str
    number: int = 0
    questions: int = 0


@dataclass
class Deed:
    """What completing a step did: what it put in the place of its token, and where that had arrived."""

    token: Token
    opened: list[Token]
    arrived: str = ""
    ended: bool = False


@dataclass
class Model:
    """Tokens, and which branches have come to where they meet; a fork's path is that of its branches without the turn.

    deeds  what each passage's completion did, as long as it may be taken back
    """

    maze: Maze
    tokens: list[Token] = field(default_factory=list)
    arrived: dict[str, str] = field(default_factory=dict)
    deeds: dict[int, Deed] = field(default_factory=dict)
    is_finished: bool = False

    def complete(self, token: Token, outcome: str) -> None:
        node = self.maze.node(token.step)
        deed = Deed(token, [])
        self.tokens.remove(token)
        if outcome == "stop":
            self.tokens, self.is_finished, deed.ended = [], True, True
        elif outcome == "split":
            deed.opened = [
                Token(code, under(token.branch, f"{token.number}.{turn}")) for turn, code in enumerate(node.splits, 1)
            ]
        else:
            self._forward(node.to[outcome], token, deed)
        self.tokens += deed.opened
        self.deeds[token.number] = deed

    def _forward(self, to: str, token: Token, deed: Deed) -> None:
        if to and not self.maze.node(to).joins:
            deed.opened = [Token(to, token.branch)]
            return
        branch = token.branch
        if branch:
            self.arrived[branch] = to
            deed.arrived = branch
        while branch:
            fork = branch.rpartition(".")[0] + "."
            if any(one.branch.startswith(fork) for one in self.tokens):
                return
            meets_at = next((at for path, at in self.arrived.items() if at and is_turn_of(path, fork)), "")
            branch = branch.rpartition("/")[0]
            if meets_at:
                deed.opened = [Token(meets_at, branch)]
                return
        self.is_finished, deed.ended = True, True

    def set_on(self, token: Token, to: str) -> None:
        """Back or by hand: in its own branch or one around it; what goes on beneath that is broken off."""
        before, depth = self.tokens, len(self.maze.node(to).region)
        branch = "/".join(token.branch.split("/")[:depth]) if depth else ""
        within = f"{branch}/" if branch else ""
        self.tokens = [one for one in self.tokens if one is not token and not one.branch.startswith(within)]
        self.arrived = {path: at for path, at in self.arrived.items() if not path.startswith(within)}
        self.tokens.append(Token(to, branch))
        # What was broken off with it stays so: then it is not taken back.
        if len(self.tokens) == len(before) and not token.questions:
            self.deeds[token.number] = Deed(token, self.tokens[-1:])

    def may_undo(self, number: int) -> bool:
        deed = self.deeds.get(number)
        if deed is None or any(one not in self.tokens or one.questions for one in deed.opened):
            return False
        if deed.ended:
            return self.is_finished
        if deed.opened:
            return True
        fork = deed.arrived.rpartition(".")[0] + "."
        return deed.arrived in self.arrived and any(one.branch.startswith(fork) for one in self.tokens)

    def undo(self, number: int) -> None:
        deed = self.deeds.pop(number)
        self.tokens = [one for one in self.tokens if one not in deed.opened]
        if deed.arrived:
            self.arrived.pop(deed.arrived, None)
        self.is_finished = False
        self.tokens.append(Token(deed.token.step, deed.token.branch, deed.token.number))


def under(branch: str, part: str) -> str:
    return f"{branch}/{part}" if branch else part


def is_turn_of(path: str, fork: str) -> bool:
    """Whether the path is one of the fork's own branches, and not one within them."""
    return path.startswith(fork) and "/" not in path[len(fork) :]


# The walk -------------------------------------------------------------------------------------------


class Walk:
    """A case and its model, gone through side by side."""

    def __init__(self, river: River, maze: Maze) -> None:
        edition = publish(maze.as_toml(f"m{next(_codes)}"))
        self.river, self.maze = River(river.office, edition, river.landing), maze
        self.case = self.river.start(at=MORNING)
        self.acting = river.acting(river.office.specialist)
        self.asker = river.acting(river.office.specialist)
        self.boss = river.acting(river.office.administrator)
        self.stranger = river.acting(river.office.stranger)
        self.death: Death | None = None
        self.moves = 0
        self.model = Model(maze, [Token(maze.nodes[0].code, "")])
        self.check(0)

    def check(self, told: int) -> None:
        """The case stands where the model says, everything is numbered once, and so many events were told."""
        runs = open_runs(self.case)
        found = sorted((run.branch, run.step) for run in runs)
        assert found == sorted((one.branch, one.step) for one in self.model.tokens)
        numbers = list(StepRun.objects.filter(process=self.case).exclude(step="").values_list("number", flat=True))
        assert len(set(numbers)) == len(numbers)
        by_place = {(run.branch, run.step): run for run in runs}
        for token in self.model.tokens:
            run = by_place[token.branch, token.step]
            token.number = run.number
            assert run.awaited == token.questions
        self.case.refresh_from_db()
        assert (self.case.finished is not None) == self.model.is_finished
        assert bool(runs) != self.model.is_finished
        assert len(open_opinions_of(self.case)) == sum(one.questions for one in self.model.tokens)
        pausing = [run for run in runs if self.maze.node(run.step).pauses]
        assert (self.case.clock_state == ClockState.PAUSED) == bool(pausing)
        assert self.told() == told
        # Every event left one version of the case behind it, and every move one word in the outbox.
        assert self.case.version == told
        assert self.asked_for() == self.moves

    def asked_for(self) -> int:
        row = OutboxRow.objects.filter(topic=MOVED, key=str(self.case.subject_id)).first()
        return row.generation if row else 0

    def told(self) -> int:
        return AuditEvent.objects.filter(stream=stream_of(self.case.subject_id)).count()

    def run_of(self, token: Token) -> StepRun:
        return StepRun.objects.get(process=self.case, number=token.number)

    def try_(self, deed: Callable[[], object], *, may: bool, change: Callable[[], None], moves: bool = True) -> None:
        """Done where the model allows it, refused and untouched where it doesn't; never anything between."""
        told = self.told()
        try:
            lived_through(deed, self.death)
        except (Conflict, Invalid) as fault:
            assert not may, fault
            self.check(told)
            return
        assert may
        change()
        self.moves += moves
        self.check(told + 1)

    def step(self, data: st.DataObject) -> None:
        self.death = data.draw(DEATHS)
        deeds = [self.complete] * 6 + [self.back, self.jump, self.undo, self.undo, self.ask, self.reply]
        data.draw(st.sampled_from(deeds))(data)

    def complete(self, data: st.DataObject) -> None:
        if not self.model.tokens:
            return
        token = data.draw(st.sampled_from(self.model.tokens))
        node, run = self.maze.node(token.step), self.run_of(token)
        outcome = data.draw(st.sampled_from(ways_of(node)))
        is_forward = outcome in node.to or outcome == "split"
        is_alone = self.model.tokens == [token] and not token.questions

        def change() -> None:
            if outcome in node.backs:
                self.model.set_on(token, node.backs[outcome])
            else:
                self.model.complete(token, outcome)
                if outcome == "stop" and not is_alone:
                    self.model.deeds.pop(token.number)

        self.try_(
            lambda: complete_step(
                step_run_id=run.pk, outcome=outcome, version=run.version, acting=self.acting, note="x", at=MORNING
            ),
            may=not (is_forward and token.questions),
            change=change,
        )

    def back(self, data: st.DataObject) -> None:
        if not self.model.tokens:
            return
        token = data.draw(st.sampled_from(self.model.tokens))
        run = self.run_of(token)
        behind = [step.code for step in steps_behind(run)]
        if not behind:
            return
        to = data.draw(st.sampled_from(behind))
        self.try_(
            lambda: send_back(
                step_run_id=run.pk, to_step=to, note="x", version=run.version, acting=self.acting, at=MORNING
            ),
            may=True,
            change=lambda: self.model.set_on(token, to),
        )

    def jump(self, data: st.DataObject) -> None:
        if not self.model.tokens:
            return
        token = data.draw(st.sampled_from(self.model.tokens))
        run, to = self.run_of(token), data.draw(st.sampled_from(self.maze.nodes))
        here = self.maze.node(token.step).region

        def change() -> None:
            self.model.set_on(token, to.code)
            # The step left was not completed, so there is nothing to take back.
            self.model.deeds.pop(token.number, None)

        self.try_(
            lambda: jump_to_step(
                step_run_id=run.pk, to_step=to.code, reason="x", version=run.version, acting=self.boss, at=MORNING
            ),
            may=to.code != token.step and here[: len(to.region)] == to.region,
            change=change,
        )

    def undo(self, data: st.DataObject) -> None:
        done = list(StepRun.objects.filter(process=self.case, status="DONE", step__startswith="s").order_by("number"))
        if not done:
            return
        run = data.draw(st.sampled_from([*done[-2:], *done]))
        told = self.told()
        try:
            lived_through(
                lambda: undo_step(step_run_id=run.pk, version=run.version, acting=self.acting, at=MORNING), self.death
            )
        except DomainError:
            self.check(told)
            return
        # It may be stricter than the model, never laxer.
        assert self.model.may_undo(run.number), (run, self.model)
        self.model.undo(run.number)
        self.moves += 1
        self.check(told + 1)

    def ask(self, data: st.DataObject) -> None:
        if not self.model.tokens:
            return
        token = data.draw(st.sampled_from(self.model.tokens))
        run, unit = self.run_of(token), self.river.office.other_branch

        def change() -> None:
            token.questions += 1

        self.try_(
            lambda: consult(
                step_run_id=run.pk,
                content="?",
                due_on=DUE_ON,
                version=run.version,
                acting=self.acting,
                unit_id=unit.pk,
                at=MORNING,
            ),
            may=True,
            change=change,
            moves=False,
        )

    def reply(self, data: st.DataObject) -> None:
        asked = open_opinions_of(self.case)
        if not asked:
            return
        run, is_answered = data.draw(st.sampled_from(asked)), data.draw(st.booleans())
        asking = run.consultation.asking
        token = next(one for one in self.model.tokens if one.number == asking.number)

        def change() -> None:
            token.questions -= 1

        def deed() -> object:
            if is_answered:
                return answer_consultation(
                    step_run_id=run.pk, answer="!", version=run.version, acting=self.stranger, at=MORNING
                )
            return take_back_consultation(
                step_run_id=run.pk, reason="x", version=run.version, acting=self.asker, at=MORNING
            )

        self.try_(deed, may=True, change=change, moves=False)

    def go_out(self) -> None:
        """Forward by the first way, however it stands: every case reaches its end, and nothing is left open."""
        for run in open_opinions_of(self.case):
            answer_consultation(step_run_id=run.pk, answer="!", version=run.version, acting=self.stranger, at=MORNING)
        for token in self.model.tokens:
            token.questions = 0
        for _turn in range(200):
            if self.model.is_finished:
                break
            token = self.model.tokens[0]
            run, outcome = self.run_of(token), ways_of(self.maze.node(token.step))[0]
            told = self.told()
            complete_step(step_run_id=run.pk, outcome=outcome, version=run.version, acting=self.acting, at=MORNING)
            self.model.complete(token, outcome)
            self.moves += 1
            self.check(told + 1)
        assert self.model.is_finished
        assert not StepRun.objects.filter(process=self.case, finished__isnull=True).exists()


def ways_of(node: Node) -> list[str]:
    return [*node.to, *(["split"] if node.splits else []), *node.backs, *(["stop"] if node.may_stop else [])]


@pytest.mark.django_db
@settings(
    max_examples=EXAMPLES,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(data=st.data(), maze=mazes(), length=st.integers(0, 25))
def test_attack_52_no_token_is_lost_no_step_doubled_and_every_end_reached(
    river: River, data: st.DataObject, maze: Maze, length: int
) -> None:
    walk = Walk(river, maze)
    for _turn in range(length):
        walk.step(data)
    walk.go_out()
    assert verify().is_ok
    assert Case.objects.get(pk=walk.case.pk).finished is not None
