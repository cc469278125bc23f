"""Fields that go with the lock of a ranking: the prizes as chosen, and the facts of the meeting for its minutes."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FieldList, Form, FormField, HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.validators import Length, Optional, ValidationError

from app.contests.models import Contest
from app.core.clock import utcnow
from app.core.i18n import spoken
from app.core.vietnamese import BadDate, clean_line, decimal_text, parse_datetime, to_local
from app.organisations import queries as organisations
from app.ranking import acts, queries
from app.ranking.rules import Place

MORE = 5
"""How many entries behind the last prize may be chosen too."""


class PrizeRow(Form):
    """The prize of one entry."""

    entry = HiddenField()
    prize = SelectField(_l("Giải"), choices=[], validate_choice=False)


class LockRankingForm(FlaskForm):
    """Filled from the ranking as it is; `basis` tells whether it changed while the page was open."""

    basis = HiddenField()
    prizes = FieldList(FormField(PrizeRow), label=_l("Giải thưởng"))
    meeting_started = StringField(
        _l("Bắt đầu họp lúc"),
        [Length(max=60, message=_l("Viết ngắn hơn 60 ký tự"))],
        description=_l("Ví dụ 14:00 17/10/2026. Ghi vào biên bản."),
        filters=[lambda text: clean_line(text or "")],
    )
    meeting_place = StringField(
        _l("Địa điểm họp"),
        [Length(max=200, message=_l("Viết ngắn hơn 200 ký tự"))],
        filters=[lambda text: clean_line(text or "")],
    )
    meeting_absent = SelectMultipleField(_l("Thành viên vắng mặt"), [Optional()], choices=[])

    def prepare(self, contest: Contest) -> None:
        """Fill choices and labels; on the first showing also the proposal and what is usual."""
        places = queries.all_places(contest)
        self.lines = queries.titles(contest, [p.code for p in places])
        self.places = {p.code: p for p in places}
        jury = [member.full_name for member in contest.members if member.board == "jury"]
        self.meeting_absent.choices = [(name, name) for name in jury]
        if not self.is_submitted():
            self._propose(contest, places)
        names = [("", _("Không có giải")), *((str(prize.id), prize.name) for prize in contest.prizes)]
        for row in self.prizes:
            row.form.prize.choices = names

    def _propose(self, contest: Contest, places: list[Place]) -> None:
        for p in offered(contest, places):
            self.prizes.append_entry({"entry": p.code, "prize": str(p.prize_id or "")})
        self.basis.data = acts.basis_of(places)
        self.meeting_started.data = f"{to_local(utcnow()):%H:00 %d/%m/%Y}"
        host = organisations.get(contest.organisation_id)
        self.meeting_place.data = f"Trụ sở {host.name}"  # goes into the minutes, a paper in Vietnamese

    def validate_meeting_started(self, field: StringField) -> None:
        """A moment that can be read; empty is allowed."""
        if not field.data:
            return
        try:
            parse_datetime(field.data)
        except BadDate as error:
            raise ValidationError(spoken(error.message, error.params)) from error

    def rows(self) -> list[dict[str, object]]:
        """What the page shows of each entry beside the field of its prize."""
        found = []
        for row in self.prizes:
            place = self.places.get(row.form.entry.data)
            if place is not None:
                found.append(
                    {
                        "place": place,
                        "title": self.lines.get(place.code, ""),
                        "field": row.form.prize,
                        "hidden": row.form.entry,
                    }
                )
        return [one | {"mean": decimal_text(one["place"].candidate.mean, 2)} for one in found]


def offered(contest: Contest, places: list[Place]) -> list[Place]:
    """Entries whose prize can be chosen: those that may get one, down to a few behind the last seat."""
    running = [p for p in places if not p.obstacle]
    last = sum(prize.slots for prize in contest.prizes) + MORE
    return [p for p in running if p.rank <= running[min(last, len(running)) - 1].rank] if running else []
