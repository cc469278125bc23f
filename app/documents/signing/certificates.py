"""Certificates that are expected on papers, and the keys at the server that belong to them.

Keys and their secrets lie in the folder `signing` of the data folder, readable by the owner alone, or on a token; the
database knows only which certificate is whose and where its key is.
"""

import json
import os
from datetime import datetime
from pathlib import Path

from flask import current_app
from sqlalchemy import or_, select

from app import audit
from app.accounts.actor import Actor
from app.adapters import signing
from app.core.db import db
from app.core.errors import Invalid
from app.documents.models import SigningCertificate
from workflows.spec import N_, Role

SECRET_VARIABLE = "SIGNING_SECRET_"
KNOWN_ALREADY = N_("Chứng thư số này đã được đăng ký cho cơ quan.")
OVER = N_("Chứng thư số đã hết hạn.")


def folder() -> Path:
    """Where keys, roots and pictures lie, made on first use: `roots` holds the trusted root certificates."""
    path = Path(current_app.config["SETTINGS"].data_dir) / "signing"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def trust() -> signing.Trust:
    """The roots, certificates between and revocation lists of `signing/roots`. Raises SigningError for a wrong file."""
    return signing.load_trust(folder() / "roots")


def usable(organisation_id: int, user_id: int | None, at: datetime) -> list[SigningCertificate]:
    """The certificates of a person (None: of the organisation itself) that hold at a moment, newest first."""
    rows = select(SigningCertificate).where(
        SigningCertificate.organisation_id == organisation_id,
        SigningCertificate.user_id.is_(None) if user_id is None else SigningCertificate.user_id == user_id,
        SigningCertificate.valid_from <= at,
        SigningCertificate.valid_to >= at,
        or_(SigningCertificate.retired_at.is_(None), SigningCertificate.retired_at > at),
    )
    return list(db.session.scalars(rows.order_by(SigningCertificate.id.desc())))


def at_server(organisation_id: int, user_id: int | None, at: datetime) -> SigningCertificate | None:
    """The certificate whose key is at the server; None when the person or body signs elsewhere."""
    found = usable(organisation_id, user_id, at)
    return next((one for one in found if one.place != "external"), None)


def fingerprints(organisation_id: int, user_id: int | None, at: datetime) -> frozenset[str]:
    """Fingerprints of the certificates of `usable`."""
    return frozenset(one.fingerprint for one in usable(organisation_id, user_id, at))


def list_all() -> list[SigningCertificate]:
    """Every certificate that was ever registered."""
    return list(db.session.scalars(select(SigningCertificate).order_by(SigningCertificate.id)))


def key_of(certificate: SigningCertificate) -> signing.Key:
    """The key at the server. Raises SigningError (`no_key`) when its secret is missing or readable by others."""
    secret = _secret(certificate.fingerprint)
    if certificate.place == "pkcs12":
        path = folder() / certificate.locator
        _check_private(path)
        return signing.FileKey(path, secret)
    where = json.loads(certificate.locator)
    return signing.TokenKey(where["module"], where["token"], where["key"], secret)


def picture_of(certificate: SigningCertificate) -> bytes:
    """The PNG of the handwritten signature or of the seal; empty when none was given."""
    path = folder() / f"{certificate.fingerprint[:16]}.png"
    return path.read_bytes() if path.is_file() else b""


def _secret(fingerprint: str) -> str:
    """From the environment (`FLASK_SIGNING_SECRET_<first 8 digits>`), else from the file beside the key."""
    given = os.environ.get(f"FLASK_{SECRET_VARIABLE}{fingerprint[:8].upper()}")
    if given is not None:
        return given
    path = folder() / f"{fingerprint[:16]}.secret"
    if not path.is_file():
        raise signing.SigningError("no_key", "no secret")
    _check_private(path)
    return path.read_text(encoding="utf-8")


def _check_private(path: Path) -> None:
    if not path.is_file() or path.stat().st_mode & 0o077:
        raise signing.SigningError("no_key", f"{path.name} is missing or readable by others")


def keep_private(name: str, content: bytes) -> Path:
    """A file in the folder that only its owner may read."""
    path = folder() / name
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    return path


def add_file_key(
    actor: Actor, organisation_id: int, user_id: int | None, content: bytes, passphrase: str, *, now: datetime
) -> SigningCertificate:
    """Register the key of a PKCS#12 file and keep the file. Raises SigningError for a wrong file or passphrase."""
    trial = keep_private("incoming.p12", content)
    try:
        der = signing.certificate_of(signing.FileKey(trial, passphrase))
        mark = signing.fingerprint(der)
        certificate = add(actor, organisation_id, user_id, der, "pkcs12", f"{mark[:16]}.p12", now=now)
        keep_private(certificate.locator, content)
        keep_private(f"{mark[:16]}.secret", passphrase.encode())
        return certificate
    finally:
        trial.unlink(missing_ok=True)


def add_token_key(
    actor: Actor, organisation_id: int, user_id: int | None, key: signing.TokenKey, *, now: datetime
) -> SigningCertificate:
    """Register a key on a token at the server; its PIN is kept beside the keys. Raises SigningError."""
    der = signing.certificate_of(key)
    locator = json.dumps({"module": key.module, "token": key.token, "key": key.key}, ensure_ascii=False)
    certificate = add(actor, organisation_id, user_id, der, "pkcs11", locator, now=now)
    keep_private(f"{certificate.fingerprint[:16]}.secret", key.pin.encode())
    return certificate


def add_external(
    actor: Actor, organisation_id: int, user_id: int | None, content: bytes, *, now: datetime
) -> SigningCertificate:
    """Register a certificate whose key is with its holder. Raises SigningError (`bad_certificate`)."""
    der = signing.read_certificates(content)[0].dump()
    return add(actor, organisation_id, user_id, der, "external", "", now=now)


def add(
    actor: Actor, organisation_id: int, user_id: int | None, der: bytes, place: str, locator: str, *, now: datetime
) -> SigningCertificate:
    """Register a certificate. Raises Invalid for one that is known already or over."""
    told = signing.describe(signing.read_certificates(der)[0])
    known = select(SigningCertificate.id).where(
        SigningCertificate.organisation_id == organisation_id, SigningCertificate.fingerprint == told.fingerprint
    )
    if db.session.scalar(known) is not None:
        raise Invalid({"": KNOWN_ALREADY})
    if told.valid_to < now:
        raise Invalid({"": OVER})
    certificate = SigningCertificate(
        organisation_id=organisation_id,
        user_id=user_id,
        fingerprint=told.fingerprint,
        subject=told.subject[:400],
        serial=told.serial[:80],
        der=der,
        place=place,
        locator=locator,
        valid_from=told.valid_from,
        valid_to=told.valid_to,
    )
    db.session.add(certificate)
    db.session.flush()
    _record(certificate, actor, "add", {"subject": ["", told.subject], "fingerprint": ["", told.fingerprint]}, now)
    return certificate


def retire(certificate: SigningCertificate, actor: Actor, *, now: datetime) -> None:
    """Expect the certificate no longer on new signatures; what it signed stays signed."""
    if certificate.retired_at is None:
        certificate.retired_at = now
        _record(certificate, actor, "retire", {"subject": [certificate.subject, ""]}, now)


def _record(certificate: SigningCertificate, actor: Actor, act: str, changes: dict, now: datetime) -> None:
    audit.record(
        at=now,
        actor=actor,
        role="" if actor.is_system else Role.ADMIN.value,
        action=f"certificate.{act}",
        subject_type="certificate",
        subject_id=certificate.id,
        subject_code=certificate.fingerprint[:16],
        changes=changes,
    )
