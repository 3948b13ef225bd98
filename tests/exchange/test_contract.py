"""The API does what its document says, whatever is sent to it."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.conf import settings as django_settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from config.wsgi import application
from jobs.worker import drain
from search.selectors import Mercy
from search.selectors import _key as page_key
from tests.factories.dossiers import at_step, received
from tests.factories.exchange import Partner, partner
from tests.factories.office import Office

pytestmark = pytest.mark.django_db

FEW = 60
# More are drawn anew each time; the few are the same ones, so that a change fails for its own faults alone.
EXAMPLES = int(os.environ.get("API_EXAMPLES", FEW))
schemathesis.openapi.format("page-key", st.builds(page_key, st.sampled_from(Mercy), st.integers(1, 999)) | st.just(""))
schema = schemathesis.openapi.from_wsgi("/api/openapi.json", application)


@pytest.fixture
def asking(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[Partner]:
    """An agency that may read the dossier whose code is the document's example, and may ask without end."""
    monkeypatch.setattr(django_settings, "STRANGER_REQUESTS_A_MINUTE", 1_000_000)
    assert at_step(office, received(office), "").code == "H99.15-261202-0001"
    drain()
    # A server gives its connection back after each request; here it is the test's own.
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield partner(office.branch)
    for signal in signals:
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(max_examples=EXAMPLES, derandomize=EXAMPLES == FEW, suppress_health_check=list(HealthCheck))
def test_every_answer_is_as_published(case: schemathesis.Case[Any], asking: Partner) -> None:
    case.call_and_validate(headers={"Authorization": f"Bearer {asking.secret}"})
