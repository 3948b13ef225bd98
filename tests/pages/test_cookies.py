"""Cookies, hosts and https."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client

pytestmark = [pytest.mark.urls("tests.pages.urls"), pytest.mark.django_db]

_READ = """
import json
from django.conf import settings
print(json.dumps({name: getattr(settings, name) for name in dir(settings) if "COOKIE" in name or "SECURE" in name}))
"""


def settings_at(public_url: str) -> dict[str, object]:
    """The cookie and https settings of an installation with this address."""
    environment = {**os.environ, "PUBLIC_URL": public_url, "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-c", _READ]
    told = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, check=True, capture_output=True, text=True)
    found: dict[str, object] = json.loads(told.stdout)
    return found


@pytest.mark.parametrize("cookie", ["SESSION", "CSRF", "LANGUAGE"])
def test_attack_101_on_https_each_cookie_is_bound_to_its_host_and_to_https(cookie: str) -> None:
    found = settings_at("https://ho-so.example.vn")
    assert str(found[f"{cookie}_COOKIE_NAME"]).startswith("__Host-")
    assert found[f"{cookie}_COOKIE_SECURE"] is True
    assert found[f"{cookie}_COOKIE_HTTPONLY"] is True
    assert found[f"{cookie}_COOKIE_SAMESITE"] == "Lax"
    assert found[f"{cookie}_COOKIE_PATH"] == "/"
    assert found[f"{cookie}_COOKIE_DOMAIN"] is None


def test_on_https_nobody_is_served_without_it() -> None:
    found = settings_at("https://ho-so.example.vn")
    assert (found["SECURE_SSL_REDIRECT"], found["SECURE_HSTS_SECONDS"]) == (True, 365 * 24 * 60 * 60)


def test_on_a_machine_without_https_signing_in_works() -> None:
    found = settings_at("http://127.0.0.1:8000")
    assert (found["SESSION_COOKIE_SECURE"], found["SECURE_SSL_REDIRECT"]) == (False, False)


def test_attack_101_no_script_reads_a_cookie_and_no_other_site_sends_it(client: Client) -> None:
    client.get("/dang-nhap/")
    client.post("/ngon-ngu/doi/", {"language": "en"})
    assert {cookie.key for cookie in client.cookies.values()} == {"csrf", "language"}
    for cookie in client.cookies.values():
        assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost@evil.example", "évil"])
def test_attack_99_a_forged_host_is_refused(client: Client, host: str) -> None:
    answer = client.get("/dang-nhap/", headers={"Host": host})
    assert answer.status_code == 400
    assert host not in answer.content.decode()


def test_attack_99_a_forwarded_host_is_no_host(client: Client) -> None:
    page = client.get("/dang-nhap/", headers={"X-Forwarded-Host": "evil.example"}).content.decode()
    assert "evil.example" not in page
