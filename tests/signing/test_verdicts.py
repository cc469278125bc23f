"""The verdict on every signed PDF of the corpus, and that nothing else is ever accepted."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.adapters import signing
from app.adapters.signing import verdicts
from tests.signing import corpus, keys
from tests.signing.conftest import clerk_marks


def test_the_person_and_then_the_organisation_are_accepted(papers):
    assert papers.verdict(papers.signed) == "valid"
    assert papers.verdict(papers.sealed, sealed=True) == "valid"
    assert papers.verdict(papers.sealed, sealed=True, base=papers.empty) == "valid"


def test_a_signature_in_a_field_of_the_tool_s_own_is_accepted(papers):
    assert papers.verdict(corpus.in_a_field_of_its_own(papers)) == "valid"


def test_a_file_without_signature_is_none(papers):
    assert papers.verdict(papers.empty) == "none"
    assert papers.verdict(papers.signed, sealed=True) == "none"


def test_other_bytes_than_given_out_are_another_file(papers):
    for other in (
        b"",
        b"%PDF-1.7 nothing",
        papers.empty[:-1],
        b" " + papers.signed,
        corpus.saved_anew(papers.signed),
        corpus.flipped(papers.signed, 3000),
        corpus.flipped(papers.signed, len(papers.empty) - 1),
    ):
        assert papers.verdict(other) == "other_file"
    assert papers.verdict(papers.signed, base=b"") == "other_file"


@pytest.mark.parametrize("change", corpus.CHANGES, ids=lambda change: change.__name__)
def test_a_change_after_the_signature_is_seen(papers, change):
    assert papers.verdict(corpus.edited(papers.signed, change)) == "changed"
    assert papers.verdict(corpus.edited(papers.sealed, change), sealed=True) == "changed"


@pytest.mark.parametrize("change", corpus.CHANGES, ids=lambda change: change.__name__)
def test_a_change_between_two_signatures_is_seen(papers, change):
    changed = corpus.edited(papers.signed, change)
    sealed = papers.by(keys.organisation(), *clerk_marks(), pdf=changed)
    assert papers.verdict(sealed, sealed=True) == "changed"


@pytest.mark.parametrize("change", corpus.CHANGES, ids=lambda change: change.__name__)
def test_a_change_before_the_signature_is_seen(papers, change):
    assert papers.verdict(papers.by(keys.person(), pdf=corpus.edited(papers.empty, change))) == "extra"


MADE = {
    "partial": (corpus.uncovered, corpus.hole_in_the_middle),
    "forged": (corpus.forged,),
    "untrusted": (corpus.by_other_root,),
    "expired": (corpus.by_expired,),
    "not_yet": (corpus.by_future,),
    "other_signer": (corpus.by_someone_else, corpus.organisation_signs),
    "wrong_use": (corpus.by_certificate_for_encryption,),
    "weak": (corpus.weak_digest,),
    "order": (corpus.number_first, corpus.sealed_at_once),
    "covers": (corpus.over_the_whole_page,),
    "person_missing": (corpus.only_the_organisation,),
}


@pytest.mark.parametrize(
    ("code", "make"),
    [(code, make) for code, many in MADE.items() for make in many],
    ids=lambda part: getattr(part, "__name__", part),
)
def test_the_verdict_names_what_is_wrong(papers, code, make):
    assert papers.verdict(make(papers)) == code


def test_the_person_does_not_seal(papers):
    assert papers.verdict(corpus.person_seals(papers), sealed=True) == "other_organisation"


def test_a_missing_seal_is_named(papers):
    assert papers.verdict(papers.signed, sealed=True, base=papers.empty) == "seal_missing"


def test_bytes_after_the_last_signature_are_seen(papers):
    for tail in (b"\n", b"%%EOF\n", b"1 0 obj\n<<>>\nendobj\n%%EOF\n"):
        assert papers.verdict(papers.signed + tail) in ("appended", "unreadable")
    assert papers.verdict(papers.signed + "\n% thêm\n".encode()) == "appended"


def test_a_bit_turned_in_what_is_signed_breaks_the_signature(papers):
    position = papers.sealed.index(b"/Contents <", len(papers.signed)) - 30
    report = papers.verdict(corpus.flipped(papers.sealed, position), sealed=True)
    assert report in ("broken", "partial", "unreadable")
    stream = papers.signed.index(b"stream", len(papers.empty)) + 40
    assert papers.verdict(corpus.flipped(papers.signed, stream)) == "broken"


def test_a_revoked_certificate_counts_from_its_revocation_on(papers):
    before = corpus.trust_with_revocation(keys.person(), keys.AT - keys.days(1))
    later = corpus.trust_with_revocation(keys.person(), keys.AT + keys.days(1))
    other = corpus.trust_with_revocation(keys.organisation(), keys.AT - keys.days(1))
    assert papers.verdict(papers.signed, trust=before) == "revoked"
    assert papers.verdict(papers.signed, trust=later) == "valid"
    assert papers.verdict(papers.signed, trust=other) == "valid"
    assert papers.verdict(papers.sealed, sealed=True, trust=other) == "revoked"


def test_a_list_by_another_authority_revokes_nothing(papers):
    from app.adapters.signing import authority

    revoked = {keys.person().certificate.serial_number: keys.START}
    foreign = authority.revocation_list(keys.root("CA khác"), revoked, now=keys.AT)
    same_name = authority.make_root("CA kiểm thử", now=keys.START)
    forged = authority.revocation_list(same_name, revoked, now=keys.AT)
    assert papers.verdict(papers.signed, trust=keys.trust(lists=(foreign, forged))) == "valid"


def test_without_roots_nobody_is_trusted(papers):
    assert papers.verdict(papers.signed, trust=signing.Trust()) == "untrusted"


def test_a_certificate_is_judged_at_the_moment_of_signing(papers):
    assert papers.verdict(papers.signed, at=keys.END + keys.days(1)) == "expired"
    assert papers.verdict(papers.signed, at=keys.END - keys.days(1)) == "valid"


@settings(max_examples=15)
@given(st.integers(0, 10**9))
def test_no_turned_bit_is_accepted(papers, seed):
    """Bits in the padding of a signature are covered by no hash; they change nothing that anybody reads."""
    chosen = random.Random(seed)
    start = papers.signed.rindex(b"/Contents <")
    end = papers.signed.index(b">", start)
    position = chosen.choice([n for n in range(0, len(papers.signed), 7) if not start < n < end])
    assert papers.verdict(corpus.flipped(papers.signed, position)) != "valid"


@settings(max_examples=10)
@given(st.binary(min_size=1, max_size=400))
def test_nothing_appended_is_accepted_and_nothing_breaks_the_reader(papers, tail):
    assert papers.verdict(papers.signed + tail) in ("appended", "changed", "unreadable")
    assert papers.verdict(papers.empty + tail) in ("none", "unreadable")


def test_the_report_lists_every_signature(papers):
    report = signing.check(papers.sealed, papers.expected(papers.signed, sealed=True), keys.trust(), at=keys.AT)
    assert [one.subject for one in report.signatures] == ["Nguyễn Công Lộc"] + 3 * ["Ủy ban nhân dân phường Thử Nghiệm"]
    assert report.signatures[0].fingerprint == keys.mark_of(keys.person())
    assert {one.verdict.code for one in report.signatures} == {"valid"}


def test_every_verdict_is_a_sentence():
    for code, sentence in verdicts.VERDICTS.items():
        assert sentence.endswith("."), code
    with pytest.raises(KeyError):
        verdicts.verdict("unknown")


def test_a_folder_of_roots_is_read_and_a_wrong_file_is_noticed(tmp_path):
    assert signing.load_trust(tmp_path / "missing") == signing.Trust()
    (tmp_path / "root.pem").write_bytes(keys.root().pem + keys.root("CA khác").pem)
    (tmp_path / "between.crt").write_bytes(keys.person().der)
    (tmp_path / "README.txt").write_text("Để chứng thư gốc ở đây")
    trust = signing.load_trust(tmp_path)
    assert (len(trust.roots), len(trust.between), len(trust.lists)) == (2, 1, 0)
    (tmp_path / "wrong.pem").write_text("no certificate")
    with pytest.raises(signing.SigningError) as refused:
        signing.load_trust(tmp_path)
    assert refused.value.code == "bad_certificate"
    assert "wrong.pem" in refused.value.detail
