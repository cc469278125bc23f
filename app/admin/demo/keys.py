"""Keys for trying digital signatures: a throw-away authority, and certificates of those who sign in the demonstration.

Every certificate and the seal say that they have no legal value.
"""

import io
import secrets
from contextlib import suppress
from datetime import timedelta

from PIL import Image, ImageDraw, ImageFont

from app.accounts.actor import SYSTEM
from app.accounts.models import User
from app.adapters.signing import SigningError, authority, fonts
from app.admin.demo import files
from app.admin.demo.story import Story
from app.core.db import db
from app.documents.signing import certificates
from app.organisations import queries as organisations

AUTHORITY = "KHÔNG CÓ GIÁ TRỊ PHÁP LÝ (bản minh họa)"
LASTS = timedelta(days=730)
RED, BLUE = (200, 16, 16, 255), (20, 50, 150, 255)
SIZE = 420
HANDS = ((20, 120), (70, 30), (95, 130), (150, 50), (170, 130), (240, 60), (260, 125), (330, 70), (400, 110))
"""Turning points of a drawn signature."""


def make(story: Story) -> None:
    """Certificates of every chairman and of their organisations, with the keys at the server."""
    story.say("Chứng thư số minh họa …")
    root = authority.make_root(AUTHORITY, now=story.now)
    roots = certificates.folder() / "roots"
    roots.mkdir(mode=0o700, exist_ok=True)
    (roots / "minh-hoa.pem").write_bytes(root.pem)
    for signer in files.signers():
        if signer["role"] == "chairman" and "valid_to" not in signer:
            story.act(lambda signer=signer: _pair(story, root, signer))


def _pair(story: Story, root: authority.Issued, signer: dict) -> None:
    body = organisations.by_key(signer["organisation"])
    user = db.session.get(User, story.user_ids[signer["person"]])
    _key(story, root, body, user.id, user.full_name, _hand())
    if certificates.at_server(body.id, None, story.now) is None:
        _key(story, root, body, None, body.name, _seal())


def _key(story: Story, root: authority.Issued, body, user_id: int | None, name: str, picture: bytes) -> None:
    last = story.now + LASTS
    made = authority.issue(root, name, valid_from=story.now, valid_to=last, organisation=AUTHORITY)
    passphrase = secrets.token_urlsafe(24)
    content = made.pkcs12(passphrase)
    kept = certificates.add_file_key(SYSTEM, body.id, user_id, content, passphrase, now=story.now)
    certificates.keep_private(f"{kept.fingerprint[:16]}.png", picture)


def _hand() -> bytes:
    """A drawn line in blue, in place of a handwritten signature."""
    picture = Image.new("RGBA", (SIZE, 160), (0, 0, 0, 0))
    ImageDraw.Draw(picture).line(HANDS, fill=BLUE, width=7, joint="curve")
    return _png(picture)


def _seal() -> bytes:
    """Two red rings that say what they are: nobody's seal."""
    picture = Image.new("RGBA", (SIZE, SIZE), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    for gap, width in ((6, 12), (70, 5)):
        draw.ellipse((gap, gap, SIZE - gap, SIZE - gap), outline=RED, width=width)
    with suppress(SigningError):  # without fonts the rings stay empty
        font = ImageFont.truetype(io.BytesIO(fonts.scaled(False)), 48)
        draw.text((SIZE // 2, SIZE // 2), "BẢN\nMINH HỌA", RED, font, "mm", align="center")
    return _png(picture)


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
