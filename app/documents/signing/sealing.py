"""Number, day and the organisation's signature on a paper that a person signed digitally, by the key at the server."""

import logging
from datetime import datetime

from app import flow
from app.accounts.actor import SYSTEM
from app.adapters.signing import SigningError
from app.core.db import db
from app.core.errors import Refused
from app.core.i18n import spoken
from app.documents.models import Document
from app.documents.signing import certificates
from app.documents.signing import services as signing
from app.documents.signing.signatures import Signed
from app.jobs import handles

log = logging.getLogger(__name__)


def make(*, now: datetime, document_id: int) -> Signed | str | None:
    """The slow part: the sealed PDF, or the sentence that says why there is none; None when there is nothing to do,
    because the paper went on or its organisation signs with a tool of its own."""
    document = _waiting(document_id)
    certificate = document and certificates.at_server(document.organisation_id, None, now)
    if certificate is None:
        return None
    base = signing.read(signing.pdf_file(document).sha256)
    try:
        marks = signing.seal_marks(document, certificates.picture_of(certificate), now=now)
        return signing.made_here(document, base, marks, certificate, now=now)
    except SigningError as error:
        # No second try by itself: a token locks after a few wrong PINs.
        log.warning("paper %s is not sealed: %s %s", document_id, error.code, error.detail)
        return spoken(error.message, error.params)
    finally:
        db.session.rollback()


@handles("documents.seal", prepare=make)
def seal(*, now: datetime, prepared: Signed | str | None, document_id: int) -> None:
    """Record the sealed PDF, or on the paper what is wrong with the key."""
    document = _waiting(document_id)
    if document is None or prepared is None:
        return
    if isinstance(prepared, str):
        document.render_error = prepared
        return
    try:
        flow.fire(document, "seal", SYSTEM, now=now, data={"sealed": prepared})
    except Refused as error:
        log.warning("paper %s is not sealed: %s", document_id, error.refusal.code)


def _waiting(document_id: int) -> Document | None:
    """The paper if it still waits for its seal."""
    document = db.session.get(Document, document_id, populate_existing=True)
    waits = document is not None and document.state == "numbered" and document.sign_method == "digital"
    return document if waits else None
