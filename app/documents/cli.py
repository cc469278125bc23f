"""`flask documents check`: every stored file of papers is hashed anew."""

import sys

import click
from flask.cli import AppGroup

from app.documents import checking

commands = AppGroup("documents", help="Văn bản.")


@commands.command("check")
def check() -> None:
    """Tính lại mã của mọi tệp văn bản đã lưu; mã thoát 1 khi có tệp sai hoặc mất."""
    files = checking.stored()
    wrong = 0
    for damage in checking.damages(files):
        wrong += 1
        click.echo(f"LỖI {damage.of}: {damage.problem} ({damage.sha256})")
    click.echo(f"Đã kiểm tra {len(files)} tệp: {wrong} tệp sai hoặc mất.")
    sys.exit(1 if wrong else 0)
