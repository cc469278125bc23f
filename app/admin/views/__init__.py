"""Pages under /quan-tri, split by subject."""

from app.admin.views import certificates, operations, organisations, people, trail  # noqa: F401 - each adds its routes
from app.admin.views.base import blueprint

__all__ = ["blueprint"]
