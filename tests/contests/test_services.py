"""Setting up a contest: rights, values, the trail, seats and the roles they give."""

import json
import unicodedata
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.accounts.models import RoleGrant
from app.audit.models import AuditEvent
from app.contests import services, setup
from app.contests.defaults import DEFAULTS
from app.contests.models import Contest
from app.core.db import db
from app.core.errors import Conflict, Invalid, NotAllowed
from app.core.vietnamese import MAX_MONEY
from tests.conftest import NOW
from tests.factories.contests import (
    date_values,
    issue_paper,
    make_contest,
    make_open_contest,
    make_ward,
    member_row,
    member_rows,
    setup_values,
    utc,
)
from tests.factories.people import actor_of, make_organisation, make_user
from workflows.spec import Role

pytestmark = pytest.mark.usefixtures("app")


def events(contest):
    rows = db.session.execute(
        select(AuditEvent.action, AuditEvent.actor_role, AuditEvent.changes)
        .where(AuditEvent.subject_type == "contest", AuditEvent.subject_id == contest.id)
        .order_by(AuditEvent.seq)
    ).all()
    return [(row.action, row.actor_role, json.loads(row.changes)) for row in rows]


def held(contest):
    """(user, role) pairs that hold for the contest today."""
    today = NOW.date()
    grants = db.session.scalars(select(RoleGrant).where(RoleGrant.contest_id == contest.id))
    return {(g.user_id, g.role) for g in grants if g.valid_from <= today and (not g.valid_to or today <= g.valid_to)}


def refused(contest, ward, **values):
    """The errors of an edit that is not allowed; nothing is changed by it."""
    before = db.session.execute(select(Contest.__table__).where(Contest.id == contest.id)).mappings().one()
    with pytest.raises(Invalid) as caught:
        services.edit(contest, ward.office_actor, values, now=NOW)
    assert db.session.execute(select(Contest.__table__).where(Contest.id == contest.id)).mappings().one() == before
    return caught.value.errors


class TestCreating:
    def test_a_new_contest_is_in_preparation_and_on_the_trail(self):
        ward = make_ward()
        contest = services.create_contest(ward.office_actor, ward.host, year=2026, title="Cuộc thi A", now=NOW)
        assert (contest.state, contest.code, contest.entry_prefix) == ("preparing", "CT-2026", "SK-2026")
        assert events(contest) == [("contest.create", "office", {})]

    def test_codes_of_one_year_differ(self):
        ward = make_ward()
        made = [
            services.create_contest(ward.office_actor, ward.host, year=2026, title=f"Cuộc thi {n}", now=NOW)
            for n in range(3)
        ]
        assert [contest.code for contest in made] == ["CT-2026", "CT-2026-2", "CT-2026-3"]
        assert [contest.entry_prefix for contest in made] == ["SK-2026", "SK-2026-2", "SK-2026-3"]

    def test_one_form_makes_one_contest(self):
        ward = make_ward()
        values = {"year": 2026, "title": "Cuộc thi", "now": NOW, "key": "khoa-1"}
        made = [services.create_contest(ward.office_actor, ward.host, **values) for _ in range(2)]
        assert made[0].id == made[1].id

    def test_another_form_makes_another(self):
        ward = make_ward()
        other = actor_of(make_user("vp2", Role.OFFICE, at=ward.host))
        values = {"year": 2026, "title": "Cuộc thi", "now": NOW}
        first = services.create_contest(ward.office_actor, ward.host, key="khoa-1", **values)
        second = services.create_contest(other, ward.host, key="khoa-2", **values)
        assert first.id != second.id

    @pytest.mark.parametrize("role", [Role.CHAIRMAN, Role.SECRETARY, Role.ADMIN, Role.JUDGE, Role.UNIT])
    def test_only_the_office_creates(self, role):
        ward = make_ward()
        actor = actor_of(make_user("khac", role, at=ward.host))
        with pytest.raises(NotAllowed):
            services.create_contest(actor, ward.host, year=2026, title="Cuộc thi", now=NOW)

    def test_the_office_of_one_ward_creates_nothing_in_another(self):
        ward, other = make_ward("a"), make_ward("b")
        with pytest.raises(NotAllowed):
            services.create_contest(ward.office_actor, other.host, year=2026, title="Cuộc thi", now=NOW)

    def test_a_unit_holds_no_contest(self):
        ward = make_ward()
        actor = actor_of(make_user("vp", Role.OFFICE, at=ward.units[0]))
        with pytest.raises(NotAllowed):
            services.create_contest(actor, ward.units[0], year=2026, title="Cuộc thi", now=NOW)

    @pytest.mark.parametrize(
        ("year", "title", "field"),
        [(1999, "A", "year"), (2101, "A", "year"), (2026, "", "title"), (2026, "A" * 501, "title")],
    )
    def test_wrong_values(self, year, title, field):
        ward = make_ward()
        with pytest.raises(Invalid) as caught:
            services.create_contest(ward.office_actor, ward.host, year=year, title=title, now=NOW)
        assert list(caught.value.errors) == [field]


