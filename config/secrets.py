"""Secrets an installation makes for itself on first start."""

import os
import secrets
from pathlib import Path


def generated_secret(path: Path) -> str:
    """The secret kept in `path`, made there on first use with access for the owner alone.

    Two processes that start at once agree: the file appears whole or not at all, and the first one wins.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text(encoding="ascii").strip()
