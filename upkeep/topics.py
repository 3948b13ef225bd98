"""The outbox's topics in an administrator's words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TOPIC_WORDS: dict[str, str | Promise] = {
    "index": _("Entry into the search index"),
    "read": _("Reading of scans"),
    "read_batch": _("Reading of files of the past"),
    "unpack": _("Unpacking of archives"),
    "settle_batch": _("Seeing whether batches are through"),
    "issued_result": _("Printing of issued results"),
    "bundle": _("Looking through bundles of scans"),
    "discarded_draft": _("Deleting the scans of discarded drafts"),
    "copy": _("Searchable copies of scans"),
    "seal": _("Electronic seals on issued results"),
    "release": _("Removal of files nothing holds any more"),
    "records_check": _("Checks of records before they go to the archive"),
    "records_package": _("Packages of records for the archive"),
    "records_disposal": _("Disposal of records by approved lists"),
    "recalculate": _("Due dates reckoned anew by the working calendar"),
    "near_rule": _("Open steps brought in line with the rule of warnings"),
    "hand_over": _("Carrying out of accepted hand-overs"),
    "rebuild_index": _("A new search index in place of a lost one"),
    "step_timer": _("Ending of steps whose time has passed"),
    "sub_case_ended": _("Word to dossiers that wait for one of their own"),
    "schedule": _("Tasks of the daily round"),
}


def words_of_topic(topic: str) -> str:
    """What the work of this topic is; a topic nobody has put into words reads as its code."""
    return str(TOPIC_WORDS.get(topic, topic))
