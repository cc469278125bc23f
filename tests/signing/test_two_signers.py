"""Minutes, signed by their secretary and then by the chair, and certificates, whose number stands at their foot."""

import base64
import itertools
import re

import pytest

from app.accounts.models import User
from app.adapters import signing as pdf_signing
from app.adapters.signing import looks
from app.audit.queries import events_of
from app.core.clock import utcnow
from app.core.db import db
from app.documents import services
from app.documents.signing import services as signing
from app.jobs import run_all
from tests.factories.documents import PASSWORD, _sample, shown_sha256
from tests.factories.people import make_user
from tests.signing import keys
from tests.signing.desk import OnePaper, make_desk, page_of, pdf_of, sent, stages, told
from tests.signing.test_making import pdfsig, text_of
from tests.signing.test_ways import BODY, ask, fresh, post
from workflows import CONTEST
from workflows.spec import Role

CHAIR, SECRETARY = "Trần Thị Thu Hà", "Lê Văn Đức"


class Meeting:
    """The desk of a ward, with the chair and the secretary of a meeting and its minutes."""

    def __init__(self, desk):
        self.desk, world = desk, desk.world
        self.ids = {}
        for name, role in ((CHAIR, Role.HEAD_OF_JURY), (SECRETARY, Role.SECRETARY)):
            user = make_user(f"nguoi{len(self.ids)}", role, at=world.ward, full_name=name)
            user.password_hash = world.chairman.password_hash
            self.ids[name] = user.id
        db.session.commit()

    def user(self, name):
        return db.session.get(User, self.ids[name])

    def keys(self, place="server"):
        """Everybody has a certificate."""
        for name in (CHAIR, SECRETARY):
            self.desk.give_key(self.user(name), keys.issued(name), place)
        self.desk.give_key(None, keys.organisation(), place)

    def minutes(self):
        """Minutes before the chair."""
        paper = self.desk.world.made("minutes", utcnow())
        self.desk.world.act(paper, self.user(SECRETARY), "initial", utcnow())
        self.desk.world.act(paper, self.user(SECRETARY), "request_signature", utcnow())
        return paper

    def browser(self, name):
        return self.desk.visitor(self.user(name))

    def sign(self, name, paper, status=200):
        """On the page of the ways, with the key at the server."""
        browser = self.browser(name).visit(f"{page_of(paper)}/ky-so")
        return browser.submit({"password": PASSWORD}, button="document.sign_server", status=status)


@pytest.fixture
def desk(app, visitor, monkeypatch):
    desk = make_desk(app, visitor, monkeypatch)
    monkeypatch.setitem(app.extensions, "converter", OnePaper(keys.MINUTES))
    monkeypatch.setitem(
        services._drawers, (CONTEST.name, "minutes"), lambda contest, *, now: _sample("minutes", contest, now)
    )
    desk.world.overrides["left_signature"] = {"capacity_lines": ["THƯ KÝ"], "name": SECRETARY}
    desk.world.overrides["signature"] = {"capacity_lines": ["CHỦ TỌA"], "name": CHAIR}
    return desk


@pytest.fixture
def meeting(desk):
    return Meeting(desk)


def apart(one, other):
    """Whether two rectangles share no point."""
    return one.page != other.page or not (
        one.box[0] < other.box[2]
        and other.box[0] < one.box[2]
        and one.box[1] < other.box[3]
        and other.box[1] < one.box[3]
    )


# --- places -------------------------------------------------------------------------------------------------------
def test_each_signer_has_a_place_in_the_own_block():
    places = pdf_signing.find(keys.MINUTES, keys.MINUTES_WORDS)
    assert set(places) == {"writer", "person", "number", "seal"}
    writer, person, seal = places["writer"], places["person"], places["seal"]
    assert writer.page == person.page == 1
    assert writer.box[1] == pytest.approx(person.box[1], abs=2)
    assert writer.box[2] < seal.box[0] < person.box[0] < seal.box[2]
    for one, other in itertools.combinations(places, 2):
        assert apart(places[one], places[other]) != ({one, other} == {"person", "seal"}), (one, other)


def test_the_day_of_a_certificate_is_not_put_over_the_day_of_the_decision_that_it_cites(tmp_path):
    places = pdf_signing.find(keys.CERTIFICATE, keys.CERTIFICATE_WORDS)
    assert set(places) == {"person", "number", "date", "seal"}
    body = keys.organisation()
    marks = [pdf_signing.Mark("number", looks.number("07")), pdf_signing.Mark("date", looks.day("20"))]
    empty = pdf_signing.add(keys.CERTIFICATE, places)
    filled = pdf_signing.sign(empty, marks, keys.key_file(tmp_path, body), keys.mark_of(body))
    text = text_of(filled, tmp_path)
    assert re.search(r"Số vào sổ: +07 */GCN-UBND", text)
    assert re.search(r"Trung Lương, ngày +20 +tháng 11 năm 2026", text)
    assert "ngày 28 tháng 10" in text


