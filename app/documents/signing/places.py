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
from app.documents import contexts, services
from app.documents.templating import store as templates_store

log = logging.getLogger(__name__)


def words_of(template_code: str, data: Mapping[str, Any]) -> signing.Words | None:
    """The words around signatures, number and day of a draft; None for a paper that nobody signs here, that is signed
    by hand (see `Manifest.signature`), or that has its number and day already."""
    number, dated = _number(data), contexts.BLANK[1:] in data.get("place_date", "")
    if not is_signed_digitally(template_code) or not (number or dated):
        return None
    blocks = {"writer": data.get("left_signature"), "person": data.get("signature")}
    signers = {slot: _lines(block) for slot, block in blocks.items() if slot == "person" or block}
    if not all(all(lines) for lines in signers.values()):
        return None
    return signing.Words(signers, number, ("ngày", "tháng") if dated else None)


def is_signed_digitally(template_code: str) -> bool:
    """Whether papers of this kind can carry digital signatures at all."""
    manifest = templates_store.load(template_code).manifest
    return bool(services.signing_role(manifest)) and manifest.signature != "by_hand"


def _lines(block: Mapping[str, Any] | None) -> tuple[str, str]:
    """What stands right above and right below the room for a signature."""
    if not block:
        return "", ""
    above = block.get("note") or (block.get("capacity_lines") or [""])[-1]
    return above, block.get("office_line") or block.get("name", "")


def _number(data: Mapping[str, Any]) -> tuple[str, str] | None:
    """The words before and after the room for the number: `Số:`, and `Số vào sổ:` of a certificate."""
    for name, label in (("number_text", "Số:"), ("book_number", "Số vào sổ:")):
        text = data.get(name, "")
        if contexts.BLANK in text:
            return label, "/" + text.partition("/")[2]
    return None


def with_fields(template_code: str, data: str, pdf: bytes) -> bytes:
    """The PDF of a draft with empty signature fields, so that what the signer is shown is what is signed. A template
    without room for them gives the PDF as it is: such a paper is signed by hand."""
    words = words_of(template_code, json.loads(data))
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
