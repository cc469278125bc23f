"""Sending by SMTP with the standard library. Called from background work only: a mail server may take its time."""

import smtplib
import ssl
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from typing import Protocol

from app.adapters.mail.message import MailError, Message
from app.core.clock import utcnow

TIMEOUT_SECONDS = 20
_TLS_FROM_THE_START = 465


class MailSettings(Protocol):
    """The part of the settings that sending needs. With `mail_tls`, nothing is ever sent in the clear."""

    @property
    def mail_host(self) -> str: ...
    @property
    def mail_port(self) -> int: ...
    @property
    def mail_username(self) -> str: ...
    @property
    def mail_password(self) -> str: ...
    @property
    def mail_from(self) -> str: ...
    @property
    def mail_tls(self) -> bool: ...


class SmtpMailer:
    """`Mailer` over one connection per message, so that no state of a failed one is met by the next."""

    def __init__(self, settings: MailSettings, *, trust: ssl.SSLContext | None = None) -> None:
        self._settings = settings
        self._trust = trust

    def send(self, message: Message) -> str:
        """Send now and return the Message-ID. Raises MailError, permanent for answers 5xx to this message."""
        letter = self._letter(message)
        try:
            with self._connected() as server:
                server.send_message(letter)
        except smtplib.SMTPRecipientsRefused as error:
            code, text = error.recipients[message.to]
            raise MailError(_said(code, text), permanent=code >= 500) from error
        except smtplib.SMTPAuthenticationError as error:
            raise MailError(_said(error.smtp_code, error.smtp_error), permanent=False) from error
        except smtplib.SMTPResponseException as error:
            raise MailError(_said(error.smtp_code, error.smtp_error), permanent=error.smtp_code >= 500) from error
        except (OSError, smtplib.SMTPException) as error:
            raise MailError(f"{type(error).__name__}: {error}", permanent=False) from error
        return str(letter["Message-ID"])

    def _letter(self, message: Message) -> EmailMessage:
        """The message with its headers; `Auto-Submitted` keeps holiday notices from answering it."""
        letter = EmailMessage(policy=SMTP)
        letter["From"] = self._settings.mail_from
        letter["To"] = message.to
        letter["Subject"] = message.subject
        letter["Date"] = format_datetime(utcnow())
        letter["Message-ID"] = make_msgid(domain=self._settings.mail_from.rpartition("@")[2].rstrip(">"))
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(message.text, charset="utf-8", cte="quoted-printable")
        return letter

    def _connected(self) -> smtplib.SMTP:
        """A connection that is encrypted, if it must be, and signed in, if there is an account."""
        settings = self._settings
        trust = (self._trust or ssl.create_default_context()) if settings.mail_tls else None
        if settings.mail_tls and settings.mail_port == _TLS_FROM_THE_START:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                settings.mail_host, settings.mail_port, timeout=TIMEOUT_SECONDS, context=trust
            )
        else:
            server = smtplib.SMTP(settings.mail_host, settings.mail_port, timeout=TIMEOUT_SECONDS)
        try:
            if settings.mail_tls and not isinstance(server, smtplib.SMTP_SSL):
                server.starttls(context=trust)
            if settings.mail_username:
                server.login(settings.mail_username, settings.mail_password)
        except BaseException:
            server.close()
            raise
        return server


def _said(code: int, text: bytes | str) -> str:
    """The server's answer as one line."""
    answer = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {' '.join(answer.split())}"
