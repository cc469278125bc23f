"""The papers that the office draws up beside the turning points of a season that is over, so that each kind is there:
rules and launch, books and minutes, notice, payments, report; and one that was replaced, one taken back, one corrected.
"""

from datetime import date, timedelta

from sqlalchemy import select

from app.admin.demo import papers
from app.admin.demo.story import Story, morning
from app.core.db import db
from app.core.vietnamese import from_local
from app.documents import relations, renewing, services
from app.documents.models import Document
from app.ranking import services as ranking
from app.scoring.models import ScoreSheet


def open_season(story: Story, season) -> None:
    """The boards get a further member, so their decision is replaced; rules and launch go out."""
    boards_on, opens_on = season.data["dates"]["boards_on"], season.data["dates"]["opens_at"].date()
    season.widen_board(morning(boards_on, days=3))
    later = season.data["later_member"]
    _follow(story, season, "board_decision", "replaces", morning(boards_on, days=4), reason=later["reason"])
    papers.issue(story, season.contest, "rules", season.chairman, morning(boards_on, days=5))
    papers.issue(story, season.contest, "launch", season.chairman, morning(opens_on))


def close_intake(story: Story, season) -> None:
    """The secretariat prints the book of what came in."""

    def draw() -> None:
        renewing.draw_afresh("intake_book", season.contest, story.actor("thuky"), now=story.now)

    story.act(draw)
    story.work()


def record_screening(story: Story, season) -> None:
    """The minutes of the screening."""
    papers.issue(story, season.contest, "screening_record", season.chairman, story.now, office="thuky")


def print_sheet(story: Story, season) -> None:
    """A judge has the first sheet of the season made as a paper."""
    sheet = db.session.scalars(
        select(ScoreSheet).where(ScoreSheet.entry_id.in_(season.codes.values())).order_by(ScoreSheet.id).limit(1)
    ).one()
    sheet_id, judge = sheet.id, next(key for key, user in story.user_ids.items() if user == sheet.judge_id)

    def draw() -> None:
        services.draw_up("score_sheet", db.session.get(ScoreSheet, sheet_id), story.actor(judge), now=story.now)

    story.act(draw)
    story.work()


def prepare_ceremony(story: Story, season) -> None:
    """The list of payments; an invitation that the weather undoes, a second one with a mistake, its correction."""
    award, ceremony = season.data["dates"]["award_on"], season.data["ceremony"]
    papers.issue(story, season.contest, "payment_list", season.chairman, morning(award, days=-3))
    _invite(story, season, ceremony["first_at"], ceremony["place"], morning(award, days=-3))
    _follow(story, season, "invitation", "revokes", morning(award, days=-2), reason=ceremony["put_off"])
    _invite(story, season, ceremony["at"], ceremony["place"], morning(award, days=-2))
    wrong = {"wrong": ceremony["wrong"], "right": ceremony["right"]}
    _follow(story, season, "invitation", "corrects", morning(award, days=-1), reason=ceremony["mistake"], **wrong)


def announce(story: Story, season) -> None:
    """The notice of the results."""
    papers.issue(story, season.contest, "result_notice", season.chairman, story.now)


def close_season(story: Story, season) -> None:
    """The report on the season."""
    papers.issue(story, season.contest, "closing_report", season.chairman, story.now + timedelta(days=4))


def _invite(story: Story, season, moment, place: str, on: date) -> None:
    story.at(on)
    typed = {"moment": from_local(moment), "place": place, "guests": season.data["ceremony"]["guests"], "notes": []}

    def draw() -> int:
        return ranking.invite(season.contest, typed, story.actor("vanphong"), now=story.now).id

    papers.sign_and_issue(story, story.act(draw), season.chairman)


def _follow(story: Story, season, template: str, relation: str, on: date, **told: str) -> None:
    """A paper that does something to the issued one of that kind."""
    story.at(on)
    issued = select(Document.id).where(
        Document.contest_id == season.contest_id, Document.template_code == template, Document.state == "issued"
    )
    earlier_id = db.session.scalars(issued).one()

    def draw() -> int:
        earlier = db.session.get(Document, earlier_id)
        told_all = {"wrong": "", "right": "", **told}
        return relations.succeed(earlier, relation, told_all, story.actor("vanphong"), version=None, now=story.now).id

    papers.sign_and_issue(story, story.act(draw), season.chairman)
