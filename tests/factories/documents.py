"""A contest with its people, and papers about it, for tests of papers."""

from dataclasses import dataclass
from datetime import date, datetime

from argon2 import PasswordHasher

from app import flow
from app.accounts.actor import SYSTEM
from app.accounts.models import User
from app.contests.models import Contest
from app.core.db import db
from app.documents import contexts, queries, services
from app.documents.models import Document
from app.documents.services import Drawn, draws
from app.documents.templating import store as templates_store
from app.jobs import run_all
from app.organisations.models import Organisation, Signatory
from tests.conftest import NOW
from tests.factories.people import actor_of, make_organisation, make_user
from workflows import CONTEST
from workflows.spec import Role

PASSWORD = "mật khẩu của chủ tịch"
_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


@dataclass(frozen=True)
class Paper:
    """A paper that outlives the database session: every attribute is read anew."""

    id: int

    @property
    def row(self) -> Document:
        """The row in the present session."""
        return db.session.get(Document, self.id)

    def __getattr__(self, name: str):
        return getattr(self.row, name)


class World:
    """One ward, one contest, one person in each role that handles papers; read anew like papers.

    `overrides` replaces fields of what is drawn.
    """

    def __init__(self, ward: Organisation, contest: Contest, people: dict[str, User]):
        self.ward_id, self.contest_id = ward.id, contest.id
        self._people = {name: user.id for name, user in people.items()}
        _overrides.clear()
        self.overrides = _overrides

    @property
    def ward(self) -> Organisation:
        """The ward."""
        return db.session.get(Organisation, self.ward_id)

    @property
    def contest(self) -> Contest:
        """The contest that papers are drawn of."""
        return db.session.get(Contest, self.contest_id)

    @property
    def office(self) -> User:
        """Who draws papers up."""
        return db.session.get(User, self._people["office"])

    @property
    def chairman(self) -> User:
        """Who signs."""
        return db.session.get(User, self._people["chairman"])

    @property
    def clerk(self) -> User:
        """Who numbers and issues."""
        return db.session.get(User, self._people["clerk"])

    def next_contest(self, code: str) -> None:
        """Draw papers of another, new contest from now on."""
        self.contest_id = make_contest(self.ward, code).id
        db.session.commit()

    def draw(self, template: str = "forwarding", now: datetime = NOW) -> Paper:
        """Draw a paper up as the office and commit; its bytes are still to be made."""
        document = services.draw_up(template, self.contest, actor_of(self.office), now=now)
        db.session.commit()
        return Paper(document.id)

    def made(self, template: str = "forwarding", now: datetime = NOW) -> Paper:
        """The same with its bytes."""
        document = self.draw(template, now)
        run_all(now)
        return document

    def act(self, paper: Paper, user: User, action: str, now: datetime = NOW, **more) -> None:
        """Do one act and commit."""
        flow.fire(paper.row, action, actor_of(user), now=now, **more)
        db.session.commit()

    def awaiting(self, template: str = "forwarding", now: datetime = NOW) -> Paper:
        """A paper that lies before the chairman."""
        paper = self.made(template, now)
        self.act(paper, self.office, "initial", now)
        self.act(paper, self.office, "request_signature", now)
        return paper

    def signed(self, template: str = "forwarding", now: datetime = NOW) -> Paper:
        """A paper that the chairman has signed."""
        paper = self.awaiting(template, now)
        self.act(paper, self.chairman, "sign", now, data={"sha256": shown_sha256(paper)})
        return paper

    def issue(self, paper: Paper, now: datetime = NOW, **data) -> None:
        """The clerk numbers the paper and sends it out; `data` holds day and copies."""
        self.act(paper, self.clerk, "number", now, data=data)
        run_all(now)
        self.act(paper, self.clerk, "issue", now)


def shown_sha256(paper: Paper) -> str:
    """What a signer's page binds."""
    return queries.signable_sha256(paper.id)


_overrides: dict = {}


def make_world() -> World:
    """The people and the contest, committed."""
    ward = make_organisation(superior_line="")
    people = {
        "office": make_user("vanphong", Role.OFFICE, at=ward),
        "chairman": make_user("chutich", Role.CHAIRMAN, at=ward, full_name="Nguyễn Công Lộc"),
        "clerk": make_user("vanthu", Role.CLERK, at=ward),
    }
    for user in people.values():
        user.password_hash = _HASH
    make_signatory(ward, people["chairman"])
    world = World(ward, make_contest(ward, "CT-2026"), people)
    db.session.commit()
    return world


def make_signatory(ward: Organisation, user: User, valid_from: date = date(2000, 1, 1)) -> Signatory:
    """The chairman as the one who signs."""
    signatory = Signatory(
        organisation_id=ward.id,
        user_id=user.id,
        role="chairman",
        full_name=user.full_name,
        title="Chủ tịch",
        capacity="TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH",
        personal="CHỦ TỊCH",
        valid_from=valid_from,
    )
    db.session.add(signatory)
    db.session.flush()
    return signatory


def make_contest(ward: Organisation, code: str) -> Contest:
    """An empty contest."""
    contest = Contest(
        code=code,
        entry_prefix=code.replace("CT", "SK"),
        organisation_id=ward.id,
        year=2026,
        title=f"Cuộc thi {code}",
        created_at=NOW,
    )
    flow.record_creation(contest, "create", SYSTEM, Role.SYSTEM.value, now=NOW)
    return contest


def _sample(template: str, contest: Contest, now: datetime, day: date | None = None) -> Drawn:
    """A paper about the contest itself, with the template's sample and the frame of the ward."""
    ward = db.session.get(Organisation, contest.organisation_id)
    signatory = db.session.query(Signatory).filter_by(organisation_id=ward.id).first()
    frame = contexts.frame(template, ward, now=now, signatory=signatory, recipients="Như trên\nVăn phòng", day=day)
    own = {k: v for k, v in templates_store.load(template).sample().items() if k not in ("number_text", "verify")}
    if day:
        frame.pop("signature")
    known = contexts.field_names(template)
    overrides = {name: value(now) if callable(value) else value for name, value in _overrides.items()}
    context = own | frame | {name: value for name, value in overrides.items() if name in known}
    if "annex_reference" in context:
        context["annex_reference"] = contexts.annex_reference(template, ward.name, "TTr-UBND", now=now)
    return Drawn(context, f"Văn bản thử của {contest.code}", contest.id, ward.id)


@draws("forwarding", CONTEST)
def draw_forwarding(contest: Contest, *, now: datetime) -> Drawn:
    """A numbered paper that the chairman signs."""
    return _sample("forwarding", contest, now)


@draws("certificate", CONTEST)
def draw_certificate(contest: Contest, *, now: datetime) -> Drawn:
    """A paper with a number in the certificates' book."""
    return _sample("certificate", contest, now)


@draws("receipt", CONTEST)
def draw_receipt(contest: Contest, *, now: datetime) -> Drawn:
    """A paper that nobody signs."""
    return _sample("receipt", contest, now, day=now.date())
