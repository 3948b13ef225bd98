"""A file the vault should hold and doesn't (mất tệp gốc)."""

import logging

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Officer
from audit.recording import Actor, record
from documents.models import DocumentVersion
from notices.models import Notice
from notices.operations.notify import notify

logger = logging.getLogger(__name__)


@transaction.atomic
def report_missing(*, version: DocumentVersion, actor: Actor) -> None:
    """Tells the administrators that a file must be brought back from the backup, and writes it into its history.

    Once, until they have read it: a page asks for its pictures again and again.
    """
    logger.error("document %s, version %s: blob %s is missing", version.document_id, version.number, version.blob_id)
    url = f"{reverse('document', args=[version.document_id])}?version={version.number}"
    told = list(Officer.objects.filter(is_superuser=True, is_active=True).values_list("pk", flat=True))
    if Notice.objects.filter(recipient_id__in=told, url=url, read_at__isnull=True).exists():
        return
    named = {"document": version.document_id, "version": version.number, "sha256": version.blob_id}
    words = _(
        "The original file of document %(document)s, version %(version)s, is missing from the storage. "
        "Bring %(sha256)s back from the backup."
    )
    notify(told, words % named, url)
    payload = {"version": version.number, "sha256": version.blob_id}
    record(f"document:{version.document_id}", "document.file_missing", actor=actor, payload=payload)
