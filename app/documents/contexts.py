"""The parts that all papers share, made from organisation data.

Forms follow Nghị định 30/2020/NĐ-CP, Phụ lục I. What is made here is frozen into the paper's data, so that a later
change of an organisation or of its signatory changes no paper.
"""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from app.core import vietnamese
from app.core.db import db
from app.documents.models import Document
from app.documents.templating import store as templates_store
from app.documents.templating.store import Manifest
from app.organisations.capacity import office_of
from app.organisations.models import Organisation, Signatory

BLANK = " " * 6
TYPE_NAMES = {
    "QĐ": "Quyết định",
    "KH": "Kế hoạch",
    "TTr": "Tờ trình",
    "BB": "Biên bản",
    "TB": "Thông báo",
    "BC": "Báo cáo",
    "GM": "Giấy mời",
    "CV": "Công văn",
    "GCN": "Giấy chứng nhận",
    "GTN": "Giấy tiếp nhận hồ sơ",
    "PCĐ": "Phiếu chấm điểm",
    "BTH": "Bảng tổng hợp điểm",
}
_BLANK_DATE = re.compile(r"ngày\s+tháng \d+ năm \d+")


def lines(text: str) -> list[str]:
    """The lines of a text that holds one point a line, without empty ones."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def type_name(template_code: str) -> str:
    """The type of a paper as it stands in a sentence: "Quyết định" (Phụ lục III)."""
    manifest = templates_store.load(template_code).manifest
    return TYPE_NAMES.get(manifest.series, manifest.title)


def head(organisation: Organisation, body: str = "") -> dict[str, Any]:
    """The issuing body at the head of a paper. An advisory body ("Ban Giám khảo cuộc thi") stands under the
    organisation it advises (Phụ lục I, Mục II.2)."""
    if body:
        return {
            "superior_line": vietnamese.upper(organisation.short_name),
            "agency_lines": [vietnamese.upper(body)],
        }
    return {"superior_line": organisation.superior_line, "agency_lines": lines(organisation.letterhead)}


def number_text(symbol: str) -> str:
    """`Số: 15/QĐ-UBND`."""
    return f"Số: {symbol}"


def series_of(manifest: Manifest, issuer: str) -> str:
    """The symbol without its number, which also names the series: `QĐ-UBND`; `UBND-VP` of an official letter, which
    has no type in its symbol (Phụ lục III)."""
    return manifest.symbol.replace("{number}/", "").format(issuer=issuer)


def blank_symbol(series: str) -> str:
    """The symbol before the number is taken, with room for it: `      /QĐ-UBND`."""
    return f"{BLANK}/{series}"


def blank_date(now: datetime) -> str:
    """The date before the paper is issued, with room for the day: `ngày      tháng 5 năm 2024`."""
    today = vietnamese.to_local(now).date()
    return re.sub(r"^ngày \d+", f"ngày{BLANK[1:]}", vietnamese.official_date(today))


def place_date(organisation: Organisation, *, now: datetime, day: date | None = None) -> str:
    """Line of place and date; without `day` there is room for it."""
    if day:
        return vietnamese.place_and_date(organisation.place_name, day)
    return f"{organisation.place_name}, {blank_date(now)}"


def block(name: str, *capacity_lines: str, note: str = "", office_line: str = "") -> dict[str, Any]:
    """A signature block with its lines as given: `block("Lê Văn Đức", "THƯ KÝ")`."""
    given = {"note": note, "office_line": office_line}
    return {"capacity_lines": list(capacity_lines), "name": name} | {k: v for k, v in given.items() if v}


def signature(signatory: Signatory | None, template_code: str, authority: str = "") -> dict[str, Any]:
    """The block of the dated signatory: on behalf of the collective (`TM. …`) or in the head's own power, as
    `authority` says, by default the template's (Nghị định 30/2020/NĐ-CP, Điều 13). Empty when nobody is appointed."""
    if signatory is None:
        return {}
    authority = authority or templates_store.load(template_code).manifest.authority
    return block(signatory.full_name, *lines(signatory.personal if authority == "head" else signatory.capacity))


