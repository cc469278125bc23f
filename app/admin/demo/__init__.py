"""The demonstration: three seasons played through the services as people would play them, so its trail is genuine.

The story has its own clock: what happened in 2023 and 2024 is recorded with the moments of those years.
`data/*.toml` holds the content; `world` the organisations and people, `seasons` the acts in their order.
"""

from collections.abc import Callable

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from app.accounts.models import User
from app.admin.demo import files, keys, seasons, world
from app.admin.demo.story import Story
from app.core.clock import utcnow
from app.core.db import db, reading
from app.documents.batches import late_pdf

PASSWORD = "sangkien-demo"
Say = Callable[[str], None]


def account_names() -> tuple[str, ...]:
    """User names of the accounts shown on the sign-in page."""
    return tuple(person["key"] for person in files.people() if person["listed"])


def is_empty() -> bool:
    """Whether nobody is in the database yet."""
    with reading():
        return db.session.execute(select(User.id).limit(1)).first() is None


def load(say: Say) -> None:
    """Play the whole story into an empty database. `say` is told of each step.

    Papers are filled during the story and turned into PDF afterwards, by the worker.
    """
    converter = current_app.extensions["converter"]
    current_app.extensions["converter"] = None
    try:
        story = Story(say)
        world.build(story, PASSWORD)
        for name in ("2023", "2024"):
            _season(story, name)
        world.move(story)
        _season(story, "2026")
    finally:
        current_app.extensions["converter"] = converter
    story.at(utcnow())
    keys.make(story)
    story.act(lambda: late_pdf.ask_for_missing(now=story.now))


def _season(story: Story, name: str) -> None:
    story.say(f"Cuộc thi năm {name} …")
    seasons.play(story, files.contest(name))


@click.command("demo")
@click.option("--if-empty", is_flag=True, help="Chỉ nạp khi cơ sở dữ liệu chưa có ai.")
@click.option("--accounts", is_flag=True, help="Chỉ in các tài khoản minh họa.")
@with_appcontext
def command(if_empty: bool, accounts: bool) -> None:
    """Nạp cuộc thi minh họa vào cơ sở dữ liệu trống."""
    if accounts:
        _print_accounts()
        return
    if not is_empty():
        if if_empty:
            return
        raise click.ClickException("Cơ sở dữ liệu đã có dữ liệu; chỉ nạp minh họa vào cơ sở dữ liệu trống.")
    load(click.echo)
    click.echo("Đã nạp dữ liệu minh họa.")


def _print_accounts() -> None:
    with reading():
        present = set(db.session.execute(select(User.username)).scalars())
    people = [person for person in files.people() if person["listed"] and person["key"] in present]
    if people:
        click.echo(f"Tài khoản minh họa, mật khẩu {PASSWORD}:")
    for person in people:
        click.echo(f"  {person['key']:12} {person['full_name']:24} {person['job_title']}")
