"""An uploaded template from the file to the paper: check, second person, next paper, and the way back."""

import io
import json
import subprocess

import pytest
from docx.oxml.ns import qn

from app import flow
from app.accounts.models import User
from app.adapters.pdf import find_soffice
from app.adapters.storage import receive
from app.audit import sentences
from app.audit.queries import events_of
from app.core.db import db
from app.core.errors import Conflict, Invalid, NotAllowed
from app.documents import queries
from app.documents.batches import making
from app.documents.models import DocumentTemplate
from app.documents.templating import check as templates_check
from app.documents.templating import policy as template_policy
from app.documents.templating import rendering
from app.documents.templating import store as templates_store
from app.documents.templating import uploads as templates_upload
from app.documents.templating import words as template_words
from app.documents.templating.rendering import render
from app.jobs import run_all
from app.notifications.models import Message
from tests.conftest import NOW
from tests.documents.word_files import opened, text_of
from tests.factories.documents import make_world
from tests.factories.people import actor_of, make_organisation, make_user
from workflows.spec import Role

CODE = "forwarding"
OTHERS = (Role.UNIT, Role.SECRETARY, Role.JUDGE, Role.HEAD_OF_JURY, Role.DEPUTY, Role.UPPER_CLERK)


@pytest.fixture
def world(app, monkeypatch):
    """Papers as .docx only, as on a machine without LibreOffice."""
    monkeypatch.setitem(app.extensions, "converter", None)
    return make_world()


def built_in(code=CODE):
    return templates_store.load(code).read_bytes()


def changed(words, code=CODE):
    """The built-in template with a paragraph of the office's own at the end."""
    document = opened(built_in(code))
    document.add_paragraph(words)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def upload(app, data, user, organisation, code=CODE, now=NOW, **more):
    received = receive(app.extensions["storage"], io.BytesIO(data), "mẫu mới.docx", limit=templates_upload.LIMIT)
    version = templates_upload.upload(code, organisation.id, received, "Thêm một câu", actor_of(user), now=now, **more)
    db.session.commit()
    return version.id


def row(version_id):
    db.session.rollback()
    return db.session.get(DocumentTemplate, version_id)


def act(version_id, user, action, now=NOW, **more):
    flow.fire(row(version_id), action, actor_of(user), now=now, **more)
    db.session.commit()


def in_use(app, world, words, now=NOW):
    """A version that the office uploaded and the clerk put into use."""
    version_id = upload(app, changed(words), world.office, world.ward, now=now)
    run_all(now)
    act(version_id, world.clerk, "activate", now)
    return version_id


def text_of_paper(app, paper):
    (file,) = [f for f in queries.current_files(paper.id) if f.kind == "docx"]
    with app.extensions["storage"].open(file.sha256) as stored:
        return text_of(stored.read())


def states(*version_ids):
    return [row(version_id).state for version_id in version_ids]


# --- from the file to the paper


def test_a_good_template_is_proposed_and_both_offices_are_told(app, world):
    version_id = upload(app, changed("Câu của phường."), world.office, world.ward)
    version = row(version_id)
    assert (version.state, version.number, version.file_name) == ("checking", 1, "mẫu mới.docx")
    run_all(NOW)
    version = row(version_id)
    assert version.state == "proposed"
    assert template_words.problems(version) == []
    assert template_words.remarks(version) == ["Chưa có LibreOffice nên không xem trước được các trang."]
    told = db.session.query(Message).filter(Message.title.startswith("Mẫu văn bản chờ kích hoạt"))
    assert [db.session.get(User, message.user_id).username for message in told] == ["vanthu"]


def test_a_wrong_template_is_refused_with_every_reason_and_its_author_told(app, world):
    version_id = upload(app, changed("Cộng: {{ tong_tien }} {{ a1b2 }}"), world.office, world.ward)
    run_all(NOW)
    version = row(version_id)
    assert version.state == "refused"
    assert [problem.split(":")[0] for problem in template_words.problems(version)] == ["Gần “Cộng"] * 2
    (message,) = db.session.query(Message).filter_by(user_id=world.office.id)
    assert message.title == "Mẫu văn bản không dùng được: Tờ trình gửi cấp trên, bản 1"
    assert "Kiểm tra thấy 2 chỗ phải sửa" in message.body
    with pytest.raises(Conflict):
        act(version_id, world.clerk, "activate")


