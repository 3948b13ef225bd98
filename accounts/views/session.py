"""Signing in and out, and the slot one acts through."""

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.forms import SignInForm
from accounts.operations.sign_in import choose_slot, record_failed_sign_in, record_sign_in, record_sign_out
from accounts.web import acting_of, officer_of
from pages.domain_errors import Invalid


class SignIn(LoginView):
    """The page before all others."""

    form_class = SignInForm
    template_name = "accounts/sign_in.html"
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        record_sign_in(officer=form.get_user(), address=self.request.META.get("REMOTE_ADDR", ""))
        return response

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        record_failed_sign_in(username=form.data.get("username", ""), address=self.request.META.get("REMOTE_ADDR", ""))
        return self.render_to_response(self.get_context_data(form=form), status=422)


class SignOut(LogoutView):
    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.user.is_authenticated:
            record_sign_out(acting=acting_of(request))
        return super().post(request, *args, **kwargs)


@require_POST
def slot_chosen(request: HttpRequest) -> HttpResponseRedirect:
    if not request.POST.get("slot", "").isdecimal():
        raise Invalid("slot")
    acting = choose_slot(
        officer=officer_of(request),
        slot_id=int(request.POST["slot"]),
        address=request.META.get("REMOTE_ADDR", ""),
    )
    request.session["slot"] = acting.slot_id
    return redirect("home")
