"""Delegated signers, papers tied to facts, and papers that follow an issued one."""

import json
from datetime import date, timedelta

import pytest

from app.audit import sentences
from app.audit.models import AuditEvent
from app.core.clock import utcnow
from app.core.db import db
from app.core.errors import Invalid, NotAllowed, Refused
from app.documents import facts, queries, relations, services
from app.documents.models import Document, RegisterEntry
from app.documents.signing import signatures
from app.jobs import run_all
from app.organisations.models import Signatory
from tests.conftest import NOW
from tests.factories.documents import PASSWORD, make_world, shown_sha256
from tests.factories.people import actor_of, make_user
from workflows.spec import Role

TODAY = NOW.date()


@pytest.fixture
def world(app, monkeypatch):
    monkeypatch.setitem(app.extensions, "converter", None)
    return make_world()


def make_deputy(world, valid_to=None, scope="") -> Signatory:
    user = make_user("phochutich", Role.DEPUTY, at=world.ward, full_name="Trần Thị Bình")
    head = db.session.query(Signatory).filter_by(kind="head").one()
    signatory = Signatory(
        organisation_id=world.ward_id,
        user_id=user.id,
        role="chairman",
        kind="deputy",
        principal_id=head.id,
        basis="Thông báo số 03/TB-UBND",
        scope=scope,
        full_name=user.full_name,
        title="Phó Chủ tịch",
        capacity="TM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH",
        personal="KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH",
        valid_from=date(2026, 1, 1),
        valid_to=valid_to,
    )
    db.session.add(signatory)
    db.session.commit()
    return signatory


def choose(world, paper, signatory):
    services.choose_signatory(paper.row, signatory, actor_of(world.office), version=paper.version, now=NOW)
    db.session.commit()
    run_all(NOW)


def hand_in(world, paper):
    world.act(paper, world.office, "initial")
    world.act(paper, world.office, "request_signature")


# --- delegation -----------------------------------------------------------------------------------------------------
def test_a_deputy_signs_for_the_head_and_both_names_stay(world):
    paper = world.made()
    deputy = make_deputy(world)
    choose(world, paper, deputy)
    assert json.loads(paper.data)["signature"] == {
        "capacity_lines": ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"],
        "name": "Trần Thị Bình",
    }
    hand_in(world, paper)
    user = db.session.get(Signatory, deputy.id).user_id
    person = db.session.get(type(world.office), user)
    assert [one.id for one in queries.waiting_for(actor_of(person))] == [paper.id]
    assert queries.waiting_for(actor_of(world.chairman)) == []
    with pytest.raises(Refused) as refused:
        world.act(paper, world.chairman, "sign", data={"sha256": shown_sha256(paper)})
    assert refused.value.refusal.code == "other_signer"
    db.session.rollback()
    world.act(paper, person, "sign", data={"sha256": shown_sha256(paper)})
    (kept,) = signatures.list_of(paper.id)
    assert (kept.name, kept.title, kept.on_behalf_of) == ("Trần Thị Bình", "Phó Chủ tịch", "Nguyễn Công Lộc")
    event = db.session.query(AuditEvent).filter_by(action="document.sign").one()
    assert event.actor_name == "Trần Thị Bình"
    assert json.loads(event.changes)["on_behalf_of"] == ["", "Nguyễn Công Lộc"]
    text = "Trần Thị Bình (Người ký) duyệt và ký, ký thay Nguyễn Công Lộc (KT.)"
    assert sentences.timeline([event])[0].text == text


def test_power_that_ended_or_does_not_reach_the_paper_signs_nothing(world):
    paper = world.made()
    deputy = make_deputy(world, valid_to=TODAY)
    choose(world, paper, deputy)
    hand_in(world, paper)
    person = db.session.get(type(world.office), deputy.user_id)
    later = NOW + timedelta(days=1)
    with pytest.raises(Refused) as refused:
        world.act(paper, person, "sign", now=later, data={"sha256": shown_sha256(paper)})
    assert refused.value.refusal.code == "power_over"
    db.session.rollback()
    db.session.get(Signatory, deputy.id).scope = "plan"
    db.session.commit()
    with pytest.raises(Refused):
        world.act(paper, person, "sign", data={"sha256": shown_sha256(paper)})
    assert paper.state == "awaiting_signature"


