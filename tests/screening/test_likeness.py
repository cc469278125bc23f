"""How alike texts are, and the passages that they share."""

from hypothesis import given
from hypothesis import strategies as st

from app.screening import likeness

RETOLD = (
    "Dán mã QR tra cứu thủ tục hành chính tại nhà văn hóa tổ dân phố, người dân quét mã bằng điện thoại để xem hồ sơ"
)
EARLIER = (
    "Niêm yết thủ tục hành chính bằng mã QR. Người dân quét mã bằng điện thoại để xem thành phần hồ sơ, phí, lệ phí."
)
OTHER = "Tổ công nghệ số cộng đồng trực tối thứ Ba giúp tiểu thương chợ mở tài khoản thanh toán."

words = st.lists(st.sampled_from(["người", "dân", "Quét", "mã", "QR", "tại", "tổ,", "phố."]), max_size=30).map(" ".join)


def test_a_retold_initiative_is_closer_than_another():
    same = likeness.percent(likeness.comparable(RETOLD), likeness.comparable(EARLIER))
    other = likeness.percent(likeness.comparable(RETOLD), likeness.comparable(OTHER))
    assert same > 75 > other
    assert likeness.percent(likeness.comparable(RETOLD), likeness.comparable(RETOLD.upper())) == 100


def test_empty_texts_are_like_nothing():
    assert likeness.percent("", "") == 0
    assert likeness.percent("một", "") == 0
    assert likeness.shared_passages("", "") == []


def test_marks_tell_syllables_apart():
    assert likeness.comparable("Ma\u0303 QR") == "mã qr"
    assert likeness.percent("mã ma", "má mạ") < 100 == likeness.percent("mã ma", "ma mã")


def test_the_shared_passage_is_marked_in_its_words():
    [passage] = likeness.shared_passages(RETOLD, EARLIER.upper())
    assert [text for text, shared in passage if shared] == ["người dân quét mã bằng điện thoại để xem"]
    assert (
        "".join(text for text, _shared in passage)
        == "… nhà văn hóa tổ dân phố, người dân quét mã bằng điện thoại để xem hồ sơ"
    )


def plain(text):
    return " ".join(found[0].lower() for found in likeness._SYLLABLE.finditer(text))


@given(words, words)
def test_what_is_marked_stands_in_both(text, other):
    passages = likeness.shared_passages(text, other)
    assert len(passages) <= 5
    for passage in passages:
        for segment, shared in passage:
            assert segment.removeprefix("… ").removesuffix(" …") in text
            if shared:
                windows = likeness._windows(plain(segment).split())
                assert all(" ".join(window) in plain(other) for window in windows)


@given(words)
def test_a_text_is_shared_whole_with_itself(text):
    marked = [segment for passage in likeness.shared_passages(text, text) for segment, shared in passage if shared]
    expected = [text.rstrip(",. ")] if len(text.split()) >= 5 else []
    assert [segment.rstrip(",. ") for segment in marked] == expected


def test_a_hostile_length_is_bounded():
    text = "mã " * 200_000
    assert len(likeness.comparable(text)) == 30_000
    assert len(likeness.shared_passages(text, text)) == 1
