"""After the disk died: from the copy alone papers are signed again and old signatures are checked again."""

import io
import shutil
import stat
import subprocess

import flask_migrate
import pytest
from PIL import Image

from app import create_app
from app.accounts.actor import SYSTEM
from app.adapters import signing as pdf_signing
from app.core.clock import utcnow
from app.core.db import begin_writing, db
from app.documents.signing import certificates
from tests.deploy.test_backup import run_backup
from tests.factories.people import make_organisation
from tests.signing import keys
from tests.signing.conftest import clerk_marks, own_loop


@pytest.fixture
def settings(tmp_path):
    """An installation with an embedded database."""
    return {"FLASK_DATA_DIR": str(tmp_path / "data"), "FLASK_BASE_URL": "http://localhost"}


def picture() -> bytes:
    """A seal."""
    out = io.BytesIO()
    Image.new("RGBA", (40, 40), (200, 0, 0, 255)).save(out, "PNG")
    return out.getvalue()


def install(settings) -> int:
    """A ward with its key, a picture of its seal and a trusted root; gives the number of the ward."""
    with create_app(settings).app_context():
        flask_migrate.upgrade()
        begin_writing()
        ward = make_organisation()
        content = keys.organisation().pkcs12(keys.PASSPHRASE)
        made = certificates.add_file_key(SYSTEM, ward.id, None, content, keys.PASSPHRASE, now=utcnow())
        certificates.keep_private(f"{made.fingerprint[:16]}.png", picture())
        (certificates.folder() / "roots").mkdir(mode=0o700)
        (certificates.folder() / "roots" / "root.pem").write_bytes(keys.root().pem)
        db.session.commit()
        number = ward.id
        db.session.remove()
        db.engine.dispose()
    return number


def test_keys_come_back_from_the_copy_private_and_sign(settings, tmp_path, papers):
    number = install(settings)
    data = tmp_path / "data"
    assert run_backup(data, tmp_path / "copies").stderr == ""
    shutil.rmtree(data)
    data.mkdir(mode=0o700)
    (copy,) = (tmp_path / "copies").iterdir()
    subprocess.run(["tar", "-xf", copy, "-C", data], check=True)

    modes = {
        path.relative_to(data).as_posix(): stat.S_IMODE(path.stat().st_mode) for path in (data / "signing").rglob("*")
    }
    mark = keys.mark_of(keys.organisation())[:16]
    private = {f"signing/{mark}.{end}": 0o600 for end in ("p12", "secret", "png")}
    assert {name: modes[name] for name in private} == private
    assert (
        stat.S_IMODE((data / "signing").stat().st_mode)
        == stat.S_IMODE((data / "signing/roots").stat().st_mode)
        == 0o700
    )
    with create_app(settings).app_context(), own_loop():
        (known,) = certificates.usable(number, None, utcnow())
        assert certificates.picture_of(known) == picture()
        sealed = pdf_signing.sign(papers.signed, clerk_marks(), certificates.key_of(known), known.fingerprint)
        verdict = pdf_signing.check(
            sealed, papers.expected(papers.signed, sealed=True), certificates.trust(), at=keys.AT
        ).verdict
        assert verdict.code == "valid"
        db.session.remove()
        db.engine.dispose()
