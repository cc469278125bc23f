"""Buttons that have no page of their own, pressed twice."""

from datetime import date, timedelta

import pytest

from app.accounts.actor import Actor
from app.core.errors import Invalid, Refused
from app.organisations import services as organisations
from app.scoring import services as scoring
from tests.factories.people import actor_of
from tests.factories.scoring import make_jury

BODY = {
    "kind": "unit",
    "name": "Tổ dân phố số 1",
    "short_name": "TDP 1",
    "parent_id": None,
    "valid_from": date(2020, 1, 1),
}


def test_the_same_body_is_not_added_twice(app, now):
    admin = Actor(1, "Đỗ Quản Trị")
    organisations.create_organisation(admin, BODY, now=now)
    with pytest.raises(Invalid) as refused:
        organisations.create_organisation(admin, BODY, now=now)
    assert list(refused.value.errors) == ["name"]
    organisations.create_organisation(admin, BODY | {"valid_from": date(2025, 7, 1)}, now=now)


def test_judges_are_reminded_once_however_often_the_button_is_pressed(app, now):
    jury = make_jury()
    told = scoring.remind(jury.contest, actor_of(jury.secretary), now=now)
    with pytest.raises(Refused):
        scoring.remind(jury.contest, actor_of(jury.secretary), now=now + timedelta(seconds=1))
    assert scoring.remind(jury.contest, actor_of(jury.secretary), now=now + timedelta(minutes=6)) == told > 0
