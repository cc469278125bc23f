"""Keys and certificates for tests: made once for all, under a root of their own."""

import hashlib
import os
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from app.adapters import signing
from app.adapters.signing import authority
from app.adapters.signing.authority import Issued

PAPER, MINUTES, CERTIFICATE = (
    (Path(__file__).parent / f"{name}.pdf").read_bytes() for name in ("paper", "minutes", "certificate")
)
"""Drafts as the converter makes them: one signature, two signatures, and one with the number at its foot."""
WORDS = signing.Words({"person": ("CHỦ TỊCH", "Nguyễn Công Lộc")}, ("Số:", "/TTr-UBND"), ("ngày", "tháng"))
MINUTES_WORDS = signing.Words(
    {"writer": ("THƯ KÝ", "Lê Văn Đức"), "person": ("CHỦ TỌA", "Trần Thị Thu Hà")}, ("Số:", "/BB-UBND"), None
)
CERTIFICATE_WORDS = signing.Words(
    {"person": ("CHỦ TỊCH", "Nguyễn Công Lộc")}, ("Số vào sổ:", "/GCN-UBND"), ("ngày", "tháng")
)
PASSPHRASE = "mật khẩu của khóa"
PIN = "648219"
MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")
START = datetime(2025, 1, 1, tzinfo=UTC)
END = datetime(2030, 1, 1, tzinfo=UTC)
AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def root(name: str = "CA kiểm thử") -> Issued:
    """A root; another name gives another root."""
    return _root(name)


@cache
def _root(name: str) -> Issued:
    return authority.make_root(name, now=START)


def issued(name: str, valid_from: datetime = START, valid_to: datetime = END, under: str = "CA kiểm thử") -> Issued:
    """A certificate for signing."""
    return _issued(name, valid_from, valid_to, under)


@cache
def _issued(name: str, valid_from: datetime, valid_to: datetime, under: str) -> Issued:
    return authority.issue(_root(under), name, valid_from=valid_from, valid_to=valid_to)


def person() -> Issued:
    """The chairman's."""
    return issued("Nguyễn Công Lộc")


def organisation() -> Issued:
    """The ward's."""
    return issued("Ủy ban nhân dân phường Thử Nghiệm")


def mark_of(one: Issued) -> str:
    """The fingerprint of a certificate."""
    return hashlib.sha256(one.der).hexdigest()


def key_file(folder: Path, one: Issued) -> signing.FileKey:
    """The key as a PKCS#12 file."""
    path = folder / f"{mark_of(one)[:12]}.p12"
    path.write_bytes(one.pkcs12(PASSPHRASE))
    return signing.FileKey(path, PASSPHRASE)


def trust(*roots: Issued, lists: tuple[bytes, ...] = ()) -> signing.Trust:
    """What an office trusts."""
    certificates = [signing.read_certificates(one.pem)[0] for one in roots or (root(),)]
    return signing.Trust(tuple(certificates), (), tuple(x509.load_pem_x509_crl(one) for one in lists))


def raw_signature(one: Issued, to_sign: bytes) -> bytes:
    """What a token at the signer's computer gives for the attributes."""
    return one.key.sign(to_sign, PKCS1v15(), hashes.SHA256())


@dataclass(frozen=True)
class Token:
    """A SoftHSM token that holds one key with its certificate."""

    module: str
    label: str

    def key(self, pin: str = PIN) -> signing.TokenKey:
        """The key on it."""
        return signing.TokenKey(self.module, self.label, "chu-tich", pin)


def make_token(folder: Path, one: Issued, label: str = "kiem-thu") -> Token:
    """A token with the key, made by the tools that a real token would be filled with."""
    module = next(path for path in MODULES if Path(path).exists())
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\n")
    (folder / "key.pem").write_bytes(one.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (folder / "certificate.der").write_bytes(one.der)
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    tool = ["softhsm2-util", "--token", label, "--label"]
    _run("softhsm2-util", "--init-token", "--free", "--label", label, "--so-pin", "12345678", "--pin", PIN)
    _run(*tool, "chu-tich", "--import", str(folder / "key.pem"), "--id", "01", "--pin", PIN)
    writing = ["--write-object", str(folder / "certificate.der"), "--type", "cert", "--id", "01"]
    login = ["--module", module, "--login", "--pin", PIN, "--token-label", label]
    _run("pkcs11-tool", *login, *writing, "--label", "chu-tich")
    return Token(module, label)


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=60)


def days(number: float) -> timedelta:
    """So many days."""
    return timedelta(days=number)
