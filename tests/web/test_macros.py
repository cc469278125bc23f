"""The macros: every field kind is wired by id, acts carry their id, nothing unsafe passes."""

import re
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import render_template_string
from lxml import html
from wtforms import fields as wtf
from wtforms.form import Form
from wtforms.validators import InputRequired, Length

from app.web import fields
from app.web.display import due_words
from app.web.specimen import NOW, SampleOffer, specimen
from tests.web.page_checks import CheckedClient, check_page


@pytest.fixture
def draw(app):
    """Draw Jinja source inside a request; returns the parsed fragment."""

    def render(source, **context):
        with app.test_request_context("/"):
            return html.fragment_fromstring(render_template_string(source, **context), create_parent="div")

    return render


def words(node):
    return " ".join(node.text_content().split())


class Showroom(CheckedClient):
    """The pages of macros show the main button of several pages."""

    unchecked = ("one_main_button",)


@pytest.mark.parametrize("path", ["/_macros", "/_macros/xong"])
def test_the_pages_of_all_macros_are_sound(app, path):
    app.test_client_class = Showroom
    assert app.test_client().get(f"{path}?ai=1").status_code == 200


def test_the_page_shows_every_public_macro(app):
    folder = Path(fields.__file__).parent / "templates"
    pages = ("web/macros.html", "web/done.html", "base.html", "macros/actions.html")
    shown = "".join((folder / name).read_text() for name in pages)
    for name in ("page", "show", "tables", "forms", "actions"):
        source = (folder / f"macros/{name}.html").read_text()
        public = [part.split("(")[0].strip() for part in source.split("{% macro ")[1:] if not part.startswith("_")]
        assert public
        assert [macro for macro in public if not re.search(rf"(?<!macro )\b{macro}\(", shown)] == []


class Everything(Form):
    line = wtf.StringField("Một dòng", [Length(max=20)])
    long = wtf.TextAreaField("Nhiều dòng")
    pick = wtf.SelectField("Chọn", choices={"a": "A"})
    radio = wtf.RadioField("Một trong các", choices={"a": "Ý một", "b": "Ý hai"})
    many = wtf.SelectMultipleField("Nhiều", choices={"a": "Ý một", "b": "Ý hai"})
    day = wtf.DateField("Ngày", format="%d/%m/%Y")
    amount = wtf.DecimalField("Số", places=None)
    whole = wtf.IntegerField("Số nguyên")
    tick = wtf.BooleanField("Đồng ý", [InputRequired()])
    file = wtf.FileField("Tệp")
    secret = wtf.PasswordField("Mật khẩu")


KINDS = {
    "line": "text",
    "long": "long",
    "pick": "select",
    "radio": "radios",
    "many": "checkboxes",
    "day": "date",
    "amount": "decimal",
    "whole": "integer",
    "tick": "checkbox",
    "file": "file",
    "secret": "password",
}


def test_fields_are_drawn_by_class_and_subclasses_follow():
    class Own(wtf.DecimalField):
        pass

    class Sub(Everything):
        own = Own("Riêng")

    assert {field.name: fields.field_kind(field) for field in Sub()} == KINDS | {"own": "decimal"}


@pytest.mark.parametrize("name", KINDS)
def test_a_field_with_hint_and_error_names_both(draw, name):
    form = Everything()
    form[name].errors = ["Sửa chỗ này"]
    box = draw('{% from "macros/forms.html" import field %}{{ field(form[name], hint="Gợi ý") }}', form=form, name=name)
    carrier = box.xpath(".//fieldset|.//input|.//select|.//textarea")[0]
    assert carrier.get("aria-describedby") == f"{name}-hint {name}-error"
    assert words(box.get_element_by_id(f"{name}-hint")) == "Gợi ý"
    assert words(box.get_element_by_id(f"{name}-error")) == "Lỗi: Sửa chỗ này"
    label = box.xpath(".//legend") or box.xpath(f".//label[@for='{name}']")
    assert words(label[0]) == form[name].label.text


