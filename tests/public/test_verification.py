"""Checking a paper: by its code, its QR code or its bytes; what is told of it and what never is."""

import hashlib
import io
from datetime import timedelta

import pytest
import sqlalchemy as sa
from PIL import Image

from app.accounts.models import SignInAttempt
from app.core import ids
from app.core.db import db
from app.documents.models import Document, DocumentFile
from app.public import papers, services
from app.public.services import TooManyLookups
from tests.conftest import NOW
from tests.factories.contests import issue_paper
from tests.factories.entries import make_season, put_state
from tests.factories.ranking import make_locked
from tests.sql import count_statements

SIGNER = "Trần Thị Giám Khảo"
TITLE = "Chim hoàng yến trong mỏ than"
TWO = (("28", "28", "30"), ("20", "20", "30"))


def make_blank_pdf():
    out = io.BytesIO()
    Image.new("RGB", (100, 140), "white").save(out, "PDF")
    return out.getvalue()


BLANK = make_blank_pdf()


def add_file(app, paper, content, stage="issued", kind="pdf"):
    stored = app.extensions["storage"].put(io.BytesIO(content), limit=10**6)
    row = {"document_id": paper.id, "stage": stage, "kind": kind, "sha256": stored.key, "size": stored.size}
    db.session.add(DocumentFile(**row, pages=1, made_at=NOW))
    db.session.flush()
    return stored.key


@pytest.fixture
def plan(app):
    """An issued plan with its PDF; gives its code and the hash."""
    paper = issue_paper(make_season().contest, "plan")
    sha256 = add_file(app, paper, BLANK)
    db.session.commit()
    return paper.verify_code, sha256


def kept_paper(code):
    return db.session.scalar(sa.select(Document).where(Document.verify_code == code))


def follow(code, relation, state="issued"):
    """A further paper that replaces, corrects or revokes the one with this code."""
    earlier = kept_paper(code)
    later = Document(
        **{
            column.name: getattr(earlier, column.name)
            for column in Document.__table__.columns
            if column.name not in ("id", "code", "verify_code", "version")
        }
    )
    later.code, later.verify_code = f"VB-{ids.random_code(8)}", ids.random_code(12)
    later.relation, later.related_id, later.symbol, later.state = relation, earlier.id, "13/KH-UBND", state
    db.session.add(later)
    db.session.commit()
    return later.verify_code


# --- what is answered ---------------------------------------------------------------------------------------------
def test_the_whole_address_of_a_qr_code_may_be_pasted(plan, visitor):
    anybody = visitor().visit("/xac-minh").submit({"ma": f"http://localhost/xac-minh/{plan[0]}"}, "Xác minh mã")
    assert "Văn bản hợp lệ" in anybody.text
    assert plan[1] in anybody.text


@pytest.mark.parametrize(
    ("relation", "state", "title", "words"),
    [
        ("replaces", "replaced", "Văn bản đã được thay thế", "Được thay thế bằng Kế hoạch số 13/KH-UBND"),
        ("corrects", "issued", "Văn bản hợp lệ, đã được đính chính", "Được đính chính tại Kế hoạch số 13/KH-UBND"),
        ("revokes", "revoked", "Văn bản đã thu hồi", "Bị thu hồi theo Kế hoạch số 13/KH-UBND"),
    ],
)
def test_papers_lead_to_those_that_follow_them_and_back(plan, visitor, relation, state, title, words):
    later = follow(plan[0], relation)
    put_state(kept_paper(plan[0]), state)
    db.session.commit()
    anybody = visitor().visit(f"/xac-minh/{plan[0]}")
    assert title in anybody.text
    assert words in anybody.text
    back = anybody.visit(f"/xac-minh/{later}")
    assert "Văn bản hợp lệ" in back.text
    assert back.page.xpath(f"boolean(//main//a[@href='/xac-minh/{plan[0]}'])")


@pytest.mark.parametrize("relation", ["replaces", "corrects", "revokes"])
def test_what_follows_but_did_not_go_out_yet_is_not_told(plan, visitor, relation):
    later = follow(plan[0], relation, state="signed")
    anybody = visitor().visit(f"/xac-minh/{plan[0]}")
    assert "13/KH-UBND" not in anybody.text
    assert later not in anybody.response.get_data(as_text=True)


