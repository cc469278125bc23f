"""Organisations, people and signers of the demonstration, and the initiatives applied before its seasons."""

from datetime import UTC, date, datetime

from app.accounts import passwords
from app.accounts import services as accounts
from app.accounts.actor import SYSTEM
from app.accounts.models import User
from app.admin.demo import files
from app.admin.demo.story import Story, morning
from app.contests import services as contests
from app.core.db import db
from app.organisations import services as organisations
from app.organisations.models import Organisation
from workflows.spec import Role

BEGIN = datetime(2023, 1, 9, 1, 0, tzinfo=UTC)
SINCE = date(2019, 1, 1)


def build(story: Story, password: str) -> None:
    """Everything that is there before the first season."""
    story.say("Đơn vị, con người …")
    password_hash = passwords.hash_password(password)
    story.at(BEGIN)
    story.act(lambda: _organisations(story))
    for person in files.people():
        story.act(lambda person=person: _person(story, person, password_hash))
    for signer in files.signers():
        story.act(lambda signer=signer: _signer(story, signer))
    story.act(lambda: _initiatives(story))


def _organisations(story: Story) -> None:
    for row in files.organisations():
        values = {name: value for name, value in row.items() if name not in ("parent", "successor")}
        values["letterhead"] = "\n".join(row.get("letterhead", ()))
        values["parent_id"] = story.organisation_ids.get(row.get("parent", ""))
        story.organisation_ids[row["key"]] = organisations.create_organisation(SYSTEM, values, now=story.now).id
    for row in files.organisations():
        if "successor" in row:
            organisation = organisations.queries.by_key(row["key"])
            change = {"successor_id": story.organisation_ids[row["successor"]]}
            organisations.edit_organisation(SYSTEM, organisation, change, now=story.now)


def _person(story: Story, person: dict, password_hash: str) -> None:
    listed = person["listed"]
    user = accounts.create_user(
        SYSTEM,
        username=person["key"],
        full_name=person["full_name"],
        organisation_id=story.organisation_ids[person["organisation"]],
        now=story.now,
        honorific=person["honorific"],
        job_title=person["job_title"],
        email=person["email"],
        password_hash=password_hash if listed else None,
    )
    story.user_ids[person["key"]] = user.id
    for post in (person, person.get("later", {})):
        _roles(story, user, post)


def _roles(story: Story, user: User, post: dict) -> None:
    for role in post.get("roles", ()):
        if Role(role) in accounts.BOARD_ROLES:
            continue  # a seat in a board of a contest gives these
        where = post.get("roles_in", post["organisation"])
        first, last = post.get("valid_from", SINCE), post.get("valid_to")
        accounts.grant_role(SYSTEM, user, Role(role), story.organisation_ids[where], None, first, last, now=story.now)


def _signer(story: Story, signer: dict) -> None:
    user = db.session.get(User, story.user_ids[signer["person"]])
    values = {
        "user_id": user.id,
        "role": signer["role"],
        "full_name": user.full_name,
        "title": signer["title"],
        "capacity": "\n".join(signer["capacity"]),
        "personal": "\n".join(signer["personal"]),
        "valid_from": signer["valid_from"],
        "valid_to": signer.get("valid_to"),
    }
    organisation = organisations.queries.by_key(signer["organisation"])
    if "principal" in signer:
        values |= _power(story, signer, organisation)
    organisations.create_signatory(SYSTEM, organisation, values, now=story.now)


def _power(story: Story, signer: dict, organisation: Organisation) -> dict:
    """Whose power a deputy uses, and which paper gave it."""
    head = organisations.queries.signatory(organisation.id, signer["role"], signer["valid_from"])
    return {"kind": signer["kind"], "principal_id": head.id, "basis": signer["basis"]}


def _initiatives(story: Story) -> None:
    """What the office typed in before the first season: the list against which novelty is checked."""
    key, rows = files.initiatives()
    for row in rows:
        contests.add_initiative(
            story.organisation_ids[key],
            story.actor("vanphong"),
            {
                "title": row["title"],
                "summary": row["summary"],
                "unit_name": row["unit"],
                "year": row["year"],
                "decision": f"Quyết định số {row['decision_number']}",
                "applied_on": row["decided_on"],
            },
            now=story.now,
        )


def move(story: Story) -> None:
    """The administrator moves people to the units that took over; their accounts and what they wrote stay theirs."""
    for person in files.people():
        if "later" in person:
            story.at(morning(person["later"]["valid_from"]))
            story.act(lambda person=person: _move(story, person))


def _move(story: Story, person: dict) -> None:
    user = db.session.get(User, story.user_ids[person["key"]])
    post = person["later"]
    values = {"organisation_id": story.organisation_ids[post["organisation"]], "job_title": post["job_title"]}
    accounts.edit_user(SYSTEM, user, values, now=story.now)
