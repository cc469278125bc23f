"""Each way to sign, from the page to the issued paper: key at the server, key at the signer's computer, the office's
own tool, and by hand."""

import base64
import io
import json
import re
from dataclasses import replace
from functools import cache

import pytest
from PIL import Image

from app.accounts.models import User
from app.adapters import signing as pdf_signing
from app.core.clock import utcnow
from app.core.db import begin_writing, db
from app.documents import queries, services
from app.documents.models import SigningSession
from app.documents.signing import certificates, signatures
from app.documents.signing import services as signing
from app.documents.templating import store as templates_store
from app.jobs import run_all
from tests.factories.documents import PASSWORD
from tests.factories.people import make_user
from tests.signing import corpus, keys
from tests.signing.conftest import clerk_marks, person_mark
from tests.signing.desk import make_desk, page_of, pdf_of, sent, stages, told
from tests.signing.test_making import pdfsig, text_of
from tests.visitor import Visitor
from workflows.spec import Role

BODY = "Ủy ban nhân dân phường Thử Nghiệm"
SEALED = [(slot, "{}", BODY) for slot in ("number", "date", "seal")]


@pytest.fixture
def desk(app, visitor, monkeypatch):
    """A ward with a trusted root and no keys yet."""
    return make_desk(app, visitor, monkeypatch)


@pytest.fixture
def signers(tmp_path):
    """What the office's own tool does: signs a file with the chairman's or the organisation's key."""

    class Tool:
        def sign(self, pdf):
            return self._by(keys.person(), [person_mark()], pdf)

        def seal(self, pdf):
            return self._by(keys.organisation(), clerk_marks(), pdf)

        def _by(self, who, marks, pdf):
            return pdf_signing.sign(pdf, marks, keys.key_file(tmp_path, who), keys.mark_of(who))

    return Tool()


def plain(form):
    """The form's values as a browser would send them, without the file."""
    return {name: value for name, value in form.form_values() if name != "file"}


def post(browser, path, values):
    """A bare POST, each in a context of its own like a request of the real server."""
    db.session.remove()
    with browser.app.app_context():
        answer = browser.client.post(path, data=values)
    begin_writing()
    return answer


def by(method):
    """The organisation's three signatures, made that way."""
    return [(slot, method, name) for slot, _, name in SEALED]


# --- a key at the server ------------------------------------------------------------------------------------------
def test_with_keys_at_the_server_a_paper_goes_from_signature_to_issue(desk, tmp_path):
    desk.register(person="server", organisation="server")
    paper = desk.awaiting()
    shown = pdf_of(paper)
    chairman = desk.chairman()
    chairman.visit(page_of(paper)).follow("document.sign").follow("document.digital")
    chairman.submit({"password": "sai"}, button="document.sign_server", status=422)
    assert "Mật khẩu không đúng" in chairman.text
    chairman.submit({"password": PASSWORD}, button="document.sign_server")
    assert paper.state == "signed"
    assert pdf_of(paper).startswith(shown)
    assert told(paper) == [("person", "server", "Nguyễn Công Lộc")]

    desk.number(paper)
    assert paper.state == "sealed"
    assert told(paper)[1:] == by("server")
    final = pdf_of(paper)
    assert stages(paper) == ["draft", "signed", "issued"]
    assert re.search(r"Số: +01 */TTr-UBND", text_of(final, tmp_path))
    assert pdfsig(final, tmp_path).count("Signature is Valid.") == 4

    clerk = desk.clerk().visit(page_of(paper))
    clerk.follow("document.issue").submit(button="document.issue")
    assert paper.state == "issued"
    assert pdf_of(paper) == final
    chairman.visit(page_of(paper)).follow("Kiểm tra chữ ký số")
    assert "Chữ ký số hợp lệ, nội dung còn nguyên vẹn." in chairman.text
    assert chairman.page.xpath("count(//tbody/tr)") == 4


def test_the_same_form_twice_signs_once(desk):
    desk.register(person="server")
    paper = desk.awaiting()
    chairman = desk.chairman().visit(f"{page_of(paper)}/ky-so")
    form = chairman.page.xpath("//main//form")[0]
    values = plain(form) | {"password": PASSWORD}
    for _ in range(2):
        assert post(chairman, f"{page_of(paper)}/ky-so/may-chu", values).status_code == 303
    assert len(told(paper)) == 1


