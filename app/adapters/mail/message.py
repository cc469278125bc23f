"""What a message is, and what can go wrong with it."""

import re
from dataclasses import dataclass
from typing import Protocol

# One plain ASCII address, no display name and no list: anything else could smuggle in a second recipient.
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class BadMessage(ValueError):
    """An address or subject that could not stand in a header; sending it again cannot help."""


class MailError(Exception):
    """The message was not handed over. `permanent` tells that trying again later is useless."""

    def __init__(self, text: str, *, permanent: bool) -> None:
        super().__init__(text)
        self.permanent = permanent


@dataclass(frozen=True)
class Message:
    """Plain text for one address. Raises BadMessage when made with an address or subject that breaks a header."""

    to: str
    subject: str
    text: str

    def __post_init__(self) -> None:
        if not _ADDRESS.fullmatch(self.to):
            raise BadMessage("not one plain mail address")
        if not self.subject.strip() or _CONTROL.search(self.subject):
            raise BadMessage("subject empty or with control characters")


class Mailer(Protocol):
    """Hands messages to a mail server."""

    def send(self, message: Message) -> str:
        """Send now and return the Message-ID. Raises MailError."""
