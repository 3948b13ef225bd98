"""Log lines: one form for all, plain or JSON, and nothing of a person in them.

Read by the settings before Django is set up. Of an exception its class and its way through the code are told, never
its message: messages quote values. Other fields than `FIELDS` are dropped, whoever sends them.
"""

import logging
import sys
import traceback
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

import structlog
from structlog.stdlib import ExtraAdder, ProcessorFormatter, add_log_level, add_logger_name
from structlog.typing import EventDict, Processor, WrappedLogger

from upkeep.scrubbing import scrubbed

FORMS = ("plain", "json")
# request_id, topic and key come by context: every line written within a request or a job carries them.
FIELDS = frozenset({"request_id", "method", "route", "status", "ms", "officer", "topic", "key", "rows"})
_OWN = frozenset({"event", "level", "logger", "timestamp", "exception"})
_ROOT = Path(__file__).resolve().parent.parent
_DEEPEST = 30
_LONGEST_CHAIN = 5


def logging_settings(*, form: str, level: str) -> dict[str, Any]:
    """`LOGGING` for Django, with everything on stderr; `form` is one of `FORMS`."""
    structlog.configure(
        processors=[ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": line_formatter, "form": form}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "loggers": {
            # Django's own handlers would print paths with their queries, and mail whole forms.
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.server": {"handlers": [], "level": "CRITICAL", "propagate": True},
            # Refusals stand in the line of their request.
            "django.request": {"level": "ERROR"},
            "weasyprint": {"level": "ERROR"},
            "fontTools": {"level": "WARNING"},
            "elastic_transport": {"level": "WARNING"},
        },
        "root": {"handlers": ["console"], "level": level},
    }


def line_formatter(form: str) -> logging.Formatter:
    """What turns a record into its line. Raises ValueError for a form nobody knows."""
    if form not in FORMS:
        message = f"LOG_FORMAT is one of {', '.join(FORMS)}"
        raise ValueError(message)
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)
    )
    steps: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        add_log_level,
        add_logger_name,
        ExtraAdder(allow=FIELDS),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_values,
        renderer,
    ]
    return ProcessorFormatter(processors=steps)


def without_values(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """Takes out of a line whatever may be of a person."""
    record = event.get("_record")
    is_answer = hasattr(record, "request") and hasattr(record, "status_code")
    # Django's lines on a request end in its raw path.
    words = _phrase(record.status_code) if is_answer and record else scrubbed(str(event.get("event", "")))
    fault = _fault(event.get("exc_info"))
    kept: EventDict = {key: value for key, value in event.items() if key in FIELDS or key in _OWN}
    kept["event"] = words
    kept.pop("exception", None)
    if fault is not None:
        kept["exception"] = told(fault)
    return kept


def told(fault: BaseException) -> str:
    """The fault's class and where it came along, then those of what caused it; no messages."""
    parts: list[str] = []
    following: BaseException | None = fault
    while following is not None and len(parts) < _LONGEST_CHAIN:
        frames = traceback.extract_tb(following.__traceback__)[-_DEEPEST:]
        way = " > ".join(f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames)
        parts.append(f"{type(following).__name__}: {way}")
        hidden = None if following.__suppress_context__ else following.__context__
        following = following.__cause__ or hidden
    return " | caused by ".join(parts)


def _fault(exc_info: Any) -> BaseException | None:
    if isinstance(exc_info, BaseException):
        return exc_info
    if isinstance(exc_info, tuple):
        found: BaseException | None = exc_info[1]
        return found
    return sys.exc_info()[1] if exc_info else None


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "answered"


def _short(path: str) -> str:
    """A file of ours from the root of the project, one of a library from its package."""
    _, is_library, inside = path.rpartition("site-packages/")
    return inside if is_library else path.removeprefix(f"{_ROOT}/")


def extra(**fields: object) -> Mapping[str, object]:
    """Fields of a line for `logger.info(…, extra=…)`. Raises KeyError for one that would be dropped."""
    for name in fields:
        if name not in FIELDS:
            raise KeyError(name)
    return fields
