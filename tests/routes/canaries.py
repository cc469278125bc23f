"""Unmistakable words in sensitive places of the demonstration, and who may come across each of them.

Pages, exports, workbooks, archives and papers are searched; a word that turns up elsewhere than `ALLOWED` says is a
leak. Numbers are given values that occur nowhere else.
"""

import io
import re
import zipfile
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select, update

from app import audit
from app.accounts.actor import Actor
from app.accounts.models import User
from app.contests.models import Contest, Prize
from app.core.clock import utcnow
from app.core.db import db
from app.entries.models import Entry, EntryAuthor
from app.scoring.models import ScoreLine, ScoreSheet
from app.screening.models import Check
from tests.routes.world import NOBODY, World

HOST = {"vanphong", "thuky", "vanthu", "truongban", "chutich"}
"""Office, secretaries, head of the jury and chairman of the ward that holds the contests of 2023 and 2024."""

PANEL = {"vanphong", "thuky", "vanthu", "truongban"}
"""Secretaries and head of the jury of the contest of 2024; the office and the clerk sit in its secretariat."""

OWN_SIDE = {"tacgia", "donvi"}
"""The author, and the contact of the unit, of the entries that `addresses.OWN` names and of SK-2024-0002."""


@dataclass(frozen=True)
class Canary:
    """`word` as it would be shown, and the accounts that may read it."""

    name: str
    word: str
    allowed: frozenset[str]


def _canary(name: str, word: str, *allowed: set[str]) -> Canary:
    return Canary(name, word, frozenset().union(*allowed))


JUDGES = {f"giamkhao{n}" for n in range(1, 6)}

CANARIES = (
    _canary("confidential part of a scored entry", "MATMOT", HOST, OWN_SIDE, JUDGES),
    _canary("confidential part of a rejected entry", "MATHAI", HOST),
    _canary("confidential part of a forwarded entry", "MATBA", HOST, {"captren"}),
    _canary("title of an entry that is scored but not announced", "TENDACHAM", HOST, OWN_SIDE, JUDGES),
    _canary("title of one's own draft", "NHAPMOT", OWN_SIDE),
    _canary("title of another's draft", "NHAPHAI"),
    _canary("title of a submitted entry of another unit", "NOPMOT", HOST),
    _canary("birth date of an author", "07/03/1931", HOST, OWN_SIDE),
    _canary("birth date of an author, as stored", "1931-03-07"),
    _canary("reason of a return", "LYDOTRA", HOST),
    _canary("note of a check", "GHICHUKT", {"vanphong"}),
    _canary("comment of a judge who sent", "NHANXETGK1", PANEL, {"giamkhao1"}),
    _canary("note of a judge who sent", "GHICHUGK1", PANEL, {"giamkhao1"}),
    _canary("comment of a judge who has not sent yet", "NHANXETGK3", {"giamkhao3"}),
    _canary("total of a judge", "61,37", PANEL, {"giamkhao1"}),
    _canary("mean of an entry", "62,42", PANEL),
    _canary("reason of an act on a score sheet in the trail", "LYDOPHIEU"),
    _canary("reason of an act on an entry in the trail", "LYDOHOSO", HOST, OWN_SIDE),
    _canary("mail address of a person", "hopthumat", {"quantri", "giamkhao4"}),
    _canary("name of a judge's account", "GIAMKHAOAN", PANEL, {"quantri", "giamkhao4"}),
    _canary("hash of a password", "argon2"),
)


def plant(world: World) -> None:
    """Put the words in their places, as if the people had typed them."""
    world.run(_plant)


def _plant() -> None:
    _texts_of_entries()
    _judging()
    _trail()
    judge = db.session.scalar(select(User).where(User.username == "giamkhao4"))
    judge.email, judge.full_name = "hopthumat@example.vn", "Nguyễn Thị GIAMKHAOAN"


def _entry(code: str) -> Entry:
    return db.session.scalar(select(Entry).where(Entry.code == code))


def _prize_of(contest: str) -> int:
    return db.session.scalar(select(Prize.id).join(Contest).where(Contest.code == contest).order_by(Prize.id))


