"""What can go wrong with an act, told apart so that the edge can answer each in its own way."""

from collections.abc import Mapping

from workflows.spec import Refusal


class DomainError(Exception):
    """Base of everything a service refuses on purpose."""


class Conflict(DomainError):
    """Somebody was faster: the subject changed since the page was opened (409).

    `subject` is the object concerned, `since` the version that the page had shown.
    """

    def __init__(self, subject: object, since: int | None = None):
        super().__init__(f"conflict on {subject!r}")
        self.subject = subject
        self.since = since


class NotAllowed(DomainError):
    """The person holds no role that may do this (403). `reason` is a Vietnamese sentence or empty."""

    def __init__(self, reason: str = ""):
        super().__init__(reason or "not allowed")
        self.reason = reason


class Refused(DomainError):
    """A guard said no (409 on a direct act, a message on a form)."""

    def __init__(self, refusal: Refusal):
        super().__init__(refusal.code)
        self.refusal = refusal


class Invalid(DomainError):
    """Input breaks a rule (422). `errors` maps a field's name ("" for the whole form) to a Vietnamese sentence."""

    def __init__(self, errors: Mapping[str, str]):
        super().__init__(", ".join(f"{field}: {text}" for field, text in errors.items()))
        self.errors = dict(errors)


class NotFound(DomainError):
    """Nothing there, or nothing that this person may know of (404)."""
