"""Acts reach the people they concern: in the application always, by mail where there is a server and an address."""

import email
import email.policy
import json
import threading
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from app import flow
from app.adapters.mail import SmtpMailer
from app.core.db import db
from app.entries.models import Entry
from app.jobs import run_all
from app.jobs.models import Job
from app.jobs.worker import run_due
from app.notifications.jobs import ATTEMPTS, pause
from app.notifications.models import Message
from tests.adapters.test_mail import Conversation, Desk, Server, Settings
from tests.factories import entries as factory
from tests.factories.contests import issue_paper
from tests.factories.people import actor_of, make_user


@pytest.fixture
def season(app):
    season = factory.make_season()
    db.session.commit()
    return season


@pytest.fixture
def post_office(app, monkeypatch):
    """A real mail server on this machine, set up as the application's."""
    desk = Desk()
    with Server(("127.0.0.1", 0), Conversation) as server:
        server.desk = desk
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        settings = Settings(mail_port=server.server_address[1])
        monkeypatch.setitem(app.extensions, "mailer", SmtpMailer(settings))
        yield desk
        server.shutdown()
        thread.join()


def deliver(now):
    """Do the queued work but for papers, which take their time and are tried elsewhere."""
    db.session.execute(delete(Job).where(Job.kind.like("documents.%")))
    db.session.commit()
    return run_all(now)


def messages(user):
    return db.session.scalars(select(Message).where(Message.user_id == user.id).order_by(Message.id)).all()


def titles(user):
    return [message.title for message in messages(user)]


def submit(season, now):
    entry = factory.make_submitted(season, title="Mã QR tại tổ dân phố", now=now)
    db.session.commit()
    deliver(now)
    return db.session.get(Entry, entry.id)


def send_back(season, entry, now, reason="Bổ sung ảnh"):
    data = {"parts": ["minh-chung"], "due_at": now + timedelta(days=5)}
    flow.fire(entry, "return", actor_of(season.office), now=now, reason=reason, data=data)
    db.session.commit()


def letters(desk):
    return [email.message_from_bytes(raw, policy=email.policy.default) for raw in desk.letters]


def test_the_office_hears_of_a_new_entry_and_the_author_not_of_the_own_act(season, now):
    entry = submit(season, now)
    [message] = messages(season.office)
    assert message.title == f"{entry.code}: hồ sơ mới nộp"
    assert message.body == "Mã QR tại tổ dân phố\nNguyễn Thị Đào đã nộp hồ sơ. Đề nghị đồng chí kiểm tra."
    assert message.url == f"/ho-so/{entry.code}"
    assert message.name == "entry.submit"
    assert messages(season.author) == []


def test_the_office_hears_nothing_of_a_draft_that_was_never_submitted(season, now):
    entry = factory.fill(season, factory.start(season, now=now), title="Chưa nộp", now=now)
    flow.fire(entry, "withdraw", actor_of(season.author), now=now, reason="Thôi không dự thi")
    db.session.commit()
    deliver(now)
    assert titles(season.office) == []


def test_the_office_hears_of_a_submitted_entry_that_is_withdrawn(season, now):
    entry = submit(season, now)
    flow.fire(entry, "withdraw", actor_of(season.author), now=now, reason="Nộp nhầm")
    db.session.commit()
    deliver(now)
    assert titles(season.office)[1:] == [f"{entry.code}: tác giả rút hồ sơ"]


def test_results_are_told_to_everybody_behind_a_submitted_entry_once(season, now):
    submit(season, now)
    second = submit(season, now)
    colleague, drafting = make_user("dongnghiep", home=season.unit), make_user("soanthao", home=season.unit)
    second.authors[0].user_id = colleague.id
    factory.start(season, drafting, now=now)
    factory.put_state(season.contest, "ranked")
    issue_paper(season.contest, "result_decision", now=now)
    db.session.commit()
    flow.fire(season.contest, "announce", actor_of(season.office), now=now)
    db.session.commit()
    deliver(now)
    told = f"Đã công bố kết quả: {season.contest.title}"
    assert [titles(user).count(told) for user in (season.author, colleague, drafting)] == [1, 1, 0]
    assert [message.url for message in messages(colleague)] == ["/ket-qua"]


def test_only_people_with_an_account_in_use_are_told(season, now):
    entry = submit(season, now)
    season.author.disabled_at = now
    colleague = make_user("dongnghiep", home=season.unit)
    entry.authors[0].user_id = colleague.id
    send_back(season, entry, now)
    deliver(now)
    assert titles(season.author) == []
    assert titles(colleague) == [f"{entry.code}: hồ sơ cần bổ sung"]


def test_an_act_that_is_undone_tells_nobody(season, now):
    entry = submit(season, now)
    before = len(db.session.scalars(select(Message)).all())
    flow.fire(entry, "reject", actor_of(season.office), now=now, reason="Không đúng đối tượng")
    db.session.rollback()
    deliver(now)
    assert len(db.session.scalars(select(Message)).all()) == before


def test_without_a_mail_server_no_mail_is_wanted(season, now):
    submit(season, now)
    assert [m.mail_state for m in messages(season.office)] == ["none"]
    assert db.session.scalars(select(Job.kind).where(Job.kind == "notifications.mail")).all() == []


