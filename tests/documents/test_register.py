"""The outgoing register: every number stands in it once, whatever became of it; who keeps it alone changes it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.acting import Acting, acting_for
from accounts.models import NumberSeries, Officer, Unit
from accounts.sight import NotVisible
from audit.models import AuditEvent
from documents.models import Document, DocumentType
from documents.numbers import FaultyNumberPattern, check_pattern, write_number
from documents.operations.cancel_number import cancel_number
from documents.operations.give_number import Outgoing, give_number
from documents.operations.load_types import FaultyTypes, load_document_types
from documents.operations.reserve_number import enter_number, reserve_number
from documents.outgoing import RegisterEntry
from documents.register_book import Asked, Book, book_for, types_with_numbers
from documents.selectors import entry_in_register
from documents.states import NumberState, State
from pages.domain_errors import Conflict, Invalid, Refused
from tests.factories.accounts import OfficerFactory, StepRoleFactory, UnitFactory, UnitSuccessionFactory, officer_at
from tests.factories.documents import DocumentTypeFactory, paper
from tests.factories.moments import moment, stop_the_clock

THREADS, EACH = 4, 6


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_clock(monkeypatch)


@pytest.fixture
def unit(db: None) -> Unit:
    return UnitFactory.create(symbol="CNHL", agency_code="H99.16.21")


def keeper_of(unit: Unit, slot: str = "update") -> Officer:
    """Văn thư."""
    StepRoleFactory.create(code="keeper", keeps_register=True)
    return officer_at(unit, slot, ["keeper"])


@pytest.fixture
def keeper(unit: Unit) -> Acting:
    return acting_for(keeper_of(unit))


@pytest.fixture
def letter(db: None) -> DocumentType:
    return DocumentTypeFactory.create(code="cong_van", name="Công văn", number_pattern="{number}/{symbol}")


def reserved(keeper: Acting, subject: str = "V/v cung cấp thông tin thửa đất", **more: Any) -> RegisterEntry:
    return reserve_number(document_type="cong_van", subject=subject, acting=keeper, **more)


def again(entry: RegisterEntry) -> RegisterEntry:
    return RegisterEntry.objects.get(pk=entry.pk)


def given_to(document: Document, unit: Unit, acting: Acting) -> RegisterEntry:
    with transaction.atomic():
        outgoing = Outgoing(
            series="quyet_dinh",
            pattern="{number}/QĐ-{symbol}",
            kind="Quyết định",
            subject=document.title,
            issued_on=date(2026, 12, 2),
            document_id=document.pk,
        )
        return give_number(unit=unit, paper=outgoing, acting=acting)


def told() -> list[str]:
    return list(AuditEvent.objects.filter(verb__startswith="register.").order_by("id").values_list("verb", flat=True))


# Reserving, entering ----------------------------------------------------------------------------------


def test_a_reserved_number_is_the_next_of_the_agencys_year_and_type(keeper: Acting, letter: DocumentType) -> None:
    entries = [reserved(keeper, recipients="UBND xã Tân Lộc") for _ in range(2)]
    assert [(entry.number, entry.written) for entry in entries] == [(1, "1/CNHL"), (2, "2/CNHL")]
    assert {(entry.agency, entry.series, entry.year) for entry in entries} == {("H99.16.21", "cong_van", 2026)}
    assert again(entries[0]).state == NumberState.RESERVED
    assert again(entries[0]).given_by_id == keeper.officer_id
    assert told() == ["register.number_reserved"] * 2


def test_types_that_share_a_series_are_numbered_together(keeper: Acting, letter: DocumentType) -> None:
    DocumentTypeFactory.create(code="giay_moi", number_series="cong_van", number_pattern="{number}/GM-{symbol}")
    reserved(keeper)
    invitation = reserve_number(document_type="giay_moi", subject="Họp thẩm định", acting=keeper)
    assert invitation.written == "2/GM-CNHL"


def test_a_type_without_a_pattern_gets_no_number(keeper: Acting) -> None:
    kind = DocumentTypeFactory.create()
    with pytest.raises(Invalid):
        reserve_number(document_type=kind.code, subject="Đơn", acting=keeper)
    assert not NumberSeries.objects.exists()


@pytest.mark.parametrize("subject", ["", "   ", "x" * 1001])
def test_a_number_is_reserved_for_something(keeper: Acting, letter: DocumentType, subject: str) -> None:
    with pytest.raises(Invalid):
        reserved(keeper, subject)
    assert not RegisterEntry.objects.exists()


def test_the_signed_paper_is_entered_under_its_number(keeper: Acting, letter: DocumentType) -> None:
    entry = reserved(keeper)
    enter_number(entry_id=entry.pk, issued_on=date(2026, 12, 1), signer="  Lê  Văn Khải ", acting=keeper)
    kept = again(entry)
    assert (kept.state, kept.issued_on, kept.signer) == (NumberState.USED, date(2026, 12, 1), "Lê Văn Khải")
    with pytest.raises(Conflict):
        enter_number(entry_id=entry.pk, issued_on=date(2026, 12, 1), signer="Khác", acting=keeper)
    assert told() == ["register.number_reserved", "register.number_entered"]


@pytest.mark.parametrize(
    ("issued_on", "signer"),
    [
        *((None, "Khải"), (date(2026, 12, 3), "Khải"), (date(2025, 12, 31), "Khải")),
        *((date(2026, 12, 2), " "), (date(2026, 12, 2), "x" * 161)),
    ],
)
def test_a_paper_of_another_year_of_tomorrow_or_of_nobody_is_not_entered(
    keeper: Acting, letter: DocumentType, issued_on: date | None, signer: str
) -> None:
    entry = reserved(keeper)
    with pytest.raises(Invalid):
        enter_number(entry_id=entry.pk, issued_on=issued_on, signer=signer, acting=keeper)
    assert again(entry).state == NumberState.RESERVED


# Cancelling -------------------------------------------------------------------------------------------


def test_a_cancelled_number_stays_and_is_never_given_again(keeper: Acting, letter: DocumentType) -> None:
    entry = reserved(keeper)
    cancel_number(entry_id=entry.pk, reason="Ghi nhầm loại", acting=keeper)
    kept = again(entry)
    assert (kept.state, kept.reason, kept.cancelled_by_id) == (
        NumberState.CANCELLED,
        "Ghi nhầm loại",
        keeper.officer_id,
    )
    assert reserved(keeper).number == 2
    with pytest.raises(Conflict):
        cancel_number(entry_id=entry.pk, reason="Lần nữa", acting=keeper)
    assert told()[1] == "register.number_cancelled"


def test_the_number_of_an_entered_paper_from_outside_may_be_cancelled(keeper: Acting, letter: DocumentType) -> None:
    entry = reserved(keeper)
    enter_number(entry_id=entry.pk, issued_on=date(2026, 12, 1), signer="Khải", acting=keeper)
    assert cancel_number(entry_id=entry.pk, reason="Không phát hành", acting=keeper).successor is None
    assert again(entry).state == NumberState.CANCELLED


def test_a_paper_of_ours_written_for_nothing_else_is_revoked_with_its_number(unit: Unit, keeper: Acting) -> None:
    document = paper(unit=unit, state=State.ISSUED, number="1/QĐ-CNHL")
    entry = given_to(document, unit, keeper)
    cancel_number(entry_id=entry.pk, reason="Ban hành nhầm", acting=keeper)
    assert Document.objects.get(pk=document.pk).state == State.REVOKED


@pytest.mark.parametrize("reason", ["", "  ", "x" * 251])
def test_a_number_is_cancelled_for_a_reason(keeper: Acting, letter: DocumentType, reason: str) -> None:
    entry = reserved(keeper)
    with pytest.raises(Invalid):
        cancel_number(entry_id=entry.pk, reason=reason, acting=keeper)
    assert again(entry).state == NumberState.RESERVED


# Rights -----------------------------------------------------------------------------------------------


def test_only_who_keeps_the_register_reserves_enters_and_cancels(
    unit: Unit, keeper: Acting, letter: DocumentType
) -> None:
    entry = reserved(keeper)
    for acting in (acting_for(officer_at(unit)), acting_for(keeper_of(unit, "lookup"))):
        with pytest.raises(Refused):
            reserved(acting)
        with pytest.raises(Refused):
            enter_number(entry_id=entry.pk, issued_on=date(2026, 12, 1), signer="Khải", acting=acting)
        with pytest.raises(Refused):
            cancel_number(entry_id=entry.pk, reason="Không", acting=acting)
    assert again(entry).state == NumberState.RESERVED
    assert RegisterEntry.objects.count() == 1


def test_others_of_the_agency_look_and_strangers_do_not(unit: Unit, keeper: Acting, letter: DocumentType) -> None:
    entry = reserved(keeper)
    looking = acting_for(officer_at(unit, "lookup"))
    stranger = acting_for(keeper_of(UnitFactory.create()))
    assert entry_in_register(looking, entry.pk) == entry
    assert [row.pk for row in _book(looking).page.rows] == [entry.pk]
    assert list(_book(stranger).page.rows) == []
    for act in (
        lambda: entry_in_register(stranger, entry.pk),
        lambda: cancel_number(entry_id=entry.pk, reason="Không", acting=stranger),
    ):
        with pytest.raises(NotVisible):
            act()


def test_who_took_a_unit_over_keeps_its_register(unit: Unit, keeper: Acting, letter: DocumentType) -> None:
    entry = reserved(keeper)
    successor = UnitFactory.create()
    UnitSuccessionFactory.create(predecessor=unit, successor=successor)
    Unit.objects.filter(pk=unit.pk).update(valid_to=date(2026, 11, 30))
    cancel_number(entry_id=entry.pk, reason="Đơn vị đã sáp nhập", acting=acting_for(keeper_of(successor)))
    assert again(entry).state == NumberState.CANCELLED


# What the database itself holds -----------------------------------------------------------------------


@pytest.mark.databases_differ
def test_the_database_itself_gives_no_number_twice(keeper: Acting, letter: DocumentType) -> None:
    entry = reserved(keeper)
    NumberSeries.objects.update(last=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        reserved(keeper)
    assert again(entry).number == 1


@pytest.mark.databases_differ
def test_the_database_itself_holds_what_each_state_means(keeper: Acting, letter: DocumentType) -> None:
    entry = reserved(keeper)
    for wrong in ({"state": "used"}, {"state": "cancelled"}, {"issued_on": date(2026, 12, 1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            RegisterEntry.objects.filter(pk=entry.pk).update(**wrong)


@pytest.mark.databases_differ
@pytest.mark.django_db(transaction=True)
def test_clerks_who_reserve_at_once_leave_no_gap_and_no_double() -> None:
    unit = UnitFactory.create(symbol="CNHL")
    DocumentTypeFactory.create(code="cong_van", number_pattern="{number}/{symbol}")
    keeper = acting_for(keeper_of(unit))

    def clerk(number: int) -> None:
        try:
            for turn in range(EACH):
                try:
                    with transaction.atomic():
                        entry = reserved(keeper)
                        if (number + turn) % 3 == 0:
                            raise InterruptedError
                    if turn % 2:
                        cancel_number(entry_id=entry.pk, reason="Thử", acting=keeper)
                except InterruptedError:
                    continue
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(clerk, range(THREADS)))
    numbers = sorted(RegisterEntry.objects.values_list("number", flat=True))
    assert numbers == list(range(1, THREADS * EACH * 2 // 3 + 1))
    assert NumberSeries.objects.get(kind="cong_van").last == len(numbers)


# The page ---------------------------------------------------------------------------------------------


def _book(acting: Acting, **asked: Any) -> Book:
    known = {"year": 2026, "agency": "", "series": "", "query": "", "key": "", **asked}
    return book_for(acting, Asked(**known))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("2/CNHL", ["2/CNHL"]),
        ("2", ["2/CNHL"]),
        ("trich luc", ["1/CNHL"]),
        ("TRÍCH  LỤC", ["1/CNHL"]),
        ("không có", []),
    ],
)
def test_the_register_is_searched_by_number_and_words(
    keeper: Acting, letter: DocumentType, query: str, found: list[str]
) -> None:
    reserved(keeper, "V/v trích lục bản đồ")
    reserved(keeper, "V/v niêm yết")
    assert [row.written for row in _book(keeper, query=query).page.rows] == found


def test_the_register_goes_by_year_agency_and_series(keeper: Acting, letter: DocumentType) -> None:
    reserved(keeper)
    for asked in ({"year": 2025}, {"agency": "H99"}, {"series": "quyet_dinh"}):
        assert list(_book(keeper, **asked).page.rows) == []
    book = _book(keeper, agency="H99.16.21", series="cong_van")
    assert len(book.page.rows) == 1
    assert (book.years, book.series) == ([2026], [("cong_van", "Công văn")])


def test_the_register_pages_by_key(keeper: Acting, letter: DocumentType) -> None:
    for _ in range(52):
        reserved(keeper)
    first = _book(keeper)
    second = _book(keeper, key=first.page.next_key)
    numbers = [row.number for row in (*first.page.rows, *second.page.rows)]
    assert numbers == list(range(52, 0, -1))


def test_the_page_offers_to_reserve_only_to_who_keeps_the_register(unit: Unit, letter: DocumentType) -> None:
    address = reverse("register_reserve")
    for officer, is_offered in ((keeper_of(unit), True), (officer_at(unit), False)):
        client = Client()
        client.force_login(officer)
        assert (address in client.get(reverse("register")).content.decode()) is is_offered


def test_a_number_is_reserved_entered_and_cancelled_on_its_pages(unit: Unit, letter: DocumentType) -> None:
    client = Client()
    client.force_login(keeper_of(unit))
    posted = {"document_type": "cong_van", "subject": "V/v niêm yết", "recipients": "UBND xã"}
    page = client.post(reverse("register_reserve"), posted, follow=True)
    entry = RegisterEntry.objects.get()
    assert "1/CNHL" in page.content.decode()
    client.post(reverse("register_enter", args=[entry.pk]), {"issued_on": "01/12/2026", "signer": "Khải"})
    assert again(entry).state == NumberState.USED
    page = client.post(reverse("register_cancel", args=[entry.pk]), {"reason": "Không phát hành"}, follow=True)
    assert again(entry).state == NumberState.CANCELLED
    assert "Không phát hành" in page.content.decode()


def test_the_register_of_a_unit_without_numbers_says_so(client: Client, unit: Unit) -> None:
    client.force_login(keeper_of(unit))
    assert 'class="empty"' in client.get(reverse("register")).content.decode()


def test_an_administrator_sees_every_register(keeper: Acting, letter: DocumentType) -> None:
    reserved(keeper)
    assert len(_book(acting_for(OfficerFactory.create(is_superuser=True))).page.rows) == 1


# Patterns ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "written"),
    [
        ("VP {number5}", "VP 00031"),
        ("{number4}/{year}", "0031/2026"),
        ("{number}/QĐ-{symbol}", "31/QĐ-CNHL"),
    ],
)
def test_a_number_is_written_by_its_pattern(pattern: str, written: str) -> None:
    assert write_number(pattern, number=31, year=2026, symbol="CNHL") == written


@pytest.mark.parametrize("pattern", ["QĐ", "{year}", "{number}/{gì}", "{number", "{number}}"])
def test_a_pattern_that_cannot_number_is_refused(pattern: str) -> None:
    with pytest.raises(FaultyNumberPattern):
        check_pattern(pattern)


@pytest.mark.django_db
def test_a_type_with_a_faulty_pattern_is_not_loaded() -> None:
    text = '[[types]]\ncode = "a"\nname = "A"\ngroup = "other"\nvalid_from = 2020-01-01\nnumber_pattern = "QĐ"\n'
    with pytest.raises(FaultyTypes):
        load_document_types(texts=[text], actor=acting_for(OfficerFactory.create()).actor)


def test_only_types_with_a_pattern_and_in_force_are_offered(letter: DocumentType) -> None:
    DocumentTypeFactory.create()
    DocumentTypeFactory.create(code="cu", number_pattern="{number}", valid_to=date(2026, 1, 1))
    assert [kind.code for kind in types_with_numbers()] == ["cong_van"]


def test_a_year_begins_with_one_again(keeper: Acting, letter: DocumentType, monkeypatch: pytest.MonkeyPatch) -> None:
    reserved(keeper)
    stop_the_clock(monkeypatch, moment("2027-01-04 09:00"))
    entry = reserved(keeper)
    assert (entry.number, entry.year) == (1, 2027)