def test_a_line_without_empty_room_is_no_place():
    words = pdf_signing.Words(keys.CERTIFICATE_WORDS.signers, ("Quyết định số", "QĐ-UBND"), None)
    with pytest.raises(pdf_signing.SigningError) as refused:
        pdf_signing.find(keys.CERTIFICATE, words)
    assert refused.value.params == {"part": "số văn bản"}


# --- from the secretary to the issue ------------------------------------------------------------------------------
def test_minutes_are_signed_by_the_secretary_and_then_by_the_chair(meeting, tmp_path):
    meeting.keys()
    paper = meeting.minutes()
    shown = pdf_of(paper)
    assert pdf_signing.empty(shown) == ("writer", "person", "number", "seal")
    secretary = meeting.browser(SECRETARY).visit(page_of(paper)).follow("document.digital")
    assert "Ký xong, văn bản chờ người có thẩm quyền ký số." in secretary.text
    secretary.submit({"password": PASSWORD}, button="document.sign_server")
    assert paper.state == "awaiting_signature"
    assert told(paper) == [("writer", "server", SECRETARY)]
    assert "Người lập đã ký số, chờ người có thẩm quyền ký số." in secretary.visit(page_of(paper)).text
    assert "document.digital" not in secretary.actions()

    between = pdf_of(paper)
    meeting.browser(CHAIR).visit(page_of(paper)).follow("document.sign").follow("document.digital").submit(
        {"password": PASSWORD}, button="document.sign_server"
    )
    assert paper.state == "signed"
    meeting.desk.number(paper)
    final = pdf_of(paper)
    assert [len(final) > len(part) and final.startswith(part) for part in (shown, between)] == [True, True]
    assert (paper.state, stages(paper)) == ("sealed", ["draft", "signed", "signed", "issued"])
    assert [(slot, name) for slot, _method, name in told(paper)] == [
        ("writer", SECRETARY),
        ("person", CHAIR),
        ("number", BODY),
        ("seal", BODY),
    ]
    said = pdfsig(final, tmp_path)
    assert said.count("Signature is Valid.") == 4
    assert re.findall(r"Field Name: (\w+)", said) == ["NguoiLap", "NguoiKy", "SoVanBan", "DauCoQuan"]
    assert re.search(r"Số: +01 */BB-UBND", text_of(final, tmp_path))

    clerk = meeting.desk.clerk().visit(page_of(paper))
    clerk.follow("document.issue").submit(button="document.issue")
    clerk.visit(page_of(paper)).follow("Kiểm tra chữ ký số")
    assert "Chữ ký số hợp lệ, nội dung còn nguyên vẹn." in clerk.text
    assert clerk.page.xpath("count(//tbody/tr)") == 4


def test_the_trail_holds_what_the_secretary_was_shown(meeting):
    meeting.keys()
    paper = meeting.minutes()
    shown = shown_sha256(paper)
    meeting.sign(SECRETARY, paper)
    event = next(one for one in events_of("document", paper.id) if one.action == "document.attest")
    assert (event.actor_name, event.from_state, event.to_state) == (
        SECRETARY,
        "awaiting_signature",
        "awaiting_signature",
    )
    assert shown in event.changes
    assert "ký số với tư cách người lập văn bản" in meeting.browser(CHAIR).visit(page_of(paper)).text


def test_the_chair_does_not_sign_digitally_before_the_secretary(meeting):
    meeting.keys()
    paper = meeting.minutes()
    chair = meeting.browser(CHAIR).visit(f"{page_of(paper)}/ky-so", status=409)
    assert f"{SECRETARY} (người lập văn bản) ký số trước" in chair.text
    chair.visit(page_of(paper))
    assert "document.digital" not in chair.actions()
    chair.follow("document.sign")
    assert f"Muốn ký số: {SECRETARY} (người lập) ký số trước ở trang văn bản." in chair.text
    token = chair.page.xpath("string(//input[@name='csrf_token']/@value)")
    values = {"csrf_token": token, "sha256": shown_sha256(paper), "password": PASSWORD, "version": paper.version}
    assert post(chair, f"{page_of(paper)}/ky-so/may-chu", values).status_code == 409
    assert (paper.state, told(paper)) == ("awaiting_signature", [])