def test_mail_arrives_with_the_link_of_this_house(season, now, post_office):
    entry = submit(season, now)
    [letter] = [one for one in letters(post_office) if one["To"] == season.office.email]
    assert letter["Subject"] == f"{entry.code}: hồ sơ mới nộp"
    text = letter.get_content().replace("\r\n", "\n")
    assert text.startswith("Kính gửi đồng chí Phạm Văn Cường,\n")
    assert f"Mở: http://localhost/ho-so/{entry.code}\n" in text
    [message] = messages(season.office)
    assert (message.mail_state, message.mailed_at) == ("sent", now)


def test_a_person_without_an_address_gets_no_mail(season, now, post_office):
    season.office.email = ""
    submit(season, now)
    assert [m.mail_state for m in messages(season.office)] == ["none"]
    assert post_office.letters == []


def test_a_server_that_is_down_is_asked_again_and_again_and_then_given_up(season, now, post_office):
    post_office.answers["RCPT"] = "451 try later"
    submit(season, now)
    [message] = messages(season.office)
    moment = now
    for attempt in range(1, ATTEMPTS):
        db.session.refresh(message)
        assert message.mail_state == "queued"
        assert message.mail_error == "451 try later"
        assert deliver(moment + pause(attempt) - timedelta(seconds=1)) == 0
        moment += pause(attempt)
        assert deliver(moment) == 1
    db.session.refresh(message)
    assert (message.mail_state, message.mail_error) == ("failed", "451 try later")
    assert deliver(moment + timedelta(days=2)) == 0


def test_a_server_that_comes_back_gets_the_mail_once(season, now, post_office):
    post_office.answers["RCPT"] = "451 try later"
    submit(season, now)
    del post_office.answers["RCPT"]
    deliver(now + pause(1))
    [message] = messages(season.office)
    db.session.refresh(message)
    assert (message.mail_state, message.mail_error) == ("sent", "")
    assert len(post_office.letters) == 1


def test_an_address_that_is_refused_for_good_is_not_tried_again(season, now, post_office):
    post_office.answers["RCPT"] = "550 no such person"
    submit(season, now)
    [message] = messages(season.office)
    assert (message.mail_state, message.mail_error) == ("failed", "550 no such person")
    assert deliver(now + timedelta(days=2)) == 0


def test_an_address_that_would_break_a_header_fails_and_nothing_leaves(season, now, post_office):
    season.office.email = "a@b.vn\nBcc: evil@example.com"
    submit(season, now)
    assert [m.mail_state for m in messages(season.office)] == ["failed"]
    assert post_office.letters == []


def test_a_worker_that_dies_after_sending_notes_it_at_the_next_try(season, now, post_office):
    submit(season, now)
    [message] = messages(season.office)
    job = db.session.scalar(select(Job).where(Job.kind == "notifications.mail"))
    assert json.loads(job.args) == {"attempt": 1, "message_id": message.id}
    job.status, job.lease_until = "running", now
    db.session.commit()
    assert run_due("another", now + timedelta(minutes=5))
    assert len(post_office.letters) == 1


# --- the page -----------------------------------------------------------------------------------------------------
def test_the_page_shows_ones_own_messages_and_opening_one_marks_it(season, now, visitor):
    code = submit(season, now).code
    office = visitor(season.office).visit("/thong-bao")
    assert f"{code}: hồ sơ mới nộp" in office.text
    assert "1 thông báo chưa đọc." in office.text
    office.submit(button=f"Mở: {code}: hồ sơ mới nộp")
    assert office.response.request.path == f"/ho-so/{code}"
    assert "chưa đọc" not in office.visit("/thong-bao").text


def test_all_can_be_marked_at_once(season, now, visitor):
    submit(season, now)
    office = visitor(season.office).visit("/thong-bao").submit(button="Đánh dấu đã đọc tất cả")
    assert "Chưa đọc" not in office.text
    assert "Đã đánh dấu đã đọc mọi thông báo." in office.text


def test_nobody_opens_the_messages_of_another(season, now, visitor):
    submit(season, now)
    [message_id] = [message.id for message in messages(season.office)]
    author = visitor(season.author).visit("/thong-bao")
    assert "Chưa có thông báo nào." in author.text
    for number in (message_id, 999_999):
        author.visit("/thong-bao").post(f"/thong-bao/{number}/mo", status=404)
    assert db.session.get(Message, message_id).read_at is None


def test_what_people_typed_is_shown_as_text(season, now, visitor):
    entry = submit(season, now)
    send_back(season, entry, now, reason="<script>alert(1)</script> http://evil.example")
    deliver(now)
    author = visitor(season.author).visit("/thong-bao")
    assert "<script>alert(1)</script> [địa chỉ]" in author.text


def test_a_long_list_goes_on(season, now, visitor):
    db.session.add_all(
        Message(user_id=season.office.id, name="entry.submit", title=f"Tin {n}", body="…", url="/", created_at=now)
        for n in range(1, 71)
    )
    db.session.commit()
    office = visitor(season.office).visit("/thong-bao")
    assert len(office.page.xpath("//main//li//h2")) == 50
    assert [h.text for h in office.follow("Trang sau →").page.xpath("//main//li//h2")][:1] == ["Tin 20"]
