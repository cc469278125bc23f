"""What the forms of all parts share: reading the stored values, and showing the service's errors at their fields."""

from collections.abc import Mapping
from typing import Any

from app.contests import rows
from app.contests.models import Contest
from app.contests.rows import ROWS
from app.contests.setup import NAMES
from app.flow.forms import ActionForm


class PartForm(ActionForm):
    """A part of the set-up. `lists` names its lists of rows, each with the field that a new row begins with."""

    lists: Mapping[str, str] = {}
    quiet: tuple[str, ...] = ()

    @classmethod
    def stored(cls, contest: Contest) -> dict[str, Any]:
        """What the form shows of the contest; an empty list shows one empty row."""
        names = [name for name in NAMES if hasattr(cls, name)]
        columns = {name: getattr(contest, name) for name in names if name not in ROWS}
        return columns | {name: rows.as_rows(contest, name) or [{}] for name in names if name in ROWS}

    def fill(self, contest: Contest) -> None:
        """Offer choices that depend on the contest."""

    def values(self) -> dict[str, Any]:
        """Values for `services.edit`."""
        return self.extra_data()

    def put_errors(self, errors: Mapping[str, str]) -> None:
        """Show errors of the service at their fields; what has no field here stands above the form."""
        for name, text in errors.items():
            self._put_error(self.field_name(name), text)

    def field_name(self, name: str) -> str:
        """The form's own name of a field that the service names."""
        return name

    def _put_error(self, name: str, text: str) -> None:
        first, _dash, rest = name.partition("-")
        if name in self:
            self[name].errors = [*self[name].errors, text]
            return
        if not rest or first not in self:
            self.form_errors.append(text)
            return
        place, _dash, column = rest.partition("-")
        row = self[first].entries[int(place)]
        row.form[column].errors = [*row.form[column].errors, text]
        self[first].errors = [*self[first].errors, row.errors]