class TestEditing:
    def test_a_change_is_told_with_before_and_after(self):
        ward = make_ward()
        contest = make_contest(ward, complete=False)
        assert services.edit(contest, ward.office_actor, {"contact": "0239"}, now=NOW)
        assert events(contest)[-1] == ("contest.edit", "office", {"contact": ["", "0239"]})

    def test_nothing_changed_leaves_no_event(self):
        ward = make_ward()
        contest = make_contest(ward)
        before = len(events(contest)), contest.version
        assert not services.edit(contest, ward.office_actor, setup_values(ward, contest), now=NOW)
        assert (len(events(contest)), contest.version) == before

    def test_lists_are_told_as_rows(self):
        ward = make_ward()
        contest = make_contest(ward, complete=False, fields=[{"name": "A"}, {"name": "B"}])
        services.edit(contest, ward.office_actor, {"fields": [{"name": "B"}, {"name": "C"}]}, now=NOW)
        assert events(contest)[-1][2] == {"fields": [[{"name": "A"}, {"name": "B"}], [{"name": "B"}, {"name": "C"}]]}
        db.session.expire_all()
        assert [(field.position, field.name) for field in contest.fields] == [(0, "B"), (1, "C")]

    def test_two_people_at_once_meet_a_conflict(self):
        ward = make_ward()
        contest = make_contest(ward, complete=False)
        shown = contest.version
        services.edit(contest, ward.office_actor, {"fields": [{"name": "A"}]}, now=NOW, version=shown)
        with pytest.raises(Conflict):
            services.edit(contest, ward.office_actor, {"contact": "0239"}, now=NOW, version=shown)

    def test_nothing_is_edited_once_entries_are_taken(self):
        ward = make_ward()
        contest = make_open_contest(ward)
        for part in setup.PARTS:
            with pytest.raises(NotAllowed):
                services.edit(contest, ward.office_actor, {part.holds[0]: "x"}, now=NOW)

    @pytest.mark.parametrize("name", ["state", "code", "organisation_id", "next_entry_number", "entry_prefix", "id"])
    def test_what_is_no_part_of_the_set_up_cannot_be_named(self, name):
        ward = make_ward()
        contest = make_contest(ward, complete=False)
        with pytest.raises(ValueError, match="not editable"):
            services.edit(contest, ward.office_actor, {name: "x"}, now=NOW)

    @pytest.mark.parametrize("role", [Role.CHAIRMAN, Role.SECRETARY, Role.HEAD_OF_JURY, Role.CLERK, Role.ADMIN])
    def test_only_the_office_edits(self, role):
        ward = make_ward()
        contest = make_contest(ward, complete=False)
        with pytest.raises(NotAllowed):
            services.edit(contest, actor_of(make_user("khac", role, at=ward.host)), {"contact": "1"}, now=NOW)


