"""Mail that leaves the house: one plain-text message to one address. Who gets what, and when, is not decided here."""

from app.adapters.mail.message import BadMessage, Mailer, MailError, Message
from app.adapters.mail.smtp import SmtpMailer

__all__ = ["BadMessage", "MailError", "Mailer", "Message", "SmtpMailer"]
