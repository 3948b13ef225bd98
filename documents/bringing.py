"""A parcel of files for a batch, as it comes over the web: scans and archives of them mixed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from django.core.files.base import File
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.acting import Acting
from documents.batch_models import Batch, Fate
from documents.names import clean_name, extension_of
from documents.operations.batches.bring import Bringer, bring_file, note_refusal
from documents.operations.batches.locked import batch_to_work_on
from documents.operations.batches.unpack import bring_archive
from documents.operations.quota import NoRoom
from documents.vault import digest_of
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
        """Each file and archive by itself: what isn't taken stands in the batch with the reason, the rest goes on.

        Raises Invalid for none; else as `bring_file`."""
        batch = batch_to_work_on(batch_id, acting)
        if not files:
            raise Invalid(_("No file was chosen. Choose one and send it again."))
        bag = cls()
        for file in files:
            bag._bring(batch, file, acting)
        return bag

    def _bring(self, batch: Batch, file: File[bytes], acting: Acting) -> None:
        name = file.name or ""
        if extension_of(clean_name(name)) == ".zip":
            self._bring_archive(batch, file, name, acting)
            return
        brought = bring_file(batch_id=batch.pk, file=file, name=name, acting=acting)
        self.taken += brought.is_new
        self.refused += brought.item.fate == Fate.REFUSED
        self.repeated += brought.item.fate != Fate.REFUSED and not brought.is_new

    def _bring_archive(self, batch: Batch, file: File[bytes], name: str, acting: Acting) -> None:
        try:
            bring_archive(batch_id=batch.pk, file=file, name=name, acting=acting)
        except NoRoom:
            raise
        except Invalid as fault:
            bringer = Bringer(acting.actor, acting.officer_id, acting)
            reason = str(fault.message)
            note_refusal(batch=batch, key=digest_of(file), name=name, reason=reason, bringer=bringer)
            self.refused += 1
            return
        self.archives += 1

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
