"""The parts of pages, by what they render."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from django import forms
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from pages.templatetags.parts import width

TONES = ["ok", "near", "late", "pause", "done"]
LEVELS = [("success", "ok"), ("warning", "near"), ("error", "late"), ("info", "info")]


@dataclass
class Standing:
    tone: str = "near"
    words: str = "Còn 0,7 ngày"
    share: int = 65
    due_at: datetime | None = None


class DossierForm(forms.Form):
    area = forms.DecimalField(label="Diện tích", help_text="Tính bằng m²")
    note = forms.CharField(label="Ý kiến", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    original = forms.BooleanField(label="Bản chính", required=False)
    kind = forms.ChoiceField(label="Loại", choices=[("a", "Cá nhân"), ("b", "Tổ chức")], widget=forms.RadioSelect)
    place = forms.ChoiceField(label="Nơi nhận", choices=[("1", "Tại quầy")])


def render(source: str, **context: Any) -> str:
    return Template("{% load parts %}" + source).render(Context(context)).strip()


def squeezed(html: str) -> str:
    return " ".join(html.split())


def test_an_icon_is_hidden_from_screen_readers() -> None:
    assert render('{% icon "clock" %}') == '<i class="bi bi-clock" aria-hidden="true"></i>'


@pytest.mark.parametrize("tone", TONES)
def test_a_deadline_has_icon_and_words_beside_its_colour(tone: str) -> None:
    html = render("{% due standing %}", standing=Standing(tone=tone))
    assert f"due-{tone}" in html
    assert '<i class="bi bi-' in html
    assert "Còn 0,7 ngày" in html


def test_each_tone_has_an_icon_of_its_own() -> None:
    icons = {
        render("{% due s %}", s=Standing(tone=tone)).split("bi-")[1].split('"')[0]
        for tone in ("ok", "near", "late", "pause", "done")
    }
    assert len(icons) == 5


def test_a_deadline_tells_its_moment_to_machines() -> None:
    moment = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)
    assert 'datetime="2026-11-27T10:00+00:00"' in render("{% due s pill=True %}", s=Standing(due_at=moment))


def test_a_missing_deadline_is_a_dash_without_a_bar() -> None:
    assert "–" in render("{% due None %}")
    assert render("{% clock None %}") == ""


def test_the_clock_draws_the_share_used() -> None:
    assert render("{% clock s %}", s=Standing()) == (
        '<span class="clock" aria-hidden="true"><i class="near w-65"></i></span>'
    )


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers())
def test_every_share_has_a_class_of_its_width(share: float) -> None:
    number = int(width(share).removeprefix("w-"))
    assert 0 <= number <= 100
    assert abs(number - min(100, max(0, share))) <= 0.5
    assert len(width(share)) >= len("w-00")


def test_a_code_shows_its_running_number_in_bold() -> None:
    assert render('{% code "H99.15-261109-0031" %}') == '<span class="code">H99.15-261109-<b>0031</b></span>'
    assert 'href="/ho-so/7/"' in render('{% code "H99.15-261109-0031" url="/ho-so/7/" %}')


@pytest.mark.parametrize(
    "source",
    [
        "{% code text %}",
        "{% badge text %}",
        '{% chip text url="/" %}',
        "{% copy_button text %}",
        "{% due s %}",
        "{% draft text text %}",
        "{% pagehead text note=text %}{% endpagehead %}",
        '{% say "near" %}{{ text }}{% endsay %}',
        "{% blank %}{{ text }}{% endblank %}",
    ],
)
def test_attack_95_no_part_lets_markup_through(source: str) -> None:
    canary = '"><script>canary()</script>'
    html = render(source, text=canary, s=Standing(words=canary))
    assert "canary" in html
    assert "<script" not in html


def test_a_badge_has_its_tone_and_icon() -> None:
    html = render('{% badge "Còn hiệu lực" tone="ok" icon_name="check2-circle" %}')
    assert 'class="badge b-ok"' in html
    assert "bi-check2-circle" in html


def test_a_chip_says_whether_it_is_chosen_and_how_many_there_are() -> None:
    html = render('{% chip "Quá hạn" url="?tone=late" count=1234 is_on=True icon_name="clock" tone="late" %}')
    assert 'aria-current="true"' in html
    assert "<b>1234</b>" in html or "<b>1.234</b>" in html
    assert "aria-current" not in render('{% chip "Quá hạn" url="?" %}')
    assert "<b>0</b>" in render('{% chip "Quá hạn" url="?" count=0 %}')


@pytest.mark.parametrize(
    ("level", "tone"), [("success", "ok"), ("warning", "near"), ("error", "late"), ("info", "info")]
)
def test_django_message_levels_have_a_tone(level: str, tone: str) -> None:
    assert f'class="say {tone}"' in render("{% say level %}Đã lưu{% endsay %}", level=level)


def test_a_say_box_answers_an_action_aloud_when_asked() -> None:
    assert 'role="alert"' in render('{% say "late" role="alert" %}x{% endsay %}')
    assert "role=" not in render('{% say "late" %}x{% endsay %}')


def test_a_block_without_its_end_is_refused() -> None:
    with pytest.raises(TemplateSyntaxError):
        render("{% empty %}x")


def test_a_field_has_label_star_control_and_help() -> None:
    html = squeezed(render("{% field form.area %}", form=DossierForm()))
    assert '<label class="form-label" for="id_area">' in html
    assert 'class="must"' in html
    assert 'class="form-control"' in html
    assert 'aria-describedby="id_area_help"' in html
    assert '<div id="id_area_help" class="help"> Tính bằng m² </div>' in html
    assert 'id="id_area_field"' in html


def test_a_field_that_need_not_be_filled_has_no_star() -> None:
    assert "must" not in render("{% field form.note %}", form=DossierForm())


def test_the_help_line_keeps_its_place_without_help() -> None:
    assert 'id="id_note_help" class="help"' in render("{% field form.note %}", form=DossierForm())


def test_a_wrong_field_says_why_where_the_help_stood() -> None:
    html = squeezed(render("{% field form.area %}", form=DossierForm({"area": "mười"})))
    assert 'aria-invalid="true"' in html
    assert "is-wrong" in html
    assert 'class="help bad"' in html
    assert "bi-exclamation-octagon-fill" in html
    assert 'value="mười"' in html


def test_a_widget_keeps_its_own_attributes() -> None:
    html = render('{% field form.note css="span-8" from_scan=True %}', form=DossierForm())
    assert 'rows="3"' in html
    assert "span-8" in html
    assert "from-scan" in html


def test_each_kind_of_control_has_its_looks() -> None:
    form = DossierForm()
    assert "form-check-input" in render("{% field form.original %}", form=form)
    assert "form-select" in render("{% field form.place %}", form=form)
    group = render("{% field form.kind %}", form=form)
    assert "<fieldset" in group
    assert "<legend" in group


def test_a_label_and_help_can_be_the_pages_own() -> None:
    html = render('{% field form.area label="Diện tích mới" help_text="Theo trích đo" %}', form=DossierForm())
    assert "Diện tích mới" in html
    assert "Theo trích đo" in html


def test_a_draft_posts_itself_and_leaves_its_fields_alone() -> None:
    html = render('<form {% draft "intake:7" "/tiep-nhan/7/luu/" %}>')
    assert 'data-draft="intake:7"' in html
    assert 'hx-post="/tiep-nhan/7/luu/"' in html
    assert 'hx-disinherit="*"' in html


def test_the_next_link_keeps_the_filters() -> None:
    @dataclass
    class Page:
        next_key: str

    request = RequestFactory().get("/viec/?tone=late&key=old")
    html = render('{% include "components/next.html" %}', page=Page("new"), request=request)
    assert "tone=late" in html
    assert "key=new" in html
    assert "key=old" not in html
    assert 'rel="next"' not in render('{% include "components/next.html" %}', page=Page(""), request=request)


def test_the_way_back_keeps_the_filters_and_stands_where_one_has_gone_on() -> None:
    @dataclass
    class Page:
        next_key: str = ""

    gone_on, first = (RequestFactory().get(f"/viec/?tone=late{key}") for key in ("&key=old", ""))
    html = render('{% include "components/next.html" %}', page=Page(), request=gone_on)
    assert re.findall(r'rel="prev".*?href="([^"]*)"', html, re.DOTALL) == ["?tone=late"]
    assert render('{% include "components/next.html" %}', page=Page(), request=first) == ""


def test_steps_mark_what_is_done_and_where_the_dossier_stands() -> None:
    steps = [
        {"state": "done", "number": 1, "title": "Tiếp nhận", "who": "Đỗ Thị Lan Chi", "time": "0,2/0,5"},
        {"state": "now", "number": 2, "title": "Thẩm định", "who": "", "time": ""},
        {"state": "", "number": 3, "title": "Trả kết quả", "who": "", "time": ""},
    ]
    html = render('{% include "components/steps.html" %}', steps=steps)
    assert html.count("<li") == 3
    assert html.count('aria-current="step"') == 1
    assert html.count("visually-hidden") == 1


def test_figures_are_links_where_there_is_a_list_behind() -> None:
    figures = [
        {"number": 14, "label": "Đã tiếp nhận", "url": "/x/"},
        {"number": 4, "label": "Quá hạn", "note": "4 quá 3 ngày", "tone": "late"},
    ]
    html = render('{% include "components/figures.html" with label="Hôm nay" %}', figures=figures)
    assert html.count("<a ") == 1
    assert "t-late" in html


def test_tabs_say_which_is_open() -> None:
    tabs = [
        {"label": "Của tôi", "url": "?", "count": 40, "is_current": True},
        {"label": "Theo dõi", "url": "?t=2", "count": None, "is_current": False},
    ]
    html = render('{% include "components/tabs.html" with name="Việc" %}', tabs=tabs)
    assert html.count('aria-current="page"') == 1
    assert html.count('class="n"') == 1


def test_the_ledger_is_drawn_and_told_in_a_sentence() -> None:
    segments = [
        {"kind": "done", "share": 21, "words": "đã dùng 2,6/5"},
        {"kind": "pause", "share": 54.4, "words": "chờ thuế"},
    ]
    html = render('{% include "components/ledger.html" with label="Đã dùng 2,6 ngày" %}', segments=segments)
    assert 'aria-label="Đã dùng 2,6 ngày"' in html
    assert '<i class="done w-21"></i>' in html
    assert '<i class="pause w-54"></i>' in html
