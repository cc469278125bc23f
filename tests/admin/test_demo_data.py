"""The written content of the demonstration: its text, organisations, people, contests and earlier initiatives."""

import re
import unicodedata
from collections import Counter
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest

from tests.admin.demo_files import (
    DATA,
    SECTIONS,
    YEARS,
    contest,
    entries,
    initiatives,
    load,
    organisations,
    people,
    strings,
)
from workflows.spec import Role

FILES = sorted(path.name for path in DATA.glob("*.toml"))
LISTED = {
    *("tacgia", "donvi", "vanphong", "thuky", "truongban", "chutich", "vanthu", "captren", "quantri"),
    *("chutich2026", "phochutich"),
    *(f"giamkhao{n}" for n in range(1, 6)),
}


# --- text ---------------------------------------------------------------------------------------------------------
def test_the_files_are_the_ones_the_loader_plays():
    contests = [f"contest_{year}.toml" for year in YEARS]
    assert [*contests, "earlier_initiatives.toml", "entries.toml", "organisations.toml", "people.toml"] == FILES


@pytest.mark.parametrize("name", FILES)
def test_text_is_composed_unicode_without_stray_characters(name):
    text = (DATA / name).read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFC", text)
    stray = {c for c in text if unicodedata.category(c) in {"Cc", "Cf", "Co", "Cn"}} - {"\n"}
    assert stray == set()


def test_sections_carry_their_diacritics():
    """Vietnamese text marks well over half of its syllables; a text typed without marks has next to none."""
    texts = [entry[name] for entry in entries() for name in SECTIONS if entry[name]]
    texts += [row["summary"] for row in initiatives().values()]
    for text in texts:
        words = re.findall(r"[^\W\d_]+", text)
        marked = sum(not word.isascii() for word in words)
        assert marked / len(words) > 0.55, text[:60]


@pytest.mark.parametrize("name", FILES)
def test_no_word_lost_its_diacritics(name):
    bare = re.compile(r"\b(?:nguoi|khong|duoc|thuc|phuong|quyet|giai|thoi|viec|tuc|cua|voi|truoc|chuc|bieu)\b")
    hits = [text for text in strings(load(name.removesuffix(".toml"))) if bare.search(text.replace("_", "x"))]
    assert hits == []


def test_titles_are_unique_and_fit_a_line_or_two():
    titles = [row["title"] for row in (*entries(), *initiatives().values())]
    assert [title for title, n in Counter(titles).items() if n > 1] == []
    assert [title for title in titles if not 25 <= len(title) <= 130] == []


def test_sections_have_the_length_of_real_ones():
    wrong = {
        (entry["key"], name): len(entry[name].split())
        for entry in entries()
        for name in SECTIONS
        if not (80 <= len(entry[name].split()) <= 220) and not (entry["target_state"] == "draft" and not entry[name])
    }
    assert wrong == {}


def test_no_two_entries_share_a_sentence():
    sentences = Counter(
        sentence.strip()
        for entry in entries()
        for name in SECTIONS
        for sentence in re.split(r"[.;\n]", entry[name])
        if len(sentence.split()) > 8
    )
    assert [sentence for sentence, n in sentences.items() if n > 1] == []


# --- organisations and people -------------------------------------------------------------------------------------
def test_organisations_form_a_dated_tree():
    tree = organisations()
    assert len(tree) == len(load("organisations")["organisation"])
    assert [key for key, row in tree.items() if "parent" not in row] == ["tinh_ha_tinh"]
    for row in tree.values():
        assert row["kind"] in {"authority", "unit", "council"}
        assert row["letterhead"] == [line.upper() for line in row["letterhead"]]
        above = tree.get(row.get("parent"))
        if above:
            assert above["valid_from"] <= row["valid_from"]
            assert row.get("valid_to", date.max) <= above.get("valid_to", date.max)


