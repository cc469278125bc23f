"""The frame around every page, and what the page of a conflict says."""

import dataclasses
from datetime import timedelta

from flask import g

from app import flow
from app.core.db import db
from app.entries.services import PARTS
from app.public import frame
from tests.conftest import NOW
from tests.factories.entries import commit, make_season, make_submitted, put_state
from tests.factories.people import actor_of, make_organisation, make_user
from tests.factories.ranking import lock, make_scored
from workflows.spec import Role


def test_the_frame_names_the_contest_of_the_persons_own_organisation(app, visitor):
    first = make_season("phuong-a", prefix="SK-A", title="Cuộc thi của phường A")
    make_season("phuong-b", prefix="SK-B", title="Cuộc thi của phường B")
    first.host.phone = "0239 3 855 001"
    db.session.commit()
    name = first.host.name
    page = visitor(first.author).visit("/ket-qua").text
    assert "Cuộc thi của phường A" in page
    assert name in page
    assert "0239 3 855 001" in page
    assert "Cuộc thi của phường B" in visitor().visit("/ket-qua").text


def test_a_contest_in_preparation_is_named_only_to_those_who_may_open_it(app, visitor):
    season = make_season(title="Cuộc thi chưa công bố")
    put_state(season.contest, "preparing")
    commit(season)
    assert "Cuộc thi chưa công bố" in visitor(season.office).visit("/ket-qua").text
    assert "Cuộc thi chưa công bố" not in visitor(season.author).visit("/ket-qua").text
    assert "Cuộc thi chưa công bố" not in visitor().visit("/ket-qua").text


def test_the_frame_stands_without_any_contest(app, visitor):
    user = make_user("moi", Role.OFFICE, at=make_organisation())
    db.session.commit()
    assert "Sáng kiến cải cách hành chính" in visitor(user).visit("/ket-qua").text


def test_only_invented_data_are_called_a_demonstration(app, visitor):
    season = make_season()
    db.session.commit()
    username = season.author.username
    banner = "Dữ liệu minh họa"
    settings = app.config["SETTINGS"]
    try:
        app.config["SETTINGS"] = dataclasses.replace(settings, demo=True)
        assert banner not in visitor().visit("/ket-qua").text
        app.config["DEMO_ACCOUNTS"] = ("nobody-of-these",)
        assert banner not in visitor().visit("/ket-qua").text
        app.config["DEMO_ACCOUNTS"] = (username,)
        assert banner in visitor().visit("/ket-qua").text
        app.config["SETTINGS"] = settings
        assert banner not in visitor().visit("/ket-qua").text
    finally:
        app.config["SETTINGS"] = settings
        app.config.pop("DEMO_ACCOUNTS", None)


def test_a_conflict_tells_who_was_faster(app, visitor):
    jury = make_scored(("28", "28", "30"))
    path = f"/cuoc-thi/{jury.contest.code}/thao-tac/lock_ranking"
    head = visitor(jury.head).visit(path)
    lock(jury)
    head.submit(status=409)
    assert "Võ Minh Đức (Trưởng Ban giám khảo) khóa xếp hạng, 09:00 20/11/2026." in head.text


def told(app, subject, user, since) -> list[str]:
    with app.test_request_context("/"):
        g.actor = actor_of(user)
        return list(frame.what_happened(subject, since))


def test_authors_learn_of_a_conflict_only_what_concerns_them(app):
    season = make_season()
    entry = make_submitted(season)
    shown = entry.version
    flow.fire(entry, "return", actor_of(season.office), now=NOW, reason="Thiếu tệp", data=return_data())
    db.session.commit()
    office = told(app, entry, season.office, shown)
    author = told(app, entry, season.author, shown)
    assert office == author
    assert "Phạm Văn Cường (Cán bộ văn phòng) yêu cầu bổ sung" in office[0]
    stranger = make_user("nguoi-la", Role.OFFICE, at=make_organisation("noi-khac"))
    assert told(app, entry, stranger, shown) == []


def return_data() -> dict:
    """What the form of returning gives."""
    return {"parts": [part.name for part in PARTS][:1], "due_at": NOW + timedelta(days=3)}