def test_both_by_hand_is_signed_off_as_before(meeting):
    paper = meeting.minutes()
    chair = meeting.browser(CHAIR).visit(page_of(paper)).follow("document.sign")
    chair.submit({"password": PASSWORD}, button="document.sign")
    assert told(paper) == [("person", "application", CHAIR)]
    meeting.desk.number(paper)
    assert (paper.state, paper.sign_method, pdf_signing.empty(pdf_of(paper))) == ("numbered", "", ())


def test_one_digitally_and_one_by_hand_is_refused(meeting):
    meeting.keys()
    paper = meeting.minutes()
    meeting.sign(SECRETARY, paper)
    chair = meeting.browser(CHAIR).visit(page_of(paper)).follow("document.sign")
    chair.submit({"password": PASSWORD}, button="document.sign", status=409)
    assert "Người lập đã ký số nên văn bản này phải ký số." in chair.text
    chair.visit("/trinh-ky").submit({}, button="document.sign", status=422)
    box = chair.page.xpath("string(//input[@type='checkbox']/@value)")
    chair.post("/trinh-ky", {"paper": box, "key": "x"}, status=409)
    assert (paper.state, told(paper)) == ("awaiting_signature", [("writer", "server", SECRETARY)])


@pytest.mark.parametrize(("by", "act"), [(CHAIR, "return"), (SECRETARY, "revise")])
def test_a_paper_that_goes_back_is_made_anew_without_the_signature_of_the_secretary(meeting, by, act):
    meeting.keys()
    paper = meeting.desk.world.made("minutes", utcnow())
    world = meeting.desk.world
    world.act(paper, meeting.user(SECRETARY), "initial", utcnow())
    meeting.sign(SECRETARY, paper)
    assert told(paper) == [("writer", "server", SECRETARY)]
    if act == "return":
        world.act(paper, meeting.user(SECRETARY), "request_signature", utcnow())
    world.act(paper, meeting.user(by), act, utcnow(), reason="Sai tên người vắng")
    assert (told(paper), paper.sign_method) == ([], "")
    run_all()
    assert pdf_signing.empty(pdf_of(paper)) == ("writer", "person", "number", "seal")
    page = meeting.browser(SECRETARY).visit(page_of(paper))
    assert page.page.xpath("string(//s)").startswith(f"Người lập: {SECRETARY}")
    assert "Sai tên người vắng" in page.text
    if act == "return":
        world.act(paper, meeting.user(SECRETARY), "revise", utcnow())
    world.act(paper, meeting.user(SECRETARY), "initial", utcnow())
    meeting.sign(SECRETARY, paper)
    assert told(paper) == [("writer", "server", SECRETARY)]


def test_nobody_but_the_named_secretary_signs_as_one(meeting, visitor):
    """Another secretary with a certificate, one of the same name without the role, the office, the chair, the clerk."""
    meeting.keys()
    paper = meeting.minutes()
    world = meeting.desk.world
    other = make_user("thukykhac", Role.SECRETARY, at=world.ward, full_name="Lê Văn Khác")
    namesake = make_user("trungten", Role.OFFICE, at=world.ward, full_name=SECRETARY)
    for user in (other, namesake):
        user.password_hash = world.chairman.password_hash
        meeting.desk.give_key(user, keys.issued(f"{user.full_name} {user.username}"))
    ids = [user.id for user in (other, namesake, world.office, world.clerk, world.chairman)]
    for user_id in [*ids, meeting.ids[CHAIR]]:
        browser = visitor(db.session.get(User, user_id)).visit("/tra-cuu")
        token = browser.page.xpath("string(//input[@name='csrf_token']/@value)")
        for step in ("may-chu", "tai-len", "chuan-bi", "phien", "ket-qua"):
            values = {"csrf_token": token, "sha256": shown_sha256(paper), "password": PASSWORD}
            assert post(browser, f"{page_of(paper)}/ky-so/{step}", values).status_code in (302, 303, 403, 404, 409, 422)
            assert (paper.state, told(paper)) == ("awaiting_signature", [])


def test_the_secretary_signs_once(meeting):
    meeting.keys()
    paper = meeting.minutes()
    meeting.sign(SECRETARY, paper)
    meeting.browser(SECRETARY).visit(f"{page_of(paper)}/ky-so", status=409)
    assert len(told(paper)) == 1


# --- with the office's own tool, and in two phases ----------------------------------------------------------------
def signed_by(pdf, name, slot, folder):
    """What the office's own tool makes of a file."""
    who = keys.issued(name)
    mark = pdf_signing.Mark(slot, looks.person(b"", name, "20-11-2026 09:00:00 +07:00"))
    return pdf_signing.sign(pdf, [mark], keys.key_file(folder, who), keys.mark_of(who))