def test_what_the_clerk_can_change_after_the_signature_is_the_day_of_the_printed_month(desk):
    desk.register(person="server")
    paper = desk.awaiting()
    desk.chairman().visit(f"{page_of(paper)}/ky-so").submit({"password": PASSWORD}, button="document.sign_server")
    row = paper.row
    row.data = row.data.replace(f"tháng {paper.signed_at.month} năm", "tháng 4 năm")
    db.session.commit()
    clerk = desk.clerk().visit(page_of(paper)).follow("document.number")
    clerk.submit(status=422)
    assert "Bản đã ký số in sẵn tháng và năm khác ngày này" in clerk.text


def test_a_key_that_does_not_open_is_named_and_can_be_tried_again(desk):
    desk.register(person="server", organisation="server")
    paper = desk.awaiting()
    secrets = sorted(certificates.folder().glob("*.secret"))
    kept = {path: path.read_bytes() for path in secrets}
    for path in secrets:
        path.write_text("sai")
    chairman = desk.chairman().visit(f"{page_of(paper)}/ky-so")
    chairman.submit({"password": PASSWORD}, button="document.sign_server", status=422)
    assert "Không mở được khóa ký tại máy chủ" in chairman.text
    assert (paper.state, told(paper)) == ("awaiting_signature", [])
    for path, content in kept.items():
        path.write_bytes(content)
    chairman.submit(button="document.sign_server")
    for path in secrets:
        path.chmod(0o644)
    desk.number(paper)
    assert paper.state == "numbered"
    clerk = desk.clerk().visit(page_of(paper))
    assert "Chưa đóng dấu số được: Không mở được khóa ký tại máy chủ" in clerk.text
    for path in secrets:
        path.chmod(0o600)
    clerk.follow("document.digital").submit({"password": PASSWORD}, button="document.sign_server")
    run_all()
    assert paper.state == "sealed"


def test_a_paper_that_went_back_keeps_its_void_signature_in_sight(desk):
    desk.register(person="server")
    paper = desk.awaiting()
    desk.chairman().visit(f"{page_of(paper)}/ky-so").submit({"password": PASSWORD}, button="document.sign_server")
    clerk = desk.clerk().visit(page_of(paper))
    clerk.follow("document.return").submit({"reason": "Sai trích yếu"}, button="document.return")
    clerk.visit(page_of(paper))
    assert clerk.page.xpath("string(//s)").startswith("Người ký: Nguyễn Công Lộc")
    assert "Sai trích yếu" in clerk.text
    assert told(paper) == []


# --- the office's own tool ----------------------------------------------------------------------------------------
def test_with_the_office_s_own_tool_files_go_out_and_come_back_signed(desk, signers):
    desk.register(person="external", organisation="external")
    paper = desk.awaiting()
    chairman = desk.chairman().visit(f"{page_of(paper)}/ky-so")
    given = chairman.fetch(chairman.link("Tải tệp cần ký")).data
    assert given == pdf_of(paper)
    chairman.submit({"password": PASSWORD, "file": sent(signers.sign(given))}, button="document.sign_upload")
    assert told(paper) == [("person", "upload", "Nguyễn Công Lộc")]

    desk.number(paper)
    assert paper.state == "numbered"
    clerk = desk.clerk().visit(page_of(paper)).follow("document.digital")
    given = clerk.fetch(clerk.link("Tải tệp cần ký")).data
    sealed = signers.seal(given)
    clerk.submit({"password": PASSWORD, "file": sent(sealed)}, button="document.sign_upload")
    assert paper.state == "sealed"
    assert pdf_of(paper) == sealed
    assert told(paper)[1:] == by("upload")


def refused(desk, paper, content, sentence):
    chairman = desk.chairman().visit(f"{page_of(paper)}/ky-so")
    fields = {"password": PASSWORD} | ({"file": sent(content)} if content is not None else {})
    chairman.submit(fields, button="document.sign_upload", status=422)
    assert sentence in chairman.text
    assert (paper.state, told(paper)) == ("awaiting_signature", [])


