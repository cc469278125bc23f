"""Organisations and people for tests."""

from datetime import date

from app.accounts.actor import Actor, valid_grants
from app.accounts.models import RoleGrant, User
from app.core.db import db
from app.organisations.models import Organisation
from tests.conftest import NOW
from workflows.spec import Role

# A hash of "sangkien-demo" with small parameters, so that tests do not spend their time on it.
HASH = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHRzYWx0$invalid"


def make_organisation(key: str = "phuong", kind: str = "authority", parent: Organisation | None = None, **columns):
    """A body that existed since 2000."""
    organisation = Organisation(
        key=key,
        kind=kind,
        name=columns.pop("name", f"Ủy ban nhân dân phường {key}"),
        short_name=columns.pop("short_name", f"UBND phường {key}"),
        letterhead=columns.pop("letterhead", "ỦY BAN NHÂN DÂN\nPHƯỜNG THỬ NGHIỆM"),
        symbol=columns.pop("symbol", "UBND"),
        place_name=columns.pop("place_name", "Thử Nghiệm"),
        parent_id=parent.id if parent else None,
        valid_from=columns.pop("valid_from", date(2000, 1, 1)),
        **columns,
    )
    db.session.add(organisation)
    db.session.flush()
    return organisation


def make_user(
    username: str,
    *roles: Role,
    at: Organisation | None = None,
    home: Organisation | None = None,
    contest_id: int | None = None,
    full_name: str = "",
) -> User:
    """A person with roles in one organisation (`at`) who belongs to `home` (default: the same)."""
    user = User(
        username=username,
        full_name=full_name or f"Nguyễn Văn {username.capitalize()}",
        honorific="Ông",
        job_title="Công chức",
        email=f"{username}@example.vn",
        organisation_id=(home or at).id if home or at else None,
        password_hash=HASH,
        created_at=NOW,
    )
    db.session.add(user)
    db.session.flush()
    for role in roles:
        grant(user, role, at, contest_id)
    return user


def grant(user: User, role: Role, at: Organisation, contest_id: int | None = None) -> None:
    """Give a role since 2000."""
    db.session.add(
        RoleGrant(
            user_id=user.id,
            role=role.value,
            organisation_id=at.id,
            contest_id=contest_id,
            valid_from=date(2000, 1, 1),
        )
    )
    db.session.flush()


def actor_of(user: User) -> Actor:
    """The person as services get it, with the roles that hold at the tests' moment."""
    rows = db.session.query(RoleGrant).filter_by(user_id=user.id).all()
    return Actor(
        user.id,
        user.full_name,
        valid_grants(rows, NOW.date()),
        organisation_id=user.organisation_id,
        job_title=user.job_title,
    )


def kept(row):
    """The row committed, and apart from the session: it can be read however often requests empty that."""
    db.session.commit()
    db.session.refresh(row)
    db.session.expunge(row)
    return row
