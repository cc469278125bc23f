"""Keys at the server: a PKCS#12 file of the office, or a PKCS#11 token plugged into the machine.

A key is opened for one signature and closed again. A wrong PIN is never tried twice: tokens lock themselves.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pkcs11
from asn1crypto import x509
from cryptography.hazmat.primitives.serialization import pkcs12
from pkcs11.exceptions import PinIncorrect, PinInvalid, PinLenRange, PKCS11Error
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
from pyhanko.sign.signers import Signer, SimpleSigner

from app.adapters.signing.errors import SigningError


class Key(Protocol):
    """A private key with its certificate, wherever it lies."""

    def opened(self) -> "Iterator[Signer]":
        """The key ready to sign, as a context. Raises SigningError."""


@dataclass(frozen=True)
class FileKey:
    """A PKCS#12 file. `passphrase` opens it."""

    path: Path
    passphrase: str

    @contextmanager
    def opened(self) -> Iterator[Signer]:
        """The key of the file. Raises SigningError (`no_key`)."""
        yield _from_file(self)


@dataclass(frozen=True)
class TokenKey:
    """A key on a PKCS#11 token: driver `module`, the `token`'s label, the `key`'s label, `pin`."""

    module: str
    token: str
    key: str
    pin: str

    @contextmanager
    def opened(self) -> Iterator[Signer]:
        """The key on the token, in a session of its own. Raises SigningError (`wrong_pin`, `no_token`, `no_key`)."""
        try:
            session = open_pkcs11_session(
                self.module, token_criteria=TokenCriteria(label=self.token), user_pin=self.pin
            )
        except (PinIncorrect, PinInvalid, PinLenRange) as error:
            raise SigningError("wrong_pin", type(error).__name__) from error
        except (PKCS11Error, OSError, RuntimeError) as error:
            raise SigningError("no_token", repr(error)) from error
        with session:
            try:
                yield PKCS11Signer(session, cert_label=self.key, key_label=self.key)
            except PKCS11Error as error:
                raise SigningError("no_key", repr(error)) from error


def _from_file(key: FileKey) -> SimpleSigner:
    try:
        secret = key.passphrase.encode() or None
        pkcs12.load_key_and_certificates(key.path.read_bytes(), secret)
        signer = SimpleSigner.load_pkcs12(str(key.path), passphrase=secret)
    except (OSError, ValueError) as error:
        raise SigningError("no_key", type(error).__name__) from error
    if signer is None or signer.signing_cert is None:
        raise SigningError("no_key", "no certificate")
    return signer


def certificate_of(key: Key) -> bytes:
    """The certificate that belongs to a key, as DER. Raises SigningError."""
    with key.opened() as signer:
        certificate = _certificate(signer)
    return certificate.dump()


def _certificate(signer: Signer) -> x509.Certificate:
    try:
        return signer.signing_cert
    except (PKCS11Error, pkcs11.PKCS11Error) as error:
        raise SigningError("no_key", repr(error)) from error


def fingerprint(certificate: bytes) -> str:
    """SHA-256 of a certificate (DER) in hexadecimal."""
    return hashlib.sha256(certificate).hexdigest()


def opened(key: Key, expected: str):
    """The key as a context, once its certificate is found to be the registered one (its `fingerprint`).

    Raises SigningError (`other_key` and those of the key).
    """
    return _checked(key, expected)


@contextmanager
def _checked(key: Key, expected: str) -> Iterator[Signer]:
    with key.opened() as signer:
        if fingerprint(_certificate(signer).dump()) != expected:
            raise SigningError("other_key")
        yield signer