def test_without_walls_no_uploaded_template_is_opened(app, world, monkeypatch):
    """A machine on which the process that reads it would be root, or could reach the network and files."""
    monkeypatch.setattr(rendering, "walls", lambda: {"no_root": True, "no_network": False, "no_calls": False})
    monkeypatch.setattr(rendering, "inspect", None)
    version_id = upload(app, changed("Câu mới."), world.office, world.ward)
    run_all(NOW)
    version = row(version_id)
    assert version.state == "refused"
    assert template_words.problems(version) == [
        "Máy chủ chưa khóa được tiến trình đọc mẫu nên chưa nhận mẫu tải lên; báo người quản trị xem trang Sức khỏe hệ"
        " thống, khắc phục rồi tải lại."
    ]
    assert "Máy chủ chưa khóa được tiến trình đọc mẫu" in [e.reason for e in events_of("template", version_id)]
    monkeypatch.undo()
    again = upload(app, changed("Câu mới."), world.office, world.ward)
    run_all(NOW)
    assert row(again).state == "proposed"


def test_a_template_that_only_fails_when_filled_is_refused(app, world):
    version_id = upload(app, changed("{% set x = 'y' * 4000000000 %}{{ x }}"), world.office, world.ward)
    run_all(NOW)
    (said,) = template_words.problems(row(version_id))
    assert row(version_id).state == "refused"
    assert "dùng quá nhiều bộ nhớ hoặc thời gian nên đã bị dừng" in said


def test_the_next_paper_uses_the_new_template_and_the_old_paper_keeps_its_own(app, world):
    before = world.made(CODE)
    version_id = in_use(app, world, "Câu của phường.")
    sha256 = row(version_id).sha256
    assert (row(version_id).activated_by, row(version_id).activated_at) == (world.clerk.full_name, NOW)
    assert templates_store.in_use(CODE, world.ward.id).sha256 == sha256

    world.next_contest("CT-2027")
    after = world.made(CODE)
    assert after.template_sha256 == sha256
    assert text_of_paper(app, after).endswith("Câu của phường.")
    assert before.template_sha256 == templates_store.load(CODE).sha256
    assert "Câu của phường." not in text_of_paper(app, before)


def test_a_paper_is_numbered_with_the_template_it_was_drawn_up_with(app, world):
    in_use(app, world, "Câu thứ nhất.")
    paper = world.signed(CODE)
    version_id = in_use(app, world, "Câu thứ hai.")
    act(version_id, world.clerk, "retire", reason="Thôi")
    world.issue(paper)
    assert text_of_paper(app, paper).endswith("Câu thứ nhất.")
    assert "Số: 01/TTr-UBND" in text_of_paper(app, paper)


def test_a_draft_takes_the_new_template_when_it_is_made_again(app, world):
    paper = world.made(CODE)
    in_use(app, world, "Câu của phường.")
    world.made(CODE)
    assert text_of_paper(app, paper).endswith("Câu của phường.")


def test_bytes_made_meanwhile_with_the_earlier_template_do_not_count(app, world):
    """The same data, drawn up anew with another template while the bytes were being made."""
    version_id = upload(app, changed("Câu của phường."), world.office, world.ward)
    run_all(NOW)
    paper = world.draw(CODE)
    (under_way,) = making.waiting(CODE)
    act(version_id, world.clerk, "activate")
    world.draw(CODE)
    making._keep(under_way, [{"kind": "docx", "sha256": "0" * 64, "size": 1, "pages": 0}], NOW, made_at=NOW)
    assert (paper.render_state, queries.current_files(paper.id)) == ("waiting", [])
    run_all(NOW)
    assert text_of_paper(app, paper).endswith("Câu của phường.")


# --- one in use, and the way back


def test_the_second_version_in_use_retires_the_first(app, world):
    first, second = in_use(app, world, "Câu một."), in_use(app, world, "Câu hai.")
    assert states(first, second) == ["retired", "active"]
    assert templates_store.in_use(CODE, world.ward.id).sha256 == row(second).sha256


