"""Random identifiers. Codes that people type avoid letters and digits that look alike (I, L, O, U, 0, 1)."""

import secrets

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def random_code(length: int = 10) -> str:
    """A code for people, about 4.9 bits a character."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def token() -> str:
    """An unguessable token of 256 bits for sessions and one-time keys."""
    return secrets.token_urlsafe(32)
