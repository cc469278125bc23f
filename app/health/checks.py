"""What is looked at, and what to do when it is not well. Each check answers even when the thing itself is broken."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from app.adapters.pdf import Health, converter_health
from app.adapters.pdf.health import LETTERS
from app.config import ROOT
from app.core.db import db
from app.core.vietnamese import number
from app.documents import queries as documents
from app.jobs.models import Job
from workflows.spec import N_

MEGABYTE = 1024 * 1024
LEAST_FREE = 500 * MEGABYTE
LONGEST_WAIT = timedelta(minutes=10)
MOST_LETTERS = 20


@dataclass(frozen=True)
class Check:
    """One finding. `vital`: without it the product must not serve. `advice` says what to do when not `ok`, `hint` what
    could be better when it is."""

    name: str
    label: str
    ok: bool
    found: str
    advice: str = ""
    vital: bool = True
    hint: str = ""

    @property
    def to_do(self) -> str:
        """What to do about it, "" for nothing."""
        return self.hint if self.ok else self.advice


def quick(now: datetime) -> list[Check]:
    """Database, its migrations, disk and queue: milliseconds."""
    return [database(), migrations(), disk(), queue(now)]


def thorough(now: datetime) -> list[Check]:
    """Also converter, fonts, locks and mail: up to a few seconds, since programs are started for it."""
    return [*quick(now), *papers(), walls(), mail()]


def database() -> Check:
    """Whether the database answers."""
    answers = _asked(lambda: db.session.execute(text("SELECT 1")).scalar()) == 1
    return Check(
        "database",
        _("Cơ sở dữ liệu"),
        answers,
        db.engine.dialect.name if answers else _("không trả lời"),
        _("Kiểm tra máy chủ cơ sở dữ liệu, ổ đĩa và FLASK_DATABASE_URL."),
    )


def migrations() -> Check:
    """Whether the tables are those that this version of the program expects."""
    has = _asked(lambda: db.session.execute(text("SELECT version_num FROM alembic_version")).scalar())
    return Check(
        "migrations",
        _("Phiên bản bảng dữ liệu"),
        has == newest_migration(),
        has or _("chưa có"),
        _("Chạy lệnh flask db upgrade rồi khởi động lại."),
    )


@cache
def newest_migration() -> str | None:
    """The last migration shipped with the program."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return ScriptDirectory.from_config(config).get_current_head()


def disk() -> Check:
    """Free space where files and the embedded database live."""
    folder = Path(current_app.config["SETTINGS"].data_dir)
    free = shutil.disk_usage(folder).free
    return Check(
        "disk",
        _("Chỗ trống trên ổ đĩa"),
        free >= LEAST_FREE,
        _("%(n)s MB", n=number(free // MEGABYTE)),
        _("Cần ít nhất %(n)s MB. Xóa bản sao lưu cũ hoặc thêm ổ đĩa.", n=LEAST_FREE // MEGABYTE),
    )


def queue(now: datetime) -> Check:
    """How long the oldest due job has waited: the background process may have stopped."""
    due = select(func.min(Job.run_at)).where(Job.status == "queued", Job.run_at <= now)
    oldest = _asked(lambda: db.session.scalar(due))
    waited = now - oldest if oldest else timedelta(0)
    return Check(
        "queue",
        _("Việc chạy nền"),
        waited <= LONGEST_WAIT,
        _("việc chờ lâu nhất: %(n)s phút", n=int(waited.total_seconds() // 60)),
        _("Khởi động tiến trình flask jobs work."),
        vital=False,
    )


def papers() -> list[Check]:
    """The converter to PDF and the font of official papers."""
    health = converter_health(current_app.config["SETTINGS"].soffice or None)
    install = _("Cài các gói: %(packages)s", packages=health.install)
    return [
        Check(
            "converter",
            _("Bộ chuyển PDF (LibreOffice)"),
            bool(health.version),
            health.version or _("không có"),
            install,
            vital=False,
        ),
        Check(
            "fonts",
            _("Phông chữ văn bản"),
            bool(health.font) and not health.missing_letters,
            _letters_found(health),
            install,
            vital=False,
        ),
    ]


def _letters_found(health: Health) -> str:
    """Which font stands in for Times New Roman, and whether it has every Vietnamese letter."""
    if not health.font:
        return _("không có")
    if health.missing_letters:
        return _("%(font)s thiếu %(n)s chữ: %(letters)s", **_lacking(health))
    return _("%(font)s thay cho Times New Roman, đủ %(n)s chữ tiếng Việt có dấu", font=health.font, n=len(LETTERS))


def _lacking(health: Health) -> dict[str, object]:
    letters = health.missing_letters
    shown = letters if len(letters) <= MOST_LETTERS else f"{letters[:MOST_LETTERS]}…"
    return {"font": health.font, "n": len(letters), "letters": shown}


WALLS = {
    "no_root": (N_("bỏ quyền root"), N_("Chạy tiến trình nền bằng tài khoản thường, không phải root.")),
    "no_network": (
        N_("tách khỏi mạng"),
        N_("Cho phép user namespace: sysctl -w user.max_user_namespaces=1000 kernel.unprivileged_userns_clone=1"),
    ),
    "no_calls": (
        N_("chặn lời gọi hệ thống"),
        N_("Chạy trên Linux x86-64 hoặc arm64; trong vùng chứa (container) thì cho phép seccomp."),
    ),
}
"""Each wall around the process that fills templates: what it keeps from it, and how to get the wall."""


def walls() -> Check:
    """How the process is locked in which templates are filled; without the walls no uploaded template is taken."""
    stand, enough = documents.walls()
    there = [_(WALLS[name][0]) for name, stands in stand.items() if stands]
    missing = [name for name, stands in stand.items() if not stands]
    found = [_("có: %(walls)s", walls=", ".join(there))] if there else []
    found += [_("thiếu: %(walls)s", walls=", ".join(_(WALLS[name][0]) for name in missing))] if missing else []
    to_do = " ".join(_(WALLS[name][1]) for name in missing)
    refused = _("Mẫu văn bản tải lên bị từ chối cho đến khi khóa được.")
    label = _("Khóa tiến trình tạo văn bản")
    return Check("walls", label, enough, "; ".join(found), f"{refused} {to_do}", vital=False, hint=to_do)


def mail() -> Check:
    """Whether messages also leave by mail; the product works without."""
    settings = current_app.config["SETTINGS"]
    found = settings.mail_host if settings.mail_enabled else _("không dùng; thông báo chỉ có trong hệ thống")
    return Check("mail", _("Thư điện tử"), True, found, vital=False)


def _asked(question: Callable[[], object]):
    """The answer, or None when the database cannot give one; nothing stays open."""
    try:
        return question()
    except SQLAlchemyError:
        return None
    finally:
        db.session.rollback()
