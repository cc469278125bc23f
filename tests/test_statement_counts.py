"""How many SQL statements a page takes: exactly, and as many with 30 rows as with 3.

The goals were 6 for the list, 5 for an entry and 8 for saving a sheet. Where a figure is above, the reason stands
beside it. Two statements belong to every page: who is signed in with today's roles, and the contest that the frame
names. A server database locks rows by statements of its own, so the exact figures are those of SQLite.
"""

import pytest

from app.core.db import db
from app.scoring import services
from tests.conftest import NOW
from tests.factories import handover, ranking, scoring
from tests.factories.entries import put_state
from tests.factories.people import actor_of, make_user
from tests.sql import count_statements
from workflows.spec import Role

ROWS = (3, 30)
JUDGING = {
    "list": 6,  # session, contests, one page, counts by state, choices of the filters, frame
    "search": 6,
    "entry": 6,  # session, entry with authors, trail, papers, files, frame: the frame came after the goal was set
    "inbox of the office": 8,
    "inbox of a judge": 5,
    "list of a judge": 4,
    "sheet": 7,  # session, sheet with its dossier, lines, open criteria, files, the judge's other sheets, frame
    "saved sheet": 7,
    "matrix": 7,
    "ranking": 11,  # until it is locked, equal means are parted and zeros looked for on each view, by the rules
    "papers": 5,
    "register": 6,
}
PACKAGE = {"package": 17}  # its entries with authors and prizes, its paper with its acts, its trail, its answers


@pytest.fixture(autouse=True)
def embedded(app):
    """Only where the figures are meant for."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("a server database has statements of its own for locks")


def counted(person, path: str) -> int:
    """Statements of a page, the second time it is opened."""
    person.visit(path)
    with count_statements() as seen:
        person.visit(path)
    return len(seen)


def saved(judge, path: str) -> int:
    """Statements of the POST that keeps what is typed on a sheet."""
    values = dict(judge.visit(path).page.xpath("//form[@data-autosave]")[0].form_values())
    boxes = [name for name in values if name.startswith("score_")]
    with count_statements() as seen:
        answer = judge._request("post", path, values | dict.fromkeys(boxes, "7,5"), follow=False)
    assert answer.status_code == 303
    return len(seen)


@pytest.mark.parametrize("rows", ROWS)
def test_pages_while_the_jury_judges(visitor, rows):
    jury = ranking.make_scored(*[("20", "20", "30")] * rows)
    season = jury.season
    entry, sheet = jury.entries[0].code, _begun_sheet(jury)
    clerk = make_user("vanthu", Role.CLERK, at=season.host)
    db.session.commit()
    office, judge = visitor(season.office), visitor(jury.judges[0])
    secretary, head, registrar = visitor(jury.secretary), visitor(jury.head), visitor(clerk)
    assert {
        "list": counted(office, "/ho-so"),
        "search": counted(office, "/ho-so?q=ma+qr"),
        "entry": counted(office, f"/ho-so/{entry}"),
        "inbox of the office": counted(office, "/viec-cua-toi"),
        "inbox of a judge": counted(judge, "/viec-cua-toi"),
        "list of a judge": counted(judge, "/cham-diem"),
        "sheet": counted(judge, f"/cham-diem/{sheet}"),
        "saved sheet": saved(judge, f"/cham-diem/{sheet}"),
        "matrix": counted(secretary, "/hoi-dong/ma-tran"),
        "ranking": counted(head, "/xep-hang"),
        "papers": counted(office, "/van-ban"),
        "register": counted(registrar, "/so-van-ban"),
    } == JUDGING


def _begun_sheet(jury) -> str:
    """A sheet of one more entry, taken by its judge and still empty."""
    put_state(jury.contest, "open")
    entry = scoring.add_entry(jury)
    put_state(jury.contest, "judging")
    services.assign_all(actor_of(jury.secretary), jury.contest, now=NOW)
    sheet = scoring.sheet_of(entry, jury.judges[0])
    return scoring.accept(sheet, jury.judges[0]).code


@pytest.mark.parametrize("rows", ROWS)
def test_pages_of_a_package(visitor, rows):
    season = handover.make_decided_season(entries=rows, prizes=rows)
    package = handover.make_sent(season).code
    office = visitor(season.office)
    assert {"package": counted(office, f"/chuyen-cap-tren/{package}")} == PACKAGE
