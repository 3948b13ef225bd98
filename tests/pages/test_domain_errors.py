"""A domain error becomes a page, or for htmx a message beside the form; what was typed is never lost."""

import logging

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

pytestmark = [pytest.mark.urls("tests.pages.urls"), pytest.mark.django_db]

TYPED = {
    "note": "Ý kiến trình",
    "area": "312,5",
    "password": "Bi-mat-2026!",
    "new_password1": "x9!",
    "version": "7",
    "receipt_key": "key-canary",
}


@pytest.mark.parametrize(("how", "status"), [("invalid", 422), ("conflict", 409), ("refused", 403)])
def test_each_error_has_its_status_and_its_words(client: Client, how: str, status: int) -> None:
    answer = client.post(f"/fail/{how}/")
    assert answer.status_code == status
    words = {
        "invalid": "Diện tích không khớp",
        "conflict": "Vũ Minh Khuê đã trình",
        "refused": "Bước này của đơn vị khác",
    }
    assert words[how] in answer.content.decode()
    assert "<html" in answer.content.decode()


def test_each_fault_of_a_field_is_named(client: Client) -> None:
    assert "Diện tích phải lớn hơn 0" in client.post("/fail/invalid/").content.decode()


def test_typed_text_comes_back_in_order_and_can_be_copied(client: Client) -> None:
    page = client.post("/fail/conflict/", TYPED).content.decode()
    assert page.index("Ý kiến trình") < page.index("312,5")
    assert 'data-copy="Ý kiến trình"' in page


def test_passwords_and_tokens_do_not_come_back(client: Client) -> None:
    page = client.post("/fail/conflict/", TYPED | {"csrfmiddlewaretoken": "token-canary"}).content.decode()
    assert "Bi-mat-2026!" not in page
    assert "x9!" not in page
    assert "token-canary" not in page
    assert "key-canary" not in page


def test_what_was_chosen_by_its_code_is_no_typed_text(client: Client) -> None:
    posted = {"outcome": "eligible-canary", "rows-TOTAL_FORMS": "17canary", "note": "giữ lại"}
    page = client.post("/fail/conflict/", posted).content.decode()
    assert "canary" not in page
    assert "giữ lại" in page


def test_attack_95_typed_script_is_inert(client: Client) -> None:
    page = client.post("/fail/conflict/", {"note": '"><script>canary()</script>'}).content.decode()
    assert "<script>canary" not in page
    assert "&lt;script&gt;canary()" in page


@pytest.mark.parametrize(("how", "status"), [("invalid", 422), ("conflict", 409), ("refused", 403)])
def test_htmx_gets_a_message_and_keeps_the_form(client: Client, how: str, status: int) -> None:
    answer = client.post(f"/fail/{how}/", TYPED, headers={"HX-Request": "true"})
    assert answer.status_code == status
    assert answer["HX-Retarget"] == "#messages"
    assert answer["HX-Reswap"] == "innerHTML"
    assert "<html" not in answer.content.decode()
    assert 'role="alert"' in answer.content.decode()


def test_htmx_restoring_history_gets_the_whole_page(client: Client) -> None:
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in client.get("/fail/conflict/", headers=headers).content.decode()


def test_a_refusal_of_django_itself_has_the_same_page(client: Client) -> None:
    answer = client.get("/fail/denied/")
    assert answer.status_code == 403
    assert 'role="alert"' in answer.content.decode()


def test_an_unknown_address_has_a_page_for_everybody(client: Client) -> None:
    answer = client.get("/khong-co/")
    assert answer.status_code == 404
    assert "<h1>" in answer.content.decode()


def test_a_server_error_shows_the_incident_code_that_is_in_the_log(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    client.raise_request_exception = False
    with caplog.at_level(logging.ERROR, logger="pages.views"):
        answer = client.get("/fail/broken/")
    assert answer.status_code == 500
    assert answer["X-Incident"] in answer.content.decode()
    assert f"incident {answer['X-Incident']}: GET /fail/<str:how>/" in caplog.text


def test_a_server_error_needs_no_database(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    client.raise_request_exception = False
    with django_assert_num_queries(0):
        client.get("/fail/broken/")


def test_attack_82_a_line_break_in_the_address_stays_one_log_line(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    client.raise_request_exception = False
    with caplog.at_level(logging.ERROR, logger="pages.views"):
        client.get("/fail/broken%0AERROR%20forged/")
    assert all("\n" not in record.getMessage() for record in caplog.records if record.name == "pages.views")
