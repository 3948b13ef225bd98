"""Clerks, specialists and heads at their browsers all at once. What the pages tell them they note down.

A request that comes to nothing is sent again, the very same form, as a person does who got no answer.
"""

import http.client
import random
import re
import threading
import time
import urllib.error
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from queue import Empty, SimpleQueue
from typing import TypeVar

from pypdf import PdfWriter

from portal.demo.visitor import PageSaysNo, Visitor, WebPage
from tests.factories.dossiers import TYPED
from tests.kill.office import Person

T = TypeVar("T")
NO_ANSWER = (urllib.error.URLError, ConnectionError, TimeoutError, http.client.HTTPException)
STEPS = {
    "clerk": ("forward", "returned"),
    "specialist": ("submit", "issue"),
    "head": ("approve",),
}
NEXT = {"forward": "submit", "submit": "approve", "approve": "issue", "issue": "returned"}
_PAPERS = ("application", "certificate")


@dataclass(slots=True)
class Told:
    """What people were told, each thing once the page had said so.

    receipts  dossier's path → code · steps  (dossier's path, outcome) → who · scans  dossier's path → SHA-256s
    """

    receipts: dict[str, str] = field(default_factory=dict)
    steps: dict[tuple[str, str], str] = field(default_factory=dict)
    scans: dict[str, list[str]] = field(default_factory=dict)
    again: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    odd: list[str] = field(default_factory=list)
    serials: int = 0
    parcels: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


class Crowd:
    """Everybody works until told to stop; who is in the middle of a deed ends it."""

    def __init__(self, server: str, staff: list[Person], *, seed: int, pause: float = 0.0) -> None:
        self.told = Told()
        self._server, self._staff, self._seed, self._pause = server, staff, seed, pause
        self._waiting: dict[str, SimpleQueue[str]] = {
            outcome: SimpleQueue() for ends in STEPS.values() for outcome in ends
        }
        self._over, self._threads = threading.Event(), list[threading.Thread]()

    def start(self) -> None:
        for number, person in enumerate(self._staff):
            rng = random.Random(self._seed + number)  # noqa: S311 told again by its seed
            thread = threading.Thread(target=self._live, args=[person, rng])
            thread.start()
            self._threads.append(thread)

    def await_receipt(self) -> None:
        """Until the first dossier is received: what comes then hits an office at work."""
        while not self.told.receipts and not self.told.odd:
            time.sleep(0.1)

    def stop(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _live(self, person: Person, rng: random.Random) -> None:
        try:
            browser = self._insist(lambda: self._signed_in(person))
            while not self._over.is_set():
                if not self._carry_one(person, browser, rng) and "clerk" in person.roles:
                    self._receive(browser, rng)
                time.sleep(self._pause)
        except Exception as fault:  # noqa: BLE001 whatever went wrong fails the test
            self.told.odd.append(f"{person.username}: {type(fault).__name__}: {fault}"[:800])

    def _signed_in(self, person: Person) -> Visitor:
        visitor = Visitor(self._server)
        visitor.sign_in(person.username, person.password)
        return visitor

    def _insist(self, deed: Callable[[], T]) -> T:
        """Does it again until there is an answer; what the pages refuse (4xx) is an answer."""
        deadline = time.monotonic() + 120
        while True:
            try:
                return deed()
            except PageSaysNo as no:
                self.told.statuses[no.status] += 1
                if no.status < 500:
                    raise
                fault: Exception = no
            except NO_ANSWER as none:
                fault = none
            self.told.again += 1
            if time.monotonic() > deadline:
                raise TimeoutError("no answer for two minutes") from fault
            time.sleep(0.1)

    # The counter ------------------------------------------------------------------------------------

    def _receive(self, browser: Visitor, rng: random.Random) -> None:
        start = self._insist(lambda: browser.open("/tiep-nhan/"))
        form = start.form("/tiep-nhan/moi/")
        intake = self._insist(lambda: browser.send(form, start, {"procedure": "P6"}))
        scans = [self._scan(browser, intake, paper, rng) for paper in _PAPERS[: rng.randint(1, 2)]]
        intake = self._insist(lambda: browser.open(intake.path))
        branch = re.search(r'value="(\d+)"[^>]*>Chi nhánh Văn phòng Đăng ký đất đai khu vực Hải Lộc', intake.html)
        assert branch is not None
        typed = {**TYPED["P6"], **self._own_land(), "unit": branch[1], "id_number": f"099174{rng.randrange(10**6):06d}"}
        after = self._insist(lambda: browser.send(intake.form("/nhan/"), intake, typed))
        code = re.search(r"(H99[.\d]*-\d{6}-\d{4})", after.html.replace("<b>", "").replace("</b>", ""))
        assert code is not None, after.words[:300]
        with self.told.lock:
            self.told.receipts[after.path] = code[1]
            self.told.scans[after.path] = scans
        self._waiting["forward"].put(after.path)

    def _own_land(self) -> dict[str, str]:
        """A certificate is renewed once: each dossier is about another parcel."""
        with self.told.lock:
            self.told.parcels += 1
            return {
                "form-parcel": str(self.told.parcels),
                "form-certificate_serial": f"DK {self.told.parcels:06d}",
            }

    def _scan(self, browser: Visitor, intake: WebPage, paper: str, rng: random.Random) -> str:
        content = _pdf(rng)
        path = f"{intake.path}giay-to/{paper}/quet/"
        self._insist(lambda: browser.send_alone(path, intake, {"file": ("quet.pdf", content)}))
        return sha256(content).hexdigest()

    # The way ----------------------------------------------------------------------------------------

    def _carry_one(self, person: Person, browser: Visitor, rng: random.Random) -> bool:
        for outcome in STEPS[person.roles[0]]:
            try:
                path = self._waiting[outcome].get_nowait()
            except Empty:
                continue
            self._carry(person, browser, path, outcome, rng)
            return True
        if "clerk" not in person.roles:
            time.sleep(0.05)
        return False

    def _carry(self, person: Person, browser: Visitor, path: str, outcome: str, rng: random.Random) -> None:
        page = self._insist(lambda: browser.open(path))
        if outcome == "submit":
            content = _pdf(rng)
            form = page.form("/du-thao/certificate/")
            self._insist(lambda: browser.send(form, page, files={"file": ("du-thao.pdf", content)}))
            page = self._insist(lambda: browser.open(path))
        if not page.has_form("/hoan-thanh/"):
            raise PageSaysNo(f"{path} waits for {outcome} and offers no step: {page.words[:400]}")
        form, typed = page.form("/hoan-thanh/"), {**self._typed(outcome), "note": "Đã xem.", "outcome": outcome}
        self._insist(lambda: browser.send(form, page, typed))
        with self.told.lock:
            self.told.steps[path, outcome] = person.username
        if outcome in NEXT:
            self._waiting[NEXT[outcome]].put(path)

    def _typed(self, outcome: str) -> Mapping[str, str]:
        if outcome == "issue":
            with self.told.lock:
                self.told.serials += 1
                return {"to-issue-serial": f"AA {self.told.serials:08d}"}
        if outcome == "returned":
            names = {"receiver_name": "Phùng Thị Ngát", "receiver_id": "099174003312", "collected": "yes"}
            return {f"to-returned-{name}": value for name, value in names.items()}
        return {}


def _pdf(rng: random.Random) -> bytes:
    """A sound page nobody else has: its size is its own."""
    writer = PdfWriter()
    writer.add_blank_page(width=round(rng.uniform(40, 60), 6), height=round(rng.uniform(40, 60), 6))
    buffer = BytesIO()
    writer.write(buffer)
    return buffer.getvalue()
