"""The entries of the demonstration: possible people and dates, wanted states, scores that show the rules at work."""

import re
from collections import Counter
from datetime import timedelta

import pytest

from tests.admin.demo_files import contest, criterion_mean, entries, mean, organisations, people, ranked, scored, totals
from workflows.entry import ENTRY

PARTS = {"authors", "title", "description", "benefit", "evidence", "confirmation"}
WANTED_STATES = {
    "2023": {"ranked": 4, "recognised": 2, "forwarded_to_town": 1, "received": 1, "not_recognised": 1, "rejected": 1},
    "2024": {
        **{"scored": 4, "screened": 3, "draft": 2, "submitted": 2},
        **{"returned": 1, "rejected": 1, "withdrawn": 1},
    },
}


# --- entries ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("year", WANTED_STATES)
def test_every_wanted_state_has_its_entries(year):
    assert Counter(entry["target_state"] for entry in entries(year)) == WANTED_STATES[year]
    assert {state.name for state in ENTRY.states} == {s for states in WANTED_STATES.values() for s in states}


def test_entries_spread_over_all_fields_units_and_kinds():
    assert {entry["field"] for entry in entries()} == {field["key"] for field in contest("2024")["fields"]}
    assert {entry["unit"] for entry in entries("2024")} == set(contest("2024")["units"])
    assert {entry["kind"] for entry in entries()} == {"individual", "collective"}
    assert len({entry["key"] for entry in entries()}) == 24


def test_shares_sum_to_one_hundred_and_authors_are_the_people():
    for entry in entries():
        assert sum(author["share"] for author in entry["authors"]) == 100, entry["key"]
        assert len(entry["authors"]) <= contest(entry["contest"])["rules"]["max_authors"]
        for author in entry["authors"]:
            person = people()[author["person"]]
            for name in ("full_name", "born_on", "job_title", "qualification"):
                assert author[name] == person[name]
            assert author["workplace"] == organisations()[person["organisation"]]["name"]
            assert person["organisation"] == entry["unit"]


def test_no_organiser_enters_and_nobody_confirms_the_own_entry():
    for entry in entries():
        authors = {author["person"] for author in entry["authors"]}
        boards = {m["person"] for board in contest(entry["contest"])["boards"] for m in board["members"]}
        assert not authors & boards
        confirmer = entry.get("confirmed_by")
        assert (confirmer is None) == (not entry["unit_statement"])
        if confirmer:
            assert confirmer not in authors
            assert "unit" in people()[confirmer]["roles"]
            assert people()[confirmer]["organisation"] == entry["unit"]


def test_dates_of_entries_are_possible():
    for entry in entries():
        dates = contest(entry["contest"])["dates"]
        assert all(author["born_on"].year in range(1960, 2002) for author in entry["authors"])
        assert ("submitted_at" in entry) == (entry["target_state"] != "draft")
        if "submitted_at" in entry:
            assert dates["opens_at"] <= entry["submitted_at"] <= dates["closes_at"], entry["key"]
            gap = entry["submitted_at"].date() - entry["first_applied_on"]
            assert timedelta(0) < gap < timedelta(days=330), entry["key"]


def test_forwarded_ones_can_still_ask_for_recognition():
    """The right to ask ends one year after the first use (Điều lệ Sáng kiến, Điều 5)."""
    for entry in entries("2023"):
        if entry["target_state"] in {"forwarded_to_town", "received", "recognised", "not_recognised"}:
            assert contest("2023")["dates"]["award_on"] < entry["first_applied_on"] + timedelta(days=365)


def test_evidence_has_names_of_the_kinds_made():
    for entry in entries():
        names = [file["file_name"] for file in entry.get("evidence", ())]
        assert names or entry["target_state"] == "draft", entry["key"]
        assert len(set(names)) == len(names)
        assert all(re.fullmatch(r"[^/\\:*?\"<>|]{5,120}\.(pdf|png)", name) for name in names)
        assert all(file["text"] and file["caption"] for file in entry.get("evidence", ()))


