"""`flask doctor`: the findings of the health page on the terminal."""

import sys

import click
from flask.cli import with_appcontext

from app.core.clock import utcnow
from app.health import checks


@click.command("doctor")
@with_appcontext
def doctor() -> None:
    """Kiểm tra máy chủ và nói cần làm gì; mã thoát 1 khi có điều chưa ổn."""
    found = checks.thorough(utcnow())
    for check in found:
        click.echo(f"{'tốt ' if check.ok else 'LỖI '} {check.label}: {check.found}")
        if check.to_do:
            click.echo(f"      {check.to_do}")
    sys.exit(0 if all(check.ok for check in found) else 1)
