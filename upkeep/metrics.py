"""What the web processes count together, in Prometheus' multiprocess mode: a file a process under DATA_DIR/metrics.

Every metric here has labels: one without would write its file from each management command that loads the addresses.
"""

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from upkeep.gauges import OfficeCollector

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, float("inf"))

REQUESTS = Counter("hosodat_requests", "Requests answered.", ["method", "route", "status"])
SECONDS = Histogram("hosodat_request_seconds", "Seconds until the answer began.", ["method", "route"], buckets=_BUCKETS)


def method_of(method: str | None) -> str:
    """The method, or `other`: a client may invent as many as it likes."""
    return method if method in _METHODS else "other"


def count_request(*, method: str, route: str, status: int, seconds: float) -> None:
    REQUESTS.labels(method, route, str(status)).inc()
    SECONDS.labels(method, route).observe(seconds)


def exposition() -> bytes:
    """Everything in Prometheus' text form: the counts of all processes, and the office as it stands now."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    registry.register(OfficeCollector())
    return generate_latest(registry)