def test_retiring_brings_back_the_version_before_then_the_built_in(app, world):
    first, second = in_use(app, world, "Câu một."), in_use(app, world, "Câu hai.")
    act(second, world.clerk, "retire", reason="Sai phông")
    assert states(first, second) == ["active", "retired"]
    assert row(first).activated_by == world.clerk.full_name
    act(first, world.clerk, "retire")
    assert states(first, second) == ["retired", "retired"]
    assert templates_store.in_use(CODE, world.ward.id) == templates_store.load(CODE)


def test_a_version_can_be_used_again_by_another_person(app, world):
    first, second = in_use(app, world, "Câu một."), in_use(app, world, "Câu hai.")
    act(first, world.clerk, "activate")
    assert states(first, second) == ["active", "retired"]


def test_a_version_of_the_body_above_counts_until_there_is_an_own(app, world):
    town = make_organisation("thixa")
    world.ward.parent_id = town.id
    clerk, office = make_user("vt.thixa", Role.CLERK, at=town), make_user("vp.thixa", Role.OFFICE, at=town)
    db.session.commit()
    of_town = upload(app, changed("Câu của thị xã."), office, town)
    run_all(NOW)
    act(of_town, clerk, "activate")
    assert templates_store.in_use(CODE, world.ward.id).sha256 == row(of_town).sha256
    own = in_use(app, world, "Câu của phường.")
    assert templates_store.in_use(CODE, world.ward.id).sha256 == row(own).sha256
    assert templates_store.in_use(CODE, town.id).sha256 == row(of_town).sha256
    assert templates_store.in_use("minutes", world.ward.id) == templates_store.load("minutes")


# --- who


def test_who_uploaded_cannot_put_into_use_whatever_the_other_roles(app, world):
    everything = make_user("motminh", *template_policy.MANAGERS, at=world.ward)
    db.session.commit()
    version_id = upload(app, changed("Câu của phường."), everything, world.ward)
    run_all(NOW)
    assert template_policy.roles(row(version_id), actor_of(everything)) == {Role.AUTHOR}
    with pytest.raises(NotAllowed):
        act(version_id, everything, "activate")
    act(version_id, everything, "refuse", reason="Tôi tải nhầm")
    assert states(version_id) == ["refused"]


@pytest.mark.parametrize("role", template_policy.MANAGERS)
def test_each_manager_can_be_the_second_person(app, world, role):
    second = make_user("nguoihai", role, at=world.ward)
    db.session.commit()
    version_id = upload(app, changed("Câu của phường."), world.office, world.ward)
    run_all(NOW)
    act(version_id, second, "activate")
    assert states(version_id) == ["active"]


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_uploads_or_acts(app, world, role):
    other = make_user("nguoikhac", role, at=world.ward)
    version_id = upload(app, changed("Câu của phường."), world.office, world.ward)
    run_all(NOW)
    for action in ("activate", "refuse"):
        with pytest.raises(NotAllowed):
            act(version_id, other, action, reason="x")
        db.session.rollback()
    with pytest.raises(NotAllowed):
        upload(app, changed("Câu khác."), other, world.ward)


def test_an_office_elsewhere_or_of_one_contest_manages_nothing_here(app, world):
    elsewhere = make_user("noikhac", Role.OFFICE, at=make_organisation("khac"))
    for_one = make_user("motcuoc", Role.OFFICE, at=world.ward, contest_id=world.contest_id)
    db.session.commit()
    version_id = upload(app, changed("Câu của phường."), world.office, world.ward)
    for user in (elsewhere, for_one):
        assert template_policy.roles(row(version_id), actor_of(user)) == frozenset()
        with pytest.raises(NotAllowed):
            upload(app, changed("Câu khác."), user, world.ward)


def test_the_trail_calls_who_uploaded_by_a_fitting_word(app, world):
    version_id = upload(app, changed("Câu của phường."), world.office, world.ward)
    act(version_id, world.office, "refuse", reason="Nhầm")
    told = [event.text for event in sentences.timeline(events_of("template", version_id))]
    name = world.office.full_name
    assert told == [f"{name} (Người tải lên) không dùng mẫu", f"{name} (Người tải lên) tải lên mẫu"]