def test_the_old_ward_ends_the_day_before_its_successor_begins():
    tree = organisations()
    followed = [row for row in tree.values() if "successor" in row]
    assert {row["key"] for row in followed} == {
        *(key for key in tree if key.startswith("tl_")),
        "phuong_trung_luong",
    }
    for row in followed:
        assert row["valid_to"] + timedelta(days=1) == tree[row["successor"]]["valid_from"] == date(2025, 7, 1)
    assert (tree["phuong_trung_luong"]["code"], tree["phuong_bac_hong_linh"]["code"]) == ("18121", "18115")


def test_people_hold_known_roles_in_organisations_that_exist_then():
    for person in people().values():
        for post in (person, person.get("later")):
            if post is None:
                continue
            place = organisations()[post["organisation"]]
            assert set(post["roles"]) <= set(Role) - {Role.AUTHOR, Role.SIGNER, Role.SYSTEM}
            assert post.get("roles_in", post["organisation"]) in organisations()
            assert place["valid_from"] <= post.get("valid_from", place["valid_from"])
            assert post.get("valid_to", date.min) <= place.get("valid_to", date.max)


def test_one_account_of_each_role_serves_in_both_worlds():
    """Roles of the old ward and its council, and of the new ward and its own, all behind listed accounts."""
    ward = {"office", "secretary", "judge", "head_of_jury", "chairman", "clerk", "admin"}
    held = {"old": set(), "new": set()}
    for person in (row for row in people().values() if row["listed"]):
        worlds = [("new" if person["organisation"].startswith("phuong_bac") else "old", person)]
        for world, post in [*worlds, *([("new", person["later"])] if "later" in person else [])]:
            place = post.get("roles_in", post["organisation"])
            held[world] |= {(role, place) for role in post["roles"]}
    assert held["old"] == {(role, "phuong_trung_luong") for role in ward} | {
        ("unit", "tl_tu_phap"),
        ("upper_clerk", "hoi_dong_thi_xa"),
    }
    assert held["new"] == {(role, "phuong_bac_hong_linh") for role in ward | {"deputy"}} | {
        ("unit", "bhl_hanh_chinh_cong"),
        ("upper_clerk", "hoi_dong_tinh"),
    }


def test_people_are_distinct_and_unreachable():
    rows = load("people")["person"]
    for name in ("key", "email", "full_name"):
        assert len({row[name] for row in rows}) == len(rows)
    assert {row["email"].partition("@")[2] for row in rows} == {"example.vn"}
    assert {row["honorific"] for row in rows} == {"Ông", "Bà"}
    assert {row["key"] for row in rows if row["listed"]} == LISTED


def test_one_signer_at_a_time_and_the_printed_name_only_in_its_year():
    signers = load("people")["signer"]
    for row in signers:
        assert {"deputy" if "kind" in row else row["role"]} <= set(people()[row["person"]]["roles"])
        assert all(line.isupper() for line in (*row["capacity"], *row["personal"]))
    heads = [row for row in signers if "kind" not in row]
    spans = sorted((r["role"], r["organisation"], r["valid_from"], r.get("valid_to", date.max)) for r in heads)
    for earlier, later in pairwise(spans):
        assert earlier[:2] != later[:2] or earlier[3] < later[2]
    assert {year: contest(year)["signature"]["name"] for year in YEARS} == {
        "2023": people()["chutich2023"]["full_name"],
        "2024": "Nguyễn Công Lộc",
        "2026": people()["chutich2026"]["full_name"],
    }


# --- contests -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("year", YEARS)
def test_contest_refers_to_what_exists(year):
    plan = contest(year)
    on = plan["dates"]["opens_at"].date()
    for key in (plan["organisation"], plan["receiver"], plan["office"], *plan["units"]):
        row = organisations()[key]
        assert row["valid_from"] <= on <= row.get("valid_to", date.max), key
    assert len(plan["units"]) == 8
    assert {member["person"] for board in plan["boards"] for member in board["members"]} <= set(people())
    assert all([m.get("head", False) for m in b["members"]].count(True) == 1 for b in plan["boards"])
    assert [board["key"] for board in plan["boards"]] == ["organising", "jury", "secretariat"]


