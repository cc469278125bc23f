"""A contest with its people, and papers about it, for tests of papers."""

from dataclasses import dataclass, field
from datetime import date, datetime

from argon2 import PasswordHasher

from app import flow
from app.accounts.actor import SYSTEM
from app.accounts.models import User
from app.contests.models import Contest
from app.core.db import db
from app.documents import contexts, services, templates_store
from app.documents.models import Document
from app.documents.services import Drawn, draws
from app.jobs import run_all
from app.organisations.models import Organisation, Signatory
from tests.conftest import NOW
from tests.factories.people import actor_of, make_organisation, make_user
from workflows import CONTEST
from workflows.spec import Role

PASSWORD = "mật khẩu của chủ tịch"
_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


@dataclass
class World:
    """One ward, one contest, one person in each role that handles papers."""

    ward: Organisation
    contest: Contest
    office: User
    chairman: User
    clerk: User
    signatory: Signatory
    overrides: dict = field(default_factory=dict)

    def draw(self, template: str = "forwarding", now: datetime = NOW) -> Document:
        """Draw a paper up as the office and commit; its bytes are still to be made."""
        document = services.draw_up(template, self.contest, actor_of(self.office), now=now)
        db.session.commit()
        return document

    def made(self, template: str = "forwarding", now: datetime = NOW) -> Document:
        """The same with its bytes."""
        document = self.draw(template, now)
        run_all(now)
        return document

    def act(self, document: Document, user: User, action: str, now: datetime = NOW, **more) -> None:
        """Do one act and commit."""
        flow.fire(document, action, actor_of(user), now=now, **more)
        db.session.commit()

    def signed(self, template: str = "forwarding", now: datetime = NOW) -> Document:
        """A paper that the chairman has signed."""
        document = self.made(template, now)
        self.act(document, self.office, "initial", now)
        self.act(document, self.office, "request_signature", now)
        self.act(document, self.chairman, "sign", now, data={"sha256": shown_sha256(document)})
        return document


def shown_sha256(document: Document) -> str:
    """What a signer's page binds."""
    from app.documents import queries

    return queries.signable_sha256(document.id)


_overrides: dict = {}


def make_world() -> World:
    """The people and the contest, committed."""
    _overrides.clear()
    ward = make_organisation(superior_line="")
    office = make_user("vanphong", Role.OFFICE, at=ward)
    chairman = make_user("chutich", Role.CHAIRMAN, at=ward, full_name="Nguyễn Công Lộc")
    clerk = make_user("vanthu", Role.CLERK, at=ward)
    for user in (office, chairman, clerk):
        user.password_hash = _HASH
    signatory = make_signatory(ward, chairman)
    contest = make_contest(ward, "CT-2026")
    db.session.commit()
    return World(ward, contest, office, chairman, clerk, signatory, _overrides)


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
    context = own | frame | _overrides
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
