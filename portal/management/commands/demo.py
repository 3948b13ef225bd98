"""The demonstration: a small office from nothing to three returned results, on this very machine."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from accounts.acting import acting_for
from accounts.models import Officer
from audit.verifier import verify
from jobs.outbox import waiting_count
from portal.demo.people import PEOPLE, employ
from portal.demo.story import SENT_BACK, STRAIGHT, WITH_TAX, Stage, Told
from search.selectors import Query, find

HOST = "127.0.0.1"
START_PATIENCE = 60
GUNICORN = ("--workers=2", "--timeout=90", "--log-level=warning", "--no-control-socket")
QUESTION = "giay chung nhan quyen su dung dat"


class Command(BaseCommand):
    help = "Prepares the embedded default, plays three dossiers from counter to returned result, then serves."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-serve", action="store_true", help="stop after the story")

    def handle(self, *args: Any, **options: Any) -> None:
        if shutil.which("tesseract") is None:
            raise CommandError(
                "tesseract is missing: scans can't be read. Install tesseract-ocr and tesseract-ocr-vie."
            )
        # Asked to stop by a supervisor as by Ctrl+C: the two processes of the demonstration stop with it.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        passwords = self._prepare()
        port = options["port"] if not options["no_serve"] else _free_port()
        with self._running(port):
            stage = Stage(f"http://{HOST}:{port}", passwords, self.stdout.write)
            told = [stage.play(case, seed=seed) for seed, case in _seeded()]
            self._settle()
            self._report(told)
            self._find()
            self._verify()
            if not options["no_serve"]:
                self._serve(port, passwords)

    def _prepare(self) -> dict[str, str]:
        for command in (
            ["migrate", "--verbosity=0"],
            ["load_calendar"],
            ["load_organisation"],
            ["load_document_types"],
            ["load_retention"],
            ["load_procedures"],
        ):
            call_command(*command, stdout=self.stdout)
        passwords = employ()
        # Two processes take over from here; neither may inherit this one's connection.
        connection.close()
        return passwords

    @contextmanager
    def _running(self, port: int) -> Iterator[None]:
        """The web server and the worker as processes of their own, as in an office."""
        environment = {**os.environ, "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING")}
        web = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"{HOST}:{port}", *GUNICORN]
        worker = [sys.executable, str(settings.BASE_DIR / "manage.py"), "work"]
        processes = [
            subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603
            for command in (web, worker)
        ]
        try:
            _await_server(port, processes[0])
            yield
        finally:
            for process in processes:
                process.send_signal(signal.SIGTERM)
            for process in processes:
                process.wait(timeout=30)

    def _settle(self) -> None:
        """Waits until the worker has printed, read and indexed everything."""
        deadline = time.monotonic() + START_PATIENCE
        while waiting_count() and time.monotonic() < deadline:
            time.sleep(0.3)

    def _report(self, told: list[Told]) -> None:
        self.stdout.write("")
        self.stdout.write(f"{'Mã hồ sơ':<22}{'Người nộp':<18}{'Kết quả':<12}{'Tình trạng':<20}Diễn biến")
        for one in told:
            self.stdout.write(f"{one.code:<22}{one.applicant:<18}{one.number:<12}{one.status:<20}{one.title}")
            self.stdout.write(f"{'':<22}{' → '.join(one.events)}")

    def _find(self) -> None:
        officer = Officer.objects.get(username="specialist")
        deadline = time.monotonic() + START_PATIENCE
        results = find(Query(QUESTION, kinds=("certificate",)), acting_for(officer))
        while not results.total and time.monotonic() < deadline:
            time.sleep(0.5)
            results = find(Query(QUESTION, kinds=("certificate",)), acting_for(officer))
        self.stdout.write(f"\nTìm “{QUESTION}”: {results.total} giấy chứng nhận")
        for hit in results.hits:
            self.stdout.write(f"  {hit.number}  {hit.title}")
        if not results.total:
            raise CommandError("the search found nothing")

    def _verify(self) -> None:
        verdict = verify()
        if not verdict.is_ok:
            raise CommandError(f"the audit trail does not verify: {verdict.first_bad}")
        self.stdout.write(f"Nhật ký: {verdict.events} sự kiện, {verdict.streams} luồng, nguyên vẹn\n")

    def _serve(self, port: int, passwords: dict[str, str]) -> None:
        self.stdout.write("Tài khoản (mật khẩu ngẫu nhiên của máy này):")
        for person in PEOPLE:
            self.stdout.write(f"  {person.username:<12}{passwords.get(person.username, '–'):<20}{person.title}")
        self.stdout.write(f"\nMở http://{HOST}:{port} ; dừng bằng Ctrl+C")
        try:
            signal.pause()
        except KeyboardInterrupt:
            self.stdout.write("dừng")


def _seeded() -> list[tuple[int, Any]]:
    """The three cases, each with a seed of its own so that no two scans are the same bytes."""
    first = int(time.time()) % 9_000_000
    return [(first, STRAIGHT), (first + 1, SENT_BACK), (first + 2, WITH_TAX)]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _await_server(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_PATIENCE
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise CommandError(f"the web server ended at once; is port {port} taken?")
        try:
            urllib.request.urlopen(f"http://{HOST}:{port}/tra-cuu/", timeout=2).close()  # nosec B310
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
        else:
            return
    raise CommandError(f"the web server did not answer within {START_PATIENCE} s")