def test_a_deputy_sees_only_papers_that_name_the_deputy(world, visitor):
    deputy = make_deputy(world)
    named, other = world.made(), world.made("certificate")
    choose(world, named, deputy)
    person = visitor(db.session.get(type(world.office), deputy.user_id))
    assert person.fetch(f"/van-ban/{named.code}").status_code == 200
    assert person.fetch(f"/van-ban/{other.code}").status_code == 404
    assert other.code not in person.visit("/van-ban").text


# --- a signature that is voided -------------------------------------------------------------------------------------
def test_a_returned_paper_loses_its_signature_visibly(world):
    paper = world.signed()
    world.act(paper, world.clerk, "return", reason="Sai tên")
    assert (paper.state, paper.signed_at, paper.signer_name) == ("returned", None, "")
    (kept,) = signatures.list_of(paper.id)
    assert (kept.name, kept.void_reason, kept.voided_at) == ("Nguyễn Công Lộc", "Sai tên", NOW)


# --- facts ----------------------------------------------------------------------------------------------------------
def test_a_change_of_facts_is_named_and_cleared_again(world):
    paper = world.awaiting()
    world.overrides["closing"] = "Câu kết khác"
    before = json.loads(paper.data)["closing"]
    assert facts.differences(paper.row, now=NOW) == [["Câu kết", before, "Câu kết khác"]]
    assert facts.find_changed(now=NOW, contest_id=world.contest_id) == [paper.id]
    facts.mark_changed(now=NOW, prepared=[paper.id], contest_id=world.contest_id)
    db.session.commit()
    assert facts.rows_of(paper.stale) == [["Câu kết", before, "Câu kết khác"]]
    assert facts.find_changed(now=NOW, contest_id=world.contest_id) == []
    del world.overrides["closing"]
    facts.mark_changed(now=NOW, prepared=[paper.id], contest_id=world.contest_id)
    db.session.commit()
    assert paper.stale == ""
    actions = [event.action for event in db.session.query(AuditEvent).order_by(AuditEvent.seq)]
    assert actions[-2:] == ["document.stale", "document.current"]


def test_a_changed_cell_is_named_by_table_and_row(world):
    paper = world.made()
    rows = json.loads(paper.data)["rows"]
    changed = [*rows[:-1], rows[-1] | {"title": "Tên mới"}]
    world.overrides["rows"] = changed
    (difference,) = facts.differences(paper.row, now=NOW)
    assert difference[0].startswith("Danh sách")
    assert f"dòng {len(rows)}" in difference[0]
    assert difference[1:] == [rows[-1]["title"], "Tên mới"]


def test_number_and_date_make_nothing_stale(world):
    paper = world.signed()
    world.issue(paper)
    assert facts.differences(paper.row, now=NOW + timedelta(days=40)) == []


@pytest.mark.parametrize(("reached", "changed"), [("awaiting", ["Câu kết"]), ("signed", [])])
def test_a_new_holder_of_an_office_changes_no_paper_that_was_signed_before(world, reached, changed):
    world.overrides["closing"] = lambda now: f"Chủ trì trong năm {now.year}"
    paper = getattr(world, reached)()
    assert [row[0] for row in facts.differences(paper.row, now=NOW + timedelta(days=400))] == changed


def test_the_watch_asks_for_each_changed_contest_once(world):
    paper = world.awaiting()
    watch = facts.Watch()
    watch(NOW)
    watch(NOW)
    run_all(NOW)
    world.overrides["closing"] = "Câu kết khác"
    watch(NOW)
    run_all(NOW)
    assert paper.stale == ""
    world.act(world.draw("certificate"), world.chairman, "revoke", reason="Không cần")
    watch(NOW)
    run_all(NOW)
    assert paper.stale != ""


# --- successors -----------------------------------------------------------------------------------------------------
def follow(world, paper, relation, **told):
    told = {"reason": "Sai số liệu", "wrong": "", "right": ""} | told
    made = relations.succeed(paper.row, relation, told, actor_of(world.office), version=paper.version, now=NOW)
    db.session.commit()
    run_all(NOW)
    return type(paper)(made.id)


def finish(world, paper):
    hand_in(world, paper)
    world.act(paper, world.chairman, "sign", data={"sha256": shown_sha256(paper)})
    world.issue(paper)


