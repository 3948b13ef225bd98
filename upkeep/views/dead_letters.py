"""The page of failed jobs (việc hỏng)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.web import acting_of
from pages.responses import see_other
from upkeep.operations.dead_letters import LONGEST_REASON, send_letter_again, send_topic_again, set_letter_aside
from upkeep.selectors import dead_letters_for
from upkeep.topics import words_of_topic

_LONGEST_TOPIC = 40


@require_safe
def dead_letters(request: HttpRequest) -> HttpResponse:
    topic = request.GET.get("loai", "")[:_LONGEST_TOPIC]
    found = dead_letters_for(acting_of(request), topic=topic, key=request.GET.get("key", ""))
    context = {"found": found, "page": found.page, "topic": topic, "longest_reason": LONGEST_REASON}
    return render(request, "upkeep/dead_letters.html", {**context, "section": "upkeep"})


@require_POST
def send(request: HttpRequest, row_id: int) -> HttpResponse:
    row = send_letter_again(row_id=row_id, acting=acting_of(request))
    messages.success(
        request, _("Sent again: %(topic)s %(key)s.") % {"topic": words_of_topic(row.topic), "key": row.key}
    )
    return see_other(reverse("dead_letters"))


@require_POST
def send_topic(request: HttpRequest) -> HttpResponse:
    topic = request.POST.get("topic", "")[:_LONGEST_TOPIC]
    count = send_topic_again(topic=topic, acting=acting_of(request))
    said = ngettext(
        "Sent %(count)s job of the kind %(topic)s again.", "Sent %(count)s jobs of the kind %(topic)s again.", count
    )
    messages.success(request, said % {"count": count, "topic": words_of_topic(topic)})
    return see_other(reverse("dead_letters"))


@require_POST
def set_aside(request: HttpRequest, row_id: int) -> HttpResponse:
    reason = request.POST.get("reason", "")
    row = set_letter_aside(row_id=row_id, reason=reason, acting=acting_of(request))
    messages.success(
        request, _("Set aside for good: %(topic)s %(key)s.") % {"topic": words_of_topic(row.topic), "key": row.key}
    )
    return see_other(reverse("dead_letters"))
