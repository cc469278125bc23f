"""What stands around every page: whose contest this is, whom to call, and whether the data are a demonstration.
And what the page of a conflict says."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import current_app, g

from app.accounts import services as accounts
from app.accounts.actor import ANONYMOUS
from app.audit import sentences
from app.audit.queries import events_of
from app.contests import queries as contests
from app.core.db import Stateful
from app.flow import binding_of
from app.public import queries
from workflows.spec import Role

MOST_SHOWN = 5
AUTHOR_SIDE = frozenset({Role.AUTHOR, Role.UNIT})


def facts() -> Mapping[str, Any]:
    """Organisation, contest and telephone of the contest nearest to this person; `demo` for invented data only."""
    actor = g.get("actor", ANONYMOUS)
    places = {grant.organisation_id for grant in actor.grants} | {actor.organisation_id}
    row = queries.contest_of_frame(places - {None}, contests.reading_grants(actor))
    told = {"demo": current_app.config["SETTINGS"].demo and bool(accounts.demo_accounts())}
    return told | ({"organisation": row.organisation, "contest": row.title, "help_phone": row.phone} if row else {})


def what_happened(subject: Stateful, since: int | None) -> Sequence[str]:
    """Sentences on the last events of a subject, newest first, for a page that showed its version `since`.

    Every event raises the version at least by one, so there were at most as many as it grew by. Only what this
    person may know of is told; nothing when they have no part in it.
    """
    binding = binding_of(subject)
    roles = binding.roles(subject, g.get("actor", ANONYMOUS))
    if not roles:
        return ()
    grown = 1 if since is None else max(1, subject.version - since)
    rows = events_of(binding.workflow.name, subject.id, limit=min(grown, MOST_SHOWN))
    for_author = binding.workflow.name == "entry" and roles <= AUTHOR_SIDE
    return [
        sentences.sentence(row, for_author=for_author)
        for row in rows
        if not for_author or sentences.concerns_author(row)
    ]
