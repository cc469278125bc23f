"""The life cycles of the contest, declared once and free of any framework.

Each module holds one constant (`ENTRY`, `CONTEST`, `SCORECARD`, `DOCUMENT`, `HANDOVER`, `TEMPLATE`). Whatever the
application shows, permits, records, sends or tests about a step is read from there. Nothing here knows Flask or a
database.
"""

from workflows.contest import CONTEST
from workflows.document import DOCUMENT
from workflows.entry import ENTRY
from workflows.handover import HANDOVER
from workflows.scorecard import SCORECARD
from workflows.template import TEMPLATE

ALL = (CONTEST, ENTRY, SCORECARD, DOCUMENT, HANDOVER, TEMPLATE)

__all__ = ["ALL", "CONTEST", "DOCUMENT", "ENTRY", "HANDOVER", "SCORECARD", "TEMPLATE"]