@pytest.mark.parametrize("year", YEARS)
def test_dates_of_a_contest_follow_each_other(year):
    dates = contest(year)["dates"]
    days = [value.date() if isinstance(value, datetime) else value for value in dates.values()]
    assert days == sorted(days)
    assert {dates[name].utcoffset() for name in ("opens_at", "closes_at")} == {timedelta(hours=7)}
    assert (dates["closes_at"].hour, dates["opens_at"].hour) == (17, 8)


@pytest.mark.parametrize("year", YEARS)
def test_rubric_covers_the_scale_without_gap(year):
    plan = contest(year)
    step = plan["rules"]["score_step"]
    assert [c["max"] for c in plan["criteria"]] == [30, 30, 25, 5, 10]
    for criterion in plan["criteria"]:
        bands = criterion["bands"]
        assert (bands[0]["to"], bands[-1]["from"]) == (criterion["max"], 0)
        assert all(upper["from"] - lower["to"] == step for upper, lower in pairwise(bands))


@pytest.mark.parametrize("year", YEARS)
def test_prizes_stay_within_the_budget(year):
    plan = contest(year)
    assert sum(prize["slots"] * prize["amount"] for prize in plan["prizes"]) <= plan["budget"]
    amounts = [prize["amount"] for prize in plan["prizes"]]
    assert amounts == sorted(amounts, reverse=True)


@pytest.mark.parametrize("year", YEARS)
def test_enough_judges_sit_on_the_jury(year):
    judges = [m["person"] for m in contest(year)["boards"][1]["members"] if m["person"].startswith("giamkhao")]
    assert len(judges) >= contest(year)["rules"]["min_judges"]
    assert all("judge" in people()[key]["roles"] for key in judges)


def test_the_plan_of_2024_keeps_its_own_shape():
    plan = contest("2024")
    counts = {name: len(plan[name]) for name in ("legal_bases", "purposes", "requirements", "content", "fields")}
    assert counts == {"legal_bases": 3, "purposes": 5, "requirements": 3, "content": 5, "fields": 10}
    assert plan["novelty_cutoff_on"] == date(2025, 4, 30)
    assert [(p["name"], p["slots"], p["amount"]) for p in plan["prizes"]] == [
        ("Giải Nhất", 1, 2_000_000),
        ("Giải Nhì", 2, 1_500_000),
        ("Giải Ba", 3, 1_000_000),
        ("Giải Khuyến khích", 4, 500_000),
    ]
    assert plan["rules"]["tie_rules"] == ["novelty", "effect", "earlier_submission"]


# --- earlier initiatives ------------------------------------------------------------------------------------------
def test_earlier_initiatives_are_short_and_older_than_the_contest():
    fields = {field["key"] for field in contest("2024")["fields"]}
    assert len(initiatives()) == len(load("earlier_initiatives")["initiative"]) == 15
    for row in initiatives().values():
        assert 40 <= len(row["summary"].split()) <= 80, row["key"]
        assert row["year"] == row["decided_on"].year <= 2022
        assert row["field"] in fields
        assert re.fullmatch(r"\d+/QĐ-UBND", row["decision_number"])


def pairs_of_words(text):
    words = re.findall(r"[^\W_]+", text.casefold())
    return set(pairwise(words))


@pytest.mark.parametrize("name", ["duplicate_of", "similar_to"])
def test_the_similar_earlier_initiative_is_the_nearest_one(name):
    (entry,) = (e for e in entries("2024") if name in e)
    own = pairs_of_words(" ".join((entry["title"], *(entry[section] for section in SECTIONS))))
    shared = {
        key: len(own & (other := pairs_of_words(row["title"] + " " + row["summary"]))) / len(other)
        for key, row in initiatives().items()
    }
    assert max(shared, key=shared.get) == entry[name]


def test_the_rejected_duplicate_names_the_decision_it_repeats():
    (entry,) = (e for e in entries("2024") if e["target_state"] == "rejected")
    earlier = initiatives()[entry["duplicate_of"]]
    assert earlier["title"] in entry["reject_reason"]
    assert earlier["decision_number"] in entry["reject_reason"]
