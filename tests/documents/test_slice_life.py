"""The life of a paper from data to issue, through services."""

import hashlib
import io
import json
import zipfile
from datetime import date, timedelta

import pytest

from app import flow
from app.core.db import db, write_transaction
from app.core.errors import Conflict, Invalid, NotAllowed, Refused
from app.documents import queries, services
from app.documents.batches import making
from app.documents.models import Document, DocumentFile, RegisterEntry
from app.jobs import run_all
from app.jobs.models import Job
from app.public import papers
from tests.conftest import NOW
from tests.factories.documents import make_signatory, make_world, shown_sha256
from tests.factories.people import actor_of, make_user
from workflows.spec import Role

TODAY = date(2026, 11, 20)


@pytest.fixture
def world(app, monkeypatch):
    """Papers as .docx only, as on a machine without LibreOffice."""
    monkeypatch.setitem(app.extensions, "converter", None)
    return make_world()


def text_of(app, sha256):
    with app.extensions["storage"].open(sha256) as stored, zipfile.ZipFile(io.BytesIO(stored.read())) as package:
        return package.read("word/document.xml").decode()


def test_a_drawn_paper_is_a_draft_with_room_for_number_and_day(world):
    document = world.draw()
    data = json.loads(document.data)
    assert document.state == "draft"
    assert document.signer_role == "chairman"
    assert document.series == "TTr-UBND"
    assert data["number_text"] == "Số:       /TTr-UBND"
    assert data["place_date"] == "Thử Nghiệm, ngày      tháng 11 năm 2026"
    assert data["signature"] == {
        "capacity_lines": ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"],
        "name": "Nguyễn Công Lộc",
    }


def test_stored_bytes_have_the_recorded_hash(app, world):
    document = world.made()
    (file,) = queries.current_files(document.id)
    with app.extensions["storage"].open(file.sha256) as stored:
        content = stored.read()
    assert hashlib.sha256(content).hexdigest() == file.sha256
    assert (file.kind, file.stage, file.size) == ("docx", "draft", len(content))
    assert document.render_state == "ready"


def test_drawing_again_changes_the_draft_and_makes_no_second_paper(world):
    first = world.made()
    before = shown_sha256(first)
    world.overrides["closing"] = "Câu kết khác"
    again = world.made()
    assert again.id == first.id
    assert json.loads(again.data)["closing"] == "Câu kết khác"
    assert shown_sha256(again) != before
    assert db.session.query(Document).count() == 1


def test_drawing_the_same_again_makes_nothing(world):
    document = world.made()
    version, jobs_before = document.version, db.session.query(Job).count()
    world.draw()
    assert (document.version, db.session.query(Job).count()) == (version, jobs_before)


@pytest.mark.parametrize("steps", [("initial",), ("initial", "request_signature")])
def test_a_paper_on_its_way_is_not_drawn_again(world, steps):
    document = world.made()
    for step in steps:
        world.act(document, world.office, step)
    with pytest.raises(Refused) as refused:
        world.draw()
    assert refused.value.refusal.code == "paper_in_use"


def test_a_changed_fact_keeps_the_paper_from_being_signed(world):
    document = world.awaiting()
    world.overrides["closing"] = "Câu kết khác"
    with pytest.raises(Refused) as refused:
        world.act(document, world.chairman, "sign", data={"sha256": shown_sha256(document)})
    assert (refused.value.refusal.code, refused.value.refusal.params) == ("paper_stale", {"facts": ["Câu kết"]})
    db.session.rollback()
    world.act(document, world.chairman, "return", reason="Số liệu cũ")
    assert world.made().state == "returned"
    world.act(document, world.office, "revise")
    world.act(document, world.office, "initial")
    assert document.state == "initialled"


def test_a_revoked_paper_makes_room_for_a_new_one(world):
    old = world.made()
    world.act(old, world.chairman, "revoke", reason="Không cần nữa")
    assert world.draw().id != old.id


def test_signing_binds_the_bytes_and_the_dated_signatory(world):
    document = world.signed()
    assert document.state == "signed"
    assert document.signed_sha256 == shown_sha256(document)
    assert (document.signed_by_id, document.signed_at) == (world.chairman.id, NOW)
    assert (document.signer_name, document.signer_title) == ("Nguyễn Công Lộc", "Chủ tịch")


@pytest.mark.parametrize("shown", ["", "0" * 64])
def test_other_bytes_than_shown_are_not_signed(world, shown):
    document = world.made()
    world.act(document, world.office, "initial")
    world.act(document, world.office, "request_signature")
    with pytest.raises(Refused) as refused:
        world.act(document, world.chairman, "sign", data={"sha256": shown})
    assert refused.value.refusal.code == "paper_changed"


