"""Found by gunicorn where it is started; command line and environment come on top."""

from config.gunicorn import on_starting

__all__ = ["on_starting"]
