"""A small certificate authority of one's own, for the demonstration and for tests. Nothing signed under it has any
legal value, and the names of its certificates say so."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import NameOID

BITS = 2048
_USES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


@dataclass(frozen=True)
class Issued:
    """A certificate with its private key."""

    certificate: x509.Certificate
    key: RSAPrivateKey | EllipticCurvePrivateKey

    @property
    def der(self) -> bytes:
        """The certificate as DER."""
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        """The certificate as PEM."""
        return self.certificate.public_bytes(Encoding.PEM)

    def pkcs12(self, passphrase: str) -> bytes:
        """Key and certificate in one file under a passphrase."""
        encryption = BestAvailableEncryption(passphrase.encode())
        return pkcs12.serialize_key_and_certificates(b"key", self.key, self.certificate, None, encryption)


def make_root(name: str, *, now: datetime, days: int = 3650) -> Issued:
    """A self-signed root that is valid from a day before `now`."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    subject = _name(name)
    builder = _builder(subject, subject, key, now - timedelta(days=1), now + timedelta(days=days))
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    builder = builder.add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)
    return Issued(builder.sign(key, hashes.SHA256()), key)


def issue(
    root: Issued,
    name: str,
    *,
    valid_from: datetime,
    valid_to: datetime,
    organisation: str = "",
    key: EllipticCurvePrivateKey | None = None,
) -> Issued:
    """A certificate for signing, with a fresh RSA key where none is given."""
    key = key or rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    builder = _builder(_name(name, organisation), root.certificate.subject, key, valid_from, valid_to)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage("digital_signature", "content_commitment"), critical=True)
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(root.key.public_key())
    builder = builder.add_extension(authority, critical=False)
    return Issued(builder.sign(root.key, hashes.SHA256()), key)


def revocation_list(root: Issued, revoked: dict[int, datetime], *, now: datetime) -> bytes:
    """The root's list of revoked serial numbers with their moments, as PEM."""
    builder = x509.CertificateRevocationListBuilder().issuer_name(root.certificate.subject)
    builder = builder.last_update(now).next_update(now + timedelta(days=30))
    for serial, moment in revoked.items():
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(moment).build()
        builder = builder.add_revoked_certificate(entry)
    return builder.sign(root.key, hashes.SHA256()).public_bytes(Encoding.PEM)


def _name(common_name: str, organisation: str = "") -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COUNTRY_NAME, "VN")]
    if organisation:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:64]))
    parts.append(x509.NameAttribute(NameOID.COMMON_NAME, common_name[:64]))
    return x509.Name(parts)


def _builder(subject, issuer, key, first: datetime, last: datetime) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(first).not_valid_after(last)
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)


def _usage(*uses: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{use: use in uses for use in _USES})
