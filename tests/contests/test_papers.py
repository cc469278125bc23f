"""The plan and the decision on the boards: what they say, and that they fit their templates."""

import json
from datetime import date
from decimal import Decimal

import pytest

from app.contests import documents, rulebook
from app.core.db import db
from app.core.vietnamese import to_local
from app.documents.services import draw_up
from app.documents.templating import fields, rendering
from app.documents.templating import store as templates_store
from app.organisations.models import Signatory
from tests.conftest import NOW
from tests.factories.contests import issue_paper, make_contest, make_ward, member_row
from workflows.spec import Role

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def ward(app):
    ward = make_ward()
    db.session.add(
        Signatory(
            organisation_id=ward.host.id,
            user_id=ward.chairman.id,
            role=Role.CHAIRMAN.value,
            full_name="Nguyễn Công Lộc",
            title="Chủ tịch Ủy ban nhân dân phường",
            capacity="TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH",
            personal="CHỦ TỊCH",
            valid_from=date(2020, 1, 1),
        )
    )
    db.session.flush()
    return ward


def drawn(kind, contest):
    """The context as it goes into the template, completed like the slice of papers does."""
    made = kind(contest, now=NOW)
    context = dict(made.context) | {"number_text": "Số:      /X", "verify": {"code": "A", "url": "b"}}
    template = templates_store.load(kind.__name__)
    return made, fields.fill(template.code, template.manifest.fields, context), template


def test_the_plan_fits_its_template(ward):
    made, context, template = drawn(documents.plan, make_contest(ward))
    assert rendering.render(template, context).startswith(b"PK")
    assert made.subject_line == "Tổ chức cuộc thi “Sáng kiến, giải pháp cải cách hành chính năm 2026”"
    assert context["signature"]["capacity_lines"] == ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]


def test_the_decision_fits_its_template(ward):
    _made, context, template = drawn(documents.board_decision, make_contest(ward))
    assert rendering.render(template, context).startswith(b"PK")
    assert context["signature"]["capacity_lines"] == ["CHỦ TỊCH"]
    assert context["authority_line"] == "CHỦ TỊCH ỦY BAN NHÂN DÂN PHƯỜNG THỬ NGHIỆM"
    assert [body["name"] for body in context["bodies"]] == ["Ban Tổ chức", "Ban Giám khảo", "Tổ Thư ký"]


def test_texts_lose_their_end_punctuation(ward):
    contest = make_contest(
        ward, purposes="Một.\nHai;\n\nBa./.", recipients="Như trên;\nCác đơn vị.", archive_line="VT."
    )
    _made, context, _template = drawn(documents.plan, contest)
    assert context["purposes"] == ["Một", "Hai", "Ba"]
    assert (context["recipients"], context["archive_line"]) == (["Như trên", "Các đơn vị"], "VT")


def test_the_papers_carried_out_open_the_plan(ward):
    bases = [{"text": "Công văn số 545/UBND-NV;"}, {"text": "Căn cứ Kế hoạch số 12/KH-UBND."}]
    contest = make_contest(
        ward, legal_bases=bases, intro="Ủy ban nhân dân phường xây dựng kế hoạch như sau:\nĐoạn hai."
    )
    _made, context, _template = drawn(documents.plan, contest)
    assert context["intro"] == [
        "Thực hiện Công văn số 545/UBND-NV; Kế hoạch số 12/KH-UBND, Ủy ban nhân dân phường xây dựng kế hoạch như sau:",
        "Đoạn hai",
    ]


def test_numbers_are_written_the_vietnamese_way(ward):
    rows = [
        {"key": "a", "name": "A", "max_score": Decimal("12.5"), "bands": ""},
        {"key": "b", "name": "B", "max_score": Decimal(40), "bands": ""},
    ]
    contest = make_contest(ward, criteria=rows, tie_rules="")
    _made, context, _template = drawn(documents.plan, contest)
    assert [(row["name"], row["max"]) for row in context["criteria"]] == [("A", "12,5"), ("B", "40")]
    assert context["criteria_total"] == "52,5"
    assert context["prizes"][0] == {"name": "Giải Nhất", "slots": "01", "amount_text": "2.000.000 đồng"}


def test_the_timeline_speaks_local_time(ward):
    contest = make_contest(ward)
    _made, context, _template = drawn(documents.plan, contest)
    closes = to_local(contest.closes_at)
    assert f"{closes:%H giờ %M} ngày {closes:%d/%m}/{closes.year}" in context["timeline"][0]["time_text"]
    assert [row["step"] for row in context["timeline"]] == [
        "Phát động và nhận hồ sơ",
        "Kiểm tra hồ sơ",
        "Chấm điểm",
        "Tổng kết, trao giải",
    ]


