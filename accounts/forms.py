"""Signing in, and choosing the slot to act through."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

_WRONG = _("The username or password is not right. Check the Vietnamese input method and Caps Lock.")


class SignInForm(AuthenticationForm):
    """Never says which of name and password was wrong."""

    error_messages = {"invalid_login": _WRONG, "inactive": _WRONG}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].widget.attrs |= {"spellcheck": "false"}
        if self.is_bound:
            # After a fault the name stands there already: the password is what is typed next.
            del self.fields["username"].widget.attrs["autofocus"]
            self.fields["password"].widget.attrs["autofocus"] = True


class ChooseSlotForm(forms.Form):
    """The id of a slot, small enough for any database."""

    slot = forms.IntegerField(min_value=1, max_value=2**63 - 1)
