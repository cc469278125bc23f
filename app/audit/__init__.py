"""The trail of every act: append-only, hash-chained, verifiable. Only this package writes it."""

import click
from flask import Flask
from flask.cli import AppGroup

from app.audit.trail import record

__all__ = ["init_app", "record"]

commands = AppGroup("audit", help="Nhật ký thao tác.")


@commands.command("verify")
def verify_command() -> None:
    """Tính lại toàn bộ chuỗi và báo dòng sai đầu tiên."""
    from app.audit.verify import verify

    verdict = verify()
    if not verdict.ok:
        raise click.ClickException(verdict.problem)
    click.echo(f"Nhật ký nguyên vẹn: {verdict.events} sự kiện, mã đầu chuỗi {verdict.head}.")


def init_app(app: Flask) -> None:
    """Add the command group `audit`."""
    app.cli.add_command(commands)