class TestValues:
    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"title": ""}, "title"),
            ({"title": "Cuộc thi " * 60}, "title"),
            ({"contact": "x" * 201}, "contact"),
            ({"intro": "x" * 20_001}, "intro"),
            ({"year": 1999}, "year"),
            ({"budget": -1}, "budget"),
            ({"budget": MAX_MONEY + 1}, "budget"),
            ({"prizes": [{"name": "Giải Nhất", "slots": 0, "amount": 1}]}, "prizes-0-slots"),
            ({"prizes": [{"name": "Giải Nhất", "slots": -1, "amount": 1}]}, "prizes-0-slots"),
            ({"prizes": [{"name": "Giải Nhất", "slots": 1, "amount": -1}]}, "prizes-0-amount"),
            ({"prizes": [{"name": "", "slots": 1, "amount": 1}]}, "prizes-0-name"),
            ({"prizes": [{"name": "Giải Nhất", "slots": 2, "amount": 5_000_001}]}, "budget"),
            ({"criteria": [{"name": "A", "max_score": Decimal(0)}]}, "criteria-0-max_score"),
            ({"criteria": [{"name": "A", "max_score": Decimal(-5)}]}, "criteria-0-max_score"),
            ({"criteria": [{"name": "A", "max_score": Decimal("10.25")}]}, "criteria-0-max_score"),
            ({"criteria": [{"name": "A", "max_score": Decimal(1001)}]}, "criteria-0-max_score"),
            ({"criteria": [{"name": "A", "max_score": Decimal("NaN")}]}, "criteria-0-max_score"),
            ({"criteria": [{"name": "", "max_score": Decimal(5)}]}, "criteria-0-name"),
            ({"fields": [{"name": "Cải cách"}, {"name": "CẢI CÁCH"}]}, "fields-1-name"),
            ({"fields": [{"name": "x" * 201}]}, "fields-0-name"),
            ({"fields": [{"name": f"Lĩnh vực {n}"} for n in range(61)]}, "fields"),
            ({"tasks": [{"office": "Văn phòng", "lines": ""}]}, "tasks-0-lines"),
            ({"checklist": [{"text": "x" * 201}]}, "checklist-0-text"),
            ({"max_authors": 0}, "max_authors"),
            ({"min_judges": 16}, "min_judges"),
            ({"combination": "median"}, "combination"),
            ({"score_step": Decimal("0.3")}, "score_step"),
            ({"deviation_percent": Decimal(101)}, "deviation_percent"),
            ({"threshold": Decimal(-1)}, "threshold"),
            ({"threshold": Decimal(101)}, "threshold"),
            ({"tie_rules": "criterion:nothing"}, "tie_rules"),
            ({"tie_rules": "DROP TABLE"}, "tie_rules"),
        ],
    )
    def test_refused_at_the_field(self, values, field):
        ward = make_ward()
        assert field in refused(make_contest(ward), ward, **values)

    @pytest.mark.parametrize(
        ("name", "days", "field"),
        [
            ("opens_at", -1, "opens_at"),
            ("closes_at", 0, "closes_at"),
            ("screening_due_at", 20, "screening_due_at"),
            ("judging_due_at", 35, "judging_due_at"),
        ],
    )
    def test_dates_out_of_order_or_past(self, name, days, field):
        ward = make_ward()
        assert list(refused(make_contest(ward), ward, **{name: NOW + timedelta(days=days)})) == [field]

    def test_prizes_are_given_after_judging(self):
        ward = make_ward()
        assert list(refused(make_contest(ward), ward, award_on=NOW.date())) == ["award_on"]

    def test_the_cut_off_day_of_novelty_is_free(self):
        ward = make_ward()
        contest = make_contest(ward, novelty_cutoff_on=date(2030, 4, 30))
        assert contest.novelty_cutoff_on == date(2030, 4, 30)

    def test_markup_is_kept_as_text(self):
        ward = make_ward()
        contest = make_contest(ward, complete=False, fields=[{"name": "<script>alert(1)</script> {{ 7*7 }}"}])
        assert contest.fields[0].name == "<script>alert(1)</script> {{ 7*7 }}"

    def test_a_decomposed_twin_counts_as_the_same_field(self):
        ward = make_ward()
        twin = unicodedata.normalize("NFD", "Cải cách thể chế")
        contest = make_contest(ward, complete=False)
        assert list(refused(contest, ward, fields=[{"name": "Cải cách thể chế"}, {"name": twin}])) == ["fields-1-name"]