def test_files_signed_elsewhere_are_taken_only_from_the_right_one_in_the_right_place(meeting, tmp_path):
    meeting.keys("external")
    paper = meeting.minutes()
    given = pdf_of(paper)
    secretary = meeting.browser(SECRETARY)
    for content, sentence in (
        (signed_by(given, CHAIR, "writer", tmp_path), f"Chứng thư số là của {CHAIR}"),
        (signed_by(given, SECRETARY, "person", tmp_path), f"Chứng thư số là của {SECRETARY}"),
        (given, "Tệp không có chữ ký số nào mới."),
    ):
        secretary.visit(f"{page_of(paper)}/ky-so")
        secretary.submit({"password": PASSWORD, "file": sent(content)}, button="document.sign_upload", status=422)
        assert sentence in secretary.text
        secretary = meeting.browser(SECRETARY)
    right = signed_by(given, SECRETARY, "writer", tmp_path)
    secretary.visit(f"{page_of(paper)}/ky-so")
    secretary.submit({"password": PASSWORD, "file": sent(right)}, button="document.sign_upload")
    chair = meeting.browser(CHAIR).visit(f"{page_of(paper)}/ky-so")
    both = signed_by(right, CHAIR, "person", tmp_path)
    chair.submit({"password": PASSWORD, "file": sent(both)}, button="document.sign_upload")
    assert told(paper) == [("writer", "upload", SECRETARY), ("person", "upload", CHAIR)]
    assert pdf_of(paper) == both


def test_a_key_elsewhere_signs_as_the_secretary_in_two_phases(meeting):
    meeting.keys("external")
    paper = meeting.minutes()
    browser = meeting.browser(SECRETARY)
    base = fresh(browser, paper)
    answer = ask(browser, paper, "chuan-bi", **base)
    raw = keys.raw_signature(keys.issued(SECRETARY), base64.b64decode(answer["to_sign"]))
    sent_back = {"token": answer["token"], "signature": base64.b64encode(raw).decode()}
    answer = ask(browser, paper, "hoan-tat", csrf_token=base["csrf_token"], **sent_back)
    assert answer == {"done": True, "url": page_of(paper)}
    assert told(paper) == [("writer", "client", SECRETARY)]


def test_the_order_of_two_persons_is_judged(tmp_path):
    empty = pdf_signing.add(keys.MINUTES, pdf_signing.find(keys.MINUTES, keys.MINUTES_WORDS))
    marks = {"writer": SECRETARY, "person": CHAIR}
    expected = {slot: frozenset({keys.mark_of(keys.issued(name))}) for slot, name in marks.items()}
    expected["seal"] = frozenset({keys.mark_of(keys.organisation())})

    def verdict(pdf, last):
        wanted = pdf_signing.Expected(empty, expected, last)
        return pdf_signing.check(pdf, wanted, keys.trust(), at=keys.AT).verdict.code

    writer = signed_by(empty, SECRETARY, "writer", tmp_path)
    both = signed_by(writer, CHAIR, "person", tmp_path)
    person = signed_by(empty, CHAIR, "person", tmp_path)
    backwards = signed_by(person, SECRETARY, "writer", tmp_path)
    assert [verdict(pdf, "writer") for pdf in (writer, both, person)] == ["valid", "signers_order", "writer_missing"]
    assert [verdict(pdf, "person") for pdf in (both, backwards, person, writer)] == [
        "valid",
        "signers_order",
        "writer_missing",
        "person_missing",
    ]
    assert verdict(both, "seal") == "seal_missing"
    assert signing.PARTY_OF["number"] == "seal"


# --- certificates -------------------------------------------------------------------------------------------------
def test_a_certificate_is_signed_numbered_and_sealed_digitally(app, desk, monkeypatch, tmp_path):
    monkeypatch.setitem(app.extensions, "converter", OnePaper(keys.CERTIFICATE))
    desk.world.overrides.clear()
    desk.register(person="server", organisation="server")
    paper = desk.world.awaiting("certificate", utcnow())
    assert pdf_signing.empty(pdf_of(paper)) == ("person", "number", "date", "seal")
    desk.chairman().visit(f"{page_of(paper)}/ky-so").submit({"password": PASSWORD}, button="document.sign_server")
    desk.number(paper)
    assert (paper.state, paper.symbol) == ("sealed", "01/GCN-UBND")
    final = pdf_of(paper)
    assert pdfsig(final, tmp_path).count("Signature is Valid.") == 4
    assert re.search(r"Số vào sổ: +01 */GCN-UBND", text_of(final, tmp_path))
    assert re.search(rf"ngày +{paper.issued_on.day:02d} +tháng", text_of(final, tmp_path))
    clerk = desk.clerk().visit(page_of(paper))
    clerk.follow("document.issue").submit(button="document.issue")
    assert paper.state == "issued"
