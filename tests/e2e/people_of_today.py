"""Fills an empty database with the organisations and people of the demonstration, without any contest.

The contacts of two more units get the password of the demonstration too: they are the other authors.
"""

from sqlalchemy import update

from app.accounts.models import User
from app.accounts.passwords import hash_password
from app.admin.demo import PASSWORD, world
from app.admin.demo.story import Story
from app.core.db import db, write_transaction
from tests.e2e.shifted_wsgi import app

AUTHORS = ("nguyen_dang_khoa", "phan_thi_hoai_thuong")


def main() -> None:
    """Build the world and open the two accounts."""
    with app.app_context():
        story = Story(print)
        world.build(story, PASSWORD)
        world.move(story)
        with write_transaction():
            values = {"password_hash": hash_password(PASSWORD)}
            db.session.execute(update(User).where(User.username.in_(AUTHORS)).values(values))


if __name__ == "__main__":
    main()
