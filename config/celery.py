"""Celery entry: `celery -A config.celery worker --queues quick,slow,bulk,clock`; only where TASKS=celery."""

import os

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()
if settings.TASKS != "celery":
    raise ImproperlyConfigured("Celery workers have nothing to do: set TASKS=celery")

from jobs.by_celery import app  # noqa: E402 the apps must be loaded first

__all__ = ["app"]
