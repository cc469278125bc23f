"""What the home page says of a contest in each phase: words, dates and the one thing to do."""

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from app.contests import queries as contests
from app.contests.models import Contest
from app.core.vietnamese import moment_text, short_date
from app.organisations import queries as organisations


@dataclass(frozen=True)
class Card:
    """One contest on the home page. `phase` in a few words with its tone; `when` the sentence that matters now."""

    title: str
    organisation: str
    phase: str
    tone: str
    when: str
    may_enter: tuple[str, ...]
    contact: str
    is_open: bool
    button_url: str
    button_label: str


def card(contest: Contest, now: datetime) -> Card:
    """The contest as a visitor sees it."""
    phase, tone, when = _phase(contest, now)
    is_open = contest.state == "open" and contest.closes_at is not None and now <= contest.closes_at
    is_announced = contest.state in ("decided", "closed")
    url = label = ""
    if is_open:
        url, label = url_for("intake.start", **{"cuoc-thi": contest.code}), _("Nộp sáng kiến")
    elif is_announced:
        url, label = url_for("results.index", nam=contest.year), _("Xem kết quả")
    return Card(
        contest.title,
        organisations.get(contest.organisation_id).name,
        phase,
        tone,
        when,
        _may_enter(contest) if is_open or contest.state == "preparing" else (),
        contest.contact,
        is_open,
        url,
        label,
    )


def _phase(contest: Contest, now: datetime) -> tuple[str, str, str]:
    """Scoring and ranking share their words: nobody outside learns how far the jury is."""
    if contest.state == "preparing":
        return _("Sắp mở nhận hồ sơ"), "info", _("Mở nhận từ %(when)s.", when=moment_text(contest.opens_at, _))
    if contest.state == "open" and now <= contest.closes_at:
        return _("Đang nhận hồ sơ"), "success", _("Hạn nộp: %(when)s.", when=contests.deadline_text(contest, now))
    if contest.state in ("decided", "closed"):
        return _("Đã công bố kết quả"), "success", _("Danh sách đạt giải đã được công bố.")
    closed = _("Đã hết hạn nộp lúc %(when)s.", when=moment_text(contest.closes_at, _)) if contest.closes_at else ""
    award = _("Dự kiến trao giải ngày %(day)s.", day=short_date(contest.award_on)) if contest.award_on else ""
    return _("Đang xét"), "info", f"{closed} {award}".strip()


def _may_enter(contest: Contest) -> tuple[str, ...]:
    lines = (
        _named(_("Tập thể"), contest.eligible_collective.strip()),
        _named(_("Cá nhân"), contest.eligible_individual.strip()),
    )
    return tuple(filter(None, lines))


def _named(kind: str, text: str) -> str:
    """Who may enter, with the kind in front unless the plan's own words begin with it."""
    return text if not text or text.casefold().startswith(kind.casefold()) else f"{kind}: {text}"
