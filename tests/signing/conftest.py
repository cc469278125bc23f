"""A paper with empty fields, signed by the person, and sealed: made once for all tests that only look at them."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from app.adapters import signing
from app.adapters.signing import looks
from tests.signing import keys


@contextmanager
def own_loop() -> Iterator[None]:
    """Browser tests of the same process leave their event loop running in this thread; signing starts its own."""
    running = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        yield
    finally:
        asyncio._set_running_loop(running)


@pytest.fixture(autouse=True)
def _own_loop():
    with own_loop():
        yield


@dataclass(frozen=True)
class Papers:
    """The stages of one paper, and the folder of its keys."""

    empty: bytes
    signed: bytes
    sealed: bytes
    folder: Path

    def expected(self, base: bytes, sealed: bool = False) -> signing.Expected:
        """What is expected of a file that was given out as `base`."""
        persons, bodies = (frozenset({keys.mark_of(one)}) for one in (keys.person(), keys.organisation()))
        return signing.Expected(base, {"person": persons, "seal": bodies}, "seal" if sealed else "person")

    def verdict(self, pdf: bytes, *, at: datetime = keys.AT, trust: signing.Trust | None = None, **more) -> str:
        """The code of the verdict on a file sent in by the person, or by the clerk with `sealed`."""
        base = more.pop("base", self.signed if more.get("sealed") else self.empty)
        return signing.check(pdf, self.expected(base, **more), trust or keys.trust(), at=at).verdict.code

    def by(self, who, *marks: signing.Mark, pdf: bytes | None = None) -> bytes:
        """The paper signed with a certificate of the tests."""
        return signing.sign(
            pdf or self.empty, list(marks or (person_mark(),)), keys.key_file(self.folder, who), keys.mark_of(who)
        )


def person_mark() -> signing.Mark:
    """What the chairman's signature looks like."""
    return signing.Mark("person", looks.person(b"", "Nguyễn Công Lộc", "20-11-2026 09:00:00 +07:00"))


def clerk_marks() -> list[signing.Mark]:
    """Number, date and seal."""
    seal = looks.seal(b"", "Ủy ban nhân dân phường Thử Nghiệm", "20-11-2026 09:00:00 +07:00")
    return [
        signing.Mark("number", looks.number("07")),
        signing.Mark("date", looks.day("20")),
        signing.Mark("seal", seal),
    ]


@pytest.fixture(scope="session")
def papers(tmp_path_factory) -> Papers:
    """One paper in its three stages."""
    folder = tmp_path_factory.mktemp("keys")
    empty = signing.add(keys.PAPER, signing.find(keys.PAPER, keys.WORDS))
    started = Papers(empty, b"", b"", folder)
    with own_loop():
        signed = started.by(keys.person())
        sealed = started.by(keys.organisation(), *clerk_marks(), pdf=signed)
    return Papers(empty, signed, sealed, folder)


@pytest.fixture(scope="session")
def token(tmp_path_factory) -> keys.Token:
    """A token with the chairman's key."""
    return keys.make_token(tmp_path_factory.mktemp("token"), keys.person())
