"""Reading the content of the demonstration. Numbers are exact decimals."""

import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "data"


@cache
def _load(name: str) -> dict:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"), parse_float=Decimal)


def organisations() -> list[dict]:
    """The dated tree, parents before children."""
    return _load("organisations")["organisation"]


def people() -> list[dict]:
    """Accounts and authors."""
    return _load("people")["person"]


def signers() -> list[dict]:
    """Who signs for an organisation from a day to a day."""
    return _load("people")["signer"]


def contest(name: str) -> dict:
    """One season."""
    return _load(f"contest_{name}")


def entries(name: str) -> list[dict]:
    """The entries of one season."""
    return [entry for entry in _load("entries")["entry"] if entry["contest"] == name]


def initiatives() -> tuple[str, list[dict]]:
    """Key of the organisation, and what was applied there before."""
    data = _load("earlier_initiatives")
    return data["organisation"], data["initiative"]
