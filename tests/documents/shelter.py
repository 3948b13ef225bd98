"""What lies in a storage, seen and spoilt past the vault, as an accident would."""

from pathlib import Path
from typing import Any, Protocol

import boto3


class Shelter(Protocol):
    def names(self) -> list[str]:
        """Everything that lies there, whole or not."""

    def lose(self) -> None:
        """Takes away the only file there is."""

    def damage(self) -> None:
        """Turns the first bit of the only file there is."""


class FileShelter:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self) -> list[str]:
        return [str(path.relative_to(self._folder)) for path in self._folder.rglob("*") if path.is_file()]

    def lose(self) -> None:
        [name] = self.names()
        (self._folder / name).unlink()

    def damage(self) -> None:
        [name] = self.names()
        path = self._folder / name
        path.write_bytes(turned(path.read_bytes()))


class ObjectShelter:
    def __init__(self, options: dict[str, Any]) -> None:
        resource = boto3.resource(
            "s3",
            endpoint_url=options["endpoint_url"],
            region_name=options["region_name"],
            aws_access_key_id=options["access_key"],
            aws_secret_access_key=options["secret_key"],
        )
        self._bucket = resource.Bucket(options["bucket_name"])

    def names(self) -> list[str]:
        return [found.key for found in self._bucket.objects.all()]

    def lose(self) -> None:
        [name] = self.names()
        self._bucket.Object(name).delete()

    def damage(self) -> None:
        [name] = self.names()
        found = self._bucket.Object(name)
        found.put(Body=turned(found.get()["Body"].read()))


def turned(content: bytes) -> bytes:
    return bytes([content[0] ^ 1]) + content[1:]
