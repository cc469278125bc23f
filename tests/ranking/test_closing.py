"""The papers after the decision: notice, invitation, list of payments, closing report."""

import json

import pytest

from app import flow
from app.core.db import db
from app.core.errors import Refused
from app.documents import facts
from app.documents.models import Document
from app.documents.services import draw_up
from app.documents.templating import store as templates_store
from app.documents.templating.fields import fill
from app.jobs import run_all
from app.ranking import closing, notices, services
from tests.conftest import NOW
from tests.factories.documents import shown_sha256
from tests.factories.people import actor_of, make_user
from tests.factories.ranking import make_chairman, make_locked
from workflows.spec import Role

TWO = (("28", "28", "30"), ("20", "20", "30"))
DRAWERS = {
    "result_notice": notices.result_notice,
    "payment_list": closing.payment_list,
    "closing_report": closing.closing_report,
}


@pytest.fixture
def decided(app, monkeypatch):
    """A jury whose decision on the results is issued."""
    monkeypatch.setitem(app.extensions, "converter", None)
    jury = make_locked(*TWO)
    chairman, clerk = make_chairman(jury), make_user("vanthu", Role.CLERK, at=jury.season.host)
    office = actor_of(jury.season.office)
    services.draw(jury.contest, "result_decision", office, now=NOW)
    db.session.commit()
    run_all(NOW)
    document = db.session.query(Document).filter_by(template_code="result_decision").one()
    for act in ("initial", "request_signature"):
        flow.fire(document, act, office, now=NOW)
    flow.fire(document, "sign", actor_of(chairman), now=NOW, data={"sha256": shown_sha256(document)})
    flow.fire(document, "number", actor_of(clerk), now=NOW)
    db.session.commit()
    run_all(NOW)
    flow.fire(document, "issue", actor_of(clerk), now=NOW)
    db.session.commit()
    return jury


def filled(template, contest):
    manifest = templates_store.load(template).manifest
    context = dict(DRAWERS[template](contest, now=NOW).context)
    return fill(template, manifest.fields, context | ({"number_text": "Số: /X"} if manifest.numbered else {}))


@pytest.mark.parametrize("template", DRAWERS)
def test_nothing_of_this_before_the_decision_is_issued(app, template):
    jury = make_locked(*TWO)
    with pytest.raises(Refused) as refused:
        DRAWERS[template](jury.contest, now=NOW)
    assert refused.value.refusal.code == "result_not_issued"


def test_the_notice_names_winners_and_where_complaints_go(decided):
    notice = filled("result_notice", decided.contest)
    assert notice["intro"].startswith("Căn cứ Quyết định số 01/QĐ-UBND ngày 20 tháng 11 năm 2026 của ")
    assert [(row["stt"], row["score"], row["prize"]) for row in notice["winners"]] == [
        ("1", "86,00", "Nhất"),
        ("2", "70,00", "Nhì"),
    ]
    assert notice["figures"][2] == "Số hồ sơ đạt giải: 02 (00 tập thể; 02 cá nhân, nhóm tác giả)"
    assert notice["signature"]["capacity_lines"] == ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]


def test_the_list_of_payments_sums_up_in_figures_and_words(decided):
    paid = filled("payment_list", decided.contest)
    assert [row["amount"] for row in paid["rows"]] == ["2.000.000", "1.000.000"]
    assert (paid["total_amount_text"], paid["total_in_words"]) == ("3.000.000", "Ba triệu đồng")
    assert paid["annex_reference"].startswith("Kèm theo Quyết định số 01/QĐ-UBND ngày 20 tháng 11 năm 2026")
    assert paid["signature"]["capacity_lines"] == ["CHỦ TỊCH"]
    assert paid["left_signature"]["capacity_lines"] == ["NGƯỜI LẬP"]


def test_the_report_counts_by_field_and_by_kind(decided):
    report = filled("closing_report", decided.contest)
    rows = [(row["received"], row["judged"], row["awarded"]) for row in report["by_field"]]
    assert [sum(int(row[n]) for row in rows) for n in range(3)] == [2, 2, 2]
    assert report["totals"] == {"received": "02", "judged": "02", "awarded": "02"}
    assert report["by_kind"] == ["Cá nhân, nhóm tác giả: nhận 02, được chấm 02, đạt giải 02"]
    assert report["prizes"][0] == "Đã trao 01 giải Nhất, 01 giải Nhì"
    assert "3.000.000 đồng (Bằng chữ: Ba triệu đồng)" in report["prizes"][1]


@pytest.mark.parametrize("template", DRAWERS)
def test_each_renders_and_stays_true(decided, template):
    document = draw_up(template, decided.contest, actor_of(decided.season.office), now=NOW)
    db.session.commit()
    run_all(NOW)
    assert (document.render_state, document.render_error) == ("ready", "")
    assert document.signer_role == "chairman"
    assert facts.differences(document, now=NOW) == []


def test_the_office_types_the_invitation_and_types_it_again(decided, visitor):
    office, path = visitor(decided.season.office), f"/cuoc-thi/{decided.contest.code}/giay-moi"
    typed = {"moment": "08:30 27/11/2026", "place": "Hội trường", "guests": "Ông A;\nBà B.", "notes": ""}
    office.visit(path).submit(typed, "contest.draw_invitation")
    run_all(NOW)
    document = db.session.query(Document).filter_by(template_code="invitation").one()
    told = json.loads(document.data)
    assert (document.state, document.render_error, document.series) == ("draft", "", "GM-UBND")
    assert told["time_text"] == "08 giờ 30 phút, ngày 27 tháng 11 năm 2026"
    assert (told["place"], told["guests"]) == ("Hội trường", ["Ông A", "Bà B"])
    assert facts.differences(document, now=NOW) == []
    office.visit(path)
    assert office.page.xpath("//input[@name='moment']/@value") == ["08:30 27/11/2026"]
    office.submit({"place": "Nhà văn hóa"}, "contest.draw_invitation")
    db.session.expire_all()
    (again,) = db.session.query(Document).filter_by(template_code="invitation")
    assert json.loads(again.data)["place"] == "Nhà văn hóa"


def test_what_cannot_be_an_invitation_is_told_on_the_form(decided, visitor):
    office, path = visitor(decided.season.office), f"/cuoc-thi/{decided.contest.code}/giay-moi"
    office.visit(path).submit({"moment": "chiều mai", "place": ""}, "contest.draw_invitation", status=422)
    assert "Nhập địa điểm" in office.text
    assert db.session.query(Document).filter_by(template_code="invitation").count() == 0
    with pytest.raises(Refused):
        draw_up("invitation", decided.contest, actor_of(decided.season.office), now=NOW)


def test_only_the_office_of_the_host_invites(decided, visitor):
    path = f"/cuoc-thi/{decided.contest.code}/giay-moi"
    visitor(decided.head).visit(path, status=403)
    stranger = make_user("la", Role.OFFICE, at=decided.season.unit)
    db.session.commit()
    visitor(stranger).visit(path, status=404)
