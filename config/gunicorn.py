"""What gunicorn does besides serving: the counts of an earlier run don't go on in this one.

Nothing here may import prometheus_client: its first import settles whether processes count together, and the
workers, forked from this one, would count each for itself.
"""

from typing import Any

from config.settings import METRICS_DIR


def on_starting(server: Any) -> None:
    """Before the first worker: files of processes long gone would be added to ours."""
    for left_behind in METRICS_DIR.glob("*.db"):
        left_behind.unlink(missing_ok=True)