def test_the_decision_cites_the_issued_plan(ward):
    contest = make_contest(ward)
    _made, before, _template = drawn(documents.board_decision, contest)
    issue_paper(contest, "plan")
    _made, after, _template = drawn(documents.board_decision, contest)
    assert after["legal_bases"][:-1] == before["legal_bases"]
    assert after["legal_bases"][-1] == (
        "Căn cứ Kế hoạch số 12/KH-UBND ngày 20 tháng 11 năm 2026 của Ủy ban nhân dân phường phuong về việc tổ chức "
        "cuộc thi “Sáng kiến, giải pháp cải cách hành chính năm 2026”"
    )


def test_members_stand_in_their_order(ward):
    members = [
        member_row("secretariat", ward.secretary),
        member_row("jury", ward.judges[0]),
        member_row("jury", ward.head, "Trưởng ban", True, honorific="Bà"),
    ]
    _made, context, _template = drawn(documents.board_decision, make_contest(ward, members=members))
    jury = context["bodies"][0]["members"]
    assert [(m["stt"], m["honorific_name"], m["role"]) for m in jury] == [
        ("1", f"Ông {ward.judges[0].full_name}", "Thành viên"),
        ("2", f"Bà {ward.head.full_name}", "Trưởng ban"),
    ]


def test_hostile_text_stays_text(ward):
    nasty = "<w:p/> {{ cycler.__init__ }} {% for x in y %} ]]> & “”"
    contest = make_contest(ward, purposes=nasty, fields=[{"name": nasty}])
    _made, context, template = drawn(documents.plan, contest)
    assert rendering.render(template, context).startswith(b"PK")
    assert context["purposes"] == [nasty]


def test_the_rules_are_the_collectives_and_fit_their_template(ward):
    made, context, template = drawn(rulebook.rules, make_contest(ward))
    assert rendering.render(template, context).startswith(b"PK")
    assert made.subject_line == "Ban hành Thể lệ cuộc thi “Sáng kiến, giải pháp cải cách hành chính năm 2026”"
    assert context["signature"]["capacity_lines"] == ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]
    assert context["authority_line"] == "ỦY BAN NHÂN DÂN PHƯỜNG THỬ NGHIỆM"
    assert context["annex_reference"].startswith("Kèm theo Quyết định số       /QĐ-UBND ngày     ")
    assert context["recipients"][0] == "Như Điều 3"


def test_the_rules_say_what_the_contest_lays_down(ward):
    contest = make_contest(ward, tie_rules="earlier_submission,fewer_authors", max_authors=4)
    _made, context, _template = drawn(rulebook.rules, contest)
    articles = [article for chapter in context["chapters"] for article in chapter["articles"]]
    assert [article["number"] for article in articles] == list(range(1, 9))
    said = {article["title"]: article["clauses"] for article in articles}
    assert said["Đối tượng dự thi"][2]["text"] == "Mỗi hồ sơ có không quá 04 tác giả; tổng tỷ lệ đóng góp là 100%"
    assert said["Nội dung, lĩnh vực dự thi"][1]["points"] == [field.name for field in contest.fields]
    scoring = said["Tiêu chí và cách chấm điểm"]
    assert scoring[0]["text"] == "Thang điểm 100, gồm"
    assert scoring[0]["points"][0] == f"{contest.criteria[0].name}: tối đa {contest.criteria[0].max_score:.0f} điểm"
    assert scoring[-1]["points"] == ["Hồ sơ nộp sớm hơn", "Hồ sơ có ít tác giả hơn"]
    assert said["Cơ cấu giải thưởng"][0]["points"][0] == "01 giải Nhất, mỗi giải 2.000.000 đồng"
    assert said["Cơ cấu giải thưởng"][1]["text"] == "Kinh phí trích từ ngân sách phường năm 2026"


def test_the_call_for_entries_names_the_issued_plan(ward):
    contest = make_contest(ward)
    name = "cuộc thi “Sáng kiến, giải pháp cải cách hành chính năm 2026”"
    host = "Ủy ban nhân dân phường phuong"
    made, context, template = drawn(documents.launch, contest)
    assert rendering.render(template, context).startswith(b"PK")
    assert (made.subject_line, context["intro"]) == (f"Phát động {name}", f"{host} phát động {name} như sau:")
    issue_paper(contest, "plan")
    _made, context, _template = drawn(documents.launch, contest)
    cited = f"Thực hiện Kế hoạch số 12/KH-UBND ngày 20 tháng 11 năm 2026 của {host}"
    assert context["intro"] == f"{cited}, {host} phát động {name} như sau:"
    assert context["places"][0] == "Nộp trực tuyến tại địa chỉ localhost"


def test_drawing_up_keeps_the_data(ward):
    contest = make_contest(ward)
    document = draw_up("plan", contest, ward.office_actor, now=NOW)
    assert json.loads(document.data)["fields"] == [field.name for field in contest.fields]
    assert (document.series, document.signer_role, document.state) == ("KH-UBND", "chairman", "draft")