def test_files_that_are_not_the_shown_one_rightly_signed_are_refused_in_words(desk, signers, tmp_path):
    desk.register(person="external", organisation="external")
    paper = desk.awaiting()
    given = pdf_of(paper)
    signed = signers.sign(given)
    other = keys.issued("Trần Thị Thu Hà")
    foreign = pdf_signing.sign(given, [person_mark()], keys.key_file(tmp_path, other), keys.mark_of(other))
    for content, sentence in (
        (None, "Chọn tệp PDF đã ký"),
        (b"not a PDF", "PDF"),
        (given, "Tệp không có chữ ký số nào mới."),
        (corpus.saved_anew(signed), "phần đầu tệp khác với văn bản đã trình ký"),
        (corpus.edited(signed, corpus.overlay), "Nội dung đã bị sửa hoặc thêm sau khi ký"),
        (corpus.edited(signed, corpus.note), "Nội dung đã bị sửa hoặc thêm sau khi ký"),
        (signers.sign(corpus.edited(given, corpus.hidden_layer)), "tệp còn bị thêm hoặc sửa nội dung"),
        (foreign, "Chứng thư số là của Trần Thị Thu Hà"),
        (signers.seal(signed), "có trước chữ ký của người có thẩm quyền"),
        (signed + b"\n", "thêm vào sau chữ ký số cuối cùng"),
    ):
        refused(desk, paper, content, sentence)


def test_an_untrusted_root_and_a_retired_certificate_are_refused(desk, signers):
    desk.register(person="external")
    paper = desk.awaiting()
    signed = signers.sign(pdf_of(paper))
    root = certificates.folder() / "roots" / "root.pem"
    content = root.read_bytes()
    root.write_bytes(keys.root("CA khác").pem)
    refused(desk, paper, signed, "không do nơi cấp được cơ quan tin cậy cấp")
    root.write_text("hỏng")
    refused(desk, paper, signed, "Không đọc được chứng thư số.")
    root.write_bytes(content)


def test_a_seal_without_number_or_day_is_refused(desk, signers, tmp_path):
    desk.register(person="external", organisation="external")
    paper = desk.awaiting()
    chairman = desk.chairman().visit(f"{page_of(paper)}/ky-so")
    chairman.submit({"password": PASSWORD, "file": sent(signers.sign(pdf_of(paper)))}, button="document.sign_upload")
    desk.number(paper)
    number, date, seal = clerk_marks()
    body = keys.organisation()
    key = keys.key_file(tmp_path, body)
    for marks, sentence in (
        ([date, seal], "Không thấy 01 ở chỗ ghi số của văn bản."),
        ([number, seal], "Không thấy ngày"),
    ):
        content = pdf_signing.sign(pdf_of(paper), marks, key, keys.mark_of(body))
        clerk = desk.clerk().visit(f"{page_of(paper)}/ky-so")
        clerk.submit({"password": PASSWORD, "file": sent(content)}, button="document.sign_upload", status=422)
        assert sentence in clerk.text
    assert paper.state == "numbered"


# --- a key at the signer's computer, in two phases ----------------------------------------------------------------
def fresh(visitor, paper):
    """On the page of the ways, the password just given; then what it takes to speak to the endpoints."""
    visitor.visit(f"{page_of(paper)}/ky-so")
    if visitor.page.xpath("//input[@type='password']"):
        visitor.submit({"password": PASSWORD}, button="document.sign_client")
    box = visitor.page.xpath("//section[@data-signing]")[0]
    return {"csrf_token": box.get("data-csrf"), "sha256": box.get("data-sha256")}


def ask(browser, paper, step, status=200, **values):
    answer = post(browser, f"{page_of(paper)}/ky-so/{step}", values)
    assert answer.status_code == status, answer.get_data(as_text=True)[:300]
    return answer.get_json(silent=True)


def two_phases(browser, paper, who, rounds):
    """The signing agent: asks what to sign, signs it with its own key, sends the signature."""
    base = fresh(browser, paper)
    answer = ask(browser, paper, "chuan-bi", **base)
    for _ in range(rounds):
        assert not answer["done"]
        signature = base64.b64encode(keys.raw_signature(who, base64.b64decode(answer["to_sign"]))).decode()
        used = answer["token"]
        answer = ask(browser, paper, "hoan-tat", csrf_token=base["csrf_token"], token=used, signature=signature)
        ask(browser, paper, "hoan-tat", 409, csrf_token=base["csrf_token"], token=used, signature=signature)
    assert answer == {"done": True, "url": page_of(paper)}


