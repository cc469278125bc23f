"""`flask documents`: every stored file of papers is hashed anew; PDFs that are missing are made later."""

import sys

import click
from flask.cli import AppGroup

from app.core.clock import utcnow
from app.core.db import write_transaction
from app.documents import checking
from app.documents.batches import late_pdf

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


@commands.command("pdf")
def pdf() -> None:
    """Tạo PDF cho các văn bản mới có tệp Word, khi vừa cài bộ chuyển PDF; tiến trình chạy nền làm việc này."""
    with write_transaction():
        asked = late_pdf.ask_for_missing(now=utcnow())
    click.echo(f"Đã xếp hàng {asked} văn bản chờ tạo PDF.")
