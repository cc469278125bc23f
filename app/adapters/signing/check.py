"""Whether a signed PDF may be accepted: the one check for every way in which a signature comes in, and for later.

Accepted is only a file that begins with exactly the bytes that were given out, whose every signature is intact, made
with the certificate of the expected person or organisation, under a trusted root and while it was valid; whose last
signature covers the whole file; and to which nothing but signatures was added.
"""

import io
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESIndeterminate
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, ModificationLevel, SuspiciousModification
from pyhanko.sign.validation import KeyUsageConstraints, validate_pdf_signature
from pyhanko.sign.validation.errors import DisallowedAlgorithmError, SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from app.adapters.signing.fields import SLOT_OF
from app.adapters.signing.keys import fingerprint
from app.adapters.signing.roots import Trust, subject_of
from app.adapters.signing.verdicts import VALID, Found, Report, Verdict, verdict

LARGEST = 60_000
"""The most that one visible signature may cover, in square points: an eighth of a page."""
USES = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"})
log = logging.getLogger(__name__)
_UNREADABLE = (PdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError)


@dataclass(frozen=True)
class Expected:
    """What a file must be. `base` are the bytes that were given out; `signers` the fingerprints of the registered
    certificates of each party in the order in which they sign: `writer` where the paper has one, `person`, `seal`.
    All up to `last` must have signed, nobody after."""

    base: bytes
    signers: Mapping[str, frozenset[str]]
    last: str

    @property
    def due(self) -> list[str]:
        """The parties that must have signed."""
        order = list(self.signers)
        return order[: order.index(self.last) + 1]


def check(pdf: bytes, expected: Expected, trust: Trust, *, at: datetime) -> Report:
    """The verdict on a file; certificates must have been valid at the moment `at`."""
    if not pdf.startswith(expected.base) or not expected.base:
        return Report(verdict("other_file"))
    try:
        return _checked(pdf, expected, trust, at)
    except _UNREADABLE:
        log.info("a signed file could not be read", exc_info=True)
        # Whatever the file did to its reader: a file that cannot be understood is not accepted.
        return Report(verdict("unreadable"))


def _checked(pdf: bytes, expected: Expected, trust: Trust, at: datetime) -> Report:
    reader = PdfFileReader(io.BytesIO(pdf))
    signatures = list(reader.embedded_signatures)
    before = PdfFileReader(io.BytesIO(expected.base))
    if len(signatures) <= len(list(before.embedded_signatures)):
        return Report(verdict("none"))
    try:
        found = tuple(_found(one, expected, trust, at) for one in signatures)
    except SignatureValidationError:
        # The certificate that lies in a signature is not the one that the signature names.
        return Report(verdict("forged"))
    return Report(_whole(reader, before, signatures, found, expected), found)


def _whole(reader, before, signatures, found: tuple[Found, ...], expected: Expected) -> Verdict:
    """What is wrong with the file as a whole: first its integrity, then who signed, then in what order."""
    steps = (
        lambda: _worst(found, INTEGRITY),
        lambda: _end(signatures),
        lambda: _additions(reader, before, signatures),
        lambda: _worst(found, None),
        lambda: _order(found, expected),
    )
    return next((wrong for step in steps if (wrong := step()) is not None), VALID)


PARTY_OF = {"writer": "writer", "person": "person", "number": "seal", "date": "seal", "seal": "seal"}
"""Whose field each slot is: number and date are the organisation's."""
INTEGRITY = ("unreadable", "broken", "forged", "partial", "changed", "weak")


def _worst(found: tuple[Found, ...], codes: tuple[str, ...] | None) -> Verdict | None:
    wrong = [one.verdict for one in found if not one.verdict.is_valid]
    return next((one for one in wrong if codes is None or one.code in codes), None)


def _end(signatures: list[EmbeddedPdfSignature]) -> Verdict | None:
    covered = signatures[-1].evaluate_signature_coverage()
    return None if covered == SignatureCoverageLevel.ENTIRE_FILE else verdict("appended")


def _additions(reader: PdfFileReader, before: PdfFileReader, signatures) -> Verdict | None:
    """Between the bytes that were given out and the end of the file nothing but signatures may have come."""
    review = DEFAULT_DIFF_POLICY.review_file(reader, before.xrefs.total_revisions - 1)
    if isinstance(review, SuspiciousModification) or review.modification_level > ModificationLevel.FORM_FILLING:
        return verdict("extra")
    if any(_covers(signature) for signature in signatures):
        return verdict("covers")
    return None


