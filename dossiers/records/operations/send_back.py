"""Sending an approved list back that can't be carried out (trả lại mục lục): nothing stays frozen on it."""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from audit.recording import SYSTEM, record
from dossiers.records.operations.lists import CHECK
from dossiers.records_models import RecordsList
from dossiers.records_states import ListState, SentBack
from jobs.outbox import enqueue
from notices.operations.notify import notify


@transaction.atomic
def send_back(*, list_id: int, why: SentBack) -> None:
    """The list is proposed again and its files are checked anew; who made and who approved it are told.

    Nothing happens to a list that isn't approved, or was carried out.
    """
    found = RecordsList.objects.select_for_update(of=("self",)).get(pk=list_id)
    if found.state != ListState.APPROVED:
        return
    told = [found.made_by_id, found.approved_by_id]
    found.send_back()
    found.save()
    enqueue(CHECK, str(found.pk))
    words = _("The list of records “%(kind)s %(year)s” could not be carried out and has to be approved anew: %(why)s.")
    figures = {"kind": found.kind_words, "year": found.year, "why": why.label}
    notify(told, words % figures, reverse("records_list", args=[found.pk]))
    record(found.stream, "records.sent_back", actor=SYSTEM, payload={"kind": found.kind, "why": why.value})