def test_a_key_elsewhere_signs_and_seals_in_two_phases(desk, tmp_path):
    desk.register(person="external", organisation="external")
    paper = desk.awaiting()
    two_phases(desk.chairman(), paper, keys.person(), 1)
    assert told(paper) == [("person", "client", "Nguyễn Công Lộc")]
    desk.number(paper)
    two_phases(desk.clerk(), paper, keys.organisation(), 3)
    assert paper.state == "sealed"
    assert told(paper)[1:] == by("client")
    assert pdfsig(pdf_of(paper), tmp_path).count("Signature is Valid.") == 4
    assert re.search(r"Số: +01 */TTr-UBND", text_of(pdf_of(paper), tmp_path))


def test_a_wrong_signature_a_foreign_token_and_an_old_one_sign_nothing(desk, visitor):
    desk.register(person="external")
    paper = desk.awaiting()
    chairman = desk.chairman()
    base = fresh(chairman, paper)
    started = ask(chairman, paper, "chuan-bi", **base)
    right = base64.b64encode(keys.raw_signature(keys.person(), base64.b64decode(started["to_sign"]))).decode()
    wrong = base64.b64encode(keys.raw_signature(keys.organisation(), base64.b64decode(started["to_sign"]))).decode()
    token = {"csrf_token": base["csrf_token"], "token": started["token"]}
    for signature in (wrong, "", "không phải base64", right[:-8]):
        assert "không khớp" in ask(chairman, paper, "hoan-tat", 422, **token, signature=signature)["message"]
    ask(chairman, paper, "hoan-tat", 404, **token | {"token": "x" * 43}, signature=right)
    db.session.rollback()
    session = db.session.query(SigningSession).one()
    session.expires_at = session.created_at
    db.session.commit()
    assert "quá 10 phút" in ask(chairman, paper, "hoan-tat", 409, **token, signature=right)["message"]
    assert (paper.state, told(paper)) == ("awaiting_signature", [])


def test_without_the_password_nothing_is_handed_out(desk):
    desk.register(person="external")
    paper = desk.awaiting()
    chairman = desk.chairman().visit(f"{page_of(paper)}/ky-so")
    box = chairman.page.xpath("//section[@data-signing]")[0]
    values = {"csrf_token": box.get("data-csrf"), "sha256": box.get("data-sha256")}
    for step in ("chuan-bi", "phien"):
        assert ask(chairman, paper, step, 409, **values) == {"message": "Xác nhận mật khẩu rồi ký lại."}
    ask(chairman, paper, "hoan-tat", 409, **values, token="x", signature="x")
    assert db.session.query(SigningSession).count() == 0


# --- the Government's signing software ----------------------------------------------------------------------------
def signing_software(app, argument, sign, field="uploadfile"):
    """The software at the signer's computer: gets the file, signs and sends it, without a session."""
    machine = Visitor(app)
    told_it = json.loads(argument)
    given = machine.fetch(told_it["FileName"].removeprefix("http://localhost"))
    assert given.mimetype == "application/pdf"
    body = {field: (io.BytesIO(sign(given.data)), "van-ban.signed.pdf")}
    return post(machine, told_it["FileUploadHandler"].removeprefix("http://localhost"), body)


def through_software(app, browser, paper, sign):
    base = fresh(browser, paper)
    started = ask(browser, paper, "phien", **base)
    answer = signing_software(app, started["argument"], sign)
    assert answer.get_json()["Status"] is True
    form = browser.page.xpath("//main//form")[0]
    values = plain(form) | {"token": started["token"]}
    return started, post(browser, f"{page_of(paper)}/ky-so/ket-qua", values), values


def test_the_government_s_software_signs_and_seals(app, desk, signers):
    desk.register(person="external", organisation="external")
    paper = desk.awaiting()
    chairman = desk.chairman()
    started, answer, values = through_software(app, chairman, paper, signers.sign)
    assert (started["service"], answer.status_code) == ("SignApproved", 303)
    assert set(json.loads(started["argument"])) == {
        "FileUploadHandler",
        "SessionId",
        "JWTToken",
        "FileName",
        "MetaData",
    }
    assert told(paper) == [("person", "client", "Nguyễn Công Lộc")]
    assert post(chairman, f"{page_of(paper)}/ky-so/ket-qua", values).status_code == 303
    assert len(told(paper)) == 1

    desk.number(paper)
    started, answer, _ = through_software(app, desk.clerk(), paper, signers.seal)
    argument = json.loads(started["argument"])
    assert (started["service"], argument["DocNumber"]) == ("SignIssued", "01")
    assert argument["IssuedDate"] == f"{paper.issued_on.isoformat()}T12:00:00+07:00"
    assert answer.status_code == 303
    assert told(paper)[1:] == by("client")


