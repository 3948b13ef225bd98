"""What the QR code of a receipt opens: the state of one dossier in plain words, for who holds its secret."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import AuditEvent
from dossiers.models import Dossier
from dossiers.receipts import status_url
from tests.factories.dossiers import at_step, begun, complete, received
from tests.factories.office import Office

pytestmark = pytest.mark.django_db

ADDRESS = "/tra-cuu/"
CODE = "H99.15-261202-0001"


def looked_up(client: Client, code: str, key: str) -> tuple[int, str]:
    response = client.get(ADDRESS, {"ma": code, "khoa": key})
    return response.status_code, response.content.decode()


def bare(page: str, code: str) -> str:
    """A page without the code it was asked for, its own address and its form tokens."""
    return re.sub(r'[A-Za-z0-9]{64}|name="next" value="[^"]*"', "", page.replace(code, ""))


def words(page: str) -> str:
    """What the page says besides its frame, the code in one piece."""
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub(r"</?b>|<wbr>", "", page.partition("<main")[2])).split())


def seen(client: Client, dossier: Dossier) -> str:
    """The page as the phone opens it from the receipt."""
    address = urlsplit(status_url(dossier))
    response = client.get(f"{address.path}?{address.query}")
    assert response.status_code == 200
    return words(response.content.decode())


# What it tells ---------------------------------------------------------------------------------------


def test_the_address_on_the_receipt_opens_the_dossiers_state(client: Client, office: Office) -> None:
    page = seen(client, received(office))
    for fact in (CODE, "thứ Tư 09/12/2026", office.one_stop.name):
        assert fact in page, fact


@pytest.mark.parametrize(
    ("procedure", "step", "status"),
    [
        ("P6", "receive", "Đã tiếp nhận"),
        ("P6", "check", "Đang xử lý"),
        ("P2", "await_tax", "nghĩa vụ tài chính"),
        ("P6", "hand_over", "Đã xử lý xong"),
        ("P6", "", "Đã trả kết quả"),
    ],
)
def test_each_state_is_said_in_plain_words_with_what_to_do_next(
    client: Client, office: Office, procedure: str, step: str, status: str
) -> None:
    dossier = at_step(office, received(office, procedure), step)
    page = client.get(ADDRESS, {"ma": CODE, "khoa": dossier.public_key}).content.decode()
    heading = words("<main" + page.partition("<h1>")[2].partition("</h1>")[0])
    assert status in heading
    assert len(words("<main" + page.partition("</h1>")[2].partition("</p>")[0])) > len("Không phải làm gì")


def test_a_day_is_promised_only_while_it_is_reckoned(client: Client, office: Office) -> None:
    dossier = received(office, "P2")
    assert "09/12/2026" in seen(client, dossier)
    at_step(office, dossier, "await_tax")
    assert not re.search(r"\d{2}/\d{2}/\d{4}", seen(client, dossier))
    complete(office, dossier, "settled")
    assert re.search(r"\d{2}/\d{2}/\d{4}", seen(client, dossier))
    at_step(office, dossier, "hand_over")
    assert not re.search(r"\d{2}/\d{2}/\d{4}", seen(client, dossier))


@pytest.mark.parametrize("step", ["receive", "check", "sign", "register", "hand_over", ""])
def test_no_person_parcel_or_note_is_named(client: Client, office: Office, step: str) -> None:
    represented: dict[str, Any] = {
        "is_represented": "on",
        "representative_name": "Lục Văn Thạo",
        "representative_id_number": "099068001177",
        "paper__authorisation__in": "yes",
    }
    dossier = at_step(office, received(office, **represented), step)
    page = seen(client, dossier)
    officers = [getattr(office, who).full_name for who in ("clerk", "specialist", "head")]
    facts = [dossier.applicant_name, "Lục Văn Thạo", "099174003312", "0900 555 018", "thôn Đồng Vừng", "DK 248032"]
    for fact in [*officers, *facts, "thửa", dossier.public_key, office.branch.name]:
        assert fact not in page, fact


def test_nothing_of_another_dossier_or_the_trail_is_there(client: Client, office: Office) -> None:
    dossier, other = received(office), received(office)
    page = client.get(ADDRESS, {"ma": CODE, "khoa": dossier.public_key}).content.decode()
    assert other.code is not None
    for trace in (other.code[-4:], other.public_key, f"/ho-so/{dossier.pk}", "/lich-su/", "/tai-lieu/", "/viec/"):
        assert trace not in page, trace


def test_looking_up_writes_nothing(client: Client, office: Office) -> None:
    dossier = received(office)
    before = list(Dossier.objects.values()), AuditEvent.objects.count()
    seen(client, dossier)
    looked_up(client, CODE, "wrong")
    assert (list(Dossier.objects.values()), AuditEvent.objects.count()) == before


def test_an_officer_sees_no_more_there_than_anybody(client: Client, office: Office) -> None:
    dossier = received(office)
    stranger = seen(client, dossier)
    client.force_login(office.head)
    assert seen(client, dossier) == stranger


def test_the_page_is_kept_nowhere_and_tells_no_other_site_its_address(client: Client, office: Office) -> None:
    dossier = received(office)
    response = client.get(ADDRESS, {"ma": CODE, "khoa": dossier.public_key})
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "same-origin"


# Who doesn't hold the secret -------------------------------------------------------------------------


def test_attack_25_a_wrong_key_and_an_unknown_code_answer_the_same(client: Client, office: Office) -> None:
    dossier = received(office)
    unknown = "H99.15-261202-0999"
    asked = [(CODE, "x" * 16), (unknown, "x" * 16), (unknown, dossier.public_key), (CODE, dossier.public_key[:-1])]
    answers = {(status, bare(page, code)) for code, key in asked for status, page in [looked_up(client, code, key)]}
    assert len(answers) == 1
    assert answers.pop()[0] == 404


def test_another_dossiers_key_opens_nothing(client: Client, office: Office) -> None:
    first, second = received(office), received(office)
    assert looked_up(client, str(first.code), second.public_key)[0] == 404


def test_a_draft_cannot_be_looked_up(client: Client, office: Office) -> None:
    begun(office)
    for code in ("", "None", "null"):
        status, page = looked_up(client, code, "x")
        assert (status, office.one_stop.name in page) == (404, False)


@pytest.mark.parametrize("query", [{}, {"ma": ""}, {"ma": "", "khoa": ""}, {"ma": " ", "khoa": " "}])
def test_without_code_and_key_the_page_asks_for_both(client: Client, office: Office, query: dict[str, str]) -> None:
    response = client.get(ADDRESS, query)
    page = response.content.decode()
    assert response.status_code == 200
    assert 'role="alert"' not in page
    assert re.findall(r'name="(ma|khoa)"', page) == ["ma", "khoa"]


@pytest.mark.parametrize("missing", ["ma", "khoa"])
def test_half_of_it_is_not_enough(client: Client, office: Office, missing: str) -> None:
    dossier = received(office)
    query = {"ma": CODE, "khoa": dossier.public_key}
    assert client.get(ADDRESS, {**query, missing: ""}).status_code == 404


def test_spaces_around_what_was_typed_do_not_matter(client: Client, office: Office) -> None:
    dossier = received(office)
    assert looked_up(client, f" {CODE} ", f"\t{dossier.public_key} ")[0] == 200


ODD = [
    "' OR 1=1 --",
    "%",
    "_",
    "H99.15-261202-____",
    "H99.15%",
    "*",
    "\\",
    '";',
    "${7*7}",
    "{{7*7}}",
    "..",
    "\u202e",
    "²",
]


@pytest.mark.parametrize("text", ODD)
def test_attack_92_signs_of_any_language_are_letters_like_others(client: Client, office: Office, text: str) -> None:
    dossier = received(office)
    for code, key in ((text, dossier.public_key), (CODE, text), (text, text), (CODE + text, dossier.public_key)):
        assert looked_up(client, code, key)[0] == 404
    assert "49" not in bare(looked_up(client, text, "x")[1], text).partition("<main")[2]


@pytest.mark.parametrize("length", [61, 10_000])
def test_a_text_longer_than_any_code_is_only_wrong(client: Client, office: Office, length: int) -> None:
    received(office)
    status, page = looked_up(client, "9" * length, "9" * length)
    assert status == 404
    assert "9" * 61 not in page.partition("<main")[2]


@pytest.mark.parametrize("name", ["ma", "khoa"])
def test_a_text_no_database_keeps_is_refused(client: Client, office: Office, name: str) -> None:
    assert client.get(ADDRESS, {"ma": CODE, "khoa": "x", name: "a\x00b"}).status_code == 422


def test_attack_95_what_was_typed_comes_back_inert(client: Client, office: Office) -> None:
    status, page = looked_up(client, '"><script>alert(1)</script>', "x")
    assert status == 404
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_secret_is_not_shown_again(client: Client, office: Office) -> None:
    received(office)
    _status, page = looked_up(client, CODE, "mistypedsecret00")
    assert "mistypedsecret00" not in page.partition("<main")[2]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_it_is_there_in_both_languages(client: Client, office: Office, language: str) -> None:
    dossier = received(office)
    client.post(reverse("language:set_language"), {"language": language})
    page = client.get(ADDRESS, {"ma": CODE, "khoa": dossier.public_key}).content.decode()
    assert f'<html lang="{language}"' in page
    assert ("Received" in words(page)) is (language == "en")