def _covers(signature: EmbeddedPdfSignature) -> bool:
    field = signature.sig_field
    widgets = [kid.get_object() for kid in field["/Kids"]] if "/Kids" in field else [field]
    for widget in widgets:
        left, bottom, right, top = (float(side) for side in widget.get("/Rect", (0, 0, 0, 0)))
        if abs(right - left) * abs(top - bottom) > LARGEST:
            return True
    return False


def _order(found: tuple[Found, ...], expected: Expected) -> Verdict | None:
    """Persons sign before the organisation does (Nghị định 30/2020/NĐ-CP, Điều 32), the writer of minutes before the
    chair."""
    parties = [_party(one.field, one.fingerprint, expected) for one in found]
    order = list(expected.signers)
    missing = [party for party in expected.due if party not in parties]
    if missing and missing[0] != "seal":
        return verdict(f"{missing[0]}_missing")
    persons = [party for party in parties if party != "seal"]
    if persons != sorted(persons, key=order.index) or set(persons) - set(expected.due):
        return verdict("signers_order")
    if parties != sorted(parties, key=order.index) or set(parties) - set(expected.due):
        return verdict("order")
    return verdict("seal_missing") if missing else None


def _party(field: str, mark: str, expected: Expected) -> str:
    """Whose signature it is: by its field, in a field of the office's own tool by its certificate; "" for nobody's."""
    party = PARTY_OF.get(SLOT_OF.get(field, ""))
    if party:
        return party if mark in expected.signers.get(party, ()) else ""
    return next((party for party, marks in expected.signers.items() if mark in marks), "")


def _found(signature: EmbeddedPdfSignature, expected: Expected, trust: Trust, at: datetime) -> Found:
    certificate = signature.signer_cert
    return Found(
        signature.field_name,
        subject_of(certificate),
        fingerprint(certificate.dump()),
        signature.self_reported_timestamp,
        _one(signature, certificate, expected, trust, at),
    )


def _one(
    signature: EmbeddedPdfSignature, certificate: Certificate, expected: Expected, trust: Trust, at: datetime
) -> Verdict:
    """The verdict on one signature, apart from the others."""
    if signature.evaluate_signature_coverage() < SignatureCoverageLevel.ENTIRE_REVISION:
        return verdict("partial")
    try:
        status = validate_pdf_signature(signature, _context(signature, trust, at), key_usage_settings=USES)
    except DisallowedAlgorithmError:
        return verdict("weak")
    except SignatureValidationError:
        return verdict("forged")
    wrong = _integrity(status) or _trusted(status, certificate, trust, at)
    return wrong or _identity(signature, certificate, expected)


def _context(signature: EmbeddedPdfSignature, trust: Trust, at: datetime) -> ValidationContext:
    """Only what the office configured counts: nothing is fetched, the system's own roots are not asked."""
    between = [*trust.between, *signature.other_embedded_certs]
    return ValidationContext(trust_roots=list(trust.roots), other_certs=between, moment=at, allow_fetching=False)


def _integrity(status: PdfSignatureStatus) -> Verdict | None:
    if not status.intact:
        return verdict("broken")
    if not status.valid:
        return verdict("forged")
    if status.modification_level is None or status.modification_level > ModificationLevel.FORM_FILLING:
        return verdict("changed")
    if status.trust_problem_indic in (
        AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE,
        AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
    ):
        return verdict("weak")
    return None


def _trusted(status: PdfSignatureStatus, certificate: Certificate, trust: Trust, at: datetime) -> Verdict | None:
    subject = subject_of(certificate)
    if at > certificate.not_valid_after:
        return verdict("expired", subject=subject)
    if at < certificate.not_valid_before:
        return verdict("not_yet", subject=subject)
    if status.trust_problem_indic == AdESIndeterminate.CHAIN_CONSTRAINTS_FAILURE:
        return verdict("wrong_use", subject=subject)
    if not status.trusted:
        return verdict("untrusted", subject=subject)
    if _is_revoked(status, trust, at):
        return verdict("revoked", subject=subject)
    return None


def _is_revoked(status: PdfSignatureStatus, trust: Trust, at: datetime) -> bool:
    chain = list(status.validation_path.iter_certs(include_root=True))
    for issuer, certificate in pairwise(chain):
        moment = trust.revoked_at(certificate, issuer)
        if moment is not None and moment <= at:
            return True
    return False


def _identity(signature: EmbeddedPdfSignature, certificate: Certificate, expected: Expected) -> Verdict | None:
    """Whether the certificate is one that belongs in this field."""
    field = signature.field_name
    if _party(field, fingerprint(certificate.dump()), expected):
        return VALID
    other = "other_organisation" if PARTY_OF.get(SLOT_OF.get(field, "")) == "seal" else "other_signer"
    return verdict(other, subject=subject_of(certificate))
