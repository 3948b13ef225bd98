"""Settings of a worker process that knows the outbox and one topic of the tests."""

from config import settings as shipped

DATABASES = shipped.DATABASES
DEFAULT_AUTO_FIELD = shipped.DEFAULT_AUTO_FIELD
BROKER_URL = shipped.BROKER_URL
INSTALLED_APPS = ["jobs", "tests.jobs.labour"]
LEASE_SECONDS = shipped.LEASE_SECONDS
LOGGING = shipped.LOGGING
SECRET_KEY = shipped.SECRET_KEY
TASKS = shipped.TASKS
TIME_ZONE = shipped.TIME_ZONE
USE_TZ = shipped.USE_TZ