def _texts_of_entries() -> None:
    for code, values in {
        "SK-2024-0002": {
            "confidential": "MATMOT",
            "title": "TENDACHAM",
            "score_mean": Decimal("62.4173"),
            "rank": 1,
            "prize_id": _prize_of("CT-2024"),
        },
        "SK-2023-0010": {"confidential": "MATHAI"},
        "SK-2023-0004": {"confidential": "MATBA"},
        "SK-2024-0014": {"title": "NHAPMOT"},
        "SK-2024-0013": {"title": "NHAPHAI"},
        "SK-2024-0011": {"title": "NOPMOT"},
        "SK-2024-0007": {"return_reason": "LYDOTRA"},
    }.items():
        db.session.execute(update(Entry.__table__).where(Entry.__table__.c.code == code).values(**values))
    own = _entry("SK-2024-0002")
    born = update(EntryAuthor.__table__).where(EntryAuthor.__table__.c.entry_id == own.id)
    db.session.execute(born.values(born_on=date(1931, 3, 7)))
    db.session.execute(update(Check.__table__).values(note="GHICHUKT"))


def _judging() -> None:
    """The judge `giamkhao1` has sent the sheets of two entries; `giamkhao3` works on one of them."""
    sheets = ScoreSheet.__table__
    for code in ("SK-2024-0002-GK1", "SK-2024-0005-GK1"):
        _write_sheet(code, "submitted", "NHANXETGK1", "GHICHUGK1")
        db.session.execute(update(sheets).where(sheets.c.code == code).values(total=Decimal("61.37")))
    _write_sheet("SK-2024-0005-GK3", "draft", "NHANXETGK3", "NHANXETGK3")


def _write_sheet(code: str, state: str, comment: str, note: str) -> None:
    """The words of a sheet. The database lets scores change on a draft only, so it is one for the moment."""
    sheets, lines = ScoreSheet.__table__, ScoreLine.__table__
    sheet_id = db.session.scalar(select(ScoreSheet.id).where(ScoreSheet.code == code))
    of_sheet = update(sheets).where(sheets.c.id == sheet_id)
    db.session.execute(of_sheet.values(state="draft", comment=comment))
    db.session.execute(update(lines).where(lines.c.sheet_id == sheet_id).values(note=note))
    db.session.execute(of_sheet.values(state=state))


def _trail() -> None:
    contest = db.session.scalar(select(Contest).where(Contest.code == "CT-2024"))
    own = _entry("SK-2024-0002")
    sheet = db.session.scalar(select(ScoreSheet).where(ScoreSheet.code == "SK-2024-0005-GK1"))
    secretary = Actor(4, "Hoàng Thị Diệu Linh")
    for kind, action, subject, reason, role in (
        ("entry", "entry.edit", own, "LYDOHOSO", "author"),
        ("scorecard", "scorecard.reopen", sheet, "LYDOPHIEU", "secretary"),
    ):
        audit.record(
            at=utcnow(),
            actor=secretary,
            role=role,
            action=action,
            subject_type=kind,
            subject_id=subject.id,
            subject_code=subject.code,
            contest_id=contest.id,
            reason=reason,
        )


def text_of(content: bytes, media_type: str) -> str:
    """Everything readable in an answer: archives and workbooks are opened, also those within archives."""
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(text_of(archive.read(name), "") + name for name in archive.namelist())
    text = content.decode("utf-8", errors="replace")
    return re.sub(r"<w:[^>]*>|</w:[^>]*>", "", text) if "<w:" in text else text


def leaks(found, accounts: list[str]) -> list[str]:
    """Every word that an account has read and may not."""
    assert accounts[0] == NOBODY
    problems = []
    for (label, who), answer in found.answers.items():
        text = text_of(answer.content, answer.media_type)
        problems += [
            f"{label} tells {who} the {canary.name}"
            for canary in CANARIES
            if canary.word in text and who not in canary.allowed
        ]
    return problems


def unread(found) -> list[str]:
    """Words that no allowed account came across: then the search proves nothing for them."""
    texts: dict[str, list[str]] = {}
    for (_label, who), answer in found.answers.items():
        texts.setdefault(who, []).append(text_of(answer.content, answer.media_type))
    return [
        canary.name
        for canary in CANARIES
        if canary.allowed and not any(canary.word in text for who in canary.allowed for text in texts.get(who, ()))
    ]
