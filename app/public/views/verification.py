"""`/xac-minh`: whether a paper was issued and still holds."""

from flask import Blueprint, redirect, render_template, request, url_for

from app.accounts.access import PUBLIC, access
from app.audit.queries import events_of
from app.core.vietnamese import clean_line, short_date, to_local, upper
from app.documents import queries as documents
from app.public import queries
from app.public.forms import VerifyForm

blueprint = Blueprint("verification", __name__, template_folder="../templates")

LONGEST_CODE = 60


@blueprint.get("/xac-minh")
@access(PUBLIC)
def index():
    """Ask for the code printed on a paper."""
    form = VerifyForm(request.args)
    code = _verify_code(form.ma.data or "")
    if code:
        return redirect(url_for(".show", code=code), 303)
    return render_template("public/verify.html", form=form)


@blueprint.get("/xac-minh/<code>")
@access(PUBLIC)
def show(code: str):
    """What the paper with this code is, and whether it still holds."""
    known = documents.verify(_verify_code(code))
    if known is None:
        form = VerifyForm(data={"ma": code[:LONGEST_CODE]})
        return render_template("public/verify.html", form=form, is_unknown=True), 404
    document = known.document
    is_told = document.entry_id is None or queries.is_announced(document.contest_id)
    return render_template(
        "public/verified.html",
        document=document,
        organisation=known.organisation,
        hashes=known.file_sha256,
        subject=document.subject if is_told or document.template_code == "receipt" else "",
        revoked_on=short_date(revoked) if (revoked := _revoked_on(document)) else "",
    )


def _verify_code(text: str) -> str:
    return "".join(c for c in upper(clean_line(text)) if c.isascii() and c.isalnum())[:20]


def _revoked_on(document):
    """The day on which the paper was taken back or replaced, from its trail."""
    over = {"document.revoke", "document.replace"}
    return next((to_local(row.at).date() for row in events_of("document", document.id) if row.action in over), None)