def test_a_paper_in_the_name_of_a_former_signatory_is_not_signed(world):
    document = world.made()
    world.act(document, world.office, "initial")
    world.act(document, world.office, "request_signature")
    successor = make_user("chutichmoi", Role.CHAIRMAN, at=world.ward, full_name="Trần Thị Thu Hà")
    make_signatory(world.ward, successor, valid_from=TODAY)
    db.session.commit()
    for person in (world.chairman, successor):
        with pytest.raises(Refused) as refused:
            world.act(document, person, "sign", data={"sha256": shown_sha256(document)})
        assert refused.value.refusal.code == "other_signer"
        db.session.rollback()


def test_signing_twice_with_one_key_signs_once_and_with_another_conflicts(world):
    document = world.made()
    world.act(document, world.office, "initial")
    world.act(document, world.office, "request_signature")
    data = {"sha256": shown_sha256(document)}
    version = document.version
    chairman = actor_of(world.chairman)
    first = flow.fire(document.row, "sign", chairman, now=NOW, data=data, version=version, key="k")
    assert flow.fire(document.row, "sign", chairman, now=NOW, data=data, version=version, key="k") == first
    with pytest.raises(Conflict):
        flow.fire(document.row, "sign", chairman, now=NOW, data=data, version=version, key="other")


def test_issue_gives_number_date_register_line_and_final_bytes(app, world):
    document = world.signed()
    draft = shown_sha256(document)
    world.issue(document, issued_on=TODAY, copies=7)
    data = json.loads(document.data)
    assert (document.state, document.symbol, document.number) == ("issued", "01/TTr-UBND", 1)
    assert data["number_text"] == "Số: 01/TTr-UBND"
    assert data["place_date"] == "Thử Nghiệm, ngày 20 tháng 11 năm 2026"
    assert (
        data["annex_reference"] == f"Kèm theo Tờ trình số 01/TTr-UBND ngày 20 tháng 11 năm 2026 của {world.ward.name}"
    )
    line = db.session.query(RegisterEntry).one()
    assert (line.symbol, line.copies, line.issued_on, line.recipients) == (
        "01/TTr-UBND",
        7,
        TODAY,
        "Như trên; Văn phòng",
    )
    assert line.signer == "Nguyễn Công Lộc, Chủ tịch"
    (file,) = queries.current_files(document.id)
    assert file.stage == "issued"
    assert file.sha256 != draft
    assert "01/TTr-UBND" in text_of(app, file.sha256)
    assert document.signed_sha256 == draft


def test_issued_bytes_are_never_made_again(world):
    document = world.signed()
    world.issue(document)
    files = [file.sha256 for file in db.session.query(DocumentFile).order_by(DocumentFile.id)]
    services.ask_for_bytes(document.row, now=NOW)
    db.session.commit()
    run_all(NOW)
    assert [file.sha256 for file in db.session.query(DocumentFile).order_by(DocumentFile.id)] == files
    with pytest.raises(NotAllowed):
        services.renew(document.row, actor_of(world.office), version=document.version, now=NOW)


def test_what_was_made_from_older_data_is_not_kept(world, monkeypatch):
    document = world.draw()

    def meanwhile(docx, pdf=None):
        world.overrides["closing"] = "Câu kết khác"
        with write_transaction():
            services.draw_up("forwarding", world.contest, actor_of(world.office), now=NOW)
        return [{"kind": "docx", "sha256": "0" * 64, "size": 1, "pages": 0}]

    monkeypatch.setattr(making, "_stored", meanwhile)
    making.make_some(now=NOW, template="forwarding")
    assert (document.render_state, db.session.query(DocumentFile).count()) == ("waiting", 0)


def test_work_done_twice_leaves_one_file(world):
    document = world.draw()
    (paper,) = making.waiting("forwarding")
    outcome = [{"kind": "docx", "sha256": "0" * 64, "size": 1, "pages": 0}]
    for _ in range(2):
        making._keep(paper, outcome, NOW, NOW)
    assert db.session.query(DocumentFile).count() == 1
    assert document.render_state == "ready"


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (TODAY - timedelta(days=1), "Ngày văn bản không được trước ngày ký 20/11/2026"),
        (TODAY + timedelta(days=1), "Ngày văn bản không được sau hôm nay 20/11/2026"),
    ],
)
def test_a_date_before_the_signing_or_ahead_of_time_is_refused(world, day, sentence):
    document = world.signed()
    with pytest.raises(Invalid) as invalid:
        world.issue(document, issued_on=day)
    assert invalid.value.errors == {"issued_on": sentence}


