"""Readers of the written content of the demonstration, for the tests that hold it to its own rules."""

import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path

DATA = Path(__file__).parents[2] / "app" / "admin" / "demo" / "data"
YEARS = ("2023", "2024", "2026")
SECTIONS = ("current_state", "solution", "applicability", "benefit")


@cache
def load(name):
    with (DATA / f"{name}.toml").open("rb") as file:
        return tomllib.load(file, parse_float=Decimal)


def by_key(name, table):
    return {row["key"]: row for row in load(name)[table]}


def organisations():
    return by_key("organisations", "organisation")


def people():
    return by_key("people", "person")


def contest(year):
    return load(f"contest_{year}")


def entries(year=None):
    return [entry for entry in load("entries")["entry"] if year in (None, entry["contest"])]


def initiatives():
    return by_key("earlier_initiatives", "initiative")


def strings(value):
    """Every string inside a value read from TOML."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


def totals(entry):
    return [sum(sheet["scores"].values()) for sheet in entry.get("sheets", ()) if sheet["state"] == "submitted"]


def mean(values):
    return sum(values, Decimal(0)) / len(values)


def criterion_mean(entry, criterion):
    return mean([sheet["scores"][criterion] for sheet in entry["sheets"]])


def scored(year):
    return [entry for entry in entries(year) if entry["target_state"] not in {"screened"} and entry.get("sheets")]


def ranked(year):
    """Best first: mean of the totals, then the named tie rules of the contest."""
    return sorted(
        scored(year),
        key=lambda e: (
            -mean(totals(e)),
            -criterion_mean(e, "novelty"),
            -criterion_mean(e, "effect"),
            e["submitted_at"],
        ),
    )