def authority_line(organisation: Organisation, signatory: Signatory | None = None) -> str:
    """Whose power a decision uses, in capitals: the head's (`CHỦ TỊCH ỦY BAN NHÂN DÂN …`) when a signatory is given,
    also when a deputy signs for the head; else the collective's (Phụ lục III, Mẫu 1.2)."""
    collective = " ".join(lines(organisation.letterhead))
    office = office_of(lines(signatory.personal)) if signatory else ""
    return f"{office} {collective}" if office else collective


def cited(document: Document) -> str:
    """An issued paper as it is cited: `Quyết định số 15/QĐ-UBND ngày 05 tháng 12 năm 2026 của …`."""
    day = vietnamese.official_date(document.issued_on)
    return f"{document.type_name} số {document.symbol} {day} của {_whose(document)}"


def _whose(document: Document) -> str:
    """Who issued it, inside a sentence: the head of the body where the paper uses the head's own power."""
    body = db.session.get(Organisation, document.organisation_id).name
    if templates_store.load(document.template_code).manifest.authority != "head":
        return body
    above_name = json.loads(document.data).get("signature", {}).get("capacity_lines", ["TM."])
    return body if above_name[0].startswith("TM.") else f"{office_of(above_name).capitalize()} {body}"


def about(document: Document) -> str:
    """What an issued paper is about, as it follows its name in a sentence: `về việc …`, `ban hành …`."""
    words = document.subject[:1].lower() + document.subject[1:]
    return words if words.startswith(("về ", "ban hành ")) else f"về việc {words}"


def annex_reference(template_code: str, author: str, series: str, *, now: datetime) -> str:
    """The line under an annex's title, with room for number and day, which are filled in at issue.

    `author` is whose paper it is, as inside a sentence ("Chủ tịch Ủy ban nhân dân phường …"); `series` its symbol
    without the number ("QĐ-UBND").
    """
    return f"Kèm theo {type_name(template_code)} số {blank_symbol(series)} {blank_date(now)} của {author}"


def frame(
    template_code: str,
    organisation: Organisation,
    *,
    now: datetime,
    signatory: Signatory | None = None,
    body: str = "",
    day: date | None = None,
    recipients: str = "",
    archive_line: str = "VT",
    authority: str = "",
) -> dict[str, Any]:
    """All shared parts that the template asks for, but for `subject`; the slice adds or replaces its own.

    `body` names an advisory body that issues the paper, `day` the date of a paper that nobody signs, `recipients`
    holds one a line. `authority` is whose power is used where it is not the template's. The number and the code for
    checking are put in when the paper is drawn up and issued.
    """
    authority = authority or templates_store.load(template_code).manifest.authority
    values = {
        "head": head(organisation, body),
        "place_date": place_date(organisation, now=now, day=day),
        "title": vietnamese.upper(type_name(template_code)),
        "authority_line": authority_line(organisation, signatory if authority == "head" else None),
        "recipients": lines(recipients),
        "archive_line": archive_line,
        "signature": signature(signatory, template_code, authority),
    }
    wanted = field_names(template_code)
    return {name: value for name, value in values.items() if name in wanted}


def field_names(template_code: str) -> frozenset[str]:
    """Names of the fields on the first level of a template."""
    return frozenset(field.name for field in templates_store.load(template_code).manifest.fields)


def numbered(
    template_code: str, data: Mapping[str, Any], symbol: str, series: str, place: str, day: date
) -> dict[str, Any]:
    """The data with number, place and date put in where the draft had room for them. `symbol` may be empty."""
    filled = dict(data)
    manifest = templates_store.load(template_code).manifest
    if symbol and manifest.numbered:
        filled["number_text"] = number_text(symbol)
    if symbol and "book_number" in field_names(template_code):
        filled["book_number"] = symbol
    if "place_date" in data:
        filled["place_date"] = vietnamese.place_and_date(place, day)
    if "annex_reference" in data:
        reference = data["annex_reference"].replace(blank_symbol(series), symbol)
        filled["annex_reference"] = _BLANK_DATE.sub(vietnamese.official_date(day), reference)
    return filled
