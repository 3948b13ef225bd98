"""Settings of a worker process that knows the outbox and one topic of the tests."""

from config import settings as shipped

DATABASES = shipped.DATABASES
DEFAULT_AUTO_FIELD = shipped.DEFAULT_AUTO_FIELD
INSTALLED_APPS = ["jobs", "tests.jobs.labour"]
LOGGING = shipped.LOGGING
SECRET_KEY = shipped.SECRET_KEY
TIME_ZONE = shipped.TIME_ZONE
USE_TZ = shipped.USE_TZ
