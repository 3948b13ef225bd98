"""The verbs of papers in a clerk's words."""

from django.utils.translation import gettext_lazy as _

from audit.verbs import declare

declare("document_types.loaded", _("Loaded the types of papers: %(types)s"), icon="list-ul")
declare("document.received", _("Took in “%(title)s” (%(type)s), file %(file_name)s"), icon="file-earmark-arrow-down")
declare("document.drafted", _("Drafted “%(title)s” (%(type)s)"), icon="file-earmark-text")
declare("document.version_added", _("Added version %(version)s of “%(title)s”, file %(file_name)s"), icon="files")
declare("document.reading_asked", _("Asked for “%(title)s” to be read again"), icon="arrow-repeat")
declare("document.read", _("Read %(pages)s pages of “%(title)s”"), icon="body-text")
declare("document.quarantined", _("Put version %(version)s in quarantine: %(reason)s"), icon="shield-exclamation")
declare("document.released", _("Let version %(version)s out of quarantine"), icon="shield-check")
declare("document.opened", _("Opened “%(title)s”"), icon="eye")
declare(
    "document.file_missing", _("The file of version %(version)s is missing from the storage"), icon="file-earmark-x"
)
declare("document.downloaded", _("Took away the file %(file_name)s of “%(title)s”"), icon="download")
declare("document.copy_asked", _("Asked for a searchable copy of “%(title)s”"), icon="file-earmark-break")
declare("document.copy_made", _("Made a searchable copy of “%(title)s”"), icon="file-earmark-break")
declare("document.copy_downloaded", _("Took away the searchable copy of “%(title)s”"), icon="download")
declare("document.sealed", _("Put the electronic seal on “%(title)s” as version %(version)s"), icon="patch-check")
declare("document.imported", _("Imported the file %(file_name)s"), icon="box-arrow-in-down")
declare("register.number_reserved", _("Reserved the number %(number)s for %(kind)s “%(subject)s”"), icon="bookmark")
declare(
    "register.number_entered",
    _("Entered the paper %(number)s of %(issued_on)s, signed by %(signer)s"),
    icon="journal-check",
)
declare("register.number_cancelled", _("Cancelled the number %(number)s: %(reason)s"), icon="journal-x")
declare(
    "register.number_replaced",
    _("Cancelled the number %(number)s, the paper bears %(successor)s instead: %(reason)s"),
    icon="journal-x",
)
declare("legal_document.imported", _("Imported %(type)s %(number)s"), icon="box-arrow-in-down")
declare("batch.opened", _("Opened the batch “%(name)s”"), icon="collection")
declare("batch.archive_brought", _("Brought the archive %(file_name)s with %(files)s files"), icon="file-earmark-zip")
declare("batch.file_refused", _("Did not take the file %(file_name)s: %(reason)s"), icon="file-earmark-x")
declare("batch.file_repeated", _("Found the file %(file_name)s there already"), icon="files")
declare("batch.paused", _("Paused the batch “%(name)s”"), icon="pause-circle")
declare("batch.resumed", _("Went on with the batch “%(name)s”"), icon="play-circle")
declare("batch.retried", _("Had %(count)s files of the batch “%(name)s” read again"), icon="arrow-repeat")
declare(
    "batch.finished",
    _("Finished the batch “%(name)s”: %(read)s files read, %(failed)s not readable or set aside"),
    icon="check2-all",
)
