"""The verbs of looking after the house in an administrator's words."""

from django.utils.translation import gettext_lazy as _

from audit.verbs import declare
from upkeep.topics import TOPIC_WORDS

_TERMS = {"topic": TOPIC_WORDS}

declare("job.sent_again", _("Sent the failed job %(topic)s %(key)s again"), icon="arrow-repeat", terms=_TERMS)
declare(
    "job.all_sent_again", _("Sent %(count)s failed jobs of the kind %(topic)s again"), icon="arrow-repeat", terms=_TERMS
)
declare(
    "job.set_aside", _("Set the failed job %(topic)s %(key)s aside for good: %(reason)s"), icon="archive", terms=_TERMS
)
