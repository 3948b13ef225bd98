"""The papers of a seeded dossier: what was handed in, scanned and read, and the result from draft to issue."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from audit.recording import SYSTEM, Actor
from documents.models import (
    Document,
    DocumentToken,
    DocumentVersion,
    LegalDocument,
    LegalDocumentToken,
)
from documents.operations.give_number import Outgoing
from documents.states import ReadingState, Screening, State
from documents.validity import IN_FORCE
from dossiers.models import DossierComponent, DossierResult
from portal.scale.desk import Desk, Folder, SharedFile
from portal.scale.outgoing import give
from workflow.procedures.eforms import is_required_now
from workflow.procedures.schema import Component, ResultKind

_SCANNED = 0.5
_READING = timedelta(seconds=40)


class Paper:
    """A document being written: its row comes last, when its state is known."""

    def __init__(self, folder: Folder, *, document_type: str, title: str, unit_id: int, at: datetime) -> None:
        self._folder, self._desk = folder, folder.desk
        self.key = self._desk.shelves[Document].next_id()
        self.columns: dict[str, Any] = {
            "document_type_id": document_type,
            "title": title,
            "unit_id": unit_id,
            "created_at": at,
        }
        self._versions = 0

    def record(self, verb: str, actor: Actor, payload: Mapping[str, object], at: datetime) -> None:
        self._desk.trail.record(f"document:{self.key}", verb, actor=actor, payload=payload, at=at)

    def add_version(self, file: SharedFile, name: str, at: datetime, *, officer_id: int | None) -> int:
        """A further file, screened and read; its number."""
        self._versions += 1
        self.columns["current_id"] = self._desk.shelves[DocumentVersion].add(
            document_id=self.key,
            number=self._versions,
            blob_id=file.sha256,
            file_name=name,
            uploaded_by_id=officer_id,
            uploaded_at=at,
            screening=Screening.UNSCANNED.value,
            page_count=1,
            pages_read=1,
            reading_state=ReadingState.READ.value,
        )
        return self._versions

    def read(self, at: datetime) -> None:
        """The reader's event."""
        payload = {"title": self.columns["title"], "version": self._versions, "pages": 1}
        self.record("document.read", SYSTEM, payload, at + _READING)

    def close_received(self) -> None:
        """A paper from outside stays as it came."""
        self.close(State.RECEIVED)

    def close(self, state: State) -> None:
        """Writes the row, and who may see it."""
        self._desk.shelves[Document].add(id=self.key, state=state.value, **self.columns)
        for token in self._folder.tokens:
            self._desk.shelves[DocumentToken].add(holder_id=self.key, token=token)


def hand_in(folder: Folder, values: Mapping[str, Any]) -> tuple[list[DossierComponent], list[Paper]]:
    """The checklist as it was ticked, and the scans; scans are closed later, when it is known who sees them."""
    conditions = {code: str(value) for code, value in values.items() if not isinstance(value, list)}
    conditions["is_represented"] = "yes" if folder.columns["representative_name"] else "no"
    handed, scans = [], []
    for position, component in enumerate(folder.edition.components, start=1):
        is_in = is_required_now(component.required_if, conditions, is_required=component.is_required)
        scan = _scan(folder, component) if is_in and folder.chance.random() < _SCANNED else None
        columns: dict[str, Any] = {
            "dossier_id": folder.key,
            "code": component.code,
            "position": position,
            "name": component.name,
            "document_type_id": component.document_type,
            "form_of_paper": component.form_of_paper,
            "quantity": component.quantity,
            "is_handed_in": is_in,
        }
        folder.desk.shelves[DossierComponent].add(**columns, document_id=scan.key if scan else None)
        handed += [DossierComponent(**columns)] if is_in else []
        scans += [scan] if scan else []
    return handed, scans


def _scan(folder: Folder, component: Component) -> Paper:
    desk, at = folder.desk, folder.received_at - timedelta(minutes=2)
    paper = Paper(
        folder,
        document_type=component.document_type,
        title=component.name,
        unit_id=folder.shop.unit.pk,
        at=at,
    )
    file = folder.chance.choice(desk.files)
    name = f"quet-{paper.key:07d}.pdf"
    paper.add_version(file, name, at, officer_id=folder.clerk.officer_id)
    payload = {
        "dossier": folder.key,
        "paper": component.name,
        "title": component.name,
        "type": desk.types[component.document_type].name,
        "file_name": name,
        "sha256": file.sha256,
        "size": file.size,
        "quarantined": "",
    }
    paper.record("document.received", folder.clerk.actor, payload, at)
    paper.read(at)
    return paper


