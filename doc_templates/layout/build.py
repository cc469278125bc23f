"""From the builder of a paper to the bytes of its template; equal code gives equal bytes."""

import io
from collections.abc import Callable

from doc_templates.engine.package import CORE, Properties, core_xml, read_parts, write_parts

from . import (
    board_decision,
    certificate,
    closing_report,
    correction,
    description,
    forwarding,
    intake_book,
    invitation,
    launch,
    minutes,
    outgoing_register,
    payment_list,
    plan,
    receipt,
    registration,
    result_decision,
    result_notice,
    revocation,
    rules,
    score_sheet,
    score_summary,
    screening_record,
    submission,
)
from .paper import Paper

BUILDERS: dict[str, Callable[[], Paper]] = {
    "board_decision": board_decision.lay_out,
    "certificate": certificate.lay_out,
    "closing_report": closing_report.lay_out,
    "correction": correction.lay_out,
    "description": description.lay_out,
    "forwarding": forwarding.lay_out,
    "intake_book": intake_book.lay_out,
    "invitation": invitation.lay_out,
    "launch": launch.lay_out,
    "minutes": minutes.lay_out,
    "payment_list": payment_list.lay_out,
    "plan": plan.lay_out,
    "receipt": receipt.lay_out,
    "registration": registration.lay_out,
    "result_decision": result_decision.lay_out,
    "result_notice": result_notice.lay_out,
    "revocation": revocation.lay_out,
    "rules": rules.lay_out,
    "score_sheet": score_sheet.lay_out,
    "score_summary": score_summary.lay_out,
    "screening_record": screening_record.lay_out,
    "submission": submission.lay_out,
}
BOOKS: dict[str, Callable[[], Paper]] = {"books/outgoing_register": outgoing_register.lay_out}
_MADE = "2024-01-01T00:00:00Z"
_UNWANTED = (
    "customXml/",
    "docProps/thumbnail",
    "word/fontTable",
    "word/numbering",
    "word/stylesWithEffects",
    "word/theme/",
    "word/webSettings",
)


def build(code: str) -> bytes:
    """The template of that paper or book as a .docx."""
    document = (BUILDERS | BOOKS)[code]().document
    _drop_unwanted(document.part.package)
    out = io.BytesIO()
    document.save(out)
    parts = read_parts(out.getvalue())
    parts[CORE] = core_xml(Properties(title=code, creator="Sáng Kiến", modified=_MADE))
    return write_parts(parts)


def _drop_unwanted(package) -> None:
    """What python-docx's own blank document brings along and no paper uses: nine tenths of its size."""
    for rels in [package.rels, *(part.rels for part in package.parts)]:
        for key, rel in list(rels.items()):
            if not rel.is_external and str(rel.target_part.partname).lstrip("/").startswith(_UNWANTED):
                del rels[key]