def test_numbers_follow_the_order_of_time_and_a_refusal_leaves_no_gap(world):
    later = NOW + timedelta(days=2)
    first, second = world.signed(), world.signed("certificate")
    world.issue(first, later, issued_on=later.date())
    world.act(first, world.chairman, "revoke", reason="Sai", now=later)
    third = world.signed(now=NOW)
    with pytest.raises(Invalid) as invalid:
        world.issue(third, later, issued_on=TODAY)
    assert "Số liền trước trong sổ đã ghi ngày 22/11/2026" in invalid.value.errors["issued_on"]
    db.session.rollback()
    world.issue(third, later, issued_on=later.date())
    world.issue(second, later)
    symbols = [line.symbol for line in db.session.query(RegisterEntry).order_by(RegisterEntry.id)]
    assert symbols == ["01/TTr-UBND", "02/TTr-UBND", "01/GCN-UBND"]
    assert json.loads(second.data)["book_number"] == "01/GCN-UBND"


def test_a_revoked_paper_keeps_its_number_with_a_note(world):
    document = world.signed()
    world.issue(document)
    world.act(document, world.chairman, "revoke", reason="Sai căn cứ")
    assert db.session.query(RegisterEntry).one().note == "Thu hồi ngày 20/11/2026: Sai căn cứ"
    assert papers.by_code(document.verify_code).document.state == "revoked"


def test_a_paper_without_signature_is_released_with_the_bytes_it_was_made_with(world):
    document = world.made("receipt")
    assert (document.state, document.issued_on, document.number) == ("issued", TODAY, None)
    draft, issued = db.session.query(DocumentFile).order_by(DocumentFile.id)
    assert (draft.stage, issued.stage) == ("draft", "issued")
    assert draft.sha256 == issued.sha256
    assert db.session.query(RegisterEntry).count() == 0


def test_a_missing_field_is_named_and_can_be_put_right(world):
    world.overrides["closing"] = ""
    document = world.made()
    assert document.render_state == "failed"
    assert document.render_error == "Mẫu “forwarding” thiếu trường “Câu kết” (closing)."
    with pytest.raises(Refused) as refused:
        world.act(document, world.office, "initial")
    assert refused.value.refusal.code == "paper_not_ready"
    db.session.rollback()
    del world.overrides["closing"]
    services.renew(document.row, actor_of(world.office), version=document.version, now=NOW)
    db.session.commit()
    run_all(NOW)
    assert (document.render_state, document.render_error) == ("ready", "")


@pytest.mark.parametrize(
    ("person", "action"),
    [("clerk", "initial"), ("chairman", "initial"), ("office", "revoke"), ("clerk", "revoke")],
)
def test_a_wrong_role_is_refused(world, person, action):
    document = world.made()
    with pytest.raises(NotAllowed):
        world.act(document, getattr(world, person), action, reason="x")


def test_the_office_neither_signs_nor_numbers(world):
    document = world.made()
    world.act(document, world.office, "initial")
    world.act(document, world.office, "request_signature")
    with pytest.raises(NotAllowed):
        world.act(document, world.office, "sign", data={"sha256": shown_sha256(document)})
    db.session.rollback()
    world.act(document, world.chairman, "sign", data={"sha256": shown_sha256(document)})
    with pytest.raises(NotAllowed):
        world.act(document, world.office, "number")


def test_facts_for_other_slices(world):
    document = world.signed()
    contest_id = world.contest.id
    assert queries.is_signed("forwarding", contest_id)
    assert not queries.is_issued("forwarding", contest_id)
    world.issue(document)
    assert queries.is_issued("forwarding", contest_id)
    assert not queries.is_issued("forwarding", contest_id + 1)
    assert not queries.is_issued("plan", contest_id)
    assert queries.paper_of("forwarding", contest_id=contest_id).id == document.id
    world.act(document, world.chairman, "revoke", reason="Sai")
    assert not queries.is_issued("forwarding", contest_id)
    assert queries.paper_of("forwarding", contest_id=contest_id) is None


def test_a_code_is_found_however_it_is_typed_and_only_once_issued(world):
    document = world.signed()
    code = services.grouped(document.verify_code)
    assert papers.by_code(code) is None
    world.issue(document)
    found = papers.by_code(f" {code.lower()} ")
    assert found.document.id == document.id
    assert [file.sha256 for file in found.files] == [shown_sha256(document)]
    assert papers.by_code("") is None
    assert papers.by_code("Ơ" * 5000) is None


def test_the_template_version_of_the_draft_makes_the_issued_paper(app, world, monkeypatch, tmp_path):
    """A template that changes between signature and issue does not change the paper."""
    from dataclasses import replace

    from app.documents.templating import store as templates_store

    document = world.signed()
    world.act(document, world.clerk, "number")
    changed = tmp_path / "template.docx"
    changed.write_bytes(b"not a Word file")
    newer = replace(templates_store.load("forwarding"), path=changed, sha256="f" * 64)
    monkeypatch.setattr(templates_store, "load", lambda code: newer)
    run_all(NOW)
    assert document.render_state == "ready"