def test_a_replacing_paper_takes_over_when_it_is_issued(world):
    paper = world.signed()
    world.issue(paper)
    world.overrides["closing"] = "Câu kết khác"
    new = follow(world, paper, "replaces")
    assert (new.relation, new.related_id, paper.state) == ("replaces", paper.id, "issued")
    finish(world, new)
    assert (paper.state, new.state) == ("replaced", "issued")
    lines = db.session.query(RegisterEntry).order_by(RegisterEntry.number).all()
    assert [(line.symbol, line.note) for line in lines] == [
        ("01/TTr-UBND", "Được thay thế bằng Tờ trình số 02/TTr-UBND ngày 20/11/2026"),
        ("02/TTr-UBND", ""),
    ]
    assert queries.paper_of("forwarding", contest_id=world.contest_id).id == new.id
    assert [one.id for one in relations.followers(paper.id)] == [new.id]


def test_only_the_office_follows_and_only_issued_papers(world):
    paper = world.signed()
    with pytest.raises(Refused):
        follow(world, paper, "replaces")
    db.session.rollback()
    world.issue(paper)
    told = {"reason": "x", "wrong": "", "right": ""}
    with pytest.raises(NotAllowed):
        relations.succeed(paper.row, "replaces", told, actor_of(world.clerk), version=paper.version, now=NOW)


def test_a_correction_leaves_the_paper_in_force(world):
    paper = world.signed()
    world.issue(paper)
    with pytest.raises(Invalid) as invalid:
        follow(world, paper, "corrects", wrong="một\nhai", right="một")
    assert invalid.value.errors == {"right": "Có 2 chỗ sai nhưng 1 chỗ đúng; mỗi chỗ một dòng"}
    db.session.rollback()
    letter = follow(world, paper, "corrects", wrong="Nguyễn Van A", right="Nguyễn Văn A")
    assert letter.render_state == "ready", letter.render_error
    finish(world, letter)
    assert paper.state == "issued"
    line = db.session.query(RegisterEntry).filter_by(document_id=paper.id).one()
    assert line.note.startswith("Được đính chính tại Công văn số 01/")


def test_a_revoking_decision_ends_the_paper(world):
    paper = world.signed()
    world.issue(paper)
    decision = follow(world, paper, "revokes")
    assert decision.render_state == "ready", decision.render_error
    finish(world, decision)
    assert paper.state == "revoked"
    assert db.session.query(Document).filter_by(state="issued").one().id == decision.id


# --- many at once ---------------------------------------------------------------------------------------------------
def test_a_stage_of_papers_goes_on_in_three_clicks(world, visitor):
    for code in ("CT-1", "CT-2", "CT-3"):
        world.next_contest(code)
        world.made()
    office = visitor(world.office).visit("/van-ban?trang_thai=draft")
    office.submit(button="document.initial.every")
    office.visit("/van-ban?trang_thai=initialled").submit(button="document.request_signature.every")
    assert {row.state for row in db.session.query(Document)} == {"awaiting_signature"}


def test_one_paper_that_cannot_go_on_holds_all_and_is_named(world, visitor):
    good = world.made()
    world.next_contest("CT-1")
    waiting = world.draw()
    office = visitor(world.office).visit("/van-ban?trang_thai=draft")
    office.submit(button="document.initial.every", status=409)
    assert f"{waiting.code}: Văn bản đang được tạo hoặc tạo bị lỗi." in office.text
    assert (good.state, waiting.state) == ("draft", "draft")


def test_the_chairman_signs_all_that_the_page_shows(world, visitor):
    for code in ("CT-1", "CT-2", "CT-3"):
        world.next_contest(code)
        world.awaiting(now=utcnow())
    chairman = visitor(world.chairman).visit("/trinh-ky")
    chairman.submit({"password": PASSWORD}, button="document.sign.every")
    assert {row.state for row in db.session.query(Document)} == {"signed"}


def test_the_clerk_numbers_many_with_one_day(world, visitor):
    papers = []
    for code in ("CT-1", "CT-2"):
        world.next_contest(code)
        papers.append(world.signed())
    clerk = visitor(world.clerk).visit("/van-ban?trang_thai=signed")
    clerk.submit({"issued_on": "99/99/2026"}, button="document.number.every", status=422)
    assert "document.number" in " ".join(clerk.actions())
    clerk.visit("/van-ban?trang_thai=signed").submit(button="document.number.every")
    assert [paper.number for paper in papers] == [1, 2]
