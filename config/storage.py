"""Where original files are kept, as `STORAGE_URL` says it."""

from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_S3 = "s3://HOST[:PORT]/BUCKET[/PREFIX][?tls=off&region=NAME&style=path|virtual]"
_OPTIONS = {"tls": ("on", "off"), "style": ("path", "virtual"), "region": ()}


def vault_storage(url: str, *, key: str = "", secret: str = "") -> dict[str, Any]:
    """The entry `vault` of STORAGES: `file:///folder`, or `s3://…` for any server that speaks S3.

    `key` and `secret` go before those in the address; without either, the places where AWS's own tools look count.
    """
    parts = urlsplit(url)
    if parts.scheme == "file" and not parts.netloc and parts.path.strip("/"):
        return {
            "BACKEND": "documents.storage.WholeFileStorage",
            "OPTIONS": {
                "location": unquote(parts.path),
                "file_permissions_mode": 0o440,
                "directory_permissions_mode": 0o750,
            },
        }
    if parts.scheme == "s3":
        return {"BACKEND": "documents.object_storage.ObjectStorage", "OPTIONS": _object_options(parts, key, secret)}
    raise ImproperlyConfigured(f"STORAGE_URL must be file:///FOLDER or {_S3}")


def _object_options(parts: SplitResult, key: str, secret: str) -> dict[str, Any]:
    bucket, _, prefix = unquote(parts.path).strip("/").partition("/")
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    if not parts.hostname or not bucket or any(not _is_known(name, value) for name, value in asked.items()):
        raise ImproperlyConfigured(f"STORAGE_URL must read {_S3}")
    found_key, found_secret = key or unquote(parts.username or ""), secret or unquote(parts.password or "")
    if bool(found_key) != bool(found_secret):
        raise ImproperlyConfigured("STORAGE_KEY and STORAGE_SECRET belong together")
    scheme = "http" if asked.get("tls") == "off" else "https"
    address = parts.netloc.rpartition("@")[2]
    return {
        "endpoint_url": f"{scheme}://{address}",
        "bucket_name": bucket,
        "location": prefix,
        "region_name": asked.get("region", "us-east-1"),
        "addressing_style": asked.get("style", "path"),
        "access_key": found_key or None,
        "secret_key": found_secret or None,
    }


def _is_known(name: str, value: str) -> bool:
    choices = _OPTIONS.get(name)
    return choices is not None and bool(value) and (not choices or value in choices)
