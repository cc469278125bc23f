"""Who sees a paper besides the staff: authors their own once issued, the body above what was sent to it."""

import pytest

from app.accounts.actor import SYSTEM
from app.core.db import db
from app.documents import policy, queries
from app.documents.models import Document
from app.entries.models import EntryAuthor
from tests.conftest import NOW
from tests.factories.entries import make_season, make_submitted
from tests.factories.handover import issue_forwarding, make_decided_season, make_package, make_sent
from tests.factories.people import actor_of, grant, make_user
from workflows.spec import Role


def paper_about(season, entry, template="certificate", state="issued"):
    document = Document(
        code=f"VB-{template}",
        verify_code=f"V{template}",
        contest_id=season.contest.id,
        organisation_id=season.host.id,
        entry_id=entry.id,
        template_code=template,
        template_sha256="0" * 64,
        type_name="Giấy chứng nhận",
        subject="Giấy chứng nhận",
        data="{}",
        signer_role="chairman",
        render_state="ready",
        created_at=NOW,
        state=state,
    )
    db.session.add(document)
    db.session.flush()
    return document


@pytest.fixture
def season(app):
    return make_season()


@pytest.mark.parametrize(
    ("state", "seen"), [("draft", False), ("awaiting_signature", False), ("signed", False), ("issued", True)]
)
def test_authors_see_the_paper_of_their_own_entry_once_it_is_issued(season, state, seen):
    document = paper_about(season, make_submitted(season), state=state)
    stranger = make_user("nguoikhac", home=season.unit)
    assert policy.may_see(document, actor_of(season.author)) is seen
    assert policy.may_see(document, actor_of(season.contact)) is seen
    assert not policy.may_see(document, actor_of(stranger))
    assert not policy.may_see(document, actor_of(season.other_contact))
    assert policy.may_see(document, actor_of(season.office))
    assert policy.may_see(document, SYSTEM)


def test_a_score_sheet_is_for_secretary_and_head_of_jury_only(season):
    document = paper_about(season, make_submitted(season), "score_sheet")
    secretary = make_user("thuky", Role.SECRETARY, at=season.host)
    head = make_user("truongban", Role.HEAD_OF_JURY, at=season.host, contest_id=season.contest.id)
    chairman = make_user("chutich", Role.CHAIRMAN, at=season.host)
    may = {
        user.username: policy.may_see(document, actor_of(user))
        for user in (secretary, head, chairman, season.office, season.author, season.contact)
    }
    assert may == {
        "thuky": True,
        "truongban": True,
        "chutich": False,
        "phuong-vanphong": False,
        "phuong-tacgia": False,
        "phuong-donvi": False,
    }
    for user in (secretary, head, chairman, season.office):
        listed = queries.list_papers(actor_of(user), None, "", None)
        assert bool(listed) is may[user.username]


def test_an_author_who_works_in_the_office_does_not_handle_the_own_certificate(season):
    entry = make_submitted(season)
    document = paper_about(season, entry, state="draft")
    grant(season.author, Role.OFFICE, season.host)
    assert policy.roles(document, actor_of(season.author)) == {Role.AUTHOR}
    assert Role.OFFICE in policy.roles(document, actor_of(season.office))


def test_a_secretary_who_is_an_author_sees_no_score_sheet_of_the_own_entry(season):
    entry = make_submitted(season)
    document = paper_about(season, entry, "score_sheet")
    secretary = make_user("thuky", Role.SECRETARY, at=season.host)
    assert policy.may_see(document, actor_of(secretary))
    db.session.query(EntryAuthor).filter_by(entry_id=entry.id).first().user_id = secretary.id
    db.session.flush()
    db.session.expire_all()
    assert not policy.may_see(document, actor_of(secretary))


def test_the_body_above_sees_the_paper_of_a_package_that_was_sent(app):
    season = make_decided_season()
    document = issue_forwarding(make_package(season))
    assert not policy.may_see(document, actor_of(season.upper_clerk))
    db.session.rollback()
    package = make_sent(season)
    document = queries.paper_of("forwarding", package_id=package.id)
    assert policy.may_see(document, actor_of(season.upper_clerk))
    assert not policy.may_see(document, actor_of(season.author))
