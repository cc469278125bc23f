"""Whom the office trusts: root certificates, those between them and the signers, and lists of revoked certificates."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from asn1crypto import pem
from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.exceptions import InvalidSignature

from app.adapters.signing.errors import SigningError

CERTIFICATES = (".pem", ".crt", ".cer", ".der")
LISTS = (".crl",)


@dataclass(frozen=True)
class Trust:
    """`roots` end a chain, `between` may stand in it, `lists` name revoked certificates."""

    roots: tuple[Certificate, ...] = ()
    between: tuple[Certificate, ...] = ()
    lists: tuple[x509.CertificateRevocationList, ...] = ()

    def revoked_at(self, certificate: Certificate, issuer: Certificate) -> datetime | None:
        """When the issuer revoked the certificate, by the lists that it signed; None when it did not."""
        key = x509.load_der_x509_certificate(issuer.dump()).public_key()
        for one in self.lists:
            entry = one.get_revoked_certificate_by_serial_number(certificate.serial_number)
            if entry is not None and one.issuer.public_bytes() == issuer.subject.dump() and _is_signed(one, key):
                return entry.revocation_date_utc
        return None


def _is_signed(one: x509.CertificateRevocationList, key) -> bool:
    try:
        return one.is_signature_valid(key)
    except (InvalidSignature, TypeError, ValueError):
        return False


def load(folder: Path) -> Trust:
    """What lies in the folder: .pem, .crt, .cer, .der with certificates (a self-signed one is a root), .crl with lists.

    No folder means that nobody is trusted. Raises SigningError (`bad_certificate`) that names a file with nothing in
    it, so that a wrong file is noticed before it matters.
    """
    roots, between, lists = [], [], []
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.suffix.lower() in CERTIFICATES:
            for certificate in read_certificates(path.read_bytes(), path.name):
                (roots if certificate.self_signed in ("yes", "maybe") else between).append(certificate)
        elif path.suffix.lower() in LISTS:
            lists.append(_read_list(path))
    return Trust(tuple(roots), tuple(between), tuple(lists))


def read_certificates(content: bytes, name: str = "") -> list[Certificate]:
    """Every certificate in a PEM or DER file. Raises SigningError (`bad_certificate`)."""
    try:
        found = [_checked(der) for der in _ders(content)]
    except (ValueError, TypeError) as error:
        raise SigningError("bad_certificate", f"{name}: {error}") from error
    if not found:
        raise SigningError("bad_certificate", name)
    return found


def _ders(content: bytes) -> Iterator[bytes]:
    if not pem.detect(content):
        yield content
        return
    for kind, _headers, der in pem.unarmor(content, multiple=True):
        if kind == "CERTIFICATE":
            yield der


def _checked(der: bytes) -> Certificate:
    x509.load_der_x509_certificate(der)
    return Certificate.load(der)


def _read_list(path: Path) -> x509.CertificateRevocationList:
    content = path.read_bytes()
    try:
        if pem.detect(content):
            return x509.load_pem_x509_crl(content)
        return x509.load_der_x509_crl(content)
    except ValueError as error:
        raise SigningError("bad_certificate", f"{path.name}: {error}") from error


@dataclass(frozen=True)
class Described:
    """What is shown and kept of a certificate."""

    fingerprint: str
    subject: str
    issuer: str
    serial: str
    valid_from: datetime
    valid_to: datetime
    der: bytes


def describe(certificate: Certificate) -> Described:
    """The certificate in plain fields; `subject` and `issuer` are the common name and the organisation."""
    der = certificate.dump()
    return Described(
        hashlib.sha256(der).hexdigest(),
        subject_of(certificate),
        _named(certificate.issuer),
        f"{certificate.serial_number:x}",
        certificate.not_valid_before,
        certificate.not_valid_after,
        der,
    )


def subject_of(certificate: Certificate) -> str:
    """`Nguyễn Công Lộc, Ủy ban nhân dân phường …`."""
    return _named(certificate.subject)


def _named(name) -> str:
    parts = name.native
    values = [parts.get("common_name"), parts.get("organization_name")]
    flat = [value[0] if isinstance(value, list) else value for value in values if value]
    return ", ".join(dict.fromkeys(flat)) or name.human_friendly