def test_dates_and_numbers_are_text_boxes_without_limits_of_the_browser(draw):
    for name, mode in (("day", "numeric"), ("whole", "numeric"), ("amount", "decimal"), ("line", None)):
        source = '{% from "macros/forms.html" import field %}{{ field(form[name]) }}'
        control = draw(source, form=Everything(), name=name).xpath(".//input")[0]
        assert (control.get("type"), control.get("inputmode")) == ("text", mode)
        assert {"maxlength", "min", "max", "step"} & set(control.attrib) == set()


def test_a_counted_text_says_its_limit_without_script(draw):
    source = '{% from "macros/forms.html" import field %}{{ field(form.line, count=true) }}'
    box = draw(source, form=Everything())
    assert words(box.get_element_by_id("line-hint")) == "Tối đa 20 ký tự."
    assert box.get_element_by_id("line").get("data-most") == "20"


class Row(Form):
    name = wtf.StringField("Họ và tên")


class Nested(Form):
    title = wtf.StringField("Tên")
    radio = wtf.RadioField("Loại", choices={"a": "A"})
    rows = wtf.FieldList(wtf.FormField(Row), label="Tác giả", min_entries=2)


def test_the_summary_links_each_error_to_its_control_in_order(draw):
    form = Nested()
    form.title.errors = ["Nhập tên"]
    form.radio.errors = ["Chọn loại"]
    form.rows[1].form["name"].errors = ["Nhập họ và tên"]
    form.form_errors = ["Tổng tỷ lệ phải bằng 100 %"]
    source = (
        '{% from "macros/forms.html" import error_summary, all_fields %}{{ error_summary(form) }}{{ all_fields(form) }}'
    )
    box = draw(source, form=form)
    assert words(box.xpath(".//h2")[0]) == "Có 4 chỗ cần sửa"
    assert [words(item) for item in box.xpath(".//div[@role='alert']//li")] == [
        "Tổng tỷ lệ phải bằng 100 %",
        "Nhập tên",
        "Chọn loại",
        "Nhập họ và tên",
    ]
    targets = [link.get("href")[1:] for link in box.xpath(".//div[@role='alert']//a")]
    assert targets == ["title", "radio-0", "rows-1-name"]
    assert [box.get_element_by_id(target).get("id") for target in targets] == targets


def test_rows_can_be_added_without_script(draw):
    source = '{% from "macros/forms.html" import field %}{{ field(form.rows) }}'
    button = draw(source, form=Nested()).xpath(".//button")[0]
    assert (button.get("name"), button.get("value"), words(button)) == ("them_rows", "1", "Thêm dòng: Tác giả")


def test_a_page_whose_form_failed_says_so_in_title_and_summary(app):
    source = (
        '{% extends "base.html" %}{% from "macros/forms.html" import form_start, all_fields %}{% set title = "Nộp" %}'
        "{% block content %}{{ form_start(form) }}{{ all_fields(form) }}</form>{% endblock %}"
    )
    form = Nested()
    form.title.errors = ["Nhập tên"]
    with app.test_request_context("/"):
        text = render_template_string(source, form=form)
    check_page(text)
    assert "<title>Lỗi: Nộp" in text
    assert 'href="#title"' in text


def offer(action, tone="secondary", refusal=None, direct=False):
    return SampleOffer(action, action.title(), tone, refusal and SimpleNamespace(message=refusal), direct)


BAR = '{% from "macros/actions.html" import action_bar %}{{ action_bar(offers) }}'


def test_the_first_open_primary_act_is_the_only_filled_one(draw):
    offers = [
        offer("a", "primary", "Hết hạn"),
        offer("b"),
        offer("c", "primary"),
        offer("d", "primary"),
        offer("e", "danger"),
    ]
    bar = draw(BAR, offers=offers)
    looks = {node.get("data-action"): node.get("class") for node in bar.xpath(".//*[@data-action]")}
    assert looks == {
        "entry.b": "btn btn--outline",
        "entry.c": "btn btn--primary",
        "entry.d": "btn btn--outline",
        "entry.e": "btn btn--danger-outline",
    }