def test_what_the_software_sends_is_checked_and_its_token_opens_nothing_else(app, desk, signers):
    desk.register(person="external")
    paper = desk.awaiting()
    chairman = desk.chairman()
    _, answer, values = through_software(app, chairman, paper, lambda pdf: pdf)
    assert answer.status_code == 422
    assert "Tệp không có chữ ký số nào mới." in answer.get_data(as_text=True)
    client = Visitor(app)
    for path in (f"/ky-so/{'x' * 43}/tep.pdf", "/ky-so/%20/tep.pdf"):
        assert client.fetch(path).status_code == 404
    assert post(client, f"/ky-so/{'x' * 43}/nhan", {"f": (io.BytesIO(b"x"), "x.pdf")}).status_code == 404
    address = f"/ky-so/{values['token']}"
    assert post(client, f"{address}/nhan", {}).status_code == 422
    assert post(client, f"{address}/nhan", {"f": (io.BytesIO(b"x"), "x.pdf")}).status_code == 422
    assert client.fetch(f"{page_of(paper)}/ky-so/tep.pdf").status_code in (302, 303)
    started, answer, _ = through_software(app, chairman, paper, signers.sign)
    assert answer.status_code == 303
    assert client.fetch(f"/ky-so/{started['token']}/tep.pdf").status_code == 404
    assert post(client, f"/ky-so/{started['token']}/nhan", {"f": (io.BytesIO(b"%PDF-1.4"), "x.pdf")}).status_code == 404


def test_only_the_page_of_signing_may_speak_to_the_software(desk):
    desk.register(person="external")
    paper = desk.awaiting()
    chairman = desk.chairman()
    rules = [
        chairman.fetch(path).headers["Content-Security-Policy"] for path in (page_of(paper), f"{page_of(paper)}/ky-so")
    ]
    assert "wss:" not in rules[0]
    assert "connect-src 'self' wss://127.0.0.1:8987;" in rules[1]


# --- by hand ------------------------------------------------------------------------------------------------------
@cache
def scan(version=b"1.4"):
    """A scan of one page."""
    out = io.BytesIO()
    Image.new("RGB", (620, 877), "white").save(out, "PDF", resolution=75)
    return re.sub(rb"%PDF-1\.\d", b"%PDF-" + version, out.getvalue(), count=1)


def test_a_paper_signed_by_hand_gets_its_scan_before_and_after_issue(desk):
    paper = desk.world.signed(now=utcnow())
    clerk = desk.clerk().visit(page_of(paper))
    assert "document.scan" not in clerk.actions()
    desk.number(paper)
    final = pdf_of(paper)
    clerk.visit(page_of(paper)).follow("document.scan")
    clerk.submit(button="document.scan", status=422)
    assert "Chọn bản quét PDF" in clerk.text
    clerk.submit({"file": sent(scan(b"1.3"))}, button="document.scan", status=422)
    assert "Bản quét phải là PDF từ phiên bản 1.4" in clerk.text
    clerk.submit({"file": sent(scan())}, button="document.scan")
    assert told(paper)[-1] == ("person", "paper", "Nguyễn Công Lộc")
    clerk.follow("document.issue").submit(button="document.issue")
    clerk.visit(page_of(paper)).follow("document.scan").submit({"file": sent(scan(b"1.7"))}, button="document.scan")
    assert stages(paper)[-2:] == ["scan", "scan"]
    assert pdf_of(paper) == final
    clerk.visit(page_of(paper))
    assert clerk.fetch(clerk.link("Tải bản quét 1")).data == scan()
    assert clerk.fetch(clerk.link("Tải bản quét 2")).data == scan(b"1.7")


def test_a_paper_signed_digitally_takes_no_scan(desk):
    desk.register(person="server", organisation="server")
    paper = desk.awaiting()
    desk.chairman().visit(f"{page_of(paper)}/ky-so").submit({"password": PASSWORD}, button="document.sign_server")
    desk.number(paper)
    desk.clerk().visit(f"{page_of(paper)}/ban-quet", status=403)


