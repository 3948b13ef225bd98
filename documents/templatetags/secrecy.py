"""Names of files in pages, as far as they may be shown."""

from django import template

from documents.models import DocumentVersion
from documents.reasons import name_shown

register = template.Library()


@register.filter(name="name_shown")
def name_of_version(version: DocumentVersion | None) -> str:
    """The file's name, or which document it is where the name may be secret; nothing where there is no file."""
    if version is None:
        return ""
    return name_shown(version.file_name, document_id=version.document_id, reason=version.quarantine_reason)
