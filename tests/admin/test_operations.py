"""Messages, jobs, the trail and the settings, as the administrator sees them."""

from dataclasses import replace

import pytest

from app import audit
from app.accounts.actor import SYSTEM, Actor
from app.admin import services
from app.audit.models import AuditEvent
from app.core.db import db
from app.core.errors import Conflict, NotFound
from app.jobs.models import Job
from app.notifications.models import Message
from tests.conftest import NOW

JUDGE = Actor(5, "Lê Giám Khảo")


def add_job(status="failed", **more):
    job = {"kind": "mail", "args": '{"secret": "kín"}', "status": status, "run_at": NOW, "created_at": NOW, **more}
    row = Job(**job)
    db.session.add(row)
    db.session.commit()
    return row.id


def test_a_failed_job_is_run_again(visitor, admin):
    number = add_job(attempts=5, error="Traceback …\nValueError: <b>hỏng</b>", finished_at=NOW)
    person = visitor(admin).visit("/quan-tri/viec-nen")
    assert "ValueError: <b>hỏng</b>" in person.text
    assert "kín" not in person.text
    person.submit(button=f"Chạy lại việc {number}")
    job = db.session.get(Job, number)
    assert (job.status, job.attempts, job.finished_at) == ("queued", 0, None)
    event = db.session.query(AuditEvent).filter_by(action="job.retry").one()
    assert (event.actor_name, event.subject_id) == ("Đỗ Quản Trị", number)
    assert "Chạy lại" not in [b.text_content() for b in person.page.xpath("//main//button")]


@pytest.mark.parametrize("status", ["queued", "running", "done"])
def test_only_failed_jobs_are_run_again(app, status):
    number = add_job(status)
    with pytest.raises(Conflict):
        services.retry_job(SYSTEM, number, now=NOW)
    assert db.session.get(Job, number).status == status
    with pytest.raises(NotFound):
        services.retry_job(SYSTEM, 999, now=NOW)


def test_jobs_are_filtered_and_paged(visitor, admin):
    for _number in range(60):
        add_job("done")
    failed = add_job("failed", error="lỗi")
    person = visitor(admin).visit("/quan-tri/viec-nen")
    assert len(person.page.xpath("//tbody/tr")) == 50
    person.follow("Trang sau →")
    assert len(person.page.xpath("//tbody/tr")) == 11
    person.visit("/quan-tri/viec-nen?tinh-trang=failed")
    assert [row.text_content().split()[1] for row in person.page.xpath("//tbody/tr/th")] == [str(failed)]


@pytest.mark.parametrize("query", ["tinh-trang=x", "truoc=x", "truoc=-1", "truoc=٣", "truoc=99999999999999999999"])
@pytest.mark.parametrize("path", ["viec-nen", "tin-nhan", "nhat-ky"])
def test_nonsense_in_the_address_is_ignored(visitor, admin, path, query):
    visitor(admin).visit(f"/quan-tri/{path}?{query}")


def test_messages_show_their_fate_and_not_their_words(visitor, admin, mai):
    for state, error in (("failed", "550 no such user"), ("sent", "")):
        db.session.add(
            Message(
                user_id=mai.id,
                name="entry.return",
                title="TIÊU ĐỀ KÍN",
                body="NỘI DUNG KÍN",
                created_at=NOW,
                mail_state=state,
                mail_error=error,
            )
        )
    db.session.commit()
    person = visitor(admin).visit("/quan-tri/tin-nhan")
    assert "550 no such user" in person.text
    assert "KÍN" not in person.text
    person.visit("/quan-tri/tin-nhan?tinh-trang=failed")
    assert len(person.page.xpath("//tbody/tr")) == 1


def record(**more):
    values = {
        "at": NOW,
        "actor": JUDGE,
        "role": "judge",
        "action": "scorecard.edit",
        "subject_type": "scorecard",
        "subject_id": 1,
        "subject_code": "PC-1",
        "changes": {"total": ["", "87,25"], "comment": ["", "NHẬN XÉT KÍN"]},
        "reason": "LÝ DO KÍN",
    }
    audit.record(**values | more)
    db.session.commit()


