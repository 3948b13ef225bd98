"""Questions stand where they are answered: on what is pressed, not on the form around it (`static/js/app.js`)."""

import re

from django.conf import settings

_OF_TEMPLATES = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
_TAG = re.compile(r"<(\w+)\s[^<>]*\bdata-confirm=")


def test_every_question_stands_on_a_button_or_a_link() -> None:
    asked = [
        (path.name, tag)
        for path in (settings.BASE_DIR / "templates").rglob("*.html")
        for tag in _TAG.findall(_OF_TEMPLATES.sub("", path.read_text("utf-8")))
    ]
    assert len(asked) > 2
    assert {tag for _name, tag in asked} == {"button"}
