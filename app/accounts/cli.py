"""Commands about people: `flask user add`, `reset`, `grant`. For the first administrator and for emergencies."""

from datetime import datetime

import click
from flask.cli import AppGroup
from sqlalchemy import select

from app.accounts import queries, services
from app.accounts.actor import SYSTEM
from app.accounts.models import GRANTED, User
from app.core.clock import utcnow
from app.core.db import db, write_transaction
from app.core.errors import Invalid
from app.core.vietnamese import BadDate, clean_line, parse_date, to_local
from app.organisations.models import Organisation
from workflows.spec import Role

commands = AppGroup("user", help="Người dùng và vai trò.")
ROLES = list(GRANTED)


@commands.command("add")
@click.argument("username")
@click.argument("full_name")
@click.option("--organisation", default="", help="Mã cơ quan, đơn vị.")
@click.option("--email", default="", help="Thư điện tử.")
@click.option("--job", default="", help="Chức vụ.")
def add(username: str, full_name: str, organisation: str, email: str, job: str) -> None:
    """Thêm người dùng và in liên kết đặt mật khẩu."""
    now = utcnow()
    with _said(), write_transaction():
        user = services.create_user(
            SYSTEM,
            username=username,
            full_name=clean_line(full_name),
            organisation_id=_organisation(organisation).id if organisation else None,
            email=clean_line(email),
            job_title=clean_line(job),
            now=now,
        )
        link = services.password_link(SYSTEM, user, now=now)
    click.echo(link)


@commands.command("reset")
@click.argument("username")
def reset(username: str) -> None:
    """Bỏ mật khẩu hiện tại, kết thúc mọi phiên và in liên kết đặt mật khẩu mới."""
    with _said(), write_transaction():
        link = services.password_link(SYSTEM, _user(username), now=utcnow())
    click.echo(link)


@commands.command("grant")
@click.argument("username")
@click.argument("role", type=click.Choice(ROLES))
@click.argument("organisation")
@click.option("--from", "first", default="", help="Ngày đầu, ví dụ 01/07/2026; mặc định hôm nay.")
@click.option("--to", "last", default="", help="Ngày cuối.")
def grant(username: str, role: str, organisation: str, first: str, last: str) -> None:
    """Giao vai trò trong một cơ quan, đơn vị."""
    now = utcnow()
    with _said(), write_transaction():
        services.grant_role(
            SYSTEM,
            _user(username),
            Role(role),
            _organisation(organisation).id,
            None,
            parse_date(first) if first else _today(now),
            parse_date(last) if last else None,
            now=now,
        )
    click.echo("Đã giao vai trò.")


class _said:
    """Turns what the services refuse into a sentence on the terminal."""

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, _kind, error, _trace) -> None:
        if isinstance(error, Invalid):
            raise click.ClickException("; ".join(error.errors.values())) from error
        if isinstance(error, BadDate):
            raise click.ClickException(str(error)) from error


def _today(now: datetime):
    return to_local(now).date()


def _user(username: str) -> User:
    user = queries.by_username(queries.sign_in_name(username))
    if user is None:
        raise click.ClickException(f"Không có người dùng {username}.")
    return user


def _organisation(key: str) -> Organisation:
    found = db.session.scalar(select(Organisation).where(Organisation.key == key))
    if found is None:
        known = ", ".join(db.session.scalars(select(Organisation.key).order_by(Organisation.key)))
        raise click.ClickException(f"Không có cơ quan {key}. Các mã đang có: {known}")
    return found
