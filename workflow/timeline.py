"""The verbs of procedures and steps in a clerk's words."""

from django.utils.translation import gettext_lazy as _

from audit.verbs import declare
from workflow.deadlines import timeline as deadline_timeline

__all__ = ["deadline_timeline"]

declare(
    "procedure.published",
    _("Published the edition %(edition)s of %(name)s, in force from %(effective_from)s"),
    icon="journal-check",
)
declare("procedure.draft_begun", _("Began the draft edition %(edition)s of %(name)s"), icon="file-earmark-plus")
declare("procedure.draft_changed", _("Changed the draft edition %(edition)s of %(name)s"), icon="pencil")
declare("procedure.draft_dropped", _("Dropped the draft edition %(edition)s of %(name)s"), icon="trash")
declare("procedure.retired", _("Retired the edition %(edition)s of %(name)s: %(reason)s"), icon="journal-x")
declare("step.claimed", _("Claimed the step “%(step)s”"), icon="hand-index")
declare("step.reassigned", _("Handed the step “%(step)s” to %(after)s"), icon="person-check")
declare("step.completed", _("Completed the step “%(step)s”: %(outcome)s"), icon="check2-circle")
declare(
    "step.broke_off",
    _("Completed the step “%(step)s”: %(outcome)s; that cancelled: %(cancelled)s"),
    icon="scissors",
)
declare("step.sent_back", _("Sent back from “%(step)s” to “%(to)s”: %(note)s"), icon="arrow-return-left")
declare("step.undone", _("Undid the step “%(step)s” (%(outcome)s)"), icon="arrow-counterclockwise")
declare("step.jumped", _("Set the case from “%(step)s” on the step “%(to)s”: %(reason)s"), icon="skip-forward")
declare("step.timed_out", _("The time of the step “%(step)s” has passed: %(outcome)s"), icon="alarm")
declare("step.sub_ended", _("%(opened)s has ended; the step “%(step)s” goes on"), icon="box-arrow-in-left")
declare(
    "consultation.asked",
    _("Asked %(whom)s for an opinion at the step “%(step)s”, until %(due_at)s: %(content)s"),
    icon="chat-left-text",
)
declare("consultation.answered", _("%(whom)s answered: %(answer)s"), icon="chat-left-dots")
declare(
    "consultation.answered_late",
    _("%(whom)s answered late (it was due %(due_at)s): %(answer)s"),
    icon="chat-left-dots",
)
declare("consultation.taken_back", _("Took the question to %(whom)s back: %(reason)s"), icon="chat-left")
declare(
    "case.moved_to_edition",
    _("Moved from the edition %(before)s to %(after)s, due %(due_before)s before, %(due_after)s after: %(reason)s"),
    icon="journal-arrow-up",
)
# What somebody does in the place of a colleague who is away.
declare(
    "step.completed_for",
    _("Completed the step “%(step)s” in the place of %(principal)s: %(outcome)s"),
    icon="check2-circle",
)
declare(
    "step.broke_off_for",
    _("Completed the step “%(step)s” in the place of %(principal)s: %(outcome)s; that cancelled: %(cancelled)s"),
    icon="scissors",
)
declare(
    "step.sent_back_for",
    _("Sent back from “%(step)s” to “%(to)s” in the place of %(principal)s: %(note)s"),
    icon="arrow-return-left",
)
declare(
    "consultation.asked_for",
    _("Asked %(whom)s in the place of %(principal)s at the step “%(step)s”, until %(due_at)s: %(content)s"),
    icon="chat-left-text",
)
declare(
    "consultation.answered_for",
    _("Entered in the place of %(principal)s what %(whom)s answered: %(answer)s"),
    icon="chat-left-dots",
)
declare(
    "consultation.answered_late_for",
    _("Entered in the place of %(principal)s what %(whom)s answered late (it was due %(due_at)s): %(answer)s"),
    icon="chat-left-dots",
)
declare(
    "consultation.taken_back_for",
    _("Took the question to %(whom)s back in the place of %(principal)s: %(reason)s"),
    icon="chat-left",
)
declare("work.exported", _("Downloaded a work list of %(count)s rows"), icon="download")
declare("work.followed", _("Follows %(count)s dossiers: %(codes)s"), icon="star")
declare("work.unfollowed", _("No longer follows %(count)s dossiers: %(codes)s"), icon="star")
declare("case.handed_over", _("Handed over from %(from)s to %(to)s: %(reason)s"), icon="box-arrow-right")
declare(
    "hand_over.drafted",
    _("Listed %(steps)s steps of %(dossiers)s dossiers to be handed over from %(from)s to %(to)s: %(reason)s"),
    icon="list-check",
)
declare(
    "hand_over.accepted",
    _("Accepted %(steps)s steps of %(dossiers)s dossiers from %(from)s for %(to)s"),
    icon="check2-square",
)
declare("hand_over.dropped", _("Dropped the hand-over from %(from)s to %(to)s"), icon="x-circle")
declare("hand_over.done", _("Handed over from %(from)s to %(to)s"), icon="box-arrow-right")
