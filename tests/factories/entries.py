"""Entries for tests, made by the same services as a person's clicks, in a contest that is open."""

import io
import struct
import zlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

import sqlalchemy as sa
from flask import current_app

from app import flow
from app.accounts.actor import SYSTEM
from app.accounts.models import User
from app.adapters.storage import receive
from app.contests.models import Contest, ContestField
from app.core.db import db
from app.entries import parts, services
from app.entries.authors import AuthorRow
from app.entries.models import Entry
from app.organisations.models import Organisation
from tests.conftest import NOW
from tests.factories.people import actor_of, make_organisation, make_user
from workflows.spec import Role

TEXTS = {
    "mo-ta": {
        "current_state": "Trước đây người dân phải đến hai lần.",
        "solution": "Niêm yết mã QR tại nhà văn hóa tổ dân phố.",
        "applicability": "Áp dụng được ở mọi tổ dân phố.",
        "conditions": "",
    },
    "hieu-qua": {"benefit": "Giảm một lượt đi lại cho mỗi hồ sơ.", "confidential": ""},
}


@dataclass(frozen=True)
class Season:
    """A ward with two units and a body above, an open contest, and one person of each kind needed here."""

    host: Organisation
    unit: Organisation
    other_unit: Organisation
    upper: Organisation
    contest: Contest
    author: User
    contact: User
    other_contact: User
    office: User
    upper_clerk: User


def make_season(key: str = "phuong", *, prefix: str = "SK-2026", now: datetime = NOW, **columns) -> Season:
    """A season whose contest takes entries until ten days from `now`."""
    host = make_organisation(key)
    unit = make_organisation(f"{key}-van-phong", "unit", host, name="Bộ phận văn phòng", short_name="Văn phòng")
    other = make_organisation(f"{key}-tu-phap", "unit", host, name="Bộ phận tư pháp", short_name="Tư pháp")
    upper = make_organisation(f"{key}-hoi-dong", "council", name="Hội đồng sáng kiến", short_name="Hội đồng")
    contest = make_open_contest(host, upper, prefix=prefix, now=now, **columns)
    return Season(
        host,
        unit,
        other,
        upper,
        contest,
        author=make_user(f"{key}-tacgia", home=unit, full_name="Nguyễn Thị Đào"),
        contact=make_user(f"{key}-donvi", Role.UNIT, at=unit, full_name="Lê Văn Đức"),
        other_contact=make_user(f"{key}-donvi2", Role.UNIT, at=other, full_name="Trần Thị Mai"),
        office=make_user(f"{key}-vanphong", Role.OFFICE, at=host, full_name="Phạm Văn Cường"),
        upper_clerk=make_user(f"{key}-captren", Role.UPPER_CLERK, at=upper, full_name="Hồ Thị Lan"),
    )


def commit(season: Season, *others) -> None:
    """Commit, and take everything of the season out of the session, loaded: a visitor ends the session with each
    request, and what is said about people and entries afterwards must not need it."""
    everything = (*vars(season).values(), *others)
    db.session.add_all(everything)
    db.session.commit()
    for one in everything:
        db.session.refresh(one)
    assert season.contest.fields
    for one in everything:
        if one in db.session:
            db.session.expunge(one)


def attach(season: Season) -> None:
    """Bring a committed season back into the session."""
    db.session.add_all(vars(season).values())


def make_open_contest(host: Organisation, upper: Organisation | None, *, prefix: str, now: datetime, **columns):
    """A contest that is open by its row alone: its papers are none of an entry's business."""
    contest = Contest(
        code=columns.pop("code", f"cuoc-thi-{prefix.lower()}"),
        entry_prefix=prefix,
        organisation_id=host.id,
        receiver_id=upper.id if upper else None,
        year=now.year,
        title=columns.pop("title", "Cuộc thi viết “Sáng kiến cải cách hành chính”"),
        opens_at=now - timedelta(days=10),
        closes_at=columns.pop("closes_at", now + timedelta(days=10)),
        screening_due_at=now + timedelta(days=20),
        created_at=now,
        **columns,
    )
    contest.fields = [
        ContestField(position=n, name=name) for n, name in enumerate(("Thủ tục hành chính", "Công vụ"), 1)
    ]
    flow.record_creation(contest, "create", SYSTEM, "system", now=now)
    put_state(contest, "open")
    return contest


def put_state(subject, state: str, **columns) -> None:
    """Set a state by SQL, past the engine, for what a test is not about."""
    db.session.flush()
    table = type(subject).__table__
    db.session.execute(sa.update(table).where(table.c.id == subject.id).values({"state": state, **columns}))
    db.session.expire(subject)


def start(season: Season, by: User | None = None, *, unit: Organisation | None = None, now: datetime = NOW) -> Entry:
    """A new draft."""
    actor = actor_of(by or season.author)
    return services.start_entry(season.contest, (unit or season.unit).id, actor, now=now)


def fill(season: Season, entry: Entry, by: User | None = None, *, title: str = "", now: datetime = NOW) -> Entry:
    """Complete every part but the unit's confirmation."""
    actor = actor_of(by or season.author)
    row = AuthorRow("Nguyễn Thị Đào", Decimal(100), workplace="Bộ phận văn phòng", job_title="Công chức")
    services.save_authors(entry, [row], actor, now=now, version=None, unit_id=None)
    values = {
        "title": title or f"Mã QR tại tổ dân phố, bản {entry.code[-4:]}",
        "field_id": season.contest.fields[0].id,
        "kind": "individual",
        "first_applied_on": date(2026, 3, 2),
    }
    for name, typed in {"ten-linh-vuc": values, **TEXTS}.items():
        services.save_part(entry, parts.part_named(name), typed, actor, now=now, version=None)
    add_evidence(entry, by or season.author, now=now)
    return entry


def add_evidence(entry: Entry, by: User, *, name: str = "ảnh minh chứng.png", now: datetime = NOW):
    """A small real image as evidence."""
    storage = current_app.extensions["storage"]
    received = receive(storage, io.BytesIO(png()), name, limit=2**20)
    return services.add_file(entry, received, actor_of(by), now=now, version=None)


def confirm(season: Season, entry: Entry, *, now: datetime = NOW) -> Entry:
    """The unit's contact stands by it."""
    flow.fire(entry, "confirm", actor_of(season.contact), now=now)
    return entry


def submit(season: Season, entry: Entry, *, now: datetime = NOW) -> Entry:
    """The author submits."""
    flow.fire(entry, "submit", actor_of(season.author), now=now, data={"pledge": True})
    return entry


def make_submitted(season: Season, *, title: str = "", now: datetime = NOW) -> Entry:
    """An entry that has gone all the way to the office."""
    entry = fill(season, start(season, now=now), title=title, now=now)
    return submit(season, confirm(season, entry, now=now), now=now)


def png(colour: int = 200) -> bytes:
    """A grey picture of 2 × 2 points."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = bytes([0, colour, colour]) * 2
    head = struct.pack(">IIBBBBB", 2, 2, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
