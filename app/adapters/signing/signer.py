"""Signing a PDF with a key at the server (PAdES baseline B), into a field that is there already."""

import io
from dataclasses import dataclass

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.general import SigningError as LibraryError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer

from app.adapters.signing import keys, looks
from app.adapters.signing.errors import SigningError
from app.adapters.signing.fields import NAMES
from app.adapters.signing.looks import Look

DIGEST = "sha256"


@dataclass(frozen=True)
class Mark:
    """One visible signature: the slot of its field, what it looks like, and where it was made."""

    slot: str
    look: Look
    name: str = ""
    location: str = ""


def sign(pdf: bytes, marks: list[Mark], key: keys.Key, expected: str) -> bytes:
    """The PDF with one signature for each mark, one after the other, by the key whose certificate has the
    fingerprint `expected`. The given bytes stay the exact beginning. Raises SigningError."""
    with keys.opened(key, expected) as signer:
        for mark in marks:
            pdf = _signed(pdf, mark, signer)
    return pdf


def _signed(pdf: bytes, mark: Mark, signer: Signer) -> bytes:
    out = io.BytesIO()
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        pdf_signer(mark, signer).sign_pdf(writer, existing_fields_only=True, output=out)
    except (PdfError, LibraryError) as error:
        raise SigningError("bad_file", str(error)) from error
    return out.getvalue()


def pdf_signer(mark: Mark, signer: Signer) -> PdfSigner:
    """What puts the signature of a mark into its field."""
    meta = PdfSignatureMetadata(
        field_name=NAMES[mark.slot],
        md_algorithm=DIGEST,
        subfilter=SigSeedSubFilter.PADES,
        name=mark.name or None,
        location=mark.location or None,
    )
    return PdfSigner(meta, signer, stamp_style=looks.style(mark.look))
