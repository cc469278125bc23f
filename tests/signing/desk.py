"""A ward whose chairman and organisation have certificates, and papers on their way to a digital signature."""

import io
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.accounts.actor import SYSTEM
from app.core.clock import utcnow
from app.core.db import db
from app.documents.models import DocumentFile
from app.documents.signing import certificates, signatures
from app.documents.signing import services as signing
from app.jobs import run_all
from tests.factories.documents import PASSWORD, World, make_world
from tests.signing import keys


@dataclass(frozen=True)
class OnePaper:
    """A converter that has one PDF for every paper: what is looked at here comes after the conversion."""

    pdf: bytes = keys.PAPER

    def convert(self, docx: bytes) -> bytes:
        """The PDF."""
        return self.pdf

    def convert_many(self, papers: Sequence[bytes]) -> Iterator[tuple[int, bytes]]:
        """The PDF for each."""
        yield from ((n, self.pdf) for n in range(len(papers)))


class Desk:
    """The people of `World`, and shorthands for what they do in the browser."""

    def __init__(self, world: World, visitor):
        self.world, self.visitor = world, visitor

    def register(self, *, person: str = "", organisation: str = "") -> None:
        """Register certificates: `server` with the key here, `external` with the key elsewhere."""
        for place, holder, one in (
            (person, self.world.chairman, keys.person()),
            (organisation, None, keys.organisation()),
        ):
            if place:
                self.give_key(holder, one, place)

    def give_key(self, user, one, place: str = "server") -> None:
        """Register a certificate for somebody (None: the organisation)."""
        holder = user and user.id
        if place == "server":
            content = one.pkcs12(keys.PASSPHRASE)
            certificates.add_file_key(SYSTEM, self.world.ward_id, holder, content, keys.PASSPHRASE, now=utcnow())
        else:
            certificates.add_external(SYSTEM, self.world.ward_id, holder, one.der, now=utcnow())
        db.session.commit()

    def awaiting(self):
        """A paper before the chairman."""
        return self.world.awaiting(now=utcnow())

    def chairman(self, paper=None):
        """The chairman's browser; with `paper` on its page of the ways to sign, the password just given."""
        return self._browser(self.world.chairman, paper)

    def clerk(self, paper=None):
        """The clerk's browser."""
        return self._browser(self.world.clerk, paper)

    def _browser(self, user, paper):
        browser = self.visitor(user)
        if paper is not None:
            browser.visit(f"{page_of(paper)}/ky-so").submit({"password": PASSWORD}, button="document.sign_client")
        return browser

    def number(self, paper) -> None:
        """The clerk gives number and day."""
        self.world.act(paper, self.world.clerk, "number", utcnow(), data={})
        run_all()


def make_desk(app, visitor, monkeypatch) -> Desk:
    """A fresh ward without keys."""
    monkeypatch.setitem(app.extensions, "converter", OnePaper())
    folder = Path(app.config["SETTINGS"].data_dir) / "signing"
    shutil.rmtree(folder, ignore_errors=True)
    desk = Desk(make_world(), visitor)
    (certificates.folder() / "roots").mkdir()
    (certificates.folder() / "roots" / "root.pem").write_bytes(keys.root().pem)
    return desk


def page_of(paper) -> str:
    """The address of a paper."""
    return f"/van-ban/{paper.code}"


def pdf_of(paper) -> bytes:
    """The paper's present PDF."""
    return signing.read(signing.pdf_file(paper.row).sha256)


def sent(content: bytes, name: str = "da-ky.pdf"):
    """A file as a form sends it."""
    return (io.BytesIO(content), name)


def told(paper) -> list[tuple[str, str, str]]:
    """Slot, method and name of each signature that counts."""
    db.session.rollback()
    return [(one.slot, one.method, one.name) for one in signatures.list_of(paper.id) if one.voided_at is None]


def stages(paper) -> list[str]:
    """The stages whose PDF is kept, in their order."""
    db.session.rollback()
    rows = db.session.query(DocumentFile).filter_by(document_id=paper.id, kind="pdf").order_by(DocumentFile.id)
    return [file.stage for file in rows]
