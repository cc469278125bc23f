"""The work list holds what a person can do now, for no one else, and leads to it."""

from datetime import timedelta

import pytest

from app.core.clock import utcnow
from app.core.db import db
from app.documents.models import Document, DocumentTemplate
from app.inbox import presenting, queries
from app.inbox.queries import SHOWN
from app.organisations.models import Organisation
from app.scoring.models import ScoreSheet
from tests.conftest import NOW
from tests.factories import entries as entry_factory
from tests.factories import handover as factory
from tests.factories.people import actor_of, grant, make_user
from tests.sql import count_statements
from workflows import ALL
from workflows.spec import Role

PATH = "/viec-cua-toi"


@pytest.fixture
def season(app):
    """An open season that began yesterday, by the real clock of the pages."""
    return factory.Living(entry_factory.make_season(now=utcnow()))


def add_entry(season, state, title="Mã QR", **columns):
    entry = entry_factory.start(season, now=utcnow())
    entry_factory.put_state(entry, state, title=title, **columns)
    db.session.commit()
    return entry.code


def add_paper(season, state, **columns):
    values = {
        "code": f"VB-{db.session.query(Document).count()}",
        "verify_code": f"V{db.session.query(Document).count()}",
        "contest_id": season.contest.id,
        "organisation_id": season.host.id,
        "template_code": "plan",
        "template_sha256": "0" * 64,
        "type_name": "Kế hoạch",
        "subject": "Tổ chức cuộc thi",
        "data": "{}",
        "state": state,
        "signer_role": "chairman",
        "created_at": utcnow(),
    }
    db.session.add(Document(**(values | columns)))
    db.session.commit()
    return values["code"]


def add_sheet(season, judge, state="pending", title="Mã QR", **columns):
    code = add_entry(season, "screened", title, **columns)
    entry = db.session.query(entry_factory.Entry).filter_by(code=code).one()
    sheet = ScoreSheet(
        code=f"P{entry.id}-{judge.id}",
        contest_id=season.contest.id,
        entry_id=entry.id,
        judge_id=judge.id,
        state=state,
        assigned_at=utcnow(),
    )
    db.session.add(sheet)
    db.session.commit()
    return sheet.code


def waiting(user):
    """(kind, code, role) of everything that waits for the person."""
    return [
        (item.workflow.name, item.code, item.role.value)
        for kind in queries.find_all(actor_of(user), utcnow())
        for item in kind.items
    ]


def button(person):
    [link] = person.page.xpath("//main//a[contains(@class, 'btn--primary')]")
    return " ".join(link.text_content().split()), link.get("href")


def person_of(season, role, name="nguoi"):
    user = make_user(name, role, at=season.host)
    db.session.commit()
    return user


# --- who has what -------------------------------------------------------------------------------------------------
def test_the_office_checks_what_came_in(season, visitor):
    code = add_entry(season, "submitted")
    add_entry(season, "draft")
    add_entry(season, "rejected")
    assert waiting(season.office) == [("entry", code, "office")]
    office = visitor(season.office).visit(PATH)
    assert "Hồ sơ (1)" in office.text
    assert "Việc cần làm: Nhận vào vòng chấm" in office.text
    assert button(office) == ("Kiểm tra hồ sơ tiếp theo", f"/ho-so/{code}/kiem-tra-ho-so")
    assert office.page.xpath("//nav//span[@class='nav__count']")[0].text.strip() == "1"


def test_an_office_of_another_ward_has_nothing_of_it(season):
    add_entry(season, "submitted")
    add_paper(season, "signed")
    other = entry_factory.make_season("khac", prefix="SK-KHAC", now=utcnow())
    for user in (other.office, other.contact, other.author, other.upper_clerk):
        assert waiting(user) == []


def test_an_entry_of_ones_own_is_not_checked_by_oneself(season):
    code = add_entry(season, "submitted")
    entry = db.session.query(entry_factory.Entry).filter_by(code=code).one()
    entry.authors[0].user_id = season.office.id
    db.session.commit()
    assert waiting(season.office) == []


def test_the_author_goes_on_with_drafts_and_completions(season, visitor):
    draft = add_entry(season, "draft")
    due = utcnow() + timedelta(days=3)
    returned = add_entry(season, "returned", "Sổ tay", completion_due_at=due)
    add_entry(season, "submitted")
    assert waiting(season.author) == [("entry", returned, "author"), ("entry", draft, "author")]
    author = visitor(season.author).visit(PATH)
    assert "Còn 3 ngày" in author.text
    assert "Cần bổ sung" in author.text
    assert button(author) == ("Làm tiếp: Sổ tay", f"/ho-so/{returned}")


def test_a_draft_of_a_closed_season_waits_no_more(season):
    add_entry(season, "draft")
    entry_factory.put_state(season.contest, "screening")
    db.session.commit()
    assert waiting(season.author) == []


