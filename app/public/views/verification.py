"""`/xac-minh`: whether a paper was issued and still holds, by its code, its QR code or the file itself."""

import hashlib
import re
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import urlsplit

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.access import PUBLIC, access
from app.adapters.pdf import page_image
from app.core.clock import utcnow
from app.core.errors import NotFound
from app.core.vietnamese import clean_line
from app.core.writes import writes
from app.public import papers, services
from app.public.forms import FileCheckForm, VerifyForm

blueprint = Blueprint("verification", __name__, template_folder="../templates")

LONGEST_CODE = 60
PICTURE_DPI = 80
SHA256 = re.compile(r"[0-9a-f]{64}")


@blueprint.get("/xac-minh")
@access(PUBLIC)
def index():
    """Ask for the code printed on a paper, or for the file."""
    form = VerifyForm(request.args)
    code = papers.plain_code(_typed(form.ma.data or ""))
    if code:
        return redirect(url_for(".show", code=code), 303)
    return _ask(form)


@blueprint.get("/xac-minh/<code>")
@access(PUBLIC)
def show(code: str):
    """What the paper with this code is, and whether it still holds."""
    form = VerifyForm(data={"ma": code[:LONGEST_CODE]})
    return _answer(papers.by_code, papers.plain_code(code), form, unknown="code")


@blueprint.get("/xac-minh/tep")
@access(PUBLIC)
def file():
    """What the file with this SHA-256 is: the browser made it, so that the file stays where it is."""
    sha256 = request.args.get("sha256", "").strip().lower()
    if not SHA256.fullmatch(sha256):
        return redirect(url_for(".index"), 303)
    return _answer(papers.by_bytes, sha256, VerifyForm(), unknown="file")


@blueprint.post("/xac-minh/tep")
@access(PUBLIC)
@writes
def send_file():
    """The same for browsers without script: the file comes here, is hashed and not kept."""
    sent = request.files.get("tep")
    if sent is None or not sent.filename:
        form = FileCheckForm()
        form.tep.errors = [_("Chọn tệp cần kiểm tra")]
        return _ask(VerifyForm(), file_form=form), 422
    digest = hashlib.file_digest(sent.stream, "sha256").hexdigest()
    return redirect(url_for(".file", sha256=digest), 303)


@blueprint.get("/xac-minh/<code>/trang-1.png")
@access(PUBLIC)
def picture(code: str):
    """The first page of a paper whose kind is for everybody; guesses are counted here too."""
    try:
        found = services.check(papers.by_code, papers.plain_code(code), address=_address(), now=utcnow())
    except services.TooManyLookups:
        raise NotFound from None
    sha256 = found.picture_sha256 if found else ""
    if not sha256:
        raise NotFound
    response = Response(mimetype="image/png")
    response.set_etag(f"{sha256}-{PICTURE_DPI}")
    if response.make_conditional(request).status_code != 304:
        response.set_data(_drawn(sha256))
    return response


@lru_cache(maxsize=32)
def _drawn(sha256: str) -> bytes:
    return page_image(papers.content(sha256), 1, PICTURE_DPI)


def _answer(find: Callable, what: str, form: VerifyForm, unknown: str):
    try:
        found = services.check(find, what, address=_address(), now=utcnow())
    except services.TooManyLookups:
        return _ask(form, unknown="many"), 429, {"Retry-After": "300"}
    if found is None:
        return _ask(form, unknown=unknown), 404
    return render_template("public/verified.html", checked=found, document=found.document)


def _ask(form: VerifyForm, *, unknown: str = "", file_form: FileCheckForm | None = None) -> str:
    return render_template("public/verify.html", form=form, file_form=file_form or FileCheckForm(), unknown=unknown)


def _address() -> str:
    return request.remote_addr or ""


def _typed(text: str) -> str:
    """What was typed or pasted; of the whole address in a QR code its last part."""
    line = clean_line(text)
    return urlsplit(line).path.rpartition("/")[2] if "/" in line else line