class TestRubric:
    def test_keys_stay_with_their_criteria_and_new_ones_get_their_own(self):
        ward = make_ward()
        contest = make_contest(ward)
        rows = [
            {"key": "effect", "name": "Hiệu quả", "max_score": Decimal(40), "bands": ""},
            {"key": "", "name": "Tính lan tỏa", "max_score": Decimal(60), "bands": ""},
        ]
        services.edit(contest, ward.office_actor, {"criteria": rows, "threshold": Decimal(50)}, now=NOW)
        assert [criterion.key for criterion in contest.criteria] == ["effect", "tinh_lan_toa"]

    def test_tie_rules_about_criteria_that_are_gone_go_too(self):
        ward = make_ward()
        contest = make_contest(ward)
        rows = [{"key": "effect", "name": "Hiệu quả", "max_score": Decimal(100), "bands": ""}]
        services.edit(contest, ward.office_actor, {"criteria": rows}, now=NOW)
        assert contest.tie_rules == "criterion:effect,earlier_submission"
        assert events(contest)[-1][2]["tie_rules"] == [
            "criterion:novelty,criterion:effect,earlier_submission",
            "criterion:effect,earlier_submission",
        ]

    def test_names_alike_get_different_keys(self):
        ward = make_ward()
        rows = [{"key": "", "name": name, "max_score": Decimal(10), "bands": ""} for name in ("Hiệu quả", "Hiệu-quả")]
        contest = make_contest(ward, complete=False, criteria=rows)
        assert len({criterion.key for criterion in contest.criteria}) == 2

    def test_a_step_must_fit_the_rubric(self):
        ward = make_ward()
        contest = make_contest(
            ward, criteria=[{"key": "a", "name": "A", "max_score": Decimal("7.5"), "bands": ""}], tie_rules=""
        )
        assert list(refused(contest, ward, score_step=Decimal(1))) == ["score_step"]

    @pytest.mark.parametrize("part", sorted(DEFAULTS))
    def test_defaults_can_be_used(self, part):
        ward = make_ward()
        contest = make_contest(ward, complete=False)
        services.use_defaults(contest, ward.office_actor, "tieu-chi", now=NOW)
        services.use_defaults(contest, ward.office_actor, part, now=NOW)
        values = DEFAULTS[part](contest)
        assert [getattr(contest, name) for name in values if isinstance(values[name], bool | str)] == [
            value for value in values.values() if isinstance(value, bool | str)
        ]
        assert all(len(getattr(contest, name)) == len(rows) for name, rows in values.items() if isinstance(rows, list))

    def test_the_default_scale_is_a_hundred_points(self):
        rows = DEFAULTS["tieu-chi"](Contest())["criteria"]
        assert [row["max_score"] for row in rows] == [30, 30, 25, 5, 10]


