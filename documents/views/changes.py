"""What the viewer lets an officer do with a paper."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.web import acting_of
from documents.operations.add_version import bring_version
from documents.operations.read import ask_for_reading
from documents.operations.searchable_copy import ask_for_copy
from documents.viewer import Asked
from pages.domain_errors import Invalid


@require_POST
def document_reread(request: HttpRequest, document_id: int) -> HttpResponseRedirect:
    ask_for_reading(document_id=document_id, acting=acting_of(request))
    messages.success(request, _("The file will be read again."))
    return redirect("document", document_id)


@require_POST
def document_copy_asked(request: HttpRequest, document_id: int) -> HttpResponseRedirect:
    number = Asked.of(request.GET).version
    ask_for_copy(document_id=document_id, number=number, acting=acting_of(request))
    messages.success(request, _("The searchable copy is being made."))
    query = {"panel": "file", **({"version": number} if number else {})}
    return redirect(reverse("document", args=[document_id], query=query))


@require_POST
def document_version_added(request: HttpRequest, document_id: int) -> HttpResponseRedirect:
    file = request.FILES.get("file")
    if file is None:
        raise Invalid(_("No file was chosen. Choose one and send it again."))
    version = bring_version(document_id=document_id, file=file, name=file.name or "", acting=acting_of(request))
    messages.success(request, _("Version %(number)s was added.") % {"number": version.number})
    return redirect("document", document_id)