def test_a_blocked_act_is_text_with_its_reason_and_no_control(draw):
    bar = draw(BAR, offers=[offer("a", "primary", "Đã hết hạn nộp <lúc> 17 giờ")])
    assert bar.xpath(".//button|.//a") == []
    assert (
        words(bar.xpath(".//li[@data-blocked='entry.a']")[0]) == "A: chưa thực hiện được. Đã hết hạn nộp <lúc> 17 giờ"
    )


def test_a_direct_act_posts_token_version_and_key_and_the_others_are_links(draw):
    bar = draw(BAR, offers=[offer("a", direct=True), offer("b")])
    form = bar.xpath(".//form[@method='post']")[0]
    assert {i.get("name") for i in form.xpath(".//input")} == {"csrf_token", "version", "key"}
    assert form.xpath(".//input[@name='version']/@value") == ["3"]
    assert bar.xpath(".//a/@data-action") == ["entry.b"]


def test_no_offers_no_bar(draw):
    assert words(draw(BAR, offers=[])) == ""


def test_declared_labels_are_escaped_and_may_hold_percent_signs(draw):
    hostile = SampleOffer("a", "<b>100 %</b>", "primary")
    assert words(draw(BAR, offers=[hostile])) == "<b>100 %</b>"


def test_the_confirm_page_asks_with_token_and_the_acts_id(draw):
    class Confirm(Form):
        version = wtf.HiddenField(default="4")
        reason = wtf.TextAreaField("Lý do")

    source = (
        '{% from "macros/actions.html" import action_form %}'
        '{% call action_form(form, transition, "entry", back_url="/ho-so") %}<p>Sẽ báo tác giả.</p>{% endcall %}'
    )
    page = draw(source, form=Confirm(), transition=specimen()["transition"])
    button = page.xpath(".//button")[0]
    assert button.get("data-action") == "entry.reject"
    assert button.get("class") == "btn btn--danger"
    assert page.xpath(".//input[@name='version']/@value") == ["4"]
    assert len(page.xpath(".//input[@name='csrf_token']")) == 1
    assert page.xpath(".//form/@novalidate") == [""]
    assert "Sẽ báo tác giả." in words(page)


def test_hidden_parts_stand_once_without_ids(draw):
    class Hidden(Form):
        version = wtf.HiddenField(default="4")

    source = (
        '{% from "macros/forms.html" import form_start %}{{ form_start(form) }}</form>{{ form_start(form) }}</form>'
    )
    assert draw(source, form=Hidden()).xpath(".//@id") == []


def test_a_form_with_a_file_is_multipart(draw):
    source = '{% from "macros/forms.html" import form_start %}{{ form_start(form) }}</form>'
    assert draw(source, form=Everything()).xpath(".//form/@enctype") == ["multipart/form-data"]
    assert draw(source, form=Nested()).xpath(".//form/@enctype") == []


def test_values_are_shown_as_typed(draw):
    source = '{% from "macros/show.html" import summary_list %}{{ summary_list(rows) }}'
    rows = [{"label": "Tên", "value": "<img src=x onerror=alert(1)> {{ 7*7 }}"}, {"label": "Tệp", "value": ""}]
    shown = draw(source, rows=rows)
    assert [words(dd) for dd in shown.xpath(".//dd")] == ["<img src=x onerror=alert(1)> {{ 7*7 }}", "Chưa có"]


@pytest.mark.parametrize(
    ("hours", "text", "tone"),
    [
        (24 * 8, "Còn 8 ngày", "neutral"),
        (24 * 3, "Còn 3 ngày", "warn"),
        (14, "Hạn hôm nay, 23:41", "danger"),
        (15, "Còn 1 ngày", "warn"),
        (-1, "Quá hạn từ hôm nay", "danger"),
        (-24 * 2, "Quá hạn 2 ngày", "danger"),
        (-24 * 30, "Quá hạn 30 ngày", "danger"),
        (-24 * 31, "Hạn 22/10/2026 đã qua", "neutral"),
    ],
)
def test_time_left_counts_days_of_vietnam(app, hours, text, tone):
    with app.test_request_context("/"):
        assert due_words(NOW + timedelta(hours=hours), NOW) == (text, tone)
