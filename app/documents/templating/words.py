"""What the check of a template found, in sentences: where, which tag, what is wrong, what was probably meant."""

import json
import re
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from app.core.i18n import spoken
from app.documents.models import Document, DocumentTemplate
from app.documents.templating import store as templates_store
from app.documents.templating import uploads as templates_upload
from workflows.spec import N_

_TAG = re.compile(r"(\{\{.*?\}\}|\{%.*?%\}|\{\{\S*|\{%\S*)")

SENTENCES: Mapping[str, str] = {
    # names
    "unknown": N_("thẻ %(tag)s không có trong danh mục trường"),
    "unknown_guess": N_("thẻ %(tag)s không có trong danh mục trường; có phải %(guess)s?"),
    "no_parts": N_("thẻ %(tag)s: “%(name)s” là một giá trị, không có phần “%(part)s”"),
    "whole": N_("thẻ %(tag)s in cả nhóm “%(name)s”; chọn một trường trong nhóm"),
    "not_a_list": N_("thẻ %(tag)s: “%(name)s” không phải danh sách nên không lặp được"),
    "several": N_("thẻ %(tag)s: vòng lặp chỉ dùng một tên"),
    "missing": N_("mẫu không in trường bắt buộc “%(label)s”; thêm thẻ %(tag)s"),
    # how a tag is written
    "syntax": N_("thẻ %(tag)s viết sai (%(detail)s)"),
    "too_long": N_("thẻ %(tag)s dài quá 400 ký tự"),
    "statement": N_("thẻ %(tag)s: lệnh “%(name)s” không dùng được trong mẫu"),
    "not_allowed": N_("thẻ %(tag)s làm việc không được phép (%(detail)s)"),
    "no_filter": N_("thẻ %(tag)s: không có phép “%(name)s”"),
    "no_test": N_("thẻ %(tag)s: không có phép thử “%(name)s”"),
    "prefix": N_("thẻ %(tag)s: chữ “%(name)s” chỉ viết liền sau dấu mở của lệnh for, if, endfor, endif"),
    # where a tag stands
    "half": N_("có thẻ không đóng hoặc không mở, hoặc bị ngắt sang đoạn khác"),
    "not_closed": N_("thẻ %(tag)s không có thẻ đóng"),
    "not_opened": N_("thẻ %(tag)s không có thẻ mở tương ứng"),
    "apart": N_("thẻ %(tag)s không cùng kiểu hoặc không cùng ô, cùng bảng với thẻ mở %(name)s"),
    "loses_text": N_("thẻ %(tag)s đứng chung với chữ khác và chữ đó sẽ mất; để thẻ này một mình"),
    "unfilled": N_("có thẻ ở nơi không được điền dữ liệu"),
    # what may not stand in a template
    "field": N_("trường Word %(name)s không dùng được trong mẫu; thay bằng chữ hoặc thẻ"),
    "embedded": N_("có tệp hoặc đối tượng nhúng; xóa đi rồi tải lại"),
    "attached": N_("tệp gắn với một mẫu Word khác; bỏ gắn rồi tải lại"),
    "mail_merge": N_("tệp còn thiết lập trộn thư; tắt trộn thư rồi tải lại"),
    "tracked": N_("tệp còn theo dõi thay đổi; chấp nhận hết thay đổi rồi tải lại"),
    "comments": N_("tệp còn nhận xét bên lề; xóa hết nhận xét rồi tải lại"),
    "external": N_("có liên kết ra ngoài không được phép: %(name)s"),
    "not_word": N_("tệp không phải văn bản Word (.docx)"),
    # the machine
    "no_walls": N_(
        "máy chủ chưa khóa được tiến trình đọc mẫu nên chưa nhận mẫu tải lên; báo người quản trị xem trang Sức khỏe hệ "
        "thống, khắc phục rồi tải lại"
    ),
    # remarks
    "columns": N_("bảng “%(label)s” không in: %(name)s"),
    "sheet": N_("khổ giấy %(measured)s mm; Nghị định 30/2020/NĐ-CP: A4, 210 × 297 mm"),
    "margin_top": N_("lề trên %(measured)s mm; Nghị định 30/2020/NĐ-CP: %(expected)s mm"),
    "margin_bottom": N_("lề dưới %(measured)s mm; Nghị định 30/2020/NĐ-CP: %(expected)s mm"),
    "margin_left": N_("lề trái %(measured)s mm; Nghị định 30/2020/NĐ-CP: %(expected)s mm"),
    "margin_right": N_("lề phải %(measured)s mm; Nghị định 30/2020/NĐ-CP: %(expected)s mm"),
    "font": N_("có chữ phông %(measured)s; Nghị định 30/2020/NĐ-CP: Times New Roman"),
    "size": N_("cỡ chữ nội dung %(measured)s; Nghị định 30/2020/NĐ-CP: %(expected)s"),
    "page_number": N_(
        "không có số trang ở đầu trang; Nghị định 30/2020/NĐ-CP: số trang canh giữa trong lề trên, từ trang thứ hai"
    ),
    "no_pdf": N_("chưa có LibreOffice nên không xem trước được các trang"),
}
"""By the kind of a finding; those of kind `unreadable` and `trial` bring their own."""

