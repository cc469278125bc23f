"""The papers of a result: who makes them and when, and that each fits its template."""

import json

import pytest

from app import flow
from app.core.db import db
from app.core.errors import NotAllowed, Refused
from app.documents import queries as papers
from app.documents.models import Document
from app.entries.models import EntryAuthor
from app.jobs import run_all
from app.ranking import services
from tests.conftest import NOW
from tests.factories.documents import shown_sha256
from tests.factories.people import actor_of, make_user
from tests.factories.ranking import lock, make_chairman, make_locked, make_scored
from workflows.spec import Role

pytestmark = pytest.mark.usefixtures("without_pdf")
TWO = (("28", "28", "30"), ("20", "20", "30"))


def drawn(template: str) -> Document:
    return db.session.query(Document).filter_by(template_code=template).order_by(Document.id.desc()).first()


def data(template: str) -> dict:
    return json.loads(drawn(template).data)


def issue(jury, template: str, chairman, clerk) -> Document:
    document = drawn(template)
    office = actor_of(jury.season.office)
    flow.fire(document, "initial", office, now=NOW)
    flow.fire(document, "request_signature", office, now=NOW)
    flow.fire(document, "sign", actor_of(chairman), now=NOW, data={"sha256": shown_sha256(document)})
    flow.fire(document, "number", actor_of(clerk), now=NOW)
    db.session.commit()
    run_all(NOW)
    flow.fire(drawn(template), "issue", actor_of(clerk), now=NOW)
    db.session.commit()
    run_all(NOW)
    return drawn(template)


def test_minutes_tell_who_met_when_and_what_came_out(app):
    jury = make_scored(*TWO)
    lock(
        jury,
        meeting_started="14:00 20/11/2026",
        meeting_place="Phòng họp tầng 2",
        meeting_absent=[jury.judges[0].full_name],
    )
    run_all(NOW)
    told = data("minutes")
    assert drawn("minutes").render_state == "ready", drawn("minutes").render_error
    assert told["started_text"] == "14 giờ 00 phút, ngày 20 tháng 11 năm 2026"
    assert told["ended_text"] == "09 giờ 00 phút, ngày 20 tháng 11 năm 2026"
    assert told["place"] == "Phòng họp tầng 2"
    assert (told["members_total"], [one["honorific_name"] for one in told["present"]]) == (2, ["Ông Võ Minh Đức"])
    assert [one["honorific_name"] for one in told["absent"]] == ["Ông Phan Thị Hạnh 1"]
    assert [(one["code"][-1], one["mean"], one["proposal"]) for one in told["results"]] == [
        ("1", "86,00", "Giải Nhất"),
        ("2", "70,00", "Giải Nhì"),
    ]
    assert (drawn("minutes").signer_role, told["signature"]["name"]) == ("head_of_jury", "Võ Minh Đức")
    assert drawn("minutes").series == "BB-BGK"


def test_no_paper_of_a_result_before_the_lock(app):
    jury = make_scored(*TWO)
    with pytest.raises(Refused) as refused:
        services.draw(jury.contest, "result_decision", actor_of(jury.season.office), now=NOW)
    assert refused.value.refusal.code == "ranking_open"


def test_who_may_prepare_which_paper(app):
    jury = make_locked(*TWO)
    office, secretary, head = (actor_of(user) for user in (jury.season.office, jury.secretary, jury.head))
    for template in services.TOGETHER:
        assert services.may_draw(jury.contest, template, office)
        assert services.may_draw(jury.contest, template, secretary) == (template in ("minutes", "score_summary"))
        assert not services.may_draw(jury.contest, template, head)
    with pytest.raises(NotAllowed):
        services.draw(jury.contest, "submission", secretary, now=NOW)


def test_certificates_wait_for_the_decision(app):
    jury = make_locked(*TWO)
    with pytest.raises(Refused) as refused:
        services.draw(jury.contest, "certificate", actor_of(jury.season.office), now=NOW)
    assert refused.value.refusal.code == "result_not_issued"


def test_from_the_lock_to_signed_certificates(app):
    jury = make_locked(*TWO)
    chairman = make_chairman(jury)
    clerk = make_user("vanthu", Role.CLERK, at=jury.season.host)
    office = actor_of(jury.season.office)
    for template in ("submission", "result_decision"):
        assert services.draw(jury.contest, template, office, now=NOW) == 1
    db.session.commit()
    run_all(NOW)
    assert {d.render_error for d in db.session.query(Document)} == {""}
    told = data("result_decision")
    assert told["legal_bases"][0] == "Căn cứ Luật Thi đua, khen thưởng ngày 15 tháng 6 năm 2022"
    assert [(r["code"][-1], r["score"], r["prize"], r["amount"]) for r in told["rows"]] == [
        ("1", "86,00", "Nhất", "2.000.000"),
        ("2", "70,00", "Nhì", "1.000.000"),
    ]
    assert (told["total_amount_text"], told["total_in_words"]) == ("3.000.000", "Ba triệu đồng")
    assert "cho 02 cá nhân, nhóm tác giả" in told["articles"][0]["text"]
    assert told["articles"][1]["clauses"][1] == "Kinh phí trích từ ngân sách phường năm 2026"
    money = "Tổng tiền thưởng: 3.000.000 đồng (Bằng chữ: Ba triệu đồng). Kinh phí trích từ ngân sách phường năm 2026"
    assert data("submission")["budget"] == money

    symbol = issue(jury, "result_decision", chairman, clerk).symbol
    assert papers.is_issued("result_decision", jury.contest.id)
    assert services.draw(jury.contest, "certificate", office, now=NOW) == 2
    db.session.commit()
    run_all(NOW)
    made = db.session.query(Document).filter_by(template_code="certificate").order_by(Document.id).all()
    assert [(d.entry_id, d.render_state, d.render_error) for d in made] == [(e.id, "ready", "") for e in jury.entries]
    told = json.loads(made[0].data)
    assert told["recipient_name"] == "Ông Nguyễn Thị Đào"
    assert told["award_text"] == "Đạt giải Nhất"
    assert told["decision_text"] == (
        f"Quyết định số {symbol} ngày 20 tháng 11 năm 2026 của Chủ tịch {jury.season.host.name}"
    )
    flow.fire(jury.contest, "announce", office, now=NOW)
    assert jury.contest.state == "decided"


def test_a_group_gets_its_certificate_as_a_group(app):
    from app.ranking.awards import _recipient

    jury = make_scored(("28", "28", "30"))
    entry = jury.entries[0]
    db.session.execute(db.text("UPDATE entry SET kind = 'collective'"))
    db.session.add(EntryAuthor(entry_id=entry.id, position=2, full_name="Trần Quốc Toàn", share=1))
    db.session.commit()
    db.session.expire_all()
    assert _recipient(entry) == {
        "recipient_name": "Tập thể Bộ phận văn phòng",
        "co_authors": "Nguyễn Thị Đào, Trần Quốc Toàn",
    }
