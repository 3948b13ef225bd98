"""What a disposal forgets while a reader is still at work: nothing that was read outlives it, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from django.db import connection, transaction

from documents.models import DocumentVersion, Reading, ReadPage
from documents.operations.findable import index_paper
from documents.operations.read import read_version
from documents.operations.release import release_files
from tests.factories.accounts import UnitFactory
from tests.factories.documents import paper

pytestmark = [pytest.mark.databases_differ, pytest.mark.django_db(transaction=True)]

# Long enough for the disposal to have asked what there is to forget, were it not to wait for the reader.
HEAD_START = 0.5


def test_what_a_reader_writes_in_the_same_moment_is_forgotten_too(monkeypatch: pytest.MonkeyPatch) -> None:
    document = paper(unit=UnitFactory.create(), pages=())
    version = document.current
    assert version is not None
    is_at_its_end = Event()

    def reads_on(*arguments: Any) -> None:
        is_at_its_end.set()
        Event().wait(HEAD_START)
        index_paper(*arguments)

    monkeypatch.setattr("documents.operations.read.index_paper", reads_on)

    def reading() -> None:
        try:
            read_version(version_id=version.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        reader = pool.submit(reading)
        assert is_at_its_end.wait(60)
        with transaction.atomic():
            release_files([document.pk])
        reader.result()
    assert DocumentVersion.objects.get().screening == "disposed"
    assert Reading.objects.exists()
    assert not ReadPage.objects.exists()
