"""Passwords: hashing (argon2id) and what a new one must be.

Parameters: OWASP Password Storage Cheat Sheet, 19 MiB, 2 passes, 1 lane. Length over composition, a list of common
passwords, no words of the person or the office: NIST SP 800-63B, ASVS 5.0 6.2.
"""

import re
import secrets
import threading
import unicodedata
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from flask_babel import gettext as _

from app.core.vietnamese import fold

SHORTEST, LONGEST = 12, 128
AT_ONCE = 4
OFFICE_WORDS = ("sangkien", "caicach", "hanhchinh", "matkhau", "ubnd", "phuong", "password")
_LEFT_OVER = 6
_FEWEST_CHARACTERS = 5
_NOT_LETTERS = re.compile(r"[^a-z]+")
_TAIL = re.compile(r"[^a-z]+$")

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# Each hash takes 19 MiB: more at once would let a flood of tries eat the memory of a small server.
_slots = threading.BoundedSemaphore(AT_ONCE)


def _typed(password: str) -> str:
    """One form for all keyboards: systems send composed or decomposed letters."""
    return unicodedata.normalize("NFKC", password)[: LONGEST * 4]


def hash_password(password: str) -> str:
    """The text to store. Slow on purpose: never call it inside a transaction."""
    with _slots:
        return _hasher.hash(_typed(password))


def is_right(password: str, stored: str | None) -> bool:
    """Whether the password fits. Without a stored hash, or with an unusable one, it works as long and says no."""
    with _slots:
        try:
            return _hasher.verify(stored or _nobody(), _typed(password))
        except ValueError:  # not a hash at all
            pass
        except VerificationError:
            return False
        return _waste(password)


def _waste(password: str) -> bool:
    try:
        _hasher.verify(_nobody(), _typed(password))
    except VerificationError:
        return False
    return False


@cache
def _nobody() -> str:
    """The hash of a password that nobody knows."""
    return _hasher.hash(secrets.token_urlsafe(32))


def is_outdated(stored: str) -> bool:
    """Whether a stored hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(stored)


def unusable() -> str:
    """Stored for a person who has not chosen a password yet; no password fits, and no two are the same."""
    return f"!{secrets.token_urlsafe(24)}"


@cache
def common_passwords() -> frozenset[str]:
    """The list of passwords that are tried first, in small letters without marks."""
    text = Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))


def weakness(password: str, own_words: tuple[str, ...] = ()) -> str:
    """Why a new password cannot be taken, as a sentence; empty when it can.

    `own_words` are the person's names: user name, full name, e-mail.
    """
    if len(password) < SHORTEST:
        return _("Mật khẩu phải có ít nhất %(n)s ký tự", n=SHORTEST)
    if len(password) > LONGEST:
        return _("Mật khẩu dài nhất %(n)s ký tự", n=LONGEST)
    if _is_common(password):
        return _("Mật khẩu này quá phổ biến, dễ bị đoán. Chọn một câu dài mà chỉ mình nhớ")
    if _is_made_of(password, (*OFFICE_WORDS, *own_words)):
        return _("Mật khẩu không được ghép từ tên người dùng, tên cơ quan hay tên phần mềm")
    return ""


def _is_common(password: str) -> bool:
    plain = fold(password).replace(" ", "")
    if len(set(plain)) < _FEWEST_CHARACTERS:
        return True
    return bool({plain, _TAIL.sub("", plain), _NOT_LETTERS.sub("", plain)} & common_passwords())


def _is_made_of(password: str, words: tuple[str, ...]) -> bool:
    """Whether little is left when the given words are taken out."""
    plain = _NOT_LETTERS.sub("", fold(password))
    parts = {_NOT_LETTERS.sub("", part) for word in words for part in (fold(word), *fold(word).split())}
    found = [part for part in sorted(parts, key=len, reverse=True) if len(part) >= 3 and part in plain]
    for part in found:
        plain = plain.replace(part, "")
    return bool(found) and len(plain) < _LEFT_OVER