PARTS: Mapping[str, str] = {
    "header": N_("Đầu trang"),
    "footer": N_("Chân trang"),
    "footnotes": N_("Chú thích cuối trang"),
    "endnotes": N_("Chú thích cuối văn bản"),
    "comments": N_("Nhận xét bên lề"),
    "properties": N_("Thuộc tính của tệp"),
}


def used_by(paper: Document) -> str:
    """Which template a paper was drawn up with."""
    version = templates_upload.version_of(paper)
    if version is None:
        same = templates_store.load(paper.template_code).sha256 == paper.template_sha256
        return _("Mẫu có sẵn") if same else _("Mẫu có sẵn của phiên bản trước")
    if version.organisation_id != paper.organisation_id:
        return _("Mẫu của cơ quan cấp trên, bản %(n)s", n=version.number)
    return _("Mẫu của cơ quan, bản %(n)s", n=version.number)


def problems(version: DocumentTemplate) -> list[str]:
    """What has to be put right, a sentence each."""
    return [sentence(finding) for finding in _report(version).get("problems", ())]


def remarks(version: DocumentTemplate) -> list[str]:
    """What the second person should know before putting the version into use."""
    return [sentence(finding) for finding in _report(version).get("remarks", ())]


def pieces(text: str) -> list[tuple[bool, str]]:
    """A sentence cut where tags begin and end: (whether it is a tag, the text), to be shown apart."""
    return [(bool(place % 2), piece) for place, piece in enumerate(_TAG.split(text)) if piece]


def _report(version: DocumentTemplate) -> dict[str, Any]:
    return json.loads(version.report) if version.report else {}


def sentence(finding: Mapping[str, Any]) -> str:
    """One finding: “Bảng 2, dòng 3: thẻ {{ row.tien }} không có trong danh mục trường; có phải {{ row.amount }}?”"""
    if "message" in finding:
        return spoken(finding["message"], finding["params"])
    text = spoken(SENTENCES[finding["kind"]], _facts(finding))
    before = where(finding.get("place") or {}, with_tags="tag" not in finding)
    text = f"{before}: {text}" if before else text[:1].upper() + text[1:]
    return text if text.endswith(("?", ".")) else f"{text}."


def _facts(finding: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in finding.items() if key not in ("kind", "place")}


def where(place: Mapping[str, Any], *, with_tags: bool = True) -> str:
    """The place as a person finds it; empty when nothing is known of it. Without `with_tags` a text around that is
    nothing but the tag, which is named anyhow, is left out."""
    part = PARTS.get(place.get("part", ""))
    said = [_(part)] if part else []
    if place.get("table"):
        said.append(_("bảng %(table)s, dòng %(row)s", table=place["table"], row=place["row"]))
    near = place.get("near", "")
    if near and (with_tags or ("{{" not in near and "{%" not in near)):
        said.append(_("gần “%(near)s”", near=near))
    text = ", ".join(said)
    return text[:1].upper() + text[1:]
