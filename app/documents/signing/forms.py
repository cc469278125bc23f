"""Forms of the pages around digital signatures and scans."""

from flask import g, request
from flask_babel import lazy_gettext as _l
from wtforms import FileField, HiddenField

from app.core import ids
from app.core.clock import utcnow
from app.documents import confirming
from app.documents.forms import PasswordAgain
from app.documents.models import Document
from app.flow.forms import ActionForm


class DigitalForm(PasswordAgain, ActionForm):
    """What the signer was shown, by its hash, the password, and the file that was signed elsewhere."""

    sha256 = HiddenField()
    token = HiddenField()
    file = FileField(_l("Tệp PDF đã ký số"))

    @classmethod
    def shown(cls, document: Document, sha256: str, token: str = "") -> "DigitalForm":
        """An empty form for the page of a paper."""
        form = cls(formdata=None)
        form.version.data, form.key.data = str(document.version), ids.token()
        form.sha256.data, form.token.data = sha256, token
        form.drop_if_fresh()
        return form

    @classmethod
    def sent(cls) -> "DigitalForm":
        """The form as it came, its password already checked: slow, so not within a write transaction."""
        g.password_problem = confirming.problem(request.form.get("password", ""), utcnow())
        form = cls()
        form.drop_if_fresh()
        return form


class ScanForm(ActionForm):
    """The scan of a paper signed and stamped by hand."""

    file = FileField(
        _l("Bản quét PDF"),
        description=_l("Quét màu, từ 200 dpi, tỷ lệ 100 %, định dạng PDF từ phiên bản 1.4."),
    )
