"""What stands in a PDF, as a reader would copy it."""

import pypdfium2 as pdfium

from documents.models import DocumentVersion
from documents.vault import open_blob


def words_of(content: bytes) -> str:
    """The text layer in one line."""
    document = pdfium.PdfDocument(content)
    try:
        return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in document)
    finally:
        document.close()


def words(version: DocumentVersion) -> str:
    """The text of a stored file."""
    with open_blob(version.blob_id) as file:
        return words_of(file.read())
