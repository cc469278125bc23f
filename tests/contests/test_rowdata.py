"""Rows of a form moved by buttons, against a list moved by hand."""

from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from app.contests import ties
from app.contests.rowdata import RowData

NAMES = {"fields": "name"}
words = st.text(st.characters(exclude_categories=["Cs", "Zs", "Cc", "Zl", "Zp"]), min_size=1, max_size=5)


def sent(names, **pressed):
    return MultiDict({f"fields-{place}-name": name for place, name in enumerate(names)} | pressed)


def shown(data):
    rows = data.as_sent()
    return [rows[f"fields-{place}-name"] for place in range(sum(key.startswith("fields-") for key in rows))]


@given(st.lists(words, max_size=8), st.integers(0, 9), st.sampled_from(["len", "xuong", "xoa"]))
def test_a_button_does_what_it_says(names, place, move):
    data = RowData(sent(names, hang=f"fields-{place}-{move}"), NAMES)
    wanted = list(names)
    if place < len(names):
        row = wanted.pop(place)
        if move != "xoa":
            wanted.insert(max(0, place - 1) if move == "len" else place + 1, row)
    assert shown(data) == wanted
    assert data.pressed == (place < len(names))


@given(st.lists(st.one_of(words, st.sampled_from(["", " ", "\t"])), max_size=8))
def test_saving_leaves_out_empty_rows_and_nothing_else(names):
    data = RowData(sent(names), NAMES)
    assert shown(data) == [name for name in names if name.strip()]
    assert not data.pressed


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=5), max_size=8))
def test_whatever_is_sent_is_taken(values):
    data = RowData(MultiDict(values), NAMES)
    assert set(data.as_sent()) >= {key for key in values if not key.startswith("fields-")}


def test_other_fields_and_their_many_values_stay():
    data = RowData(MultiDict([("a", "1"), ("a", "2"), ("fields-7-name", "x")]), NAMES)
    assert data.as_sent().getlist("a") == ["1", "2"]
    assert shown(data) == ["x"]


def test_a_chosen_list_alone_makes_no_row():
    data = RowData(MultiDict({"jury-0-honorific": "Ông", "jury-0-full_name": ""}), {"jury": "full_name"}, ["honorific"])
    assert data.rows == {"jury": []}


@given(st.lists(st.sampled_from(["earlier_submission", "fewer_authors", "criterion:a", "criterion:b"]), max_size=6))
def test_tie_rules_keep_their_order_and_stand_once(rules):
    kept = ties.parse(ties.stored(rules))
    assert kept == sorted(set(rules), key=rules.index)
    assert ties.parse(ties.fitting(ties.stored(rules), {"a"})) == [rule for rule in kept if rule != "criterion:b"]
