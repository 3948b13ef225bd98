"""What the steps of a seeded dossier do to it: the effects of `dossiers.effects`, in the same order, in bulk."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from documents.operations.give_number import Outgoing, series_of
from documents.states import State
from dossiers.effects import SLIP_SERIES
from dossiers.models import FinancialObligation
from dossiers.records_models import RecordFile
from dossiers.records_states import FileState
from dossiers.states import Status
from portal.scale.desk import Folder
from portal.scale.life import Passage
from portal.scale.outgoing import give
from portal.scale.papers import Result
from workflow.clock.ledger import Entry, EntryKind
from workflow.engine.clockwork import promise_entry


class Course:
    """The status, the clock and the results of a dossier while its steps are told."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self.status = Status.RECEIVED
        self.results = {kind.code: Result(folder, kind) for kind in folder.edition.results}
        self.entries: list[tuple[Entry, str]] = []
        self._obligation: dict[str, Any] | None = None
        self.start_clock(folder.received_at, 1, "complete", "")

    def start_clock(self, at: datetime, number: int, cause: str, reference: str) -> None:
        promised = self._folder.edition.appointment(number)
        values = self._folder.columns.get("values", {})
        entry = promise_entry(promised, values, self._folder.desk.calendar, at=at, cause=cause)
        self.entries.append((entry, reference))

    def take(self, passage: Passage, typed: dict[str, Any]) -> None:
        """The effect of the outcome that ended this passage, if it has one."""
        effect = passage.outcome.effect if passage.outcome else ""
        if effect:
            _EFFECTS[effect](self, passage, typed)

    @property
    def _appointment(self) -> int:
        return self.entries[-1][0].appointment

    def _begin(self, passage: Passage, typed: dict[str, Any]) -> None:
        self.status = Status.IN_PROCESS

    def _await(self, passage: Passage, typed: dict[str, Any]) -> None:
        folder, at = self._folder, _ended(passage)
        self.status = Status.AWAITING_OBLIGATIONS
        kind = next(kind for kind in folder.desk.types.values() if kind.number_series == SLIP_SERIES)
        subject = f"{folder.code} · {folder.applicant.name}"
        paper = Outgoing(series=series_of(kind), pattern=kind.number_pattern, kind=kind.name, subject=subject)
        slip = give(folder, paper, day=_day(folder, at), at=at, document_type_id=kind.pk)
        self._obligation = {"dossier_id": folder.key, "slip_number": slip, "sent_at": at}
        following = folder.edition.step(passage.outcome.to) if passage.outcome else None
        basis = str(following.source or "") if following else ""
        entry = Entry(EntryKind.PAUSE, at, self._appointment, cause="tax", basis=basis)
        self.entries.append((entry, slip))

    def _settle(self, passage: Passage, typed: dict[str, Any]) -> None:
        self.status = Status.IN_PROCESS
        self._obligation = {
            **(self._obligation or {}),
            "notice_number": typed["notice_number"],
            "proof": typed["proof"],
            "amount": Decimal(typed["amount"]),
            "proven_on": date.fromisoformat(typed["proven_on"]),
            "settled_at": _ended(passage),
        }
        self.start_clock(_ended(passage), self._appointment + 1, "proof", typed["notice_number"])

    def _submit(self, passage: Passage, typed: dict[str, Any]) -> None:
        self._move(State.IN_REVIEW)

    def _return_draft(self, passage: Passage, typed: dict[str, Any]) -> None:
        self._move(State.DRAFT)

    def _move(self, state: State) -> None:
        for result in self.results.values():
            result.move(state)

    def _sign(self, passage: Passage, typed: dict[str, Any]) -> None:
        for result in self.results.values():
            if passage.person:
                result.sign(passage.person.officer_id)

    def _issue(self, passage: Passage, typed: dict[str, Any]) -> None:
        folder, at = self._folder, _ended(passage)
        day = _day(folder, at)
        self._resolve(passage, typed)
        for result in self.results.values():
            kind = result.kind
            paper = Outgoing(series=kind.series, pattern=kind.number, kind=kind.name, subject=result.title)
            result.issue(paper, day, str(typed.get("serial", "")), at)

    def _resolve(self, passage: Passage, typed: dict[str, Any]) -> None:
        at = _ended(passage)
        self.status, self._folder.columns["resolved_at"] = Status.RESOLVED, at
        self.entries.append((Entry(EntryKind.STOP, at, self._appointment, cause="result"), ""))

    def _return(self, passage: Passage, typed: dict[str, Any]) -> None:
        self.status = Status.RETURNED
        closed_on = _day(self._folder, _ended(passage))
        self._folder.desk.shelves[RecordFile].add(
            dossier_id=self._folder.key,
            unit_id=self._folder.handler.unit.pk,
            closed_on=closed_on,
            year=closed_on.year,
            state=FileState.CURRENT.value,
        )
        self._folder.columns |= {
            "returned_at": _ended(passage),
            "returned_to": typed["receiver_name"],
            "returned_to_id_number": typed["receiver_id"],
        }

    def close(self) -> None:
        """Writes the obligation and the results."""
        if self._obligation:
            self._folder.desk.shelves[FinancialObligation].add(**self._obligation)
        for result in self.results.values():
            result.close()


def _ended(passage: Passage) -> datetime:
    return passage.ended or passage.began


def _day(folder: Folder, at: datetime) -> date:
    return at.astimezone(folder.desk.calendar.zone).date()


_EFFECTS: dict[str, Callable[[Course, Passage, dict[str, Any]], None]] = {
    "begin_processing": Course._begin,
    "await_obligations": Course._await,
    "settle_obligations": Course._settle,
    "submit_result": Course._submit,
    "return_result_draft": Course._return_draft,
    "sign_result": Course._sign,
    "issue_result": Course._issue,
    "resolve": Course._resolve,
    "return_result": Course._return,
}
