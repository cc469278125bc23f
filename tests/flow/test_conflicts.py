"""Who comes too late is told what happened meanwhile, in words that this person may read."""

from flask import g

from app import audit
from app.accounts.actor import Actor
from app.core.db import db
from app.flow.conflicts import explain
from tests.conftest import NOW
from tests.factories.entries import make_season, put_state, start
from tests.factories.people import actor_of


def told(app, subject, user, since):
    with app.test_request_context("/"):
        g.actor = actor_of(user) if user else Actor(None, "")
        return list(explain(subject, since))


def submitted(season):
    """An entry that the office has before it."""
    entry = start(season)
    put_state(entry, "submitted")
    return entry


def meanwhile(entry, user, action, start, end, reason=""):
    """Somebody else's act, as the engine leaves it: an event, and a version more."""
    audit.record(
        at=NOW,
        actor=actor_of(user),
        role="office",
        action=f"entry.{action}",
        subject_type="entry",
        subject_id=entry.id,
        from_state=start,
        to_state=end,
        reason=reason,
    )
    entry.title += " (sửa)"
    db.session.flush()


def test_the_office_reads_who_was_faster(app):
    season = make_season()
    entry = submitted(season)
    shown = entry.version
    meanwhile(entry, season.office, "return", "submitted", "returned", "Thiếu ảnh")
    sentence = "Phạm Văn Cường (Cán bộ văn phòng) yêu cầu bổ sung, 09:00 20/11/2026. Lý do: Thiếu ảnh"
    assert told(app, entry, season.office, shown) == [sentence]
    assert told(app, entry, season.author, shown) == [sentence]
    assert told(app, entry, season.office, None) == [sentence]


def test_only_what_is_new_is_told_in_its_order(app):
    season = make_season()
    entry = submitted(season)
    shown = entry.version
    meanwhile(entry, season.office, "screen", "submitted", "screened")
    meanwhile(entry, season.office, "unscreen", "screened", "submitted", "Nhầm hồ sơ")
    sentences = told(app, entry, season.office, shown)
    assert ["nhận hồ sơ vào vòng chấm" in sentences[0], "đưa hồ sơ về chờ kiểm tra" in sentences[1]] == [True, True]
    assert len(sentences) == 2


def test_who_has_no_part_is_told_nothing(app):
    season = make_season()
    entry = submitted(season)
    assert told(app, entry, season.other_contact, None) == []
    assert told(app, entry, None, None) == []
    assert told(app, "mail", season.office, None) == []
