"""A parcel of files for a batch, as it comes over the web: scans and archives of them mixed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from django.core.files.base import File
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.acting import Acting
from documents.batch_models import Fate
from documents.names import clean_name, extension_of
from documents.operations.batches.bring import bring_file
from documents.operations.batches.locked import batch_to_work_on
from documents.operations.batches.unpack import bring_archive
from pages.domain_errors import Invalid


@dataclass(slots=True)
class Bag:
    """What became of a parcel: files taken in, there already, not taken, and archives to be unpacked."""

    taken: int = 0
    repeated: int = 0
    refused: int = 0
    archives: int = 0

    @classmethod
    def brought(cls, *, batch_id: int, files: Sequence[File[bytes]], acting: Acting) -> Self:
        """Each file by itself: what was taken stays, whatever comes after. Raises Invalid for none, and for an archive
        that could do harm; else as `bring_file`."""
        batch_to_work_on(batch_id, acting)
        if not files:
            raise Invalid(_("No file was chosen. Choose one and send it again."))
        bag = cls()
        for file in files:
            bag._bring(batch_id, file, acting)
        return bag

    def _bring(self, batch_id: int, file: File[bytes], acting: Acting) -> None:
        name = file.name or ""
        if extension_of(clean_name(name)) == ".zip":
            bring_archive(batch_id=batch_id, file=file, name=name, acting=acting)
            self.archives += 1
            return
        brought = bring_file(batch_id=batch_id, file=file, name=name, acting=acting)
        self.taken += brought.is_new
        self.refused += brought.item.fate == Fate.REFUSED
        self.repeated += brought.item.fate != Fate.REFUSED and not brought.is_new

    @property
    def counts(self) -> tuple[int, int, int]:
        return self.taken + self.archives, self.repeated, self.refused

    @property
    def words(self) -> str:
        parts = [
            ngettext("%(count)s file was taken in.", "%(count)s files were taken in.", self.taken)
            % {"count": self.taken},
            _("%(count)s were there already.") % {"count": self.repeated} if self.repeated else "",
            _("%(count)s were not taken; the reasons are below.") % {"count": self.refused} if self.refused else "",
            _("%(count)s archives are being unpacked.") % {"count": self.archives} if self.archives else "",
        ]
        return " ".join(part for part in parts if part)