class Result:
    """A result of the dossier on its way from draft to issue, as the effects of the steps move it."""

    def __init__(self, folder: Folder, kind: ResultKind) -> None:
        self.kind, self._folder = kind, folder
        self._paper: Paper | None = None
        self._state = State.DRAFT
        self._serial = ""

    def draft(self, actor: Actor, at: datetime) -> None:
        """Dự thảo: the first time a document, later a version."""
        folder, kind = self._folder, self.kind
        file, name = folder.chance.choice(folder.desk.files), f"du-thao-{kind.code}-{folder.key}.pdf"
        context = {"dossier": folder.code, "result": kind.name}
        if self._paper is None:
            title = f"{kind.name} · {folder.applicant.name}"
            unit_id = folder.handler.unit.pk
            self._paper = Paper(folder, document_type=kind.document_type, title=title, unit_id=unit_id, at=at)
            self._paper.columns["drafted_by_id"] = actor.officer_id
            verb, more = "document.drafted", {"type": folder.desk.types[kind.document_type].name}
        else:
            verb, more = "document.version_added", {}
        number = self._paper.add_version(file, name, at, officer_id=actor.officer_id)
        facts = {"title": self._paper.columns["title"], "file_name": name, "sha256": file.sha256, "version": number}
        self._paper.record(verb, actor, {**context, **more, **facts}, at)
        self._paper.read(at)

    def move(self, state: State) -> None:
        self._state = state

    def sign(self, officer_id: int) -> None:
        self._state = State.SIGNED
        if self._paper:
            self._paper.columns["signed_by_id"] = officer_id

    @property
    def title(self) -> str:
        return str(self._paper.columns["title"]) if self._paper else self.kind.name

    def issue(self, outgoing: Outgoing, day: date, serial: str, at: datetime) -> None:
        """Ban hành, and the printed copy with its number, which nobody brought."""
        folder, paper = self._folder, self._paper
        if paper is None:
            return
        self._state, self._serial = State.ISSUED, serial
        # The next version is the printed one: its key is known before its row is written.
        printed = folder.desk.shelves[DocumentVersion].next_key
        columns = {"document_type_id": self.kind.document_type, "document_id": paper.key, "printed_id": printed}
        number = give(folder, outgoing, day=day, at=at, **columns)
        paper.columns |= {"number": number, "issued_on": day}
        printed_at = at + _READING
        name = f"{self.kind.code}-{folder.key}.pdf"
        paper.add_version(folder.chance.choice(folder.desk.files), name, printed_at, officer_id=None)
        payload = {"result": self.kind.name, "number": number, "document": paper.key}
        folder.record("result.numbered", SYSTEM, payload, printed_at)
        paper.read(printed_at)

    def close(self) -> None:
        """Writes the document, the result, and the entry in the register."""
        paper, folder = self._paper, self._folder
        if paper is None:
            return
        paper.close(self._state)
        folder.desk.shelves[DossierResult].add(
            dossier_id=folder.key, code=self.kind.code, document_id=paper.key, serial=self._serial
        )
        if self._state == State.ISSUED:
            _enter(folder, paper, folder.desk)


def _enter(folder: Folder, paper: Paper, desk: Desk) -> None:
    kind, columns = desk.types[paper.columns["document_type_id"]], paper.columns
    if not kind.register:
        return
    legal_id = desk.shelves[LegalDocument].add(
        kind=kind.register,
        number=columns["number"],
        document_type=kind.name,
        issuer=folder.handler.unit.name,
        subject=columns["title"],
        issued_on=columns["issued_on"],
        effective_on=columns["issued_on"],
        status=IN_FORCE,
        document_id=paper.key,
        registered_at=folder.columns["resolved_at"],
    )
    for token in folder.tokens:
        desk.shelves[LegalDocumentToken].add(holder_id=legal_id, token=token)
