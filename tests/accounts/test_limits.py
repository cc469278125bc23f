"""Guessing is slow for everybody but the person; nobody is locked out for good."""

import threading
from datetime import timedelta

import pytest

from app.accounts import limits, passwords, sessions
from app.accounts.models import SignInAttempt
from app.core.db import begin_writing, db
from tests.conftest import NOW
from tests.factories.people import kept, make_organisation, make_user


def tries(count, *, account="mai", address="10.0.0.1", user_id=None, start=NOW, every=timedelta(0)):
    """How many of so many tries were let through to the password."""
    admitted = [
        limits.admit(account, address, user_id=user_id, now=start + every * number) is not None
        for number in range(count)
    ]
    return sum(admitted)


def test_ten_for_an_account_in_five_minutes(app):
    assert tries(25) == 10
    assert tries(25, address="10.0.0.2") == 0
    assert tries(25, account="khác") == 10


def test_thirty_for_an_address_over_all_accounts(app):
    assert sum(tries(1, account=f"nguoi{number}") for number in range(60)) == 30


def test_a_thousand_for_everybody(app):
    db.session.bulk_insert_mappings(
        SignInAttempt, [{"account": f"a{n}", "address": f"b{n}", "at": NOW} for n in range(limits.EVERYBODY)]
    )
    db.session.commit()
    assert tries(1, account="mới", address="mới") == 0
    assert tries(1, account="mới", address="mới", start=NOW + limits.WINDOW) == 1


def test_a_thousand_guesses_in_an_hour(app):
    let_through = tries(1000, every=timedelta(seconds=3.6))
    assert 115 <= let_through <= 130


def test_hammering_does_not_prolong_the_wait(app):
    assert tries(300, every=timedelta(seconds=1)) == 10
    assert tries(1, start=NOW + limits.WINDOW + timedelta(seconds=10)) == 1


def test_a_right_password_takes_its_try_back(app):
    for number in range(40):
        admitted = limits.admit("mai", "10.0.0.1", user_id=None, now=NOW)
        assert admitted is not None, number
        limits.forget(admitted)
        db.session.commit()


def test_a_stranger_does_not_keep_the_person_out(app):
    mai = make_user("mai", home=make_organisation())
    sessions.begin(mai, now=NOW - timedelta(days=3), address="192.168.1.5", agent="")
    mai = kept(mai)
    assert tries(40, user_id=mai.id, address="203.0.113.9") == 10
    assert tries(1, user_id=mai.id, address="203.0.113.8") == 0
    assert tries(40, user_id=mai.id, address="192.168.1.5") == 10
    later = NOW + limits.KNOWN_FOR
    tries(40, user_id=mai.id, address="203.0.113.9", start=later)
    assert tries(1, user_id=mai.id, address="192.168.1.5", start=later) == 0


def test_spellings_of_an_unknown_name_share_a_limit():
    keys = {limits.unknown_account(name) for name in ("Trần Mai", "tran mai", "TRANMAI", "  trần  mai")}
    assert keys == {"?tranmai"}
    assert len(limits.unknown_account("x" * 500)) == 80


def test_many_at_once_do_not_slip_through(app):
    admitted = []

    def guess():
        with app.app_context():
            begin_writing()
            admitted.append(limits.admit("mai", "10.0.0.1", user_id=None, now=NOW))
            db.session.remove()

    threads = [threading.Thread(target=guess) for _number in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    let_through = [number for number in admitted if number is not None]
    assert len(admitted) == 24
    assert len(let_through) <= 10
    kept_rows = db.session.query(SignInAttempt).count()
    assert kept_rows == len(let_through)


def test_old_tries_are_swept(app):
    tries(3, start=NOW - timedelta(days=2))
    tries(2)
    limits.sweep(now=NOW)
    assert db.session.query(SignInAttempt).count() == 2


def test_hashes_take_turns(app, monkeypatch):
    running, most, lock = [0], [0], threading.Lock()

    class Counting:
        """Counts how many hashes run at once around the real hasher."""

        def hash(self, password):
            with lock:
                running[0] += 1
                most[0] = max(most[0], running[0])
            try:
                return real.hash(password)
            finally:
                with lock:
                    running[0] -= 1

    real = passwords._hasher
    monkeypatch.setattr(passwords, "_hasher", Counting())
    threads = [threading.Thread(target=passwords.hash_password, args=("x",)) for _number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most[0] <= passwords.AT_ONCE


@pytest.mark.parametrize("stored", [None, "", "!chưa đặt", "không phải mã băm", "$argon2id$v=19$m=8,t=1,p=1$x"])
def test_nothing_fits_what_is_not_a_hash(app, stored):
    assert not passwords.is_right("", stored)
    assert not passwords.is_right("mưa rào cuối hạ 7", stored)
