"""A day typed as text: one box, `dd/mm/yyyy` and the other ways people write a day."""

from wtforms import DateField

from app.core.i18n import spoken
from app.core.vietnamese import BadDate, clean_line, parse_date, short_date


class DayField(DateField):
    """`data` is a date, or None when nothing was typed; what cannot be read stays in the box with its reason."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        self.data = None
        typed = clean_line(valuelist[0]) if valuelist else ""
        if not typed:
            return
        try:
            self.data = parse_date(typed)
        except BadDate as error:
            raise ValueError(spoken(error.message, error.params)) from error

    def _value(self) -> str:
        if self.raw_data:
            return self.raw_data[0]
        return short_date(self.data) if self.data else ""
