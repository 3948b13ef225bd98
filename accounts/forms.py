"""Signing in."""

from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class SignInForm(AuthenticationForm):
    """Never says which of name and password was wrong."""

    error_messages = {
        "invalid_login": _("The username or password is not right. Check the Vietnamese input method and Caps Lock."),
        "inactive": _("The username or password is not right. Check the Vietnamese input method and Caps Lock."),
    }
