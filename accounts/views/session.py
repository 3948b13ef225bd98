"""Signing in and out, and the slot one acts through."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.forms import ChooseSlotForm, SignInForm
from accounts.operations.sign_in import choose_slot, record_failed_sign_in, record_sign_in, record_sign_out
from accounts.selectors import authority
from accounts.web import acting_of, officer_of
from pages.domain_errors import Invalid
from pages.web import client_address


class SignIn(LoginView):
    """The page before all others."""

    form_class = SignInForm
    template_name = "accounts/sign_in.html"
    redirect_authenticated_user = True
    # Django would take a PUT for a posted form.
    http_method_names = ["get", "head", "post", "options"]

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        with transaction.atomic():
            response = super().form_valid(form)
            record_sign_in(officer=form.get_user(), address=client_address(self.request))
        return response

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        # Only a cleaned name: what failed its field's own check may not even be text a database takes.
        record_failed_sign_in(username=form.cleaned_data.get("username", ""), address=client_address(self.request))
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_redirect_url(self, request: HttpRequest | None = None) -> str:
        """Where the officer was going; never this page again, which would send him round in a circle."""
        url = super().get_redirect_url()
        return "" if url.partition("?")[0] == self.request.path else url

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "authority": authority()}


@method_decorator(login_not_required, name="dispatch")
class SignOut(LogoutView):
    """Open to everybody: who pressed the button after his session had ended is signed out all the same."""

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        with transaction.atomic():
            if request.user.is_authenticated:
                record_sign_out(acting=acting_of(request))
            return super().post(request, *args, **kwargs)


@require_POST
def slot_chosen(request: HttpRequest) -> HttpResponseRedirect:
    form = ChooseSlotForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("This page is out of date. Open it again and choose the account once more."))
    acting = choose_slot(
        officer=officer_of(request), slot_id=form.cleaned_data["slot"], address=client_address(request)
    )
    request.session["slot"] = acting.slot_id
    return redirect("home")
