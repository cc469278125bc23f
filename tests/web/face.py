"""A small application that wears the face: no database, a person by query, pages that fail on purpose."""

from __future__ import annotations

from types import SimpleNamespace

from flask import Flask, Response, abort, g, jsonify, redirect, render_template_string, request
from flask_wtf import CSRFProtect

from app import web
from app.core import i18n
from app.core.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from app.web import errors, navigation
from tests.web.page_checks import CheckedClient
from workflows.spec import Refusal, Role

ORGANISATION = "Ủy ban nhân dân phường Thử Nghiệm"


class Person(SimpleNamespace):
    """Looks like the actor that the accounts slice sets."""

    is_authenticated = True
    name = "Nguyễn Thị Thùy Dương"
    role_labels = ("Cán bộ văn phòng",)
    roles = frozenset({Role.OFFICE})

    def holds(self, *roles: Role) -> bool:
        return bool(self.roles & set(roles))


def build_app(**config) -> Flask:
    """The application; ``?ai=1`` signs the person in."""
    app = Flask("face", static_folder=None)
    app.config.update(SECRET_KEY="k" * 32, TESTING=True, **config)
    app.test_client_class = CheckedClient
    i18n.init_app(app)
    CSRFProtect(app)
    web.init_app(app)
    app.before_request(_sign_in)
    _add_pages(app)
    _add_faults(app)
    navigation.register(
        app,
        navigation.NavItem("work", "Việc của tôi", order=1, counted=True),
        navigation.NavItem("admin.index", "Quản trị", roles={Role.ADMIN}),
        navigation.NavItem("results", "Kết quả", public=True),
    )
    navigation.set_links(app, sign_in="home", sign_out="sign_out")
    navigation.provide_facts(app, lambda: {"organisation": ORGANISATION, "help_phone": "0239 3835 123"})
    return app


def _sign_in() -> None:
    if request.args.get("ai"):
        g.actor = Person()
        g.work_count = 3


def page(body: str = "", title: str = "Trang thử") -> str:
    """A page in the frame with Jinja ``body`` as its content."""
    source = f'{{% extends "base.html" %}}{{% set title = "{title}" %}}{{% block content %}}{body}{{% endblock %}}'
    return render_template_string(source)


def _add_pages(app: Flask) -> None:
    app.add_url_rule("/", "home", lambda: page(title="Trang đầu"))
    app.add_url_rule("/viec-cua-toi", "work", lambda: page(title="Việc của tôi"))
    app.add_url_rule("/quan-tri", "admin.index", lambda: page())
    app.add_url_rule("/ket-qua", "results", lambda: page())
    app.add_url_rule("/dang-xuat", "sign_out", lambda: redirect("/"), methods=["POST"])


def _add_faults(app: Flask) -> None:
    faults = {
        "xung-dot": Conflict("SK-2026-0037", 3),
        "khong-duoc": NotAllowed("Chỉ chủ tịch được ký văn bản này."),
        "bi-tu-choi": Refused(Refusal("late", "Đã hết hạn nộp lúc %(at)s.", {"at": "17 giờ 00"})),
        "sai": Invalid({"title": "Nhập tên sáng kiến", "": "Tổng tỷ lệ phải bằng 100 %"}),
        "khong-co": NotFound(),
        "hong": RuntimeError("bí mật bên trong"),
    }

    @app.route("/loi/<name>", methods=["GET", "POST"])
    def fault(name: str) -> Response:
        raise faults[name]

    @app.route("/ma/<int:status>")
    def status(status: int) -> Response:
        abort(status)

    errors.explain_conflicts(app, lambda subject, since: [f"Trần Thị Mai đã chuyển {subject} lúc 09:40."])


def add_sheet(app: Flask) -> list[dict[str, str]]:
    """A score sheet that saves itself at ``/phieu``; returns the list of what the server has saved."""
    saved: list[dict[str, str]] = []

    @app.get("/phieu")
    def sheet() -> str:
        return page(SHEET, "Phiếu chấm")

    @app.post("/phieu/luu")
    def save() -> Response:
        saved.append(request.form.to_dict())
        return jsonify(status=f"Đã lưu lần {len(saved)}", version=len(saved), slots={"tong": "51,5/100"})

    @app.post("/phieu/gui")
    def send() -> str:
        saved.append({"sent": "1"} | request.form.to_dict())
        return page(title="Đã gửi phiếu")

    return saved


def add_list(app: Flask) -> None:
    """A list to tick with neighbours at ``/chon``."""
    app.add_url_rule("/chon", "choose", lambda: page(LIST, "Chọn văn bản"))


LIST = """
{% from "macros/forms.html" import csrf %}
<p><a href="/ket-qua" data-key-prev>Hồ sơ trước</a> <a href="/viec-cua-toi" data-key-next>Hồ sơ sau</a></p>
<form method="post">{{ csrf() }}
{% for n in (1, 2) %}
<input type="checkbox" id="c{{ n }}" name="c" value="{{ n }}" data-tick><label for="c{{ n }}">Văn bản {{ n }}</label>
{% endfor %}
<button type="submit" class="btn" data-ticks-label="Duyệt và ký {n} văn bản">Duyệt và ký văn bản đã chọn</button></form>
"""
SHEET = """
{% from "macros/forms.html" import csrf, save_state %}
<form method="post" action="/phieu/gui" data-autosave="/phieu/luu" data-draft="7-SK-37">{{ csrf() }}
<input type="hidden" name="version" value="0">
{% for n in (1, 2, 3) %}
<label for="d{{ n }}">Tiêu chí {{ n }}</label><input id="d{{ n }}" name="d{{ n }}" data-score>
{% endfor %}
<p data-slot="tong"></p>{{ save_state() }}
<button type="submit" class="btn" name="luu" value="1">Lưu nháp</button>
<button type="submit" class="btn btn--primary" name="gui" value="1" data-ctrl-enter>Gửi phiếu</button></form>
"""
