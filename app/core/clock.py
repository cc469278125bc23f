"""The server's clock. Views, the worker and commands read it once and pass the time down as `now`."""

from datetime import UTC, datetime


def utcnow() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)
