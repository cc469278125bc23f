"""Background work: an outbox table, a worker process, recurring checks. Nothing acknowledged is lost on kill -9."""

import signal
import threading

import click
from flask import Flask
from flask.cli import AppGroup

from app.jobs.queue import enqueue, enqueue_all, enqueue_once, handles
from app.jobs.worker import run_all, ticker, work_forever

__all__ = ["enqueue", "enqueue_all", "enqueue_once", "handles", "init_app", "run_all", "ticker"]

commands = AppGroup("jobs", help="Việc chạy nền.")


@commands.command("work")
def work_command() -> None:
    """Chạy việc nền cho đến khi bị dừng."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    work_forever(stop)


@commands.command("run")
def run_command() -> None:
    """Làm hết các việc đang chờ rồi thôi."""
    click.echo(f"Đã làm {run_all()} việc.")


def init_app(app: Flask) -> None:
    """Add the command group `jobs`."""
    app.cli.add_command(commands)
