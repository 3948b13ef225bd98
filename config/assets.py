"""Third-party page assets: exactly these files out of node_modules, nothing else, under `vendor/`."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage

_INTER = "@fontsource-variable/inter/files"
VENDOR = {
    "vendor/bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
    "vendor/bootstrap.min.css.map": "bootstrap/dist/css/bootstrap.min.css.map",
    "vendor/bootstrap-icons.css": "bootstrap-icons/font/bootstrap-icons.min.css",
    "vendor/fonts/bootstrap-icons.woff2": "bootstrap-icons/font/fonts/bootstrap-icons.woff2",
    "vendor/fonts/bootstrap-icons.woff": "bootstrap-icons/font/fonts/bootstrap-icons.woff",
    "vendor/fonts/inter-latin-wght-normal.woff2": f"{_INTER}/inter-latin-wght-normal.woff2",
    "vendor/fonts/inter-latin-ext-wght-normal.woff2": f"{_INTER}/inter-latin-ext-wght-normal.woff2",
    "vendor/fonts/inter-vietnamese-wght-normal.woff2": f"{_INTER}/inter-vietnamese-wght-normal.woff2",
}


class VendorFinder(BaseFinder):
    """Finds the files of `VENDOR` for `collectstatic` and the development server."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.root: Path = settings.BASE_DIR / "node_modules"
        self.storage = _Renamed(location=self.root)
        super().__init__(*args, **kwargs)

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: Any = False, **kwargs: Any) -> Any:  # noqa: FBT002 Django's signature
        source = VENDOR.get(path)
        found = [str(self.root / source)] if source and (self.root / source).exists() else []
        return found if find_all else next(iter(found), None)

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        for path in VENDOR:
            yield path, self.storage


class _Renamed(FileSystemStorage):
    """node_modules seen under the names of `VENDOR`."""

    prefix = None

    def path(self, name: str) -> str:
        return super().path(VENDOR[name])
