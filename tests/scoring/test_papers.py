"""The papers of scoring: their contexts fit their templates, and say what the sheets say."""

import json
from datetime import date

import pytest
import sqlalchemy as sa

from app.contests.models import BoardMember
from app.core.db import begin_writing, db
from app.documents.models import Document
from app.documents.services import draw_up
from app.documents.templating import rendering
from app.documents.templating import store as templates_store
from app.organisations.models import Signatory
from app.scoring import documents
from tests.factories.people import actor_of
from tests.factories.scoring import make_jury, send, sheet_of


@pytest.fixture
def jury(app):
    jury = make_jury(entries=2)
    send(jury.entries[0], jury.judges[0], "27.5", "20", "30")
    send(jury.entries[0], jury.judges[1], "25", "22", "31")
    send(jury.entries[1], jury.judges[0], "30", "30", "40")
    jury.contest.members = [
        BoardMember(board=board, position=1, full_name=name, seat="Trưởng ban", is_head=True)
        for board, name in (("jury", "Võ Minh Đức"), ("secretariat", "Lê Thị Thu"))
    ]
    db.session.add(
        Signatory(
            organisation_id=jury.season.host.id,
            user_id=jury.head.id,
            role="head_of_jury",
            full_name="Võ Minh Đức",
            title="Trưởng ban",
            capacity="TRƯỞNG BAN GIÁM KHẢO",
            personal="TRƯỞNG BAN GIÁM KHẢO",
            valid_from=date(2026, 1, 1),
        )
    )
    db.session.flush()
    return jury


def test_a_sheet_becomes_a_paper_without_names_when_blind(jury, now):
    sheet = sheet_of(jury.entries[0], jury.judges[0])
    paper = draw_up("score_sheet", sheet, actor_of(jury.judges[0]), now=now)
    data = json.loads(paper.data)
    assert [row["score"] for row in data["criteria"]] == ["27,5", "20", "30"]
    assert (data["total_score"], data["total_max"], data["judge_name"]) == ("77,5", "100", "Phan Thị Hạnh 1")
    assert "author_line" not in data
    assert "Nguyễn Thị Đào" not in paper.data
    assert (paper.signer_role, paper.entry_id) == ("", jury.entries[0].id)
    jury.contest.blind = False
    assert documents.score_sheet(sheet, now=now).context["author_line"] == "Nguyễn Thị Đào"


def test_two_judges_sheets_of_one_entry_are_two_papers(jury, now):
    for judge in jury.judges[:2]:
        draw_up("score_sheet", sheet_of(jury.entries[0], judge), actor_of(judge), now=now)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Document)) == 2


def test_the_summary_lists_entries_best_first(jury, now):
    paper = draw_up("score_summary", jury.contest, actor_of(jury.secretary), now=now)
    data = json.loads(paper.data)
    assert [judge["short"] for judge in data["judges"]] == ["GK1", "GK2"]
    assert [(row["code"], row["scores"], row["mean"], row["spread"]) for row in data["rows"]] == [
        (jury.entries[1].code, ["100", "–"], "100,00", "0,00"),
        (jury.entries[0].code, ["77,5", "78"], "77,75", "0,50"),
    ]
    assert data["basis_line"] == (
        "Điểm của hồ sơ là trung bình cộng điểm của các giám khảo, làm tròn đến hai chữ số thập phân; "
        "chênh lệch trên 20 điểm do Trưởng Ban Giám khảo quyết định"
    )
    assert data["left_signature"]["name"] == "Lê Thị Thu"


@pytest.mark.parametrize("code", ["score_sheet", "score_summary"])
def test_contexts_fit_their_templates(jury, now, code):
    subject = jury.contest if code == "score_summary" else sheet_of(jury.entries[0], jury.judges[0])
    paper = draw_up(code, subject, actor_of(jury.secretary), now=now)
    content = rendering.render(templates_store.load(code), json.loads(paper.data))
    assert content[:2] == b"PK"


def test_the_button_makes_the_paper(jury, visitor):
    code = sheet_of(jury.entries[0], jury.judges[0]).code
    db.session.commit()
    begin_writing()
    page = visitor(jury.secretary).visit(f"/cham-diem/{code}").submit(button="Tạo phiếu in")
    assert f"Đang tạo phiếu chấm {code}." in page.text
    assert db.session.scalar(sa.select(Document.template_code)) == "score_sheet"
