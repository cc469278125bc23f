"""Numbers without gaps or repeats, also when many clerks issue at once."""

import threading
from datetime import date

import pytest
from sqlalchemy import select

from app.core.db import db, write_transaction
from app.documents.models import RegisterSeries
from app.documents.register import services as register
from tests.factories.documents import make_world

CLIENTS, TURNS = 20, 20


@pytest.fixture
def ward_id(app):
    number = make_world().ward.id
    db.session.rollback()
    return number


def take(ward_id: int, series: str = "QĐ-UBND", year: int = 2026) -> int:
    with write_transaction():
        return register.next_number(ward_id, series, year)


def test_each_series_and_year_of_an_organisation_begins_at_one(ward_id):
    assert [take(ward_id), take(ward_id), take(ward_id, "KH-UBND"), take(ward_id, year=2027), take(ward_id)] == [
        1,
        2,
        1,
        1,
        3,
    ]


def test_a_number_that_is_rolled_back_is_free_again(ward_id):
    take(ward_id)

    def fail():
        with write_transaction():
            register.next_number(ward_id, "QĐ-UBND", 2026)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert take(ward_id) == 2


@pytest.mark.parametrize(
    ("number", "symbol"), [(1, "01/QĐ-UBND"), (9, "09/QĐ-UBND"), (10, "10/QĐ-UBND"), (123, "123/QĐ-UBND")]
)
def test_numbers_below_ten_get_a_leading_zero(number, symbol):
    assert register.symbol_of(number, "QĐ-UBND") == symbol


def test_many_at_once_get_every_number_once(app, ward_id):
    taken, failed = [], []
    start = threading.Barrier(CLIENTS)

    def client():
        start.wait()
        with app.app_context():
            for turn in range(TURNS):
                try:
                    with write_transaction():
                        number = register.next_number(ward_id, "QĐ-UBND", 2026)
                        if turn % 5 == 4:
                            raise InterruptedError
                    taken.append(number)
                except InterruptedError:
                    pass
                except Exception as error:
                    failed.append(error)
            db.session.remove()

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = CLIENTS * TURNS * 4 // 5
    assert failed == []
    assert sorted(taken) == list(range(1, kept + 1))
    db.session.rollback()
    assert db.session.scalar(select(RegisterSeries.last)) == kept


def test_the_latest_day_of_an_empty_series_is_unknown(ward_id):
    assert register.last_day(ward_id, "QĐ-UBND", date(2026, 1, 1).year) is None
