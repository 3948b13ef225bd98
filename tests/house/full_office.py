"""An office in full swing for tests over the whole house, and every address the house answers."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.models import Delegation, Officer, RoleSlot
from documents.batch_models import Batch
from documents.models import Document, DocumentVersion, LegalDocument
from documents.operations.reserve_number import reserve_number
from documents.outgoing import RegisterEntry
from documents.states import ReadingState
from dossiers.apologies import earliest_day
from dossiers.cross_check import cross_check
from dossiers.models import Bundle, Dossier
from dossiers.records_models import RecordsLine, RecordsList
from dossiers.records_states import FileState
from dossiers.states import Ruling
from jobs.models import OutboxRow
from land.rights_models import Certificate
from notices.models import Notice
from notices.operations.notify import notify
from tests.factories.accounts import OfficerFactory
from tests.factories.batches import opened, put_in
from tests.factories.documents import add_version_to, legal_document, locked_pdf, pdf
from tests.factories.dossiers import at_step, begun, case_behind, drafted, open_step, received, typed_intake
from tests.factories.land import certified, parcel_at
from tests.factories.office import Office, open_office
from tests.factories.readings import land, read_as, said
from tests.house.things import away, bundled, copied, filed, given, given_up, later, listed, packed
from workflow.models import EditionDraft, HandOver, ProcedureVersion, StepRun
from workflow.procedures.operations.draft import begin_draft as begin_edition
from worktime.selectors import calendar_in_force, calendar_row

MISSING = 987_654
# Nobody has signed in; the look-up account, the specialist and the head are of the branch the dossier is at.
ROLES = ("nobody", "look_up", "clerk", "specialist", "head", "stranger", "placeless", "administrator")


@dataclass(frozen=True)
class FullOffice:
    """The office with one thing of each kind.

    draft    begun by the clerk · dossier at the branch's specialists, its result drafted, the step in nobody's hands
    paper    a scan of the dossier, read, with an area the form contradicts · notice the clerk's
    legal    a document of the register everybody sees, named by the paper
    dead_row work of the machine given up · batch of files of the past, one of them in quarantine
    bundle   of the draft, read and looked through, not split yet
    number   reserved at the branch
    away     the specialist's steps are a colleague's for a week · given the branch's work, listed for the other branch
    version  of P6, published · edition a draft of the next one
    line     on a checked list of the branch's that waits for its head · packed a list whose package is built
    certificate  of a parcel of the land register, which the dossiers are about
    later_edition  of the dossier's procedure, published and not yet in force
    """

    office: Office
    placeless: Officer
    draft: Dossier
    dossier: Dossier
    step_run: StepRun
    paper: Document
    legal: LegalDocument
    notice: Notice
    dead_row: OutboxRow
    batch: Batch
    shelved: Document
    bundle: Bundle
    number: RegisterEntry
    line: RecordsLine
    packed: RecordsList
    certificate: Certificate
    parcel_id: int
    away: Delegation
    given: HandOver
    later_edition: ProcedureVersion
    version: ProcedureVersion
    edition: EditionDraft

    def officer(self, role: str) -> Officer | None:
        if role == "nobody":
            return None
        found: Officer = self.placeless if role == "placeless" else getattr(self.office, role)
        return found

    def browser(self, role: str) -> Client:
        """A browser in which this role has signed in."""
        client = Client()
        officer = self.officer(role)
        if officer is not None:
            client.force_login(officer)
        return client

    def twin(self, browser: Client) -> Client:
        """Another window of the same session; it shares the middleware, which costs more to load than a page."""
        other = Client()
        other.handler = browser.handler
        other.cookies.load({name: cookie.value for name, cookie in browser.cookies.items()})
        return other

    def address(self, name: str, *, missing: bool = False) -> str:
        """Where the page of this name shows the office's thing, or one that isn't there."""
        records = self.packed.pk if name == "records_package" else self.line.records_list_id
        dossier = self.draft if name.startswith("intake") else self.dossier
        ids = {
            "dossier_id": dossier.pk,
            "document_id": self.paper.pk,
            "legal_id": self.legal.pk,
            "notice_id": self.notice.pk,
            "step_run_id": self.step_run.pk,
            "row_id": self.dead_row.pk,
            "batch_id": self.batch.pk,
            "bundle_id": self.bundle.pk,
            "entry_id": self.number.pk,
            "list_id": records,
            "line_id": self.line.pk,
            "file_id": self.line.file_id,
            "parcel_id": self.parcel_id,
            "certificate_id": self.certificate.pk,
            "delegation_id": self.away.pk,
            "hand_over_id": self.given.pk,
            "edition_id": self.later_edition.pk,
            "version_id": self.version.pk,
            "draft_id": self.edition.pk,
        }
        if name.startswith("batch"):
            ids["document_id"] = self.shelved.pk
        others = {"component": "application", "result": "certificate", "number": 1, "width": 160, "code": dossier.code}
        known = {**others, **(dict.fromkeys(ids, MISSING) if missing else ids)}
        return reverse(name, kwargs={parameter: known[parameter] for parameter in parameters_of(name)})

    def post(self, name: str) -> dict[str, Any]:
        """What the form of this address sends when all goes well."""
        step = {"version": str(self.step_run.version)}
        ticked = {"row": f"{self.step_run.pk}:{self.step_run.version}", "deed": "claim"}
        later = timezone.localdate() + timedelta(days=30)
        own_slot = RoleSlot.objects.get(unit=self.office.one_stop, kind=RoleSlot.Kind.UPDATE)
        known: Mapping[str, Mapping[str, Any]] = {
            "choose_slot": {"slot": own_slot.pk},
            "notices_read": {"up_to": self.notice.pk},
            "document_version_added": {"file": SimpleUploadedFile("quet-moi.pdf", pdf(width=311))},
            "intake_begin": {"procedure": "P6"},
            "intake_save": typed_intake(self.office).dict(),
            "intake_change": {"procedure": "P2"},
            "intake_receive": typed_intake(self.office).dict(),
            "intake_bundle_add": {"bundle": SimpleUploadedFile("tap-quet.pdf", pdf(width=316))},
            "intake_bundle_split": {"mark": ["application", "certificate"]},
            "intake_attach": {"file": SimpleUploadedFile("quet.pdf", pdf(width=312))},
            "dossier_check_decide": self.decision(),
            "dossier_draft_result": {"file": SimpleUploadedFile("du-thao.pdf", pdf(width=313))},
            "dossier_step_paper": {
                "file": SimpleUploadedFile("bien-ban.pdf", pdf(width=317)),
                "name": "Biên bản xác minh",
                "type": "bien_ban_kiem_tra_thuc_dia",
            },
            "step_claim": step,
            "step_complete": {**step, "outcome": "submit", "note": "Kính trình"},
            "work_mine_bulk": ticked,
            "work_unit_bulk": ticked,
            "work_followed_bulk": {**ticked, "deed": "follow"},
            "delegation_make": {
                "principal": self.office.specialist.pk,
                "delegate": f"specialist:{self.away.stand_in.officer_id}",
                "valid_from": later.strftime("%d/%m/%Y"),
                "valid_to": later.strftime("%d/%m/%Y"),
                "reason": "Nghỉ phép",
            },
            "hand_over_officer": {"officer": self.office.specialist.pk, "reason": "Nghỉ hưu"},
            "hand_over_unit": {
                "from_unit": self.office.branch.pk,
                "to_unit": self.office.other_branch.pk,
                "reason": "Sắp xếp lại tổ chức",
            },
            "step_back": {**step, "to_step": "receive", "note": "Thiếu chữ ký"},
            "step_undo": step,
            "step_jump": {**step, "to_step": "sign", "reason": "Đã ký giấy khi mất mạng"},
            "opinion_ask": {
                **step,
                "unit": self.office.other_branch.pk,
                "content": "Có tranh chấp không?",
                "due_on": f"{timezone.localdate() + timedelta(days=7):%Y-%m-%d}",
            },
            "opinion_answer": {**step, "answer": "Không có"},
            "opinion_take_back": {**step, "reason": "Đã rõ"},
            "case_edition": {"version": case_behind(self.dossier).version, "reason": "Quyết định mới"},
            "step_reassign": {**step, "to_officer": self.office.specialist.pk, "reason": "Nghỉ phép"},
            "language:set_language": {"language": "en"},
            "batch_open": {"name": "Kệ 13"},
            "batch_bring": {"files": SimpleUploadedFile("so-cu.pdf", pdf(width=315))},
            "register_reserve": {"document_type": "cong_van", "subject": "V/v trích lục bản đồ"},
            "register_enter": {"issued_on": timezone.localdate().strftime("%d/%m/%Y"), "signer": "Lê Văn Khải"},
            "register_cancel": {"reason": "Ghi nhầm loại văn bản"},
            "records_make": {"kind": "transfer", "year": "2026"},
            "records_drop": {"reason": "Chưa đến hạn nộp lưu"},
            "records_classify": {"retention": "years-5", "reason": "Chưa có quy định"},
            "dossier_apologize": {"until": f"{self.next_appointment():%d/%m/%Y}", "reason": "Chờ trích đo"},
            "calendar_change": {
                "kind": "day",
                "day": "23/11/2027",
                "worked": "off",
                "note": "Nghỉ bù",
                "reason": "Công văn 12",
                "revision": str(calendar_row().revision),
            },
            "calendar_recalculate": {"reason": "Công văn 12", "revision": str(calendar_row().revision)},
            "procedure_draft_begin": {"from": self.version.pk},
            "procedure_draft_save": {"version": "1", "do": "add", "phan": "steps"},
            "procedure_draft_rewrite": {"version": "1", "text": f"# Một\n{self.edition.source}"},
            "procedure_draft_publish": {"version": "1"},
            "procedure_draft_drop": {"version": "1"},
            "dead_letters_send": {"topic": self.dead_row.topic},
            "dead_letter_set_aside": {"reason": "Không cần nữa"},
        }
        return dict(known.get(name, {}))

    def next_appointment(self) -> date:
        """The first day an apology for the dossier may name."""
        return earliest_day(case_behind(self.dossier), timezone.now(), calendar_in_force())

    def decision(self) -> dict[str, Any]:
        """On the area, in which form and paper differ."""
        row = cross_check(self.dossier, self.office.acting(self.office.specialist)).row("area")
        assert row is not None
        return {
            "fact_key": row.fact.key,
            "seen_key": row.fingerprint,
            "version": row.ruling_number,
            "ruling": Ruling.FORM_RIGHT,
            "note": "Đã đo lại",
        }


def open_full_office() -> FullOffice:
    office = open_office("P6-2025.toml", "P2-2025.toml")
    dossier = at_step(office, received(office, scans=("application",)), "check")
    drafted(office, dossier)
    paper = Document.objects.get(component__dossier=dossier)
    add_version_to(paper, pdf(width=314))
    legal = legal_document(text="Điều 1. Giao đất")
    told = [*land("116", "24", "321.5"), said("reference", f"{legal.number}|based_on")]
    read_as(dossier, "application", *told, text="Đơn đăng ký biến động")
    DocumentVersion.objects.update(reading_state=ReadingState.READ)
    copied(paper)
    notify([office.clerk.pk], "Hồ sơ đã có kết quả", reverse("home"))
    batch = opened(office.acting(office.specialist))
    shelved = put_in(batch, office.acting(office.specialist), locked_pdf()).item.version
    assert shelved is not None
    draft = begun(office)
    filed(draft, office, FileState.CURRENT)
    certificate = certified(parcel_at(office.acting(office.specialist)), office.acting(office.specialist))
    return FullOffice(
        batch=batch,
        bundle=bundled(office, draft),
        shelved=shelved.document,
        office=office,
        placeless=OfficerFactory.create(),
        draft=draft,
        dossier=dossier,
        step_run=open_step(dossier),
        paper=Document.objects.get(pk=paper.pk),
        legal=legal,
        notice=Notice.objects.get(recipient_id=office.clerk.pk),
        dead_row=given_up(),
        number=reserve_number(
            document_type="cong_van", subject="V/v cung cấp thông tin thửa đất", acting=office.acting(office.specialist)
        ),
        line=listed(filed(dossier, office, FileState.LISTED), office),
        packed=packed(paper, office),
        certificate=certificate,
        parcel_id=certificate.certified.get().right.parcel_id,
        away=away(office),
        given=given(open_step(dossier), office),
        later_edition=later(dossier),
        version=dossier.version,
        edition=begin_edition(version_id=dossier.version_id, acting=office.acting(office.administrator)),
    )


# Addresses -------------------------------------------------------------------------------------------


@cache
def patterns() -> dict[str, URLPattern]:
    """Every address of the house by its name; two of one name, or one without, are a fault of the house."""
    found: dict[str, URLPattern] = {}
    for name, pattern in _walked(get_resolver(), ""):
        assert name not in found, f"two addresses are called {name}"
        found[name] = pattern
    return found


def _walked(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _walked(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
        else:
            assert entry.name, f"{entry.pattern} has no name"
            yield prefix + entry.name, entry


def parameters_of(name: str) -> list[str]:
    return list(patterns()[name].pattern.converters)


def bare(response: Any, path: str) -> str:
    """An answer without what differs anyway: its own address and its form tokens."""
    text = response.getvalue().decode("utf-8", "replace").replace(path, "").replace(path.replace("/", "%2F"), "")
    return re.sub(r"[A-Za-z0-9]{64}", "", text)


# The state of the house ------------------------------------------------------------------------------

# Trail and sessions, and which messages an officer has read: that is his own affair, and no record of the office.
_LEFT_OUT = ("audit_", "django_session")
_OWN_AFFAIR = {("notices_notice", "read_at")}


def state() -> dict[str, str]:
    """A hash of every table but the trail and the sessions."""
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if not name.startswith(_LEFT_OUT)]
        return {table: _hash(cursor, table) for table in sorted(tables)}


def _hash(cursor: Any, table: str) -> str:
    columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
    kept = ", ".join(f'"{column}"' for column in columns if (table, column) not in _OWN_AFFAIR)
    cursor.execute(f'SELECT {kept} FROM "{table}"')  # noqa: S608 names from the database itself
    return hashlib.sha256("\n".join(sorted(map(repr, cursor.fetchall()))).encode()).hexdigest()


@contextmanager
def undone() -> Iterator[None]:
    """What happens within leaves nothing in the database."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


_WRITE = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)


@contextmanager
def writes() -> Iterator[set[str]]:
    """The tables whose rows are made, changed or removed within, but the trail's and the sessions'."""
    written: set[str] = set()

    def note(execute: Any, sql: str, parameters: Any, many: Any, context: dict[str, Any]) -> Any:
        result, match = execute(sql, parameters, many, context), _WRITE.match(sql)
        if match and not match[1].startswith(_LEFT_OUT) and context["cursor"].rowcount:
            written.add(match[1])
        return result

    with connection.execute_wrapper(note):
        yield written
