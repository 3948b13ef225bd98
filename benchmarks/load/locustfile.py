"""Officers at their browsers. Run by `benchmarks.load`; alone: LOAD_PASSWORD=… locust -f … --host http://…

The names of the officers are those `seed_scale` gives: the first ones work at the busiest counters.
"""

import os
import random
import re
import time
from http import HTTPStatus
from itertools import count
from typing import Any

from locust import HttpUser, constant, task

from benchmarks.typed import RENEWAL

_NUMBERS = count(1)
_THINKING = float(os.environ.get("LOAD_THINKING", "8"))
_QUESTIONS = ("chuyen nhuong", "tan loc", "cap doi", "giay chung nhan", "nguyen van")


class Officer(HttpUser):
    """Looks at work and dossiers, searches, and at a counter takes dossiers in."""

    wait_time = constant(_THINKING)

    def on_start(self) -> None:
        """Signs in; counts begin when everybody has, for a password must be slow."""
        self.seen: list[str] = []
        self.receives = True
        page = self.client.get("/dang-nhap/", name="sign in")
        form = {"username": f"canbo.{next(_NUMBERS):04d}", "password": os.environ["LOAD_PASSWORD"]}
        answer = self.client.post("/dang-nhap/", {**form, **_token(page.text)}, name="sign in")
        if "/dang-nhap/" in answer.url:
            raise RuntimeError(f"{form['username']} was not let in")

    @task(3)
    def home(self) -> None:
        self.client.get("/", name="home")

    @task(5)
    def work(self) -> None:
        self._look_at_list("/viec/", "work, mine")

    @task(4)
    def work_of_the_unit(self) -> None:
        self._look_at_list("/viec/don-vi/", "work, unit")

    @task(4)
    def dossiers(self) -> None:
        self._look_at_list("/ho-so/", "dossiers")

    @task(8)
    def dossier(self) -> None:
        if not self.seen:
            return self.dossiers()
        tab = random.choice(("", "giay-to/", "cac-buoc/", "thoi-han/", "lich-su/"))  # noqa: S311 no secret
        self.client.get(f"{random.choice(self.seen)}{tab}", name="dossier")  # noqa: S311 no secret
        return None

    @task(3)
    def search(self) -> None:
        self.client.get("/tim/", params={"q": random.choice(_QUESTIONS)}, name="search")  # noqa: S311 no secret

    @task(4)
    def receive(self) -> None:
        """Begins a dossier, saves it as typed, and receives it: three actions with a pause between."""
        start = self._counter() if self.receives else ""
        if "/tiep-nhan/moi/" not in start:
            self.receives = False
            return
        intake = self._post("/tiep-nhan/moi/", start, {"procedure": "P6"}, "intake begun")
        address = re.search(r"/tiep-nhan/(\d+)/", intake.url)
        unit = re.search(r'<option value="(\d+)"[^>]*>Chi nhánh', intake.text)
        if address is None or unit is None:
            return
        number = f"0991740{random.randrange(10**5):05d}"  # noqa: S311 invented
        typed = {**RENEWAL, "id_number": number, "unit": unit[1]}
        time.sleep(_THINKING)
        self._post(f"{address[0]}luu/", intake.text, typed, "intake saved")
        time.sleep(_THINKING)
        self._post(f"{address[0]}nhan/", intake.text, typed, "intake received")

    def _counter(self) -> str:
        """The page that begins a dossier. Being told that one doesn't receive is no failure."""
        with self.client.get("/tiep-nhan/", name="intake", catch_response=True) as answer:
            if answer.status_code == HTTPStatus.FORBIDDEN:
                answer.success()
            return str(answer.text)

    def _post(self, url: str, page: str, values: dict[str, str], name: str) -> Any:
        return self.client.post(url, {**values, **_token(page)}, name=name)

    def _look_at_list(self, url: str, name: str) -> None:
        found = re.findall(r'href="(/ho-so/\d+/)"', self.client.get(url, name=name).text)
        self.seen = list(dict.fromkeys([*found, *self.seen]))[:50]


def _token(page: str) -> dict[str, str]:
    """The form token of a page."""
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    return {"csrfmiddlewaretoken": found[1]} if found else {}
