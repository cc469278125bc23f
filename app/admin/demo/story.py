"""Playing acts at moments: a clock of the story, people by their key, and the background work after each act."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from app import flow
from app.accounts import queries as people
from app.accounts.actor import Actor
from app.core.db import Stateful, db, write_transaction
from app.core.ids import token
from app.core.vietnamese import from_local
from app.flow import timers
from app.jobs import run_all


def morning(day: date, days: int = 0) -> datetime:
    """Eight o'clock of a day in Việt Nam, or of one some days from it."""
    return from_local(datetime.combine(day + timedelta(days=days), time(8, 0)))


class Story:
    """The loader's view of the world. `now` is the story's present moment."""

    def __init__(self, say: Callable[[str], None]):
        self.say = say
        self.now: datetime | None = None
        self.user_ids: dict[str, int] = {}
        self.organisation_ids: dict[str, int] = {}

    def at(self, moment: datetime) -> None:
        """Move the clock, never back, and let what is due by then happen by itself."""
        if self.now is None or moment > self.now:
            self.now = moment
            timers.run_due(moment)
            self.work()

    def work(self) -> None:
        """Do the background work that acts have asked for."""
        run_all(self.now)

    def act(self, do: Callable[[], Any]) -> Any:
        """One transaction, as one press of a button; a minute passes."""
        with write_transaction():
            result = do()
        self.now += timedelta(minutes=1)
        return result

    def fire(self, subject: Stateful, action: str, who: str, reason: str = "", **data: Any) -> None:
        """A person does an act on a subject."""
        model, subject_id = type(subject), subject.id

        def do() -> None:
            row = db.session.get(model, subject_id)
            flow.fire(row, action, self.actor(who), now=self.now, reason=reason, data=data, key=token())

        self.act(do)

    def actor(self, key: str) -> Actor:
        """The person with the roles that hold on the story's day."""
        return people.actor(self.user_ids[key], now=self.now)
