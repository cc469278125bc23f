"""A signature in two phases: the key never comes here.

First the PDF is prepared with room for the signature and the attributes to sign are handed out (DER). Whoever holds
the key signs them with SHA-256 (RSA in PKCS#1 v1.5, or ECDSA) and sends the raw signature back; then the PDF is
finished.
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
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
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


def algorithm_of(certificate: bytes) -> str:
    """What the holder of the certificate (DER) signs with. Raises SigningError (`bad_certificate`)."""
    key = x509.load_der_x509_certificate(certificate).public_key()
    if isinstance(key, RSAPublicKey):
        return "RSASSA-PKCS1-v1_5 SHA-256"
    if isinstance(key, EllipticCurvePublicKey):
        return "ECDSA SHA-256"
    raise SigningError("bad_certificate", "neither RSA nor ECDSA")


def prepare(pdf: bytes, mark: Mark, certificate: bytes) -> Prepared:
    """First phase, for the holder of `certificate` (DER). Raises SigningError (`bad_file`, `bad_certificate`)."""
    algorithm_of(certificate)
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
    signature = _checked(certificate, signature, attributes)
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


def _checked(certificate: bytes, signature: bytes, attributes: bytes) -> bytes:
    """The signature as it stands in a PDF, once the key of the certificate is found to have made it over these
    attributes."""
    key = x509.load_der_x509_certificate(certificate).public_key()
    try:
        if isinstance(key, RSAPublicKey):
            key.verify(signature, attributes, PKCS1v15(), hashes.SHA256())
        else:
            signature = _as_der(signature, (key.key_size + 7) // 8)
            key.verify(signature, attributes, ECDSA(hashes.SHA256()))
    except InvalidSignature as error:
        raise SigningError("bad_signature") from error
    return signature


def _as_der(signature: bytes, size: int) -> bytes:
    """Tokens give the two numbers of an ECDSA signature one after the other, `size` bytes each; a PDF has them as
    DER."""
    if len(signature) != 2 * size:
        return signature
    return encode_dss_signature(int.from_bytes(signature[:size]), int.from_bytes(signature[size:]))