# --- rights -------------------------------------------------------------------------------------------------------
def test_nobody_else_signs_on_any_way(desk, visitor, signers):
    """The assistant, the clerk before the signature, the administrator, the head of the jury, a stranger, nobody."""
    desk.register(person="external", organisation="server")
    paper = desk.awaiting()
    signed = signers.sign(pdf_of(paper))
    sha256 = signatures_shown(paper)
    admin = make_user("quantri", Role.ADMIN, at=desk.world.ward)
    jury = make_user("giamkhao", Role.HEAD_OF_JURY, at=desk.world.ward)
    stranger = make_user("nguoikhac", Role.OFFICE, at=desk.world.ward)
    db.session.commit()
    ids = [user.id for user in (desk.world.office, desk.world.clerk, admin, jury, stranger)]
    for user_id in (*ids, None):
        user = db.session.get(User, user_id) if user_id else None
        browser = visitor(user).visit("/tra-cuu")
        token = browser.page.xpath("string(//input[@name='csrf_token']/@value)")
        for step in ("may-chu", "tai-len", "chuan-bi", "hoan-tat", "phien", "ket-qua"):
            values = {"csrf_token": token, "sha256": sha256, "password": PASSWORD, "token": "x", "signature": "x"}
            files = {"file": sent(signed)} if step == "tai-len" else {}
            answer = post(browser, f"{page_of(paper)}/ky-so/{step}", values | files)
            assert answer.status_code != 200
            assert (paper.state, told(paper)) == ("awaiting_signature", [])


def signatures_shown(paper):
    """The hash of what the signer's page binds."""
    return queries.signable_sha256(paper.id)


def test_a_hash_of_other_bytes_and_an_older_version_are_refused(desk):
    desk.register(person="server")
    paper = desk.awaiting()
    chairman = desk.chairman().visit(f"{page_of(paper)}/ky-so")
    form = chairman.page.xpath("//main//form")[0]
    values = plain(form) | {"password": PASSWORD}
    for wrong in ({"sha256": "0" * 64}, {"sha256": ""}, {"version": "1"}, {"csrf_token": "x"}):
        assert post(chairman, f"{page_of(paper)}/ky-so/may-chu", values | wrong).status_code in (400, 409)
        assert (paper.state, told(paper)) == ("awaiting_signature", [])


def test_every_change_between_page_and_signature_is_refused(desk):
    """The bytes of the paper are made anew while the signer looks at the page."""
    desk.register(person="server")
    paper = desk.awaiting()
    for n in range(5):
        chairman = desk.chairman().visit(f"{page_of(paper)}/ky-so")
        db.session.rollback()
        changed = pdf_of(paper) + b"\n%% %d\n" % n
        made = services_store(changed)
        services.keep_bytes(paper.row, "draft", [made], now=utcnow())
        db.session.commit()
        chairman.submit({"password": PASSWORD}, button="document.sign_server", status=409)
        assert (paper.state, told(paper)) == ("awaiting_signature", [])


def services_store(pdf):
    """Keep bytes as the job does."""
    return {"kind": "pdf"} | signing.stored(pdf)


def test_a_paper_without_room_for_signatures_is_signed_on_paper_only(desk):
    """The PDF has no line for the number of a certificate."""
    paper = desk.world.awaiting("certificate", utcnow())
    assert pdf_signing.empty(pdf_of(paper)) == ()
    desk.chairman().visit(f"{page_of(paper)}/ky-so", status=409)
    assert signatures.list_of(paper.id) == []


def test_a_list_on_which_others_sign_by_hand_says_so(desk, monkeypatch):
    """A kind of paper is signed by hand where its manifest says so."""
    kind = templates_store.load("forwarding")
    by_hand = replace(kind, manifest=replace(kind.manifest, signature="by_hand"))
    monkeypatch.setattr(templates_store, "load", lambda code: by_hand)
    paper = desk.awaiting()
    assert pdf_signing.empty(pdf_of(paper)) == ()
    chairman = desk.chairman().visit(page_of(paper)).follow("document.sign")
    assert "Loại văn bản này có người khác ký nhận bằng tay nên chỉ ký trên giấy" in chairman.text
    assert "document.digital" not in chairman.actions()
