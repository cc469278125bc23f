"""Which papers can be signed digitally, and the fields that their drafts get for it."""

import json
import logging
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.adapters import signing
from app.core import vietnamese
from app.core.errors import Invalid
from app.documents import contexts

log = logging.getLogger(__name__)


def words_of(data: Mapping[str, Any]) -> signing.Words | None:
    """The words around signature, number and day of a draft; None for a paper that is signed on paper alone: one
    without a number of its own (a certificate), with two signers (minutes), or with its number printed already."""
    block = data.get("signature") or {}
    number = data.get("number_text", "")
    if not block.get("name") or contexts.BLANK not in number or "left_signature" in data:
        return None
    above = block.get("note") or (block.get("capacity_lines") or [""])[-1]
    series = number.partition("/")[2]
    dated = contexts.BLANK[1:] in data.get("place_date", "")
    return signing.Words(
        above=above,
        below=block.get("office_line") or block["name"],
        number=("Số:", f"/{series}"),
        date=("ngày", "tháng") if dated else None,
    )


def with_fields(data: str, pdf: bytes) -> bytes:
    """The PDF of a draft with empty signature fields, so that what the signer is shown is what is signed. A template
    without room for them gives the PDF as it is: such a paper is signed by hand."""
    words = words_of(json.loads(data))
    if words is None:
        return pdf
    try:
        return signing.add(pdf, signing.find(pdf, words))
    except signing.SigningError as error:
        log.info("no fields for signatures: %s", error.code)
        return pdf


def check_month(data: str, day: date) -> None:
    """A paper that carries a digital signature has month and year printed already; only the day comes later.

    Raises Invalid when the day is in another month.
    """
    printed = json.loads(data).get("place_date", "")
    wanted = vietnamese.official_date(day).partition("tháng")[2]
    if printed and not printed.endswith(f"tháng{wanted}"):
        text = _(
            "Bản đã ký số in sẵn tháng và năm khác ngày này. Chọn ngày trong tháng đã in, hoặc trả lại để soạn lại"
        )
        raise Invalid({"issued_on": text})