# --- the file -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("stage", "words"),
    [
        ("issued", "Tệp trùng từng byte với bản đã phát hành."),
        ("signed", "Tệp trùng từng byte với bản có chữ ký của người ký"),
        ("scan", "Tệp trùng từng byte với bản quét"),
    ],
)
def test_a_file_is_known_by_its_bytes(app, plan, visitor, stage, words):
    content = f"bytes of {stage}".encode()
    add_file(app, kept_paper(plan[0]), content, stage)
    db.session.commit()
    sha256 = hashlib.sha256(content).hexdigest()
    for text in (sha256, sha256.upper()):
        anybody = visitor().visit(f"/xac-minh/tep?sha256={text}")
        assert words in anybody.text
        assert "12/KH-UBND" in anybody.text


def test_a_file_is_sent_where_there_is_no_script_and_not_kept(app, plan, visitor):
    folder = app.extensions["storage"].root
    before = sorted(path for path in folder.rglob("*") if path.is_file())
    anybody = visitor().visit("/xac-minh")
    anybody.post("/xac-minh/tep", {"tep": (io.BytesIO(BLANK), "ke-hoach.pdf")})
    assert "Văn bản hợp lệ" in anybody.text
    anybody.visit("/xac-minh").post("/xac-minh/tep", {"tep": (io.BytesIO(b"x" + BLANK), "a.pdf")}, status=404)
    assert "Tệp này không phải tệp đã phát hành" in anybody.text
    assert sorted(path for path in folder.rglob("*") if path.is_file()) == before


def test_no_file_is_said_at_the_field(plan, visitor):
    anybody = visitor().visit("/xac-minh")
    anybody.post("/xac-minh/tep", {}, status=422)
    assert "Chọn tệp cần kiểm tra" in anybody.text
    anybody.visit("/xac-minh").post("/xac-minh/tep", {"tep": (io.BytesIO(b""), "")}, status=422)


@pytest.mark.parametrize("text", ["", "0", "x" * 64, "0" * 63, "0" * 65, "%00" * 64])
def test_what_is_no_hash_leads_to_the_question(plan, visitor, text):
    assert visitor().visit(f"/xac-minh/tep?sha256={text}").heading == "Xác minh văn bản"
    assert db.session.query(SignInAttempt).count() == 0


def test_drafts_and_papers_on_their_way_are_not_known_by_bytes(app, plan, visitor):
    draft = add_file(app, kept_paper(plan[0]), b"draft", "draft")
    put_state(kept_paper(plan[0]), "signed")
    db.session.execute(sa.update(Document).values(issued_at=None))
    db.session.commit()
    pages = [visitor().visit(f"/xac-minh/tep?sha256={one}", 404).text for one in (draft, plan[1], "0" * 64)]
    assert len(set(pages)) == 1


def test_a_thousand_true_ones_pass_and_a_thousand_altered_ones_fail(app):
    contest = make_season().contest
    contents, codes = [f"văn bản {n}".encode() for n in range(500)], [ids.random_code(12) for _n in range(500)]
    model = issue_paper(contest, "plan")
    row = {column.name: getattr(model, column.name) for column in Document.__table__.columns if column.name != "id"}
    rows = [row | {"code": f"VB-{n}", "verify_code": code} for n, code in enumerate(codes)]
    db.session.execute(sa.insert(Document), rows)
    keys = dict(db.session.execute(sa.select(Document.verify_code, Document.id)).all())
    file = {"stage": "issued", "kind": "pdf", "size": 1, "pages": 1, "made_at": NOW}
    hashes = [hashlib.sha256(content).hexdigest() for content in contents]
    pairs = zip(codes, hashes, strict=True)
    db.session.execute(sa.insert(DocumentFile), [file | {"document_id": keys[c], "sha256": h} for c, h in pairs])
    db.session.commit()
    altered = [bytes([content[0] ^ 1]) + content[1:] for content in contents]
    swapped = [("2" if code[5] != "2" else "3").join((code[:5], code[6:])) for code in codes]
    true = [papers.by_code(code).document.id for code in codes] + [papers.by_bytes(h).document.id for h in hashes]
    assert true == [keys[code] for code in codes] * 2
    assert [papers.by_code(code) for code in swapped] == [None] * 500
    assert [papers.by_bytes(hashlib.sha256(content).hexdigest()) for content in altered] == [None] * 500


