"""The product's application with a clock that a test can put forward; everything else is untouched.

The file named by E2E_CLOCK holds the seconds to add. Server and worker read it at each look at the clock, so that a
season of months passes in minutes without waiting.
"""

import os
import sys
from datetime import datetime, timedelta
from pathlib import Path

from app import create_app
from app.core import clock

OFFSET = Path(os.environ["E2E_CLOCK"])
present = clock.utcnow


def shifted() -> datetime:
    """The present moment plus what the file says."""
    return present() + timedelta(seconds=float(OFFSET.read_text(encoding="ascii")))


def put_in_place() -> None:
    """Give the clock to every module that took the real one by its name."""
    for module in list(sys.modules.values()):
        if getattr(module, "utcnow", None) is present:
            module.utcnow = shifted


app = create_app()
put_in_place()
