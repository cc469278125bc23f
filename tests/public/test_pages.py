"""Public pages: what they tell in each phase, and that nothing of an entry is told before the announcement."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.core.clock import utcnow
from app.core.db import db
from app.documents.models import Document
from app.entries.models import Entry
from app.public import queries, services
from tests.conftest import NOW
from tests.factories.contests import issue_paper
from tests.factories.entries import make_season, make_submitted, put_state
from tests.factories.ranking import make_locked, make_scored
from tests.sql import count_statements

PATHS = (
    "/",
    "/ket-qua",
    "/tra-cuu",
    "/xac-minh",
    "/huong-dan",
    "/tiep-can",
    "/bao-mat",
)
TITLE = "Chim hoàng yến trong mỏ than"
TWO = (("28", "28", "30"), ("20", "20", "30"))


def set_columns(entry: Entry, **values) -> None:
    db.session.execute(sa.update(Entry).where(Entry.id == entry.id).values(values))


def announced(*scores, **columns):
    """A locked contest whose results are public."""
    jury = make_locked(*(scores or TWO), **columns)
    issue_paper(jury.contest, "result_decision")
    put_state(jury.contest, "decided")
    db.session.commit()
    return jury


# --- nothing before the announcement ------------------------------------------------------------------------------
@pytest.mark.parametrize("state", ["open", "screening", "judging", "ranked"])
def test_no_word_of_an_entry_before_the_announcement(app, visitor, state):
    jury = make_locked(*TWO)
    first = jury.entries[0]
    set_columns(first, title=TITLE, solution=f"{TITLE}, giải pháp")
    put_state(jury.contest, state)
    db.session.commit()
    code = first.code
    anybody = visitor()
    pages = [anybody.fetch(path).get_data(as_text=True) for path in (*PATHS, f"/?x={code}", f"/ket-qua?q={code}")]
    pages.append(anybody.fetch("/ket-qua?nam=2026&sau=" + code).get_data(as_text=True))
    hidden = anybody.fetch(f"/ket-qua/{code}")
    missing = anybody.fetch("/ket-qua/SK-2026-9999")
    assert (hidden.status_code, missing.status_code) == (404, 404)
    pages.append(hidden.get_data(as_text=True))
    for page in pages:
        for canary in (TITLE, "Nguyễn Thị Đào", "86,00", "86.0", "Giải Nhất", "Bộ phận văn phòng"):
            assert canary not in page


def test_a_hidden_result_is_answered_like_a_missing_one(app, visitor):
    jury = make_locked(*TWO)
    code = jury.entries[0].code
    anybody = visitor()
    hidden, missing = (anybody.fetch(f"/ket-qua/{one}").get_data(as_text=True) for one in (code, "SK-2026-9999"))
    assert hidden.replace(code, "") == missing.replace("SK-2026-9999", "")


def test_after_the_announcement_winners_are_told_and_nobody_else(app, visitor):
    jury = announced(*TWO, ("10", "10", "10"))
    loser = jury.entries[2].code
    anybody = visitor().visit("/ket-qua")
    rows = [
        [" ".join(cell.text_content().split()) for cell in row.xpath("./td|./th")]
        for row in anybody.page.xpath("//tbody/tr")
    ]
    field = "Thủ tục hành chính"
    assert rows == [
        [
            "SK-2026-0001",
            "Mã QR tại tổ dân phố, bản 0001",
            "Nguyễn Thị Đào",
            "Bộ phận văn phòng",
            field,
            "Giải Nhất",
            "2026",
        ],
        [
            "SK-2026-0002",
            "Mã QR tại tổ dân phố, bản 0002",
            "Nguyễn Thị Đào",
            "Bộ phận văn phòng",
            field,
            "Giải Nhì",
            "2026",
        ],
    ]
    anybody.visit(f"/ket-qua/{loser}", status=404)
    anybody.visit("/ket-qua/SK-2026-0001")
    assert "Quyết định số" in anybody.text
    assert "86,00" not in anybody.text


def test_results_are_narrowed_by_prize_and_paged(app, visitor, monkeypatch):
    announced()
    anybody = visitor().visit("/ket-qua").submit({"giai": "Giải Nhì"})
    assert anybody.page.xpath("count(//tbody/tr)") == 1
    anybody.visit("/ket-qua?giai=Kh%C3%B4ng+c%C3%B3&nam=abc&don_vi=<b>")
    assert anybody.page.xpath("count(//tbody/tr)") == 2
    monkeypatch.setattr(queries, "PAGE", 1)
    anybody.visit("/ket-qua").follow("Trang sau →")
    assert "SK-2026-0002" in anybody.text
    assert "SK-2026-0001" not in anybody.text


def test_confidential_parts_keep_the_description_back(app, visitor):
    jury = announced()
    first, second = jury.entries
    set_columns(first, solution=TITLE, benefit=TITLE, confidential="Toàn bộ nội dung giải pháp")
    set_columns(second, solution=TITLE)
    db.session.commit()
    anybody = visitor().visit("/ket-qua/SK-2026-0001")
    assert TITLE not in anybody.text
    assert TITLE in anybody.visit("/ket-qua/SK-2026-0002").text


@pytest.mark.parametrize("many", [2, 4])
def test_the_list_of_results_takes_five_statements(app, visitor, many):
    announced(*[(str(28 - n), "28", "30") for n in range(many)])
    anybody = visitor().visit("/ket-qua")
    with count_statements() as seen:
        anybody.visit("/ket-qua")
    assert len(seen) == 4, "\n".join(seen)


# --- home ---------------------------------------------------------------------------------------------------------
def test_home_tells_the_deadline_who_may_enter_and_what_to_prepare(app, visitor):
    make_season(now=utcnow(), eligible_individual="Cán bộ, công chức của phường")
    db.session.commit()
    page = visitor().visit("/")
    for words in ("Hạn nộp:", "còn 10 ngày", "Cá nhân: Cán bộ, công chức của phường", "Tệp minh chứng"):
        assert words in page.text
    assert page.link("Nộp sáng kiến") == "/nop?cuoc-thi=cuoc-thi-sk-2026"


@pytest.mark.parametrize(
    ("state", "words"), [("judging", "Đang xét"), ("ranked", "Đang xét"), ("decided", "Xem kết quả")]
)
def test_home_after_the_deadline(app, visitor, state, words):
    season = make_season()
    put_state(season.contest, state)
    db.session.commit()
    page = visitor().visit("/")
    assert words in page.text
    assert "Nộp sáng kiến" not in page.text


def test_home_says_so_when_there_is_nothing(app, visitor):
    assert "Hiện không có cuộc thi nào đang diễn ra." in visitor().visit("/").text


@pytest.mark.parametrize("path", PATHS)
def test_each_public_page_says_what_a_shared_link_shows(app, visitor, path):
    page = visitor().visit(path).page
    told = {node.get("property"): node.get("content") for node in page.xpath("//meta[@property]")}
    assert told["og:title"]
    assert told["og:description"]
    assert told["og:url"] == f"http://localhost{path}"


def test_guides_of_every_role_open(app, visitor):
    from app.public.guides import GUIDES

    anybody = visitor()
    for guide in GUIDES:
        assert anybody.visit(f"/huong-dan/{guide.name}").heading == f"Hướng dẫn: {guide.title}"
    anybody.visit("/huong-dan/khong-co", status=404)


# --- lookup -------------------------------------------------------------------------------------------------------
def look(visitor, code: str, name: str, status: int = 200):
    return visitor.visit("/tra-cuu").submit({"code": code, "full_name": name}, status=status)


def test_an_author_reads_the_authors_words_with_code_and_name(app, visitor):
    season = make_season()
    entry = make_submitted(season)
    db.session.commit()
    code = entry.code
    anybody = visitor()
    assert "Đã nộp, chờ kiểm tra" in look(anybody, code.lower(), "nguyen  thi đào").text
    for name in ("Nguyễn Thị", "Đào", "%", "' OR 1=1 --"):
        assert "Không có hồ sơ nào khớp" in look(anybody, code, name, 422).text


def test_what_is_missing_and_what_does_not_fit_are_told_alike(app, visitor):
    season = make_season()
    entry = make_submitted(season)
    draft = make_submitted(season)
    db.session.execute(sa.update(Entry).where(Entry.id == draft.id).values(submitted_at=None, state="draft"))
    db.session.commit()
    codes = [entry.code, draft.code, "SK-2026-9999"]
    names = ["Trần Văn Khác", "Nguyễn Thị Đào", "Nguyễn Thị Đào"]
    anybody = visitor()
    answers = [look(anybody, code, name, 422).text for code, name in zip(codes, names, strict=True)]
    assert len(set(answers)) == 1


@pytest.mark.parametrize("state", ["judging", "ranked"])
def test_scores_ranks_and_prizes_are_not_in_the_answer_before_the_announcement(app, visitor, state):
    jury = make_locked(*TWO)
    put_state(jury.contest, state)
    db.session.commit()
    answer = look(visitor(), "SK-2026-0001", "Nguyễn Thị Đào").text
    assert "Đang xét" in answer
    for canary in ("Nhất", "86", "hạng"):
        assert canary not in answer.split("Tra cứu hồ sơ")[-1].split("Mã hồ sơ")[0]


def test_after_the_announcement_the_answer_names_the_prize(app, visitor):
    announced(*TWO, ("10", "10", "10"))
    anybody = visitor()
    assert "Đạt giải Nhất" in look(anybody, "SK-2026-0001", "Nguyễn Thị Đào").text
    assert "Đã có kết quả, không đạt giải" in look(anybody, "SK-2026-0003", "Nguyễn Thị Đào").text


def test_guessing_names_is_stopped_and_right_answers_do_not_count(app):
    season = make_season()
    code = make_submitted(season).code
    db.session.commit()
    for _try in range(12):
        assert services.look_up(code, "Nguyễn Thị Đào", address="10.0.0.1", now=NOW)
    for _try in range(10):
        assert services.look_up(code, "Sai Tên", address="10.0.0.1", now=NOW) is None
    with pytest.raises(services.TooManyLookups):
        services.look_up(code, "Nguyễn Thị Đào", address="10.0.0.1", now=NOW)
    assert services.look_up(code, "Nguyễn Thị Đào", address="10.0.0.1", now=NOW + timedelta(minutes=6))


def test_one_address_cannot_go_through_many_codes(app):
    for n in range(30):
        assert services.look_up(f"SK-{n}", "Ai đó", address="10.0.0.2", now=NOW) is None
    with pytest.raises(services.TooManyLookups):
        services.look_up("SK-31", "Ai đó", address="10.0.0.2", now=NOW)
    assert services.look_up("SK-31", "Ai đó", address="10.0.0.3", now=NOW) is None


def test_lookups_never_use_up_the_tries_to_sign_in(app, monkeypatch):
    monkeypatch.setattr(services, "EVERYBODY", 3)
    for n in range(3):
        services.look_up(f"SK-{n}", "Ai đó", address=f"10.0.1.{n}", now=NOW)
    with pytest.raises(services.TooManyLookups):
        services.look_up("SK-9", "Ai đó", address="10.0.2.1", now=NOW)


# --- papers -------------------------------------------------------------------------------------------------------
def test_a_paper_is_known_by_its_code_however_it_is_typed(app, visitor):
    jury = make_scored(*TWO)
    paper = issue_paper(jury.contest, "plan")
    db.session.commit()
    code, title = paper.verify_code, paper.subject
    anybody = (
        visitor().visit("/xac-minh").submit({"ma": f" {code[:4]}-{code[4:8].lower()} - {code[8:]} "}, "Xác minh mã")
    )
    assert "Văn bản hợp lệ" in anybody.text
    assert title in anybody.text
    assert "12/KH-UBND" in anybody.text


@pytest.mark.parametrize(
    ("state", "words"), [("revoked", "Văn bản đã thu hồi"), ("replaced", "Văn bản đã được thay thế")]
)
def test_a_paper_that_no_longer_holds_says_so(app, visitor, state, words):
    paper = issue_paper(make_season().contest, "plan")
    put_state(paper, state)
    db.session.commit()
    assert words in visitor().visit(f"/xac-minh/{paper.verify_code}").text


def test_unknown_codes_and_papers_on_their_way_are_answered_alike(app, visitor):
    paper = issue_paper(make_season().contest, "plan")
    put_state(paper, "signed")
    db.session.execute(sa.update(Document).values(issued_at=None))
    db.session.commit()
    code = paper.verify_code
    anybody = visitor()
    texts = [anybody.visit(f"/xac-minh/{one}", status=404).text for one in (code, "AAAABBBBCCCC")]
    assert texts[0] == texts[1]
    for odd in ("%00", "..%2F..", "a" * 500, "%F0%9F%98%80"):
        anybody.visit(f"/xac-minh/{odd}", status=404)


def test_a_certificate_keeps_prize_and_entry_back_until_the_announcement(app, visitor):
    jury = make_locked(*TWO)
    paper = issue_paper(jury.contest, "certificate")
    paper.entry_id, paper.subject = jury.entries[0].id, f"Chứng nhận giải Nhất: {TITLE}"
    db.session.commit()
    code = paper.verify_code
    assert TITLE not in visitor().visit(f"/xac-minh/{code}").text
    put_state(jury.contest, "decided")
    db.session.commit()
    assert TITLE in visitor().visit(f"/xac-minh/{code}").text


def test_who_is_signed_in_goes_on_to_the_own_work(app, visitor):
    season = make_season()
    db.session.commit()
    response = visitor(season.author).fetch("/")
    assert (response.status_code, response.location) == (303, "/viec-cua-toi")