def test_reasons_stand_where_the_state_needs_them():
    checks = {row["key"] for row in contest("2024")["checklist"]}
    for entry in entries():
        state = entry["target_state"]
        assert ("return_reason" in entry) == (state == "returned")
        assert ("reject_reason" in entry) == (state == "rejected")
        assert ("withdraw_reason" in entry) == (state == "withdrawn")
        assert ("upper_result" in entry) == (state in {"recognised", "not_recognised"})
        assert set(entry.get("return_parts", ())) <= PARTS
        failed = {*entry.get("return_failed_checks", ()), *entry.get("reject_failed_checks", ())}
        assert failed <= checks
        assert bool(failed) == (state in {"returned", "rejected"})
        assert "return_due_at" not in entry or entry["return_due_at"] > entry["submitted_at"]


# --- scores -------------------------------------------------------------------------------------------------------
def test_scores_stand_on_the_step_and_within_the_maximum():
    for entry in entries():
        plan = contest(entry["contest"])
        maxima = {criterion["key"]: criterion["max"] for criterion in plan["criteria"]}
        for sheet in entry.get("sheets", ()):
            complete = sheet["state"] == "submitted"
            assert set(sheet["scores"]) <= set(maxima)
            assert not complete or set(sheet["scores"]) == set(maxima)
            for criterion, score in sheet["scores"].items():
                assert 0 < score <= maxima[criterion]
                assert score % plan["rules"]["score_step"] == 0


def test_sheets_come_from_judges_without_conflict():
    for entry in entries():
        jury = {m["person"] for m in contest(entry["contest"])["boards"][1]["members"]}
        judges = [sheet["judge"] for sheet in entry.get("sheets", ())]
        assert len(set(judges)) == len(judges)
        assert set(judges) <= jury
        assert all(people()[judge]["organisation"] != entry["unit"] for judge in judges)


def test_sheets_exist_exactly_where_judging_has_begun():
    after_scoring = set(WANTED_STATES["2023"]) - {"rejected"} | {"scored"}
    for entry in entries():
        full = len(totals(entry)) >= contest(entry["contest"])["rules"]["min_judges"]
        if entry["target_state"] in after_scoring:
            assert full
        elif entry["target_state"] != "screened":
            assert "sheets" not in entry
    assert sorted(len(e.get("sheets", ())) for e in entries("2024") if e["target_state"] == "screened") == [0, 3, 5]


def test_one_screened_entry_waits_for_the_head_of_jury():
    limit = contest("2024")["rules"]["deviation_percent"]  # of a scale of 100
    over = [e["key"] for e in entries() if totals(e) and max(totals(e)) - min(totals(e)) > limit]
    assert over == ["ma_qr_thu_phi_mot_cua"]


def test_one_pair_is_tied_on_the_mean_and_novelty_decides():
    groups = {}
    for entry in (*scored("2023"), *scored("2024")):
        groups.setdefault((entry["contest"], mean(totals(entry))), []).append(entry)
    tied = [group for group in groups.values() if len(group) > 1]
    assert [[entry["key"] for entry in group] for group in tied] == [
        ["buu_ta_nhan_ho_so_tai_nha", "to_khai_ho_tich_dien_san"]
    ]
    postal, civil = tied[0]
    assert criterion_mean(postal, "novelty") > criterion_mean(civil, "novelty")
    assert postal["submitted_at"] > civil["submitted_at"], "the last rule alone would decide the other way"


def test_prizes_of_2023_follow_the_ranking():
    slots = [prize["key"] for prize in contest("2023")["prizes"] for _ in range(prize["slots"])]
    order = ranked("2023")
    assert [entry["prize"] for entry in order] == [*slots, ""]
    assert all(mean(totals(entry)) >= contest("2023")["rules"]["threshold"] for entry in order)
    assert [entry["key"] for entry in entries() if "prize" in entry and entry["contest"] != "2023"] == []
