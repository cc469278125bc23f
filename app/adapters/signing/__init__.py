"""Digital signatures inside PDFs (PAdES): their places and fields, making them, and checking them.

Bytes in, bytes out; which paper is signed by whom is not known here.
"""

from app.adapters.signing.check import PARTY_OF, Expected, check
from app.adapters.signing.errors import SigningError
from app.adapters.signing.fields import add, empty, placed
from app.adapters.signing.keys import FileKey, Key, TokenKey, certificate_of, fingerprint
from app.adapters.signing.places import Place, Words, find
from app.adapters.signing.roots import Described, Trust, describe, read_certificates
from app.adapters.signing.roots import load as load_trust
from app.adapters.signing.shown import filled
from app.adapters.signing.signer import Mark, sign
from app.adapters.signing.verdicts import VALID, Found, Report, Verdict, verdict

__all__ = [
    "PARTY_OF",
    "VALID",
    "Described",
    "Expected",
    "FileKey",
    "Found",
    "Key",
    "Mark",
    "Place",
    "Report",
    "SigningError",
    "TokenKey",
    "Trust",
    "Verdict",
    "Words",
    "add",
    "certificate_of",
    "check",
    "describe",
    "empty",
    "filled",
    "find",
    "fingerprint",
    "load_trust",
    "placed",
    "read_certificates",
    "sign",
    "verdict",
]