def test_the_unit_is_asked_for_its_confirmation_once(season):
    code = add_entry(season, "draft")
    assert waiting(season.contact) == [("entry", code, "unit")]
    assert waiting(season.other_contact) == []
    entry = db.session.query(entry_factory.Entry).one()
    entry.confirmed_at = utcnow()
    db.session.commit()
    assert waiting(season.contact) == []


def test_a_judge_scores_the_own_sheets_while_judging(season, visitor):
    judge, other = person_of(season, Role.JUDGE), person_of(season, Role.JUDGE, "khac")
    code = add_sheet(season, judge)
    add_sheet(season, other)
    add_sheet(season, judge, "submitted")
    assert waiting(judge) == []
    entry_factory.put_state(season.contest, "judging")
    db.session.commit()
    assert waiting(judge) == [("scorecard", code, "judge")]
    person = visitor(judge).visit(PATH)
    label, url = button(person)
    assert label.startswith("Chấm tiếp: SK-2026-")
    assert url == f"/cham-diem/{code}"


def test_a_judge_with_a_conflict_is_not_sent_to_the_sheet(season):
    judge = person_of(season, Role.JUDGE)
    add_sheet(season, judge)
    entry_factory.put_state(season.contest, "judging")
    entry = db.session.query(entry_factory.Entry).one()
    judge.organisation_id = season.unit.id
    db.session.commit()
    assert waiting(judge) == []
    season.contest.same_unit_conflicts = False
    db.session.commit()
    assert len(waiting(judge)) == 1
    entry.authors[0].user_id = judge.id
    db.session.commit()
    assert waiting(judge) == []


def test_papers_wait_for_the_hand_whose_turn_it_is(season, visitor):
    chairman, clerk = person_of(season, Role.CHAIRMAN), person_of(season, Role.CLERK, "vanthu")
    made = {
        state: add_paper(season, state) for state in ("draft", "awaiting_signature", "returned", "signed", "issued")
    }
    add_paper(season, "draft", signer_role="")
    second = add_paper(season, "awaiting_signature")
    add_paper(season, "awaiting_signature", signer_role="head_of_jury")
    assert [code for _kind, code, _role in waiting(season.office)] == [made["draft"], made["returned"]]
    assert waiting(chairman) == [
        ("document", made["awaiting_signature"], "signer"),
        ("document", second, "signer"),
    ]
    assert waiting(clerk) == [("document", made["signed"], "clerk")]
    assert button(visitor(chairman).visit(PATH)) == ("Duyệt và ký 2 văn bản", "/trinh-ky")


def test_the_head_of_the_jury_settles_spreads_and_locks_what_is_complete(season):
    head = person_of(season, Role.HEAD_OF_JURY)
    add_entry(season, "screened")
    code = add_entry(season, "screened", spread_over_limit=True)
    entry_factory.put_state(season.contest, "judging")
    db.session.commit()
    assert waiting(head) == [("entry", code, "head_of_jury")]
    for entry in db.session.query(entry_factory.Entry):
        entry_factory.put_state(entry, "scored")
    db.session.commit()
    assert waiting(head) == [("contest", season.contest.code, "head_of_jury")]


def test_rights_for_one_contest_show_no_other(season):
    secretary = make_user("thuky", Role.SECRETARY, at=season.host, contest_id=season.contest.id + 1)
    entry_factory.put_state(season.contest, "screening")
    db.session.commit()
    assert waiting(secretary) == []
    right = make_user("thuky2", Role.SECRETARY, at=season.host, contest_id=season.contest.id)
    db.session.commit()
    assert waiting(right) == [("contest", season.contest.code, "secretary")]


def test_packages_wait_for_each_side_in_turn(app, visitor):
    season = factory.make_decided_season()
    code = factory.make_package(season).code
    db.session.commit()
    assert waiting(season.office) == [("handover", code, "office")]
    assert waiting(season.upper_clerk) == []
    sent = factory.make_sent(season, [factory.ranked(season)[2]]).code
    assert waiting(season.upper_clerk) == [("handover", sent, "upper_clerk")]
    clerk = visitor(season.upper_clerk).visit(PATH)
    assert button(clerk)[1] == f"/tiep-nhan/{sent}"


def test_received_entries_wait_for_the_answer(app):
    season = factory.make_decided_season()
    factory.make_acknowledged(season)
    names = [entry.code for entry in factory.ranked(season)[:2]]
    assert waiting(season.upper_clerk) == [("entry", name, "upper_clerk") for name in names]


# --- the page -----------------------------------------------------------------------------------------------------
def test_nothing_waits_and_the_season_is_open(season, visitor):
    author = visitor(season.author).visit(PATH)
    assert "Đã xử lý hết." in author.text
    assert "Hạn nộp:" in author.text
    assert button(author) == ("Nộp sáng kiến", "/nop")
    assert author.page.xpath("//nav//span[@class='nav__count']") == []


