"""The list of the entries of a package, in the columns that receiving councils ask for, for paper and workbook."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.core.vietnamese import decimal_text, short_date
from app.entries.models import Entry
from workflows.spec import N_

COLUMNS = (
    N_("STT"),
    N_("Tên sáng kiến"),
    N_("Tác giả, đồng tác giả (tỷ lệ %)"),
    N_("Chức vụ, đơn vị"),
    N_("Lĩnh vực"),
    N_("Ngày áp dụng lần đầu"),
    N_("Phạm vi áp dụng"),
    N_("Điểm"),
    N_("Đề nghị"),
)
PROPOSAL = "Công nhận sáng kiến"
UNKNOWN = "–"
SCOPE_LIMIT = 200


@dataclass(frozen=True)
class Line:
    """One entry of the list; `score` is the mean of its sheets, None where it has none."""

    number: int
    code: str
    title: str
    authors: str
    unit: str
    field: str
    first_applied: str
    scope: str
    score: Decimal | None

    @property
    def score_text(self) -> str:
        """The score with two places."""
        return decimal_text(self.score, 2) if self.score is not None else UNKNOWN


def lines(entries: Sequence[Entry]) -> list[Line]:
    """The list in the order given, numbered from 1."""
    return [_line(number, entry) for number, entry in enumerate(entries, 1)]


def _line(number: int, entry: Entry) -> Line:
    return Line(
        number,
        entry.code,
        entry.title,
        ", ".join(f"{author.full_name} ({decimal_text(author.share)}%)" for author in entry.authors),
        _seat(entry),
        entry.field.name if entry.field else UNKNOWN,
        short_date(entry.first_applied_on) if entry.first_applied_on else UNKNOWN,
        _first_sentence(entry.applicability),
        entry.score_mean,
    )


def _seat(entry: Entry) -> str:
    """Post of the first author and the unit."""
    post = entry.authors[0].job_title if entry.authors else ""
    return f"{post}, {entry.unit.name}" if post else entry.unit.name


def _first_sentence(text: str) -> str:
    """The beginning of a long answer, as far as it fits a cell."""
    first = text.strip().partition("\n")[0].partition(". ")[0].strip().rstrip(".")
    if len(first) > SCOPE_LIMIT:
        first = first[: SCOPE_LIMIT - 1].rstrip() + "…"
    return first or UNKNOWN