class TestBoards:
    def test_seats_give_roles_for_this_contest_only(self):
        ward = make_ward()
        contest = make_contest(ward)
        assert held(contest) == {
            (ward.head.id, "head_of_jury"),
            *((judge.id, "judge") for judge in ward.judges),
            (ward.secretary.id, "secretary"),
        }
        judge = actor_of(ward.judges[0])
        assert judge.roles_in(ward.host.id, contest.id) == {Role.JUDGE}
        assert judge.roles_in(ward.host.id, contest.id + 1) == set()

    def test_a_seat_that_is_taken_away_ends_its_role(self):
        ward = make_ward()
        contest = make_contest(ward)
        rows = [row for row in member_rows(ward) if row["user_id"] != ward.judges[0].id]
        services.edit(contest, ward.office_actor, {"members": rows}, now=NOW)
        assert (ward.judges[0].id, "judge") not in held(contest)
        assert (ward.judges[1].id, "judge") in held(contest)
        assert actor_of(ward.judges[0]).roles_in(ward.host.id, contest.id) == set()

    def test_a_seat_given_back_on_the_same_day_gives_the_role_again(self):
        ward = make_ward()
        contest = make_contest(ward)
        services.edit(contest, ward.office_actor, {"members": []}, now=NOW)
        assert held(contest) == set()
        services.edit(contest, ward.office_actor, {"members": member_rows(ward)}, now=NOW)
        assert (ward.judges[0].id, "judge") in held(contest)

    def test_two_people_may_change_places(self):
        ward = make_ward()
        contest = make_contest(ward)
        rows = member_rows(ward)
        rows[1]["user_id"], rows[2]["user_id"] = rows[2]["user_id"], rows[1]["user_id"]
        services.edit(contest, ward.office_actor, {"members": rows}, now=NOW)
        assert {(ward.head.id, "judge"), (ward.judges[0].id, "head_of_jury")} <= held(contest)
        assert (ward.head.id, "head_of_jury") not in held(contest)

    def test_a_role_that_the_administrator_gave_is_not_taken_by_a_change_of_seats(self):
        ward = make_ward()
        contest = make_contest(ward)
        extra = make_user("them", Role.JUDGE, at=ward.host, contest_id=contest.id)
        services.edit(contest, ward.office_actor, {"members": []}, now=NOW)
        assert held(contest) == {(extra.id, "judge")}

    def test_nobody_puts_himself_into_the_jury(self):
        ward = make_ward()
        contest = make_contest(ward, complete=False)
        seat = member_row("jury", ward.office)
        with pytest.raises(Invalid) as caught:
            services.edit(contest, ward.office_actor, {"members": [seat]}, now=NOW)
        assert caught.value.errors == {"members-0-user_id": "Không tự xếp mình vào Ban giám khảo"}

    def test_the_office_may_sit_in_the_secretariat(self):
        ward = make_ward()
        contest = make_contest(ward, complete=False, members=[member_row("secretariat", ward.office)])
        assert held(contest) == {(ward.office.id, "secretary")}

    def test_a_closed_account_gets_no_seat(self):
        ward = make_ward()
        ward.judges[0].disabled_at = NOW
        contest = make_contest(ward, complete=False)
        assert list(_errors(contest, ward, [member_row("jury", ward.judges[0])])) == ["members-0-user_id"]

    def test_an_unknown_person_gets_no_seat(self):
        ward = make_ward()
        contest = make_contest(ward, complete=False)
        row = member_row("jury", None) | {"user_id": 99999}
        assert list(_errors(contest, ward, [row])) == ["members-0-user_id"]

    @pytest.mark.parametrize(
        ("rows", "field"),
        [
            (lambda w: [member_row("jury", w.head), member_row("jury", w.head)], "members-1-user_id"),
            (
                lambda w: [member_row("jury", w.head, is_head=True), member_row("jury", w.judges[0], is_head=True)],
                "members-1-is_head",
            ),
            (lambda w: [member_row("spies", w.head)], "members-0-board"),
            (lambda w: [member_row("jury", None, full_name="")], "members-0-full_name"),
        ],
    )
    def test_seats_that_cannot_be(self, rows, field):
        ward = make_ward()
        contest = make_contest(ward, complete=False)
        assert list(_errors(contest, ward, rows(ward))) == [field]


def _errors(contest, ward, rows):
    with pytest.raises(Invalid) as caught:
        services.edit(contest, ward.office_actor, {"members": rows}, now=NOW)
    return caught.value.errors


class TestGaps:
    def test_a_complete_contest_lacks_nothing(self):
        assert setup.gaps(make_contest()) == []

    def test_a_new_contest_lacks_something_in_every_part(self):
        contest = make_contest(complete=False)
        assert [part.name for part in setup.PARTS if not part.gaps(contest)] == []

    @pytest.mark.parametrize(
        ("values", "gap"),
        [
            ({"fields": []}, "lĩnh vực"),
            ({"criteria": [], "tie_rules": "earlier_submission"}, "tiêu chí chấm"),
            ({"prizes": []}, "cơ cấu giải thưởng"),
            ({"legal_bases": []}, "căn cứ pháp lý"),
            ({"closes_at": None}, "hạn nộp hồ sơ"),
            ({"receiver_id": None}, "hội đồng cấp trên nhận hồ sơ"),
            ({"checklist": []}, "danh mục kiểm tra"),
            ({"min_judges": 4}, "đủ số giám khảo tối thiểu"),
        ],
    )
    def test_what_is_missing_is_named(self, values, gap):
        assert setup.gaps(make_contest(**values)) == [gap]

    def test_seats_without_an_account_do_not_count(self):
        ward = make_ward()
        rows = [row | {"user_id": None} for row in member_rows(ward)]
        assert setup.gaps(make_contest(ward, members=rows)) == [
            "Trưởng Ban giám khảo",
            "đủ số giám khảo tối thiểu",
            "Tổ Thư ký",
        ]