@pytest.mark.parametrize(
    ("role", "words"),
    [
        (Role.JUDGE, "Không có phiếu chờ chấm."),
        (Role.CHAIRMAN, "Không có văn bản chờ ký."),
        (Role.UPPER_CLERK, "Không có hồ sơ chờ trả lời."),
        (Role.ADMIN, "Đã xử lý hết."),
    ],
)
def test_nothing_waits_for_an_office(season, visitor, role, words):
    person = visitor(person_of(season, role)).visit(PATH)
    assert words in person.text
    assert person.page.xpath("//main//a[contains(@class, 'btn--primary')]") == []


def test_an_overdue_thing_says_so_and_stands_first(season, visitor):
    add_entry(season, "returned", "Còn hạn", completion_due_at=utcnow() + timedelta(days=3))
    late = add_entry(season, "returned", "Quá hạn", completion_due_at=utcnow() - timedelta(days=2))
    author = visitor(season.author).visit(PATH)
    assert "Quá hạn 2 ngày" in author.text
    assert button(author)[1] == f"/ho-so/{late}"


def test_what_is_left_of_a_season_long_past_alarms_nobody_and_stands_last(season, visitor):
    late = add_entry(season, "returned", "Quá hạn", completion_due_at=utcnow() - timedelta(days=2))
    old = add_entry(season, "returned", "Từ hai năm trước", completion_due_at=utcnow() - timedelta(days=866))
    author = visitor(season.author).visit(PATH)
    assert "866" not in author.text
    assert author.page.xpath("//time[contains(@class, 'due--danger')]")[0].text == "Quá hạn 2 ngày"
    assert len(author.page.xpath("//time[contains(@class, 'due--neutral')]")) == 1
    assert waiting(season.author) == [("entry", late, "author"), ("entry", old, "author")]


def test_the_main_button_stays_short(season, visitor):
    code = add_entry(season, "returned", "Sổ tay điện tử " * 12, completion_due_at=utcnow() + timedelta(days=3))
    label, url = button(visitor(season.author).visit(PATH))
    assert label == "Làm tiếp: Sổ tay điện tử Sổ tay điện tử Sổ tay điện tử Sổ tay điện tử…"
    assert url == f"/ho-so/{code}"


def test_a_long_group_shows_its_number_and_leads_on(season, visitor):
    for number in range(SHOWN + 3):
        add_entry(season, "submitted", f"Sáng kiến {number}")
    office = visitor(season.office).visit(PATH)
    assert f"Hồ sơ ({SHOWN + 3})" in office.text
    assert len(office.page.xpath("//main//li")) == SHOWN
    assert f"Xem tất cả {SHOWN + 3}: hồ sơ" in office.text


def test_a_visitor_is_sent_to_sign_in(season, visitor):
    assert "/dang-nhap" in visitor().fetch(PATH).location


def test_the_page_takes_as_many_statements_for_many_rows(season, visitor):
    user = season.office
    for role in (Role.SECRETARY, Role.CLERK, Role.CHAIRMAN, Role.JUDGE, Role.HEAD_OF_JURY, Role.UNIT):
        grant(user, role, season.host)
    add_entry(season, "submitted")
    add_paper(season, "draft")
    office = visitor(season.office)
    with count_statements() as few:
        office.visit(PATH)
    for _number in range(10):
        add_entry(season, "submitted")
        add_paper(season, "signed")
    with count_statements() as many:
        office.visit(PATH)
    assert len(many) == len(few)


def test_every_kind_has_a_heading_and_every_role_a_page_that_exists(app):
    assert set(presenting.HEADINGS) == {workflow.name for workflow in ALL}
    pages = app.create_url_adapter(None) or app.url_map.bind("localhost")
    for workflow in ALL:
        for role in Role:
            item = queries.Waiting(workflow, role, workflow.initial, "SK-1", "", "", None)
            assert pages.test(presenting.url_of(item), method="GET")
    for url in presenting.LISTS.values():
        assert pages.test(url.partition("?")[0], method="GET")


def test_the_season_of_ones_own_house_is_meant(season):
    assert queries.open_season(actor_of(season.author)).title == season.contest.title
    stranger = make_user("la", home=db.session.get(Organisation, season.upper.id))
    assert queries.open_season(actor_of(stranger)) is None


def test_a_template_waits_for_a_second_person_only(season, visitor):
    second = make_user("vanphong2", Role.OFFICE, at=season.host)
    version = DocumentTemplate(
        organisation_id=season.host.id,
        template_code="plan",
        number=1,
        sha256="0" * 64,
        size=1,
        file_name="ke-hoach-moi.docx",
        uploaded_by_id=season.office.id,
        uploaded_by=season.office.full_name,
        uploaded_at=NOW,
        state="proposed",
    )
    db.session.add(version)
    db.session.commit()
    page = f"/mau-van-ban/plan/{version.id}"
    uploader, other = visitor(season.office), visitor(second)
    assert "ke-hoach-moi.docx" not in uploader.visit("/viec-cua-toi").text
    assert [str(href) for href in other.visit("/viec-cua-toi").page.xpath("//main//a/@href")][-1] == page
