"""A disk that is truly full, under a real web server: nothing is said to be saved, and reading goes on."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections

from documents.models import Blob, DocumentVersion
from documents.vault import verify_blob
from portal.demo.visitor import PageSaysNo, Visitor, WebPage
from tests.factories.documents import picture
from tests.jobs.processes import database_url
from tests.kill.battle import environment_of
from tests.kill.machines import GUNICORN, HOST, Machine, await_answer, free_port
from tests.kill.office import open_for_business, people

pytestmark = [pytest.mark.databases_differ, pytest.mark.django_db(transaction=True)]

# A mount only the server sees.
OWN_MOUNTS = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c")
MEGABYTE = "mount -t tmpfs -o size=1m,mode=700 tmpfs"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """Its vault and its place for uploads hold a megabyte each."""
    if subprocess.run([*OWN_MOUNTS, "true"], check=False).returncode != 0:
        message = "a small disk can't be made: this machine allows no mounts of one's own"
        if os.environ.get("REQUIRE_SERVICES"):
            pytest.fail(message)
        pytest.skip(message)
    open_for_business(people(clerks=1, specialists=0, heads=0))
    connections.close_all()
    vault, incoming = tmp_path / "vault", tmp_path / "data" / "incoming"
    for folder in (vault, incoming):
        folder.mkdir(parents=True)
    port = free_port()
    gunicorn = f"{sys.executable} -m gunicorn config.wsgi --bind {HOST}:{port} {' '.join(GUNICORN)}"
    command = [*OWN_MOUNTS, f"{MEGABYTE} {vault} && {MEGABYTE} {incoming} && exec {gunicorn}"]
    environment = {**os.environ, **environment_of(tmp_path, database_url())}
    machine = Machine("web", command, environment, tmp_path / "web.log")
    try:
        await_answer(f"http://{HOST}:{port}")
        yield f"http://{HOST}:{port}"
    finally:
        machine.close()


def upload(clerk: Visitor, intake: WebPage, paper: str, content: bytes) -> int:
    """The status of the answer."""
    try:
        clerk.send_alone(f"{intake.path}giay-to/{paper}/quet/", intake, {"file": ("quet.jpg", content)})
    except PageSaysNo as no:
        return no.status
    return 200


def test_attack_60_a_full_disk_is_507_and_reading_goes_on(server: str) -> None:
    [person] = people(clerks=1, specialists=0, heads=0)
    clerk = Visitor(server)
    clerk.sign_in(person.username, person.password)
    start = clerk.open("/tiep-nhan/")
    intake = clerk.send(start.form("/tiep-nhan/moi/"), start, {"procedure": "P6"})
    sheet = picture(size=(1300, 1000))
    assert 500_000 < len(sheet) < 900_000

    assert upload(clerk, intake, "application", sheet) == 200
    # The vault is full; then the place where uploads arrive is too small.
    assert upload(clerk, intake, "certificate", picture(size=(1300, 1000))) == 507
    assert upload(clerk, intake, "certificate", picture(size=(2000, 1700))) == 507
    [version] = DocumentVersion.objects.all()
    assert Blob.objects.count() == 1

    for path in ("/", "/ho-so/", "/tra-cuu/", "/tim/", intake.path):
        assert clerk.open(path).html
    assert clerk.download(f"/tai-lieu/{version.document_id}/tep-goc/") == sheet
    assert not verify_blob(version.blob_id), "the server's own disk holds it, not this test's"
    # What still fits is taken in: nothing was left behind by what did not fit.
    assert upload(clerk, intake, "certificate", picture(size=(200, 200))) == 200
    assert DocumentVersion.objects.count() == 2