class TestCopying:
    def copy(self, source, ward, actor=None, host=None):
        return services.copy_contest(
            source, actor or ward.office_actor, host or ward.host, year=2027, title="Cuộc thi năm 2027", now=NOW
        )

    def test_all_but_dates_and_title_is_copied(self):
        ward = make_ward()
        source = make_contest(ward)
        copied = self.copy(source, ward)
        same = [name for part in setup.PARTS for name in part.holds if name not in (*date_values(), "title", "year")]
        from app.contests.rows import ROWS, as_rows

        for name in same:
            if name in ROWS:
                assert as_rows(copied, name) == as_rows(source, name), name
            else:
                assert getattr(copied, name) == getattr(source, name), name
        assert [getattr(copied, name) for name in date_values()] == [None] * 6
        assert (copied.title, copied.year, copied.state) == ("Cuộc thi năm 2027", 2027, "preparing")

    def test_rows_are_copies(self):
        ward = make_ward()
        source = make_contest(ward)
        copied = self.copy(source, ward)
        services.edit(copied, ward.office_actor, {"fields": [{"name": "Khác"}]}, now=NOW)
        assert len(source.fields) == 10

    def test_seats_give_roles_for_the_new_contest(self):
        ward = make_ward()
        copied = self.copy(make_contest(ward), ward)
        assert (ward.head.id, "head_of_jury") in held(copied)

    def test_seats_that_cannot_be_given_again_lose_the_account(self):
        ward = make_ward()
        source = make_contest(ward)
        ward.judges[0].disabled_at = NOW
        copied = self.copy(source, ward)
        member = next(m for m in copied.members if m.full_name == ward.judges[0].full_name)
        assert member.user_id is None
        assert setup.gaps(copied)[-1] == "đủ số giám khảo tối thiểu"

    def test_the_trail_names_the_source(self):
        ward = make_ward()
        source = make_contest(ward)
        copied = self.copy(source, ward)
        assert [event[0] for event in events(copied)] == ["contest.create", "contest.copy"]
        assert events(copied)[-1][2]["copied_from"] == [None, source.code]

    def test_a_stranger_copies_nothing(self):
        ward, other = make_ward("a"), make_ward("b")
        source = make_contest(ward)
        with pytest.raises(NotAllowed):
            self.copy(source, other)

    def test_a_copy_may_go_to_the_body_that_took_over(self):
        ward = make_ward("cu")
        source = make_contest(ward)
        successor = make_organisation("moi")
        from tests.factories.people import grant

        grant(ward.office, Role.OFFICE, successor)
        copied = self.copy(source, ward, actor_of(ward.office), successor)
        assert copied.organisation_id == successor.id
        assert actor_of(ward.head).roles_in(successor.id, copied.id) == {Role.HEAD_OF_JURY}


def test_issued_papers_belong_to_their_contest():
    ward = make_ward()
    first, second = make_contest(ward), make_contest(ward)
    issue_paper(first, "plan")
    from app.contests import queries

    assert [queries.has_issued(c.id, t) for c in (first, second) for t in ("plan", "board_decision")] == [
        True,
        False,
        False,
        False,
    ]


def test_moments_are_told_exactly():
    ward = make_ward()
    contest = make_contest(ward, complete=False)
    opens = utc(2026, 12, 1, 1, 0)
    services.edit(contest, ward.office_actor, {"opens_at": opens, "closes_at": opens + timedelta(days=1)}, now=NOW)
    assert events(contest)[-1][2]["opens_at"] == [None, "2026-12-01T01:00:00+00:00"]
