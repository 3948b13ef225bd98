"""Closing the file of a dossier (kết thúc, lập hồ sơ lưu)."""

from datetime import datetime

from django.utils.timezone import localtime

from dossiers.models import Dossier
from dossiers.records.retention import retention_of
from dossiers.records_models import RecordFile


def close_file(dossier: Dossier, at: datetime) -> RecordFile:
    """Its class and last day, from the rules of this day. Part of the action that closes the dossier: no event."""
    day = localtime(at).date()
    kept = retention_of(dossier, day)
    file, _is_new = RecordFile.objects.get_or_create(
        dossier=dossier,
        defaults={
            "unit_id": dossier.unit_id or dossier.received_unit_id,
            "closed_on": day,
            "year": day.year,
            "retention": kept.kept_as,
            "keep_until": kept.keep_until,
        },
    )
    return file
