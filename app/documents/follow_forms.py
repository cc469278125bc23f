"""Forms around a paper's fate: who signs, what replaces it, what was wrong in it."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.core import ids
from app.core.vietnamese import clean_text
from app.documents.models import Document
from app.flow.forms import ActionForm
from app.organisations.models import Signatory

LONGEST = 2000
_clean = [lambda text: clean_text(text or "")]


class _OnDocument(ActionForm):
    """Knows the version that the page had shown."""

    @classmethod
    def _fresh(cls, document: Document):
        form = cls()
        if not form.is_submitted():
            form.version.data, form.key.data = str(document.version), ids.token()
        return form


class SignatoryForm(_OnDocument):
    """Who signs."""

    signatory = RadioField(
        _l("Người ký"),
        [InputRequired(_l("Chọn người ký"))],
        invalid_choice_message=_l("Chọn một dòng trong danh sách"),
    )

    @classmethod
    def of(cls, document: Document, able: Sequence[Signatory]) -> "SignatoryForm":
        """The head first, then those to whom power was given."""
        form = cls._fresh(document)
        form.signatory.choices = [("0", _("Người đứng đầu")), *((str(one.id), _words(one)) for one in able)]
        if not form.is_submitted():
            form.signatory.data = str(document.signatory_id or 0)
        return form


def _words(signatory: Signatory) -> str:
    basis = f" ({signatory.basis})" if signatory.basis else ""
    return f"{signatory.full_name}, {signatory.title}{basis}"


class FollowForm(_OnDocument):
    """Why the issued paper is replaced, corrected or revoked; for a correction what was wrong and what is right."""

    reason = TextAreaField(
        _l("Lý do"),
        [InputRequired(_l("Nhập lý do")), Length(max=LONGEST, message=_l("Viết ngắn hơn 2.000 ký tự"))],
        filters=_clean,
    )
    wrong = TextAreaField(
        _l("Chỗ viết sai"),
        [InputRequired(_l("Nhập chỗ viết sai")), Length(max=LONGEST, message=_l("Viết ngắn hơn 2.000 ký tự"))],
        filters=_clean,
        description=_l("Mỗi chỗ một dòng, chép đúng như trong văn bản đã phát hành."),
    )
    right = TextAreaField(
        _l("Nay sửa thành"),
        [InputRequired(_l("Nhập nội dung đúng")), Length(max=LONGEST, message=_l("Viết ngắn hơn 2.000 ký tự"))],
        filters=_clean,
        description=_l("Mỗi dòng ứng với một dòng ở ô trên, theo cùng thứ tự."),
    )

    @classmethod
    def of(cls, document: Document, relation: str) -> "FollowForm":
        """The fields that this kind of paper needs."""
        form = cls._fresh(document)
        if relation != "corrects":
            del form.wrong, form.right
        return form

    def told(self) -> dict[str, Any]:
        """What was typed, by the fields' names; empty where a field is not asked for."""
        return {name: self[name].data if name in self else "" for name in ("reason", "wrong", "right")}