def test_the_trail_tells_who_and_what_but_no_scores_and_no_reasons_of_contents(visitor, admin):
    record()
    record(action="entry.return", subject_type="entry", from_state="submitted", to_state="returned", role="office")
    record(action="user.disable", subject_type="user", role="admin", changes={}, reason="Nghỉ việc")
    person = visitor(admin).visit("/quan-tri/nhat-ky")
    assert "Lê Giám Khảo (Giám khảo) sửa: nhận xét, tổng điểm" in person.text
    assert "Lý do: Nghỉ việc" in person.text
    assert "KÍN" not in person.text
    assert "87,25" not in person.text


def test_the_trail_is_searched_and_paged(visitor, admin):
    for number in range(120):
        record(subject_code=f"PC-{number}", subject_id=number, subject_type="job", action="job.retry")
    person = visitor(admin).visit("/quan-tri/nhat-ky")
    seen = []
    while True:
        seen += [int(cell.text_content()) for cell in person.page.xpath("//tbody/tr/th")]
        if not person.page.xpath("//a[@rel='next']"):
            break
        person.follow("Trang sau →")
    assert seen == list(range(120, 0, -1))
    person.visit("/quan-tri/nhat-ky?tim=pc-77")
    assert len(person.page.xpath("//tbody/tr")) == 1
    assert "Không có sự kiện khớp" in person.visit("/quan-tri/nhat-ky?loai=entry").text


def test_the_check_says_whole_or_where_not(visitor, admin):
    for _number in range(3):
        record(subject_type="job")
    assert "Nhật ký nguyên vẹn" in visitor(admin).visit("/quan-tri/nhat-ky/kiem-tra").text
    db.session.execute(db.text("UPDATE audit_head SET seq = 2"))
    db.session.commit()
    person = visitor(admin).visit("/quan-tri/nhat-ky/kiem-tra")
    assert "Đầu chuỗi không khớp" in person.text


def test_settings_show_no_secret(visitor, admin, app, monkeypatch):
    secret = replace(
        app.config["SETTINGS"],
        mail_password="MAT-KHAU-THU",
        database_url="postgresql+psycopg://sk:MAT-KHAU-DB@may/sk",
        secret_key="KHOA-KY" * 9,
    )
    monkeypatch.setitem(app.config, "SETTINGS", secret)
    text = visitor(admin).visit("/quan-tri/cai-dat").text
    assert "postgresql+psycopg://may/sk" in text
    assert [word for word in ("MAT-KHAU-THU", "MAT-KHAU-DB", "KHOA-KY") if word in text] == []


def test_organisations_and_signers_are_kept_by_date(visitor, admin, ward):
    person = visitor(admin).visit("/quan-tri/co-quan").follow("Thêm cơ quan, đơn vị")
    person.submit(
        {
            "name": "Văn phòng Hội đồng nhân dân và Ủy ban nhân dân",
            "short_name": "Văn phòng",
            "kind": "unit",
            "parent_id": str(ward.id),
            "valid_from": "1/7/2025",
        }
    )
    assert person.heading == "Văn phòng"
    assert "UBND phường Thử Nghiệm" in person.text
    person.follow("Sửa thông tin").submit({"valid_to": "30/6/2025"}, status=422)
    assert "Ngày cuối phải từ ngày đầu trở đi" in person.text
    person.submit({"valid_to": "30/6/2030"})
    assert "từ 01/07/2025 đến 30/06/2030" in person.text

    person.visit(f"/quan-tri/co-quan/{ward.id}").follow("Thêm người ký")
    signer = {
        "role": "chairman",
        "full_name": "Nguyễn Chủ Tịch",
        "title": "Chủ tịch",
        "capacity": "TM. ỦY BAN NHÂN DÂN\r\nCHỦ TỊCH",
        "personal": "CHỦ TỊCH",
        "valid_from": "01/07/2025",
    }
    person.submit(signer)
    assert "Nguyễn Chủ Tịch" in person.text
    person.follow("Thêm người ký").submit({**signer, "full_name": "Người Khác"}, status=422)
    assert "Thời gian này đã có người khác ký" in person.text
    (edit,) = person.visit(f"/quan-tri/co-quan/{ward.id}").page.xpath(
        "//a[starts-with(@aria-label, 'Sửa người ký')]/@href"
    )
    person.visit(edit).submit({"valid_to": "31/12/2026"})
    assert "sửa người ký (ngày cuối: 31/12/2026)" in person.text


def test_overview_counts_what_needs_a_look(visitor, admin):
    add_job("failed")
    text = visitor(admin).visit("/quan-tri").text
    assert "1 người đang dùng" in text
    assert "1 việc lỗi" in text
