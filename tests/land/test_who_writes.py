"""Nothing writes the land register but its operations, and nothing calls those but a dossier's result and the load."""

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
MAY_CALL = {
    "dossiers/land_certificates.py",
    "dossiers/land_changes.py",
    "dossiers/land_parcels.py",
    # What is told to the operations, not the operations themselves.
    "dossiers/land_told.py",
    "land/management/commands/load_land.py",
    "land/search_kinds.py",
    "land/views/parcels.py",
    "land/views/certificates.py",
}
MODELS = "Commune|Parcel|ParcelDescription|LandUse|FormerPlace|ParcelLineage|ParcelChange|LandUser|UserDescription"
MODELS += "|LandRight|RightHolder|Certificate|CertifiedRight|CertificateNote|Restriction"
WRITES = re.compile(
    rf"\b(?:{MODELS})(?:\.objects|\._default_manager)[\w.()=,\s]*?\.(?:create|bulk_create|update|delete|get_or_create)\("
)


def sources() -> dict[str, str]:
    """Every module of the house but its tests."""
    packages = [path.parent for path in ROOT.glob("*/__init__.py") if path.parent.name != "tests"]
    files = [file for package in packages for file in package.rglob("*.py")]
    return {str(file.relative_to(ROOT)): file.read_text("utf-8") for file in files}


def test_only_a_result_and_the_load_call_the_operations() -> None:
    callers = {name for name, text in sources().items() if re.search(r"^from land\.operations", text, re.MULTILINE)}
    assert {name for name in callers if not name.startswith("land/operations/")} == MAY_CALL


def test_no_other_module_writes_a_table_of_the_register() -> None:
    found = {name for name, text in sources().items() if WRITES.search(text)}
    assert found
    assert all(name.startswith("land/operations/") for name in found)
