"""Batches of files of the past (đợt số hoá): what was brought, what became of each, which archives were unpacked."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from accounts.models import Officer, Unit
from documents.reasons import CLASSIFIED, DISPOSED, MALWARE, SCANNER_DOWN, name_shown, trouble_of, words_for
from documents.states import CopyState

# What no second reading would change, or nobody may read.
NOT_AGAIN = (CLASSIFIED, MALWARE, SCANNER_DOWN, DISPOSED)


class Batch(models.Model):
    """Files of the past brought in together for one unit, read behind the papers of the counter (đợt số hoá).

    paused_at    when it was stopped; none while it goes on
    going_since  when it last began or was resumed: its pace is reckoned from then
    finished_at  when nothing of it waited any more; none again once more is brought
    """

    name = models.CharField(max_length=200)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    opened_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    going_since = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["unit", "-id"], name="documents_batches_of_unit")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_paused(self) -> bool:
        return self.paused_at is not None

    def pause(self, at: datetime) -> None:
        """Tạm dừng."""
        self.paused_at = at

    def go_on(self, at: datetime) -> None:
        """Tiếp tục, or there is something to read again."""
        self.paused_at, self.going_since, self.finished_at = None, at, None


class BatchArchive(models.Model):
    """A ZIP of files as it was brought; kept as it came, unpacked by the worker.

    entries_done  how many of its `entries` were looked at: unpacking goes on there after a break
    failure       a code of `documents.reasons` where it was given up
    """

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="archives")
    blob = models.ForeignKey("documents.Blob", on_delete=models.PROTECT, related_name="archives")
    name = models.CharField(max_length=200)
    brought_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    brought_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=CopyState.choices, default=CopyState.WAITING)
    entries = models.PositiveIntegerField()
    entries_done = models.PositiveIntegerField(default=0)
    failure = models.CharField(max_length=30, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "blob"], name="documents_archive_once")]

    def __str__(self) -> str:
        return self.name


class Fate(models.TextChoices):
    """What became of a file when it was brought."""

    BROUGHT = "brought", pgettext_lazy("file of a batch", "Brought in")
    REPEATED = "repeated", pgettext_lazy("file of a batch", "Was there already")
    REFUSED = "refused", pgettext_lazy("file of a batch", "Not taken")


class BatchItem(models.Model):
    """A file of a batch, once however often it is brought.

    key      the SHA-256 of its bytes; of where it stood, for what could not be got out of an archive
    version  what was made of it, or was there already; none for what wasn't taken
    refusal  why it wasn't taken, in words
    """

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="items")
    key = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    fate = models.CharField(max_length=8, choices=Fate.choices)
    version = models.ForeignKey("documents.DocumentVersion", on_delete=models.PROTECT, null=True, related_name="items")
    refusal = models.CharField(max_length=500, blank=True)
    brought_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "key"], name="documents_file_once_a_batch"),
            models.UniqueConstraint(
                fields=["version"], condition=Q(fate=Fate.BROUGHT), name="documents_brought_by_one_batch"
            ),
            models.CheckConstraint(
                condition=Q(fate=Fate.REFUSED, version__isnull=True)
                | (~Q(fate=Fate.REFUSED) & Q(version__isnull=False)),
                name="documents_taken_has_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.name}"

    @property
    def name_shown(self) -> str:
        """Its name; of a secret paper only which document it is, for its name may be secret too."""
        version = self.version
        if version is None:
            return self.name
        return name_shown(self.name, document_id=version.document_id, reason=version.quarantine_reason)

    @property
    def reason(self) -> str:
        """Why it wasn't taken, was set aside or couldn't be read."""
        return self.refusal or (words_for(trouble_of(self.version)) if self.version else "")

    @property
    def may_be_read_again(self) -> bool:
        return self.version is not None and trouble_of(self.version) not in NOT_AGAIN
