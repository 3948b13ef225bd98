from typing import Any

from django.core.files.storage import Storage

class S3Storage(Storage):
    bucket_name: str
    location: str
    def __init__(self, **settings: Any) -> None: ...
    @property
    def connection(self) -> Any: ...
    def _normalize_name(self, name: str) -> str: ...
