"""A signature in two phases: the key never comes here.

First the PDF is prepared with room for the signature and the attributes to sign are handed out (DER). Whoever holds
the key signs them (RSA with SHA-256, PKCS#1 v1.5) and sends the raw signature back; then the PDF is finished.
"""

import asyncio
import base64
import io
from dataclasses import dataclass
from typing import Any

from asn1crypto import cms
from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.general import SigningError as LibraryError
from pyhanko.sign.signers import ExternalSigner
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest
from pyhanko.sign.signers.pdf_signer import PdfTBSDocument
from pyhanko_certvalidator.registry import SimpleCertificateStore

from app.adapters.signing.errors import SigningError
from app.adapters.signing.signer import DIGEST, Mark, pdf_signer

RESERVED = 16384
"""Room for the signature in the file, in hexadecimal digits."""


@dataclass(frozen=True)
class Prepared:
    """`pdf` has room for the signature, `to_sign` is what the key signs, `state` what `finish` needs besides."""

    pdf: bytes
    to_sign: bytes
    state: dict[str, Any]


def prepare(pdf: bytes, mark: Mark, certificate: bytes) -> Prepared:
    """First phase, for the holder of `certificate` (DER). Raises SigningError (`bad_file`, `no_key`)."""
    signer = _signer(certificate, 256)
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        digest, _document, out = asyncio.run(
            pdf_signer(mark, signer).async_digest_doc_for_signing(
                writer, existing_fields_only=True, bytes_reserved=RESERVED
            )
        )
        attributes = asyncio.run(signer.signed_attrs(digest.document_digest, DIGEST, use_pades=True)).dump()
    except (PdfError, LibraryError) as error:
        raise SigningError("bad_file", str(error)) from error
    state = {
        "digest": digest.document_digest.hex(),
        "start": digest.reserved_region_start,
        "end": digest.reserved_region_end,
        "attributes": base64.b64encode(attributes).decode(),
    }
    return Prepared(out.getvalue(), attributes, state)


def finish(pdf: bytes, state: dict[str, Any], certificate: bytes, signature: bytes) -> bytes:
    """Second phase: the prepared PDF with the raw signature in it. Raises SigningError (`bad_signature`)."""
    attributes = base64.b64decode(state["attributes"])
    _check(certificate, signature, attributes)
    signer = _signer(certificate, signature)
    digest = PreparedByteRangeDigest(
        document_digest=bytes.fromhex(state["digest"]),
        reserved_region_start=state["start"],
        reserved_region_end=state["end"],
    )
    out = io.BytesIO(pdf)
    try:
        content = asyncio.run(
            signer.async_sign_prescribed_attributes(DIGEST, signed_attrs=cms.CMSAttributes.load(attributes))
        )
        asyncio.run(PdfTBSDocument.async_finish_signing(out, digest, content))
    except (PdfError, LibraryError, ValueError) as error:
        raise SigningError("bad_signature", str(error)) from error
    return out.getvalue()


def _signer(certificate: bytes, signature: bytes | int) -> ExternalSigner:
    return ExternalSigner(Certificate.load(certificate), SimpleCertificateStore(), signature_value=signature)


def _check(certificate: bytes, signature: bytes, attributes: bytes) -> None:
    """The key of the certificate made this signature over these attributes."""
    key = x509.load_der_x509_certificate(certificate).public_key()
    if not isinstance(key, RSAPublicKey):
        raise SigningError("bad_signature", "not an RSA key")
    try:
        key.verify(signature, attributes, PKCS1v15(), hashes.SHA256())
    except InvalidSignature as error:
        raise SigningError("bad_signature") from error
