"""Every text an officer sees has its Vietnamese, and none is left over."""

import shutil
import subprocess
import sys
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
CATALOGUE = Path("locale/vi/LC_MESSAGES/django.po")
LEFT_OUT = {".venv", "node_modules", "var", "tests", "stubs", ".git", "docs"}


def _ids(text: str) -> set[str]:
    """The message ids of a catalogue, plural ids left aside."""
    found, lines = set(), iter(text.splitlines())
    for line in lines:
        if not line.startswith("msgid "):
            continue
        parts = [line.removeprefix("msgid ")]
        for following in lines:
            if not following.startswith('"'):
                break
            parts.append(following)
        found.add("".join(part.strip()[1:-1] for part in parts))
    return found - {""}


def test_the_catalogue_has_exactly_the_texts_of_the_code(tmp_path: Path) -> None:
    for name in (path.name for path in ROOT.iterdir() if path.name not in LEFT_OUT):
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    (tmp_path / CATALOGUE).unlink()

    command = [sys.executable, "manage.py", "makemessages", "--locale", "vi", "--no-location", "--no-wrap"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)

    wanted = _ids((tmp_path / CATALOGUE).read_text("utf-8"))
    assert _ids((ROOT / CATALOGUE).read_text("utf-8")) == wanted


def test_nothing_is_left_untranslated_or_guessed() -> None:
    catalogue = ROOT / CATALOGUE

    for kind in ("--untranslated", "--only-fuzzy"):
        found = subprocess.run(
            [shutil.which("msgattrib") or "msgattrib", kind, str(catalogue)], check=True, capture_output=True, text=True
        ).stdout
        assert _ids(found) == set(), kind
