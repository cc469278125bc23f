"""Probes, the page of the administrator and the doctor."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.core.clock import utcnow
from app.core.db import db
from app.documents.templating import rendering
from app.health import checks
from app.jobs.models import Job
from tests.factories.people import kept, make_organisation, make_user
from workflows.spec import Role

ROOT = Path(__file__).resolve().parents[2]


def probe(app, path):
    with app.app_context():
        return app.test_client().get(path)


def add_job(run_at, **more):
    job = {"kind": "mail", "args": "{}", "status": "queued", "run_at": run_at, "created_at": run_at, **more}
    db.session.add(Job(**job))
    db.session.commit()


def execute(statement):
    db.session.execute(db.text(statement))
    db.session.commit()


def test_alive_asks_nobody(app):
    execute("ALTER TABLE user_session RENAME TO gone")
    answer = probe(app, "/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


def test_ready_says_nothing_but_ok(app):
    answer = probe(app, "/readyz")
    well = {"database": "ok", "migrations": "ok", "disk": "ok", "queue": "ok"}
    assert (answer.status_code, answer.json) == (200, {"status": "ok", "checks": well})
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "statement",
    ["UPDATE alembic_version SET version_num = '0000'", "DELETE FROM alembic_version", "DROP TABLE alembic_version"],
)
def test_not_ready_with_other_tables(app, statement):
    execute(statement)
    answer = probe(app, "/readyz")
    assert (answer.status_code, answer.json["checks"]["migrations"]) == (503, "fail")
    assert answer.json["checks"]["database"] == "ok"


def test_not_ready_with_a_full_disk(app, monkeypatch):
    monkeypatch.setattr(checks, "LEAST_FREE", 10**18)
    answer = probe(app, "/readyz")
    assert (answer.status_code, answer.json["checks"]["disk"]) == (503, "fail")


@pytest.mark.parametrize(("minutes", "status"), [(9, "ok"), (11, "fail")])
def test_a_stopped_worker_shows_but_pages_go_on(app, minutes, status):
    add_job(utcnow() - timedelta(minutes=minutes))
    answer = probe(app, "/readyz")
    assert (answer.status_code, answer.json["checks"]["queue"]) == (200, status)


def test_jobs_of_later_and_done_ones_do_not_count(app):
    add_job(utcnow() + timedelta(days=1))
    add_job(utcnow() - timedelta(days=1), status="done")
    assert checks.queue(utcnow()).ok


def test_the_page_names_what_to_install(visitor, app, monkeypatch):
    admin = kept(make_user("quantri", Role.ADMIN, at=make_organisation()))
    clerk = kept(make_user("vanthu", Role.CLERK, at=make_organisation("khac")))
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], soffice="/nowhere/soffice"))
    person = visitor(admin).visit("/suc-khoe")
    assert person.heading == "Sức khỏe hệ thống"
    assert "Cài các gói: " in person.text
    assert "libreoffice" in person.text
    visitor(clerk).visit("/suc-khoe", 403)


ALL = {"no_root": True, "no_network": True, "no_calls": True}


@pytest.mark.parametrize(
    ("lost", "ok", "found", "to_do"),
    [
        ((), True, "có: bỏ quyền root, tách khỏi mạng, chặn lời gọi hệ thống", ""),
        (
            ("no_network",),
            True,
            "có: bỏ quyền root, chặn lời gọi hệ thống; thiếu: tách khỏi mạng",
            "Cho phép user namespace: sysctl",
        ),
        (
            ("no_root",),
            False,
            "có: tách khỏi mạng, chặn lời gọi hệ thống; thiếu: bỏ quyền root",
            "Mẫu văn bản tải lên bị từ chối cho đến khi khóa được. Chạy tiến trình nền bằng tài khoản thường",
        ),
        (
            tuple(ALL),
            False,
            "thiếu: bỏ quyền root, tách khỏi mạng, chặn lời gọi hệ thống",
            "Mẫu văn bản tải lên bị từ chối cho đến khi khóa được. Chạy tiến trình nền",
        ),
    ],
)
def test_the_walls_around_templates_are_told(app, visitor, monkeypatch, lost, ok, found, to_do):
    monkeypatch.setattr(rendering, "walls", lambda: ALL | dict.fromkeys(lost, False))
    check = checks.walls()
    assert (check.ok, check.found, check.to_do[: len(to_do)]) == (ok, found, to_do)
    admin = kept(make_user("quantri", Role.ADMIN, at=make_organisation()))
    page = visitor(admin).visit("/suc-khoe").text
    assert found in page
    assert check.to_do in page
    assert check.to_do in app.test_cli_runner().invoke(args=["doctor"]).output


def test_the_walls_of_this_machine_are_on_the_page(app):
    assert checks.walls().found == "có: bỏ quyền root, tách khỏi mạng, chặn lời gọi hệ thống"


def test_the_doctor_ends_with_a_code(app):
    db.session.remove()
    well = app.test_cli_runner().invoke(args=["doctor"])
    assert "Cơ sở dữ liệu: " in well.output
    execute("UPDATE alembic_version SET version_num = '0000'")
    ill = app.test_cli_runner().invoke(args=["doctor"])
    assert ill.exit_code == 1
    assert "LỖI  Phiên bản bảng dữ liệu: 0000" in ill.output
    assert "flask db upgrade" in ill.output


def test_the_newest_migration_is_the_last_file(app):
    files = sorted(path.name for path in (ROOT / "migrations" / "versions").glob("*.py"))
    assert files[-1].startswith(f"{checks.newest_migration()}_")