# --- one and the same


def test_the_same_form_sent_twice_makes_one_version(app, world):
    data = changed("Câu của phường.")
    first = upload(app, data, world.office, world.ward, key="k" * 20)
    assert upload(app, data, world.office, world.ward, key="k" * 20) == first


def test_the_same_bytes_are_taken_once_unless_they_were_refused(app, world):
    data = changed("Câu của phường.")
    first = upload(app, data, world.office, world.ward)
    with pytest.raises(Invalid, match="giống hệt bản 1"):
        upload(app, data, world.office, world.ward)
    db.session.rollback()
    act(first, world.office, "refuse", reason="Nhầm")
    assert row(upload(app, data, world.office, world.ward)).number == 2
    with pytest.raises(Invalid, match="chính là mẫu có sẵn"):
        upload(app, built_in(), world.office, world.ward)


def test_a_check_that_comes_twice_decides_once(app, world):
    version_id = upload(app, changed("Câu của phường."), world.office, world.ward)
    checked = templates_check.check(now=NOW, version_id=version_id)
    run_all(NOW)
    assert templates_check.check(now=NOW, version_id=version_id) is None
    templates_check.decide(now=NOW, prepared=checked, version_id=version_id)
    assert states(version_id) == ["proposed"]


# --- real programs


def test_a_template_saved_by_libreoffice_passes_with_its_pages(app, tmp_path):
    """The built-in decision opened and saved again by another program, as an office would."""
    if app.extensions["converter"] is None:
        pytest.skip("LibreOffice is not installed")
    kind = templates_store.load("result_decision")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "mau.docx").write_bytes(kind.read_bytes())
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [find_soffice(), "--headless", "--norestore", profile, "--infilter=MS Word 2007 XML"]
    target = ["--convert-to", "docx:MS Word 2007 XML", "--outdir", str(tmp_path), str(tmp_path / "in" / "mau.docx")]
    subprocess.run([*command, *target], check=True, capture_output=True, timeout=90)
    saved = io.BytesIO((tmp_path / "mau.docx").read_bytes())
    stored = receive(app.extensions["storage"], saved, "mau.docx", limit=10_000_000)
    assert stored.key != kind.sha256
    checked = templates_check.look_through(kind.with_bytes(stored.key), now=NOW)
    assert (checked.problems, checked.remarks) == ([], [])
    assert checked.preview["pages"] >= 2
    before, after = (render(one, kind.sample()) for one in (kind, kind.with_bytes(stored.key)))
    assert text_of(after) == text_of(before)


def unmeasured(document):
    """As some programs save: widths left to the reader, measures with fractions."""
    for width in document.element.body.iter(qn("w:tcW")):
        width.set(qn("w:type"), "auto")
        width.set(qn("w:w"), "0")
    for indent in document.element.body.iter(qn("w:ind")):
        indent.set(qn("w:left"), "12.5")


def ungridded(document):
    for name in ("w:tcW", "w:pgMar"):
        for element in list(document.element.body.iter(qn(name))):
            element.getparent().remove(element)


@pytest.mark.parametrize("change", [unmeasured, ungridded])
def test_a_template_without_the_measures_of_ours_is_filled(app, change):
    kind = templates_store.load("result_decision")
    document = opened(kind.read_bytes())
    change(document)
    out = io.BytesIO()
    document.save(out)
    stored = app.extensions["storage"].put(io.BytesIO(out.getvalue()), limit=10_000_000)
    assert text_of(render(kind.with_bytes(stored.key), kind.sample())) == text_of(render(kind, kind.sample()))


def test_the_report_is_plain_data(app, world):
    version_id = upload(app, changed("{{ a1b2 }}"), world.office, world.ward)
    run_all(NOW)
    (problem,) = json.loads(row(version_id).report)["problems"]
    assert problem == {
        "kind": "unknown",
        "place": {"part": "body", "table": 0, "row": 0, "near": "{{ a1b2 }}"},
        "tag": "{{ a1b2 }}",
        "name": "a1b2",
    }
