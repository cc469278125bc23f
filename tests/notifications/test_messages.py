"""Every declared message has its words, in plain text, and whatever people typed stays text."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.mail import Message as Letter
from app.flow.registry import Binding
from app.notifications import messages
from workflows import ALL, ENTRY
from workflows.spec import N_, Notify, Role, Transition

DECLARED = [
    (workflow, t, effect.role)
    for workflow in ALL
    for t in workflow.transitions
    for effect in t.effects
    if isinstance(effect, Notify)
]


class Subject:
    """As much of a subject as a message reads."""

    def __init__(self, workflow, state):
        self.__class__ = type("Subject", (Subject,), {"__workflow__": workflow})
        self.state = state
        self.upper_decision = "Quyết định số 12/QĐ-UBND"


def binding(workflow, title="Sổ tay một cửa"):
    return Binding(
        workflow,
        Subject,
        roles=lambda subject, actor: frozenset(),
        people=lambda subject, role: (),
        code=lambda subject: "SK-2026-0001",
        title=lambda subject: title,
        scope=lambda subject: None,
        url=lambda subject: "/ho-so/SK-2026-0001",
        act_url=lambda subject, action: "",
    )


def write(name, role, workflow=ENTRY, title="Sổ tay một cửa", actor="Trần Thị Mai", reason="Thiếu minh chứng"):
    subject = Subject(workflow, workflow.initial)
    return messages.compose(name, role, binding(workflow, title), subject, actor=actor, reason=reason)


@pytest.mark.parametrize(("workflow", "transition", "role"), DECLARED)
def test_every_message_has_words_for_each_reader(workflow, transition, role):
    text = write(workflow.action_id(transition.action), role, workflow)
    assert text.title
    assert "\n" not in text.title
    assert text.body
    assert text.url.startswith("/")
    for word in ("{", "}", "None", "%("):
        assert word not in text.title + text.body


@pytest.mark.parametrize(("workflow", "transition", "role"), DECLARED)
def test_a_reason_that_must_be_given_is_told(workflow, transition, role):
    text = write(workflow.action_id(transition.action), role, workflow, reason="Thiếu minh chứng số liệu")
    told = "Thiếu minh chứng số liệu" in text.body
    assert told or transition.comment != "required"


def test_no_file_is_left_over():
    names = {path.stem for path in messages.FOLDER.glob("*.txt")}
    assert names == messages.declared(ALL) | {"scorecard.remind", "document.batch"}


def test_a_message_without_words_stops_the_start():
    extra = Transition(
        "praise",
        source=("draft",),
        dest=None,
        by=frozenset({Role.OFFICE}),
        label=N_("Khen"),
        done=N_("khen"),
        effects=(Notify(Role.AUTHOR),),
    )
    workflow = dataclasses.replace(ENTRY, transitions=(*ENTRY.transitions, extra))
    with pytest.raises(RuntimeError, match=r"entry\.praise"):
        messages.check((workflow,))


def test_the_author_and_the_office_read_different_words():
    assert write("entry.submit", Role.AUTHOR).title == "SK-2026-0001: đã nộp hồ sơ"
    assert write("entry.submit", Role.OFFICE).title == "SK-2026-0001: hồ sơ mới nộp"


def test_readers_without_business_on_the_subject_are_led_elsewhere():
    assert write("entry.submit", Role.AUTHOR).url == "/ho-so/SK-2026-0001"
    by_name = {workflow.name: workflow for workflow in ALL}
    assert write("contest.announce", Role.AUTHOR, by_name["contest"]).url == "/ket-qua"
    assert write("handover.send", Role.UPPER_CLERK, by_name["handover"]).url == "/tiep-nhan/SK-2026-0001"


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/x",
        "HTTP://evil.example",
        "www.evil.example",
        "evil.example/login",
        "mailto:a@evil.example",
    ],
)
def test_addresses_that_people_type_are_taken_out(address):
    text = write("entry.reject", Role.AUTHOR, title=f"Xem {address} ngay", reason=f"Vào {address} để biết")
    assert address.lower() not in (text.title + text.body).lower()
    assert "Vào [địa chỉ] để biết" in text.body


@pytest.mark.parametrize("kept", ["Mục 1.Tên sáng kiến", "TP.HCM và/hoặc tỉnh", "Điểm 7,5/10", "ngày 30/11/2026"])
def test_ordinary_words_stay(kept):
    assert messages.plain(kept) == kept


def test_template_marks_in_a_reason_are_text():
    assert "{{ 7*7 }} <b>x</b>" in write("entry.reject", Role.AUTHOR, reason="{{ 7*7 }} <b>x</b>").body


@given(st.text(max_size=600), st.text(max_size=2000))
def test_whatever_is_typed_fits_the_columns_and_the_mail_subject(title, reason):
    text = write("document.request_signature", Role.SIGNER, ALL[3], title=title, reason=reason)
    assert 0 < len(text.title) <= 300
    assert Letter(to="a@example.vn", subject=text.title, text=text.body)
    assert "://" not in text.title
