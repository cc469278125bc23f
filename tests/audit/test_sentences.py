"""The trail in sentences, for staff and for authors."""

from types import SimpleNamespace

import pytest

from app.audit import queries, sentences
from app.audit.trail import changes_text
from tests.audit.test_chain import record
from tests.conftest import NOW
from workflows import ALL, ENTRY
from workflows.spec import Role


def event(action, role="office", name="Trần Thị Mai", start="", end="", **more):
    kind = action.partition(".")[0]
    values = {
        "seq": 1,
        "at": NOW,
        "actor_name": name,
        "actor_role": role,
        "on_behalf_of": "",
        "action": action,
        "subject_type": kind,
        "from_state": start,
        "to_state": end,
        "changes": changes_text(more.pop("changes", {})),
        "reason": "",
    }
    return SimpleNamespace(**values | more)


RETURNED = event("entry.return", start="submitted", end="returned", reason="Thiếu ảnh chụp")
BY_JURY = event("entry.settle_spread", "head_of_jury", "Lê Văn Trưởng", "screened", "scored", reason="8,0 so với 9,5")


def test_a_sentence_says_who_what_when_and_why(app):
    assert sentences.sentence(RETURNED) == (
        "Trần Thị Mai (Cán bộ văn phòng) yêu cầu bổ sung, 09:00 20/11/2026. Lý do: Thiếu ảnh chụp"
    )


@pytest.mark.parametrize(
    ("power", "words"),
    [
        ("KT.", "ký thay Nguyễn Công Lộc (KT.)"),
        ("TL.", "ký thừa lệnh Nguyễn Công Lộc (TL.)"),
        ("TUQ.", "ký thừa uỷ quyền Nguyễn Công Lộc (TUQ.)"),
        (None, "ký thay Nguyễn Công Lộc"),
    ],
)
def test_a_signature_for_the_head_names_both(app, power, words):
    changes = {"on_behalf_of": ["", "Nguyễn Công Lộc"]} | ({"power": ["", power]} if power else {})
    row = event("document.sign", "signer", "Trần Thị Bình", "awaiting_signature", "signed", changes=changes)
    assert sentences.sentence(row) == f"Trần Thị Bình (Người ký) duyệt và ký, {words}, 09:00 20/11/2026."


def test_the_timeline_keeps_the_tone_of_the_new_state(app):
    (told,) = sentences.timeline([RETURNED])
    assert (told.text, told.tone, told.when, told.note) == (
        "Trần Thị Mai (Cán bộ văn phòng) yêu cầu bổ sung",
        "warn",
        "09:00 20/11/2026",
        "Lý do: Thiếu ảnh chụp",
    )


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (event("entry.create", "author", end="draft"), "Trần Thị Mai (Tác giả) tạo hồ sơ sáng kiến"),
        (
            event("entry.edit", "author", changes={"title": ["a", "b"], "field_id": [1, 2], "x_y": [1, 2]}),
            "Trần Thị Mai (Tác giả) sửa: lĩnh vực, tên",
        ),
        (event("entry.unheard_of"), "Trần Thị Mai (Cán bộ văn phòng) ghi thay đổi"),
        (event("entry.complete_scoring", "system", ""), "Hệ thống ghi nhận hồ sơ đã chấm đủ"),
        (event("user.password", ""), "Trần Thị Mai đổi mật khẩu"),
        (
            event("document.sign", "signer", on_behalf_of="Nguyễn Văn Chủ"),
            "Trần Thị Mai (Người ký) thay cho Nguyễn Văn Chủ duyệt và ký",
        ),
        (
            event("user.edit", "admin", changes={"email": ["a@b.vn", "c@d.vn"], "job_title": ["", "Công chức"]}),
            "Trần Thị Mai (Quản trị viên) sửa tài khoản (thư điện tử: từ «a@b.vn» thành «c@d.vn»; chức vụ: Công chức)",
        ),
    ],
)
def test_words_of_other_events(app, row, text):
    assert sentences.timeline([row])[0].text == text


def test_values_of_contents_are_never_told(app):
    secret = event("scorecard.edit", "judge", changes={"total": ["7,5", "9,25"], "comment": ["", "bí mật"]})
    told = sentences.sentence(secret)
    assert "sửa: nhận xét, tổng điểm" in told
    assert "9,25" not in told
    assert "bí mật" not in told


def test_authors_read_no_name_and_no_word_of_those_who_judge(app):
    told = sentences.timeline([BY_JURY, RETURNED], for_author=True)
    words = " ".join(f"{one.text} {one.note}" for one in told)
    assert "Lê Văn Trưởng" not in words
    assert "9,5" not in words
    assert told[-1].note == "Lý do: Thiếu ảnh chụp"


@pytest.mark.parametrize("workflow", [w for w in ALL if w is not ENTRY], ids=lambda w: w.name)
def test_authors_see_nothing_of_other_subjects(app, workflow):
    rows = [
        event(workflow.action_id(t.action), start=t.source[0], end=t.target(t.source[0])) for t in workflow.transitions
    ]
    assert sentences.timeline(rows, for_author=True) == []


@pytest.mark.parametrize("transition", ENTRY.transitions, ids=lambda t: f"{t.action}-{t.source[0]}")
@pytest.mark.parametrize("role", sorted(Role))
def test_every_declared_act_can_be_told_to_both(app, transition, role):
    row = event(
        f"entry.{transition.action}",
        role.value,
        "Kín Danh",
        transition.source[0],
        transition.target(transition.source[0]),
    )
    assert transition.done in sentences.sentence(row)
    told = sentences.timeline([row], for_author=True)
    if role in (Role.JUDGE, Role.HEAD_OF_JURY, Role.SECRETARY):
        assert all("Kín Danh" not in one.text for one in told)


def test_unseen_steps_between_states_with_one_word_are_left_out_for_authors(app):
    assert not sentences.concerns_author(event("entry.rank", "head_of_jury", start="scored", end="ranked"))
    assert sentences.concerns_author(event("entry.screen", start="submitted", end="screened"))


def test_events_of_a_subject_are_its_own_latest_first(app):
    record(3, subject_id=5)
    record(2, subject_id=6)
    assert [row.seq for row in queries.events_of("user", 5)] == [3, 2, 1]
    assert queries.events_of("entry", 5) == []


def test_latest_pages_by_number_and_finds_without_marks(app):
    record(7)
    first = queries.latest(size=3)
    assert [row.seq for row in first] == [7, 6, 5]
    assert [row.seq for row in queries.latest(size=3, before=first[-1].seq)] == [4, 3, 2]
    assert [row.subject_code for row in queries.latest(words="SK-4")] == ["sk-4"]
    assert len(queries.latest(words="tran thi MAI")) == 7
    assert queries.latest(subject_type="entry") == []
    assert queries.latest(words="không ai") == []


def test_sentences_are_told_in_the_language_of_the_reader(app):
    given = event("user.grant", changes={"role": [None, "Tổ thư ký"]})
    with app.test_request_context("/?lang=en"):
        assert sentences.sentence(given) == ("Trần Thị Mai (Office) gave a role (role: Secretariat), 09:00 20/11/2026.")
        assert sentences.sentence(RETURNED) == (
            "Trần Thị Mai (Office) asked for additions, 09:00 20/11/2026. Reason: Thiếu ảnh chụp"
        )
