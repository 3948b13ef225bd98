"""The closed lists of records: where a file stands, and a list of files."""

from django.db import models
from django.utils.translation import pgettext_lazy


class FileState(models.TextChoices):
    """Where the records of a closed dossier are (hồ sơ lưu)."""

    CURRENT = "current", pgettext_lazy("records of a dossier", "Kept by the unit")
    LISTED = "listed", pgettext_lazy("records of a dossier", "On a list")
    TRANSFERRED = "transferred", pgettext_lazy("records of a dossier", "Transferred to the archive")
    DISPOSED = "disposed", pgettext_lazy("records of a dossier", "Disposed of")


class ListKind(models.TextChoices):
    """Mục lục hồ sơ nộp lưu; danh mục hồ sơ hết giá trị."""

    TRANSFER = "transfer", pgettext_lazy("list of records", "Transfer to the archive")
    DISPOSAL = "disposal", pgettext_lazy("list of records", "Disposal")


class SentBack(models.TextChoices):
    """Why an approved list came back."""

    NOT_WHOLE = "not_whole", pgettext_lazy("why a list came back", "records on it are not whole any more")
    FAILED = "failed", pgettext_lazy("why a list came back", "the machine tried in vain")


class Released(models.TextChoices):
    """Why the package of a list was let go."""

    DISPOSAL = "disposal", pgettext_lazy("why a package was let go", "records in it were disposed of")
    QUARANTINE = "quarantine", pgettext_lazy("why a package was let go", "a file in it was put into quarantine")


class ListState(models.TextChoices):
    """Proposed by one, approved by another, carried out by the machine; or dropped."""

    PROPOSED = "proposed", pgettext_lazy("list of records", "Proposed")
    APPROVED = "approved", pgettext_lazy("list of records", "Approved, being carried out")
    DONE = "done", pgettext_lazy("list of records", "Carried out")
    DROPPED = "dropped", pgettext_lazy("list of records", "Dropped")
