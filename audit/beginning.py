"""How another process becomes one of ours. Imported before Django is ready, so nothing of ours may be imported here."""

from typing import Any

import django
from django.db import connections


def begin(database: dict[str, Any]) -> None:
    """Sets Django up and turns to the database of the process that asked."""
    django.setup()
    connections["default"].settings_dict.update(database)
