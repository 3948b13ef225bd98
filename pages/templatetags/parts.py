"""The parts every page is made of, as template tags. Their looks are in static/css/app.css, sections 3 to 6."""

import unicodedata
from datetime import date, datetime
from typing import Any, Protocol

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from pages.wording import day_in_full, moment_in_full, weekday_in_short

register = template.Library()

# The deadline's tones: the same icon and colour everywhere, never colour alone.
_DUE_ICONS = {
    "ok": "clock",
    "near": "hourglass-split",
    "late": "exclamation-octagon-fill",
    "pause": "pause-circle",
    "done": "check2-circle",
}
_SAY_ICONS = {
    "ok": "check-circle-fill",
    "near": "exclamation-triangle-fill",
    "late": "exclamation-octagon-fill",
    "info": "info-circle-fill",
}
# Django's message levels in the words of this project.
_TONES = {"success": "ok", "warning": "near", "error": "late", "debug": "info"}


class ShownDeadline(Protocol):
    """What `due` and `clock` need: tone ok, near, late, pause or done; share of the time used, 0 to 100."""

    @property
    def tone(self) -> str: ...
    @property
    def words(self) -> str: ...
    @property
    def share(self) -> int: ...


@register.simple_tag
def icon(name: str) -> SafeString:
    """A Bootstrap icon beside words that say the same."""
    return format_html('<i class="bi bi-{}" aria-hidden="true"></i>', name)


@register.simple_tag
def due(deadline: ShownDeadline | None, *, pill: bool = False) -> SafeString:
    """A deadline in icon and words; `pill=True` sets it on its own ground. Without a deadline a dash."""
    if not deadline:
        return format_html('<span class="quiet">{}</span>', "–")
    words: str | SafeString = deadline.words
    due_at = getattr(deadline, "due_at", None)
    if due_at:
        words = format_html('<time datetime="{}">{}</time>', due_at.isoformat(timespec="minutes"), words)
    return format_html(
        '<span class="due{} due-{}">{}{}</span>',
        " pill" if pill else "",
        deadline.tone,
        icon(_DUE_ICONS[deadline.tone]),
        words,
    )


@register.simple_tag
def clock(deadline: ShownDeadline | None) -> SafeString:
    """The bar under a deadline's words: the share of the time used, hatched while paused."""
    if not deadline:
        return SafeString("")
    return format_html(
        '<span class="clock" aria-hidden="true"><i class="{} {}"></i></span>', deadline.tone, width(deadline.share)
    )


@register.filter
def in_full(moment: date | None) -> str:
    """A day or moment with its weekday: thứ Sáu 27/11/2026, 17:00."""
    if moment is None:
        return ""
    return moment_in_full(moment) if isinstance(moment, datetime) else day_in_full(moment)


@register.filter
def weekday(day: date) -> str:
    """T2 … CN."""
    return weekday_in_short(day)


@register.filter
def width(share: float) -> str:
    """The class for a width in percent; styles written into the page are forbidden. 7 → "w-07"."""
    return f"w-{max(0, min(100, round(share))):02d}"


@register.filter
def composed(text: str) -> str:
    """The text in NFC: Django writes "Tiếng Việt" in decomposed letters, which fonts draw apart."""
    return unicodedata.normalize("NFC", text)


@register.simple_tag
def code(text: str, *, url: str = "") -> SafeString:
    """A dossier code with its running number in bold: H99.15-261109-<b>0031</b>; with `url` a link."""
    head, dash, tail = text.rpartition("-")
    written = format_html("{}{}<b>{}</b>", head, dash, tail)
    if url:
        return format_html('<a class="code" href="{}">{}</a>', url, written)
    return format_html('<span class="code">{}</span>', written)


@register.simple_tag
def badge(words: str | Promise, *, tone: str = "info", icon_name: str = "") -> SafeString:
    """A state in a word; tone ok, near, late, pause or info."""
    sign = icon(icon_name) if icon_name else ""
    return format_html('<span class="badge b-{}">{}{}</span>', tone, sign, words)