# --- the first page -----------------------------------------------------------------------------------------------
def test_the_first_page_of_a_public_kind_is_shown(plan, visitor):
    anybody = visitor().visit(f"/xac-minh/{plan[0]}")
    (address,) = anybody.page.xpath("//main//img/@src")
    response = anybody.fetch(address)
    assert (response.status_code, response.mimetype) == (200, "image/png")
    assert Image.open(io.BytesIO(response.data)).format == "PNG"
    again = anybody.client.get(address, headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("template", ["score_sheet", "minutes", "score_summary", "receipt", "submission", "forwarding"])
def test_papers_that_are_not_for_everybody_show_no_page(app, plan, visitor, template):
    paper = kept_paper(plan[0])
    paper.template_code, paper.signed_at, paper.signer_name = template, NOW, SIGNER
    db.session.commit()
    anybody = visitor().visit(f"/xac-minh/{plan[0]}")
    assert anybody.page.xpath("//main//img") == []
    assert anybody.fetch(f"/xac-minh/{plan[0]}/trang-1.png").status_code == 404
    assert (SIGNER in anybody.text) == (template != "score_sheet")


@pytest.mark.parametrize("template", ["certificate", "result_decision"])
def test_pages_that_tell_results_wait_for_the_announcement(app, visitor, template):
    jury = make_locked(*TWO)
    paper = issue_paper(jury.contest, template)
    paper.subject = TITLE
    paper.entry_id = jury.entries[0].id if template == "certificate" else None
    add_file(app, paper, BLANK)
    db.session.commit()
    path = f"/xac-minh/{paper.verify_code}"
    anybody = visitor().visit(path)
    assert anybody.page.xpath("//main//img") == []
    assert anybody.fetch(f"{path}/trang-1.png").status_code == 404
    put_state(jury.contest, "decided")
    db.session.commit()
    assert len(anybody.visit(path).page.xpath("//main//img")) == 1
    assert anybody.fetch(f"{path}/trang-1.png").status_code == 200


def test_a_hidden_page_and_a_missing_paper_are_answered_alike(app, plan, visitor):
    kept_paper(plan[0]).template_code = "receipt"
    db.session.commit()
    answers = [visitor().fetch(f"/xac-minh/{code}/trang-1.png") for code in (plan[0], "AAAABBBBCCCC")]
    assert answers[0].status_code == answers[1].status_code == 404
    assert len({answer.get_data(as_text=True).replace(plan[0], "AAAABBBBCCCC") for answer in answers}) == 1


# --- guessing -----------------------------------------------------------------------------------------------------
def check(code, address="10.0.0.1", now=NOW):
    return services.check(papers.by_code, code, address=address, now=now)


def test_guessing_codes_is_stopped_and_true_ones_are_not_counted(plan):
    for _try in range(40):
        assert check(plan[0]).status == "valid"
    for n in range(30):
        assert check(f"SAI{n}") is None
    with pytest.raises(TooManyLookups):
        check(plan[0])
    assert check(plan[0], "10.0.0.2").status == "valid"
    assert check(plan[0], now=NOW + timedelta(minutes=6)).status == "valid"


def test_guesses_from_everywhere_together_are_stopped(plan, monkeypatch):
    monkeypatch.setattr(services, "EVERYBODY", 3)
    for n in range(3):
        check(f"SAI{n}", f"10.0.1.{n}")
    with pytest.raises(TooManyLookups):
        check("SAI9", "10.0.2.1")
    assert services.look_up("SK-1", "Ai đó", address="10.0.2.1", now=NOW) is None


def test_who_guesses_too_often_is_told_to_wait(plan, visitor):
    anybody = visitor()
    for n in range(30):
        anybody.visit(f"/xac-minh/SAI{n}", status=404)
    for path in ("/xac-minh/SAI", f"/xac-minh/{plan[0]}", f"/xac-minh/tep?sha256={plan[1]}"):
        anybody.visit(path, status=429)
        assert "Đã thử sai quá nhiều lần" in anybody.text
        assert anybody.response.headers["Retry-After"] == "300"
    anybody.visit("/xac-minh")


def test_unknown_and_unpublished_take_the_same_statements(plan, visitor):
    put_state(kept_paper(plan[0]), "signed")
    db.session.commit()
    seen = []
    for code in (plan[0], "AAAABBBBCCCC"):
        with count_statements() as statements:
            assert papers.by_code(code) is None
        seen.append(len(statements))
    assert seen == [1, 1]
