"""Registering certificates and keys: by command and by page, what is kept where, and who may read it."""

import pytest

from app.accounts.actor import SYSTEM
from app.adapters import signing
from app.core.clock import utcnow
from app.core.db import db
from app.documents.models import SigningCertificate
from app.documents.signing import certificates
from tests.factories.people import make_user
from tests.signing import keys
from tests.signing.desk import make_desk, sent
from workflows.spec import Role


@pytest.fixture
def desk(app, visitor, monkeypatch):
    """A ward without keys."""
    return make_desk(app, visitor, monkeypatch)


@pytest.fixture
def run(app):
    """Runs a command and gives its output."""

    def call(*words, status=0, **more):
        db.session.commit()
        result = app.test_cli_runner().invoke(args=["signing", *map(str, words)], **more)
        assert result.exit_code == status, result.output
        return result.output

    return call


def rows():
    db.session.rollback()
    return [(one.place, one.user_id, one.subject) for one in certificates.list_all()]


def test_a_key_file_is_kept_private_and_nothing_secret_is_in_the_database(app, desk, run, tmp_path):
    file = tmp_path / "khoa.p12"
    file.write_bytes(keys.person().pkcs12(keys.PASSPHRASE))
    picture = tmp_path / "chu-ky.png"
    picture.write_bytes(b"PNG")
    where = ["--organisation", "phuong", "--user", "chutich"]
    said = run("add-pkcs12", file, *where, "--picture", picture, "--passphrase", keys.PASSPHRASE)
    assert "Đã đăng ký Nguyễn Công Lộc" in said
    assert rows() == [("pkcs12", desk.world.chairman.id, "Nguyễn Công Lộc")]
    one = certificates.list_all()[0]
    assert one.fingerprint == keys.mark_of(keys.person())
    assert certificates.picture_of(one) == b"PNG"
    private = [path for path in certificates.folder().iterdir() if path.is_file()]
    assert len(private) == 3
    assert {path.stat().st_mode & 0o777 for path in private} == {0o600}
    assert signing.certificate_of(certificates.key_of(one)) == keys.person().der
    held = [str(getattr(one, column.name)) for column in SigningCertificate.__table__.columns]
    assert not any(keys.PASSPHRASE in text or "PRIVATE" in text for text in held)
    assert "phuong" not in run("list")
    assert "pkcs12" in run("list")
    run("retire", one.fingerprint[:12])
    assert certificates.usable(desk.world.ward_id, desk.world.chairman.id, utcnow()) == []
    assert "thôi dùng" in run("list")


def test_a_secret_may_come_from_the_environment(desk, monkeypatch):
    desk.register(person="server")
    one = certificates.list_all()[0]
    secret = certificates.folder() / f"{one.fingerprint[:16]}.secret"
    secret.unlink()
    with pytest.raises(signing.SigningError):
        certificates.key_of(one)
    monkeypatch.setenv(f"FLASK_SIGNING_SECRET_{one.fingerprint[:8].upper()}", keys.PASSPHRASE)
    assert signing.certificate_of(certificates.key_of(one)) == keys.person().der


@pytest.mark.parametrize("kind", [".p12", ".secret"])
def test_a_key_that_others_can_read_is_not_used(desk, kind):
    desk.register(person="server")
    one = certificates.list_all()[0]
    (certificates.folder() / f"{one.fingerprint[:16]}{kind}").chmod(0o640)
    with pytest.raises(signing.SigningError) as refused:
        certificates.key_of(one)
    assert refused.value.code == "no_key"


def test_wrong_input_is_said_and_leaves_nothing(desk, run, tmp_path):
    file = tmp_path / "khoa.p12"
    file.write_bytes(keys.person().pkcs12(keys.PASSPHRASE))
    plain = tmp_path / "chung-thu.pem"
    plain.write_bytes(keys.person().pem)
    old = tmp_path / "cu.pem"
    old.write_bytes(keys.issued("Cũ", keys.START, keys.START + keys.days(1)).pem)
    at = ["--organisation", "phuong"]
    assert "Không mở được khóa" in run("add-pkcs12", file, *at, "--passphrase", "sai", status=1)
    assert "Không có cơ quan khac" in run("add-certificate", plain, "--organisation", "khac", status=1)
    assert "Không có người dùng ai" in run("add-certificate", plain, *at, "--user", "ai", status=1)
    assert "Chứng thư số đã hết hạn" in run("add-certificate", old, *at, status=1)
    assert "Không đọc được chứng thư số" in run("add-certificate", file, *at, status=1)
    assert "Không đọc được chứng thư số" in run("add-root", file, status=1)
    assert rows() == []
    assert [path.name for path in certificates.folder().iterdir()] == ["roots"]
    run("add-certificate", plain, *at)
    assert "đã được đăng ký" in run("add-certificate", plain, *at, status=1)
    assert "Có 0 chứng thư" in run("retire", "ffff", status=1)


def test_a_token_and_a_root_are_registered(desk, run, token, tmp_path):
    run("add-pkcs11", token.module, token.label, "chu-tich", "--organisation", "phuong", "--pin", keys.PIN)
    one = certificates.list_all()[0]
    assert (one.place, keys.PIN in one.locator) == ("pkcs11", False)
    assert signing.certificate_of(certificates.key_of(one)) == keys.person().der
    root = tmp_path / "goc.crt"
    root.write_bytes(keys.root("CA khác").pem)
    run("add-root", root)
    assert len(certificates.trust().roots) == 2


def test_the_administrator_registers_and_retires_on_pages_and_nobody_else(desk, visitor):
    admin = make_user("quantri", Role.ADMIN, at=desk.world.ward)
    db.session.commit()
    browser = visitor(admin).visit("/quan-tri/chung-thu-so").follow("Đăng ký chứng thư số")
    browser.submit(status=422)
    values = {"organisation_id": str(desk.world.ward_id), "user_id": str(desk.world.chairman.id)}
    browser.submit(values | {"file": sent(b"no certificate", "x.cer")}, status=422)
    assert "Không đọc được chứng thư số." in browser.text
    browser.submit(values | {"file": sent(keys.person().der, "x.cer")})
    assert rows() == [("external", desk.world.chairman.id, "Nguyễn Công Lộc")]
    browser.submit(button="certificate.retire")
    assert "Đã thôi dùng" in browser.text
    assert db.session.query(SigningCertificate).one().retired_at is not None
    for name in ("chairman", "clerk", "office"):
        visitor(getattr(desk.world, name)).visit("/quan-tri/chung-thu-so", status=403)


def test_a_retired_certificate_signs_no_more(desk):
    desk.register(person="external")
    one = certificates.list_all()[0]
    now = utcnow()
    assert certificates.fingerprints(desk.world.ward_id, desk.world.chairman.id, now) == {one.fingerprint}
    certificates.retire(one, SYSTEM, now=now)
    assert certificates.fingerprints(desk.world.ward_id, desk.world.chairman.id, now) == frozenset()
    assert certificates.fingerprints(desk.world.ward_id, None, now) == frozenset()