@register.simple_tag
def chip(
    words: str | Promise,
    *,
    url: str,
    count: int | None = None,
    is_on: bool = False,
    icon_name: str = "",
    tone: str = "",
) -> SafeString:
    """A filter as a link, with the number of rows behind it."""
    sign = format_html('<span class="{}">{}</span>', f"t-{tone}" if tone else "", icon(icon_name)) if icon_name else ""
    number = "" if count is None else format_html(" <b>{}</b>", count)
    state = SafeString(' aria-current="true"') if is_on else ""
    return format_html('<a class="chip" href="{}"{}>{}{}{}</a>', url, state, sign, words, number)


@register.simple_tag
def copy_button(text: str, *, label: str | Promise = "") -> SafeString:
    """A button that puts `text` on the clipboard and says so."""
    return format_html(
        '<button type="button" class="btn btn-sm btn-plain btn-icon" data-copy="{}" aria-label="{}">{}</button>',
        text,
        label or _("Copy %(text)s") % {"text": text},
        icon("copy"),
    )


@register.simple_tag
def draft(name: str, url: str) -> SafeString:
    """The attributes of a form that saves itself as a draft while somebody types; see static/js/drafts.js.

    name  tells this draft from the officer's others in the browser's storage, e.g. "intake:7f3a"
    url   takes the same fields as the form, whole or not, and answers 204
    """
    return format_html(
        'data-draft="{}" hx-post="{}" hx-trigger="input delay:600ms, resend" hx-swap="none" hx-sync="this:replace"'
        ' hx-disinherit="*"',
        name,
        url,
    )


@register.simple_block_tag
def say(content: str, tone: str = "info", *, icon_name: str = "", role: str = "") -> SafeString:
    """A box that tells the reader something: `{% say "near" %}…{% endsay %}`; tone ok, near, late or info.

    Takes a message's `level_tag` as well. role="alert" for what answers an action.
    """
    tone = _TONES.get(tone, tone)
    return format_html(
        '<div class="say {}"{}>{}<div class="grow">{}</div></div>',
        tone,
        format_html(' role="{}"', role) if role else "",
        icon(icon_name or _SAY_ICONS[tone]),
        SafeString(content),  # nosec B703
    )


@register.simple_block_tag
def blank(content: str, icon_name: str = "inbox") -> SafeString:
    """Why there is nothing here, and one thing to do about it: `{% blank "folder" %}…{% endblank %}`."""
    return format_html('<div class="empty">{}{}</div>', icon(icon_name), SafeString(content))  # nosec B703


@register.simple_block_tag
def pagehead(content: str, title: str | Promise, *, note: str | Promise = "") -> SafeString:
    """The page's heading, a note beside it, and what can be done here, to the right."""
    beside = format_html('<span class="quiet small wide-only">{}</span>', note) if note else ""
    return format_html(
        '<div class="pagehead"><h1>{}</h1>{}<span class="grow"></span>{}</div>',
        title,
        beside,
        SafeString(content),  # nosec B703
    )


@register.inclusion_tag("components/field.html")
def field(
    bound: BoundField,
    *,
    css: str = "",
    label: str | Promise = "",
    help_text: str | Promise = "",
    from_scan: bool = False,
) -> dict[str, Any]:
    """A form field: label, control and a help line whose place is kept, so that an error moves nothing.

    css        classes of the wrapper, e.g. "span-4" in a `.fields` grid
    from_scan  the value was read from a paper: marked with a blue edge
    """
    kind = _kind_of(bound)
    help_id = f"{bound.auto_id}_help"
    is_wrong = bool(bound.errors)
    classes = {"check": "form-check-input", "choices": "", "select": "form-select", "text": "form-control"}[kind]
    classes += f"{' is-wrong' if is_wrong else ''}{' from-scan' if from_scan else ''}"
    attrs: dict[str, Any] = {"class": f"{bound.field.widget.attrs.get('class', '')} {classes}".strip()}
    if bound.auto_id:
        attrs["aria-describedby"] = help_id
    return {
        "kind": kind,
        "control": bound.as_widget(attrs=attrs),
        "id": bound.id_for_label,
        "name": bound.html_name,
        "help_id": help_id,
        "wrapper_id": f"{bound.auto_id}_field",
        "label": label or bound.label,
        "help": help_text or bound.help_text,
        "errors": bound.errors,
        "is_required": bound.field.required,
        "css": css,
    }


def _kind_of(bound: BoundField) -> str:
    match bound.field.widget:
        case CheckboxSelectMultiple() | RadioSelect():
            return "choices"
        case CheckboxInput():
            return "check"
        case Select():
            return "select"
        case _:
            return "text"
