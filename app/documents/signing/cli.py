"""Commands about certificates and keys: `flask signing --help`. Keys and PINs are given here, never through a page."""

from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy import select

from app.accounts import queries as accounts
from app.accounts.actor import SYSTEM
from app.adapters import signing
from app.core.clock import utcnow
from app.core.db import db, write_transaction
from app.core.errors import Invalid
from app.core.vietnamese import short_date, to_local
from app.documents.models import SigningCertificate
from app.documents.signing import certificates
from app.organisations.models import Organisation

commands = AppGroup("signing", help="Chứng thư số và khóa ký.")
_organisation = click.option("--organisation", required=True, help="Mã cơ quan.")
_user = click.option("--user", default="", help="Tài khoản của người ký; bỏ trống nếu là chứng thư của cơ quan.")
_picture = click.option(
    "--picture",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Ảnh PNG nền trong suốt: chữ ký tay (xanh) hoặc dấu (đỏ).",
)
_file = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


class _said:
    """Turns what cannot be done into a sentence on the terminal."""

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, _kind, error, _trace) -> None:
        if isinstance(error, Invalid):
            raise click.ClickException("; ".join(error.errors.values())) from error
        if isinstance(error, signing.SigningError):
            raise click.ClickException(f"{error} {error.detail}".strip()) from error


@commands.command("add-pkcs12")
@_file
@_organisation
@_user
@_picture
@click.password_option("--passphrase", confirmation_prompt=False, prompt="Mật khẩu của tệp khóa", help="Hỏi nếu thiếu.")
def add_pkcs12(file: Path, organisation: str, user: str, picture: Path | None, passphrase: str) -> None:
    """Giữ một tệp khóa PKCS#12 (.p12, .pfx) tại máy chủ."""
    with _said(), write_transaction():
        where = _owner(organisation, user)
        made = certificates.add_file_key(SYSTEM, *where, file.read_bytes(), passphrase, now=utcnow())
        _finish(made, picture)


@commands.command("add-pkcs11")
@click.argument("module", type=click.Path(exists=True, dir_okay=False))
@click.argument("token")
@click.argument("key")
@_organisation
@_user
@_picture
@click.password_option("--pin", confirmation_prompt=False, prompt="Mã PIN", help="Hỏi nếu thiếu.")
def add_pkcs11(module: str, token: str, key: str, organisation: str, user: str, picture: Path | None, pin: str) -> None:
    """Dùng khóa KEY trên thiết bị TOKEN cắm tại máy chủ, qua trình điều khiển MODULE."""
    with _said(), write_transaction():
        where = _owner(organisation, user)
        made = certificates.add_token_key(SYSTEM, *where, signing.TokenKey(module, token, key, pin), now=utcnow())
        _finish(made, picture)


@commands.command("add-certificate")
@_file
@_organisation
@_user
@_picture
def add_certificate(file: Path, organisation: str, user: str, picture: Path | None) -> None:
    """Đăng ký chứng thư mà khóa do người ký giữ (.pem, .cer, .crt)."""
    with _said(), write_transaction():
        made = certificates.add_external(SYSTEM, *_owner(organisation, user), file.read_bytes(), now=utcnow())
        _finish(made, picture)


@commands.command("add-root")
@_file
def add_root(file: Path) -> None:
    """Tin cậy một chứng thư gốc (hoặc chứng thư trung gian, danh sách thu hồi .crl)."""
    with _said():
        if file.suffix.lower() != ".crl":
            signing.read_certificates(file.read_bytes(), file.name)
        folder = certificates.folder() / "roots"
        folder.mkdir(mode=0o700, exist_ok=True)
        (folder / file.name).write_bytes(file.read_bytes())
        certificates.trust()
    click.echo(f"Đã thêm {file.name}.")


@commands.command("list")
def list_certificates() -> None:
    """In các chứng thư đã đăng ký."""
    for one in certificates.list_all():
        last = short_date(to_local(one.valid_to).date())
        note = "thôi dùng" if one.retired_at else f"đến {last}"
        click.echo(f"{one.fingerprint[:16]}  {one.place:8}  {note:16}  {one.subject}")


@commands.command("retire")
@click.argument("fingerprint")
def retire(fingerprint: str) -> None:
    """Thôi dùng một chứng thư, theo phần đầu của mã in ra bởi `list`."""
    found = [one for one in certificates.list_all() if one.fingerprint.startswith(fingerprint.lower())]
    if len(found) != 1:
        raise click.ClickException(f"Có {len(found)} chứng thư bắt đầu bằng {fingerprint}.")
    number = found[0].id
    with write_transaction():
        certificates.retire(db.session.get(SigningCertificate, number), SYSTEM, now=utcnow())
    click.echo("Đã thôi dùng.")


def _finish(made: SigningCertificate, picture: Path | None) -> None:
    if picture is not None:
        certificates.keep_private(f"{made.fingerprint[:16]}.png", picture.read_bytes())
    click.echo(f"Đã đăng ký {made.subject} ({made.fingerprint[:16]}).")


def _owner(organisation: str, username: str) -> tuple[int, int | None]:
    body = db.session.scalar(select(Organisation).where(Organisation.key == organisation))
    if body is None:
        known = ", ".join(db.session.scalars(select(Organisation.key).order_by(Organisation.key)))
        raise click.ClickException(f"Không có cơ quan {organisation}. Các mã đang có: {known}")
    if not username:
        return body.id, None
    user = accounts.by_username(accounts.sign_in_name(username))
    if user is None:
        raise click.ClickException(f"Không có người dùng {username}.")
    return body.id, user.id
