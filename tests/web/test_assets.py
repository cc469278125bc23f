"""Static files: kept for ever by content, small enough for a slow line, unchanged when they are not ours."""

import gzip
import hashlib
import re
from pathlib import Path

import pytest

from app.web import assets

WEB = Path(assets.__file__).parent
STATIC = WEB / "static"
NEWER_CSS = [":has(", "@container", "color-mix(", "oklch(", "subgrid", "popover", "@layer", "& "]
FOR_EVER = {"public", "max-age=31536000", "immutable"}


def gz(*names: str) -> int:
    return sum(len(gzip.compress((STATIC / name).read_bytes(), 9)) for name in names)


def test_budgets():
    fonts = [f"fonts/{path.name}" for path in (STATIC / "fonts").glob("*.woff2")]
    assert gz("app.css") <= 12_000
    assert gz("app.js") <= 6_000
    assert gz("check-file.js") <= 1_000
    assert gz("app.js", *[f"vendor/{p.name}" for p in (STATIC / "vendor").glob("*.js")]) <= 24_000
    assert sum((STATIC / font).stat().st_size for font in fonts) <= 40_000


def test_vendored_files_are_the_published_ones():
    listed = re.findall(r"^\| (static/\S+) .*\| ([0-9a-f]{64}) \|$", (WEB / "VENDORED.md").read_text(), re.M)
    present = [*STATIC.glob("fonts/*.woff2"), *STATIC.glob("vendor/*.js")]
    assert sorted(name for name, _ in listed) == sorted(str(path.relative_to(WEB)) for path in present)
    for name, digest in listed:
        assert hashlib.sha256((WEB / name).read_bytes()).hexdigest() == digest
        assert f".{digest[:8]}." in name


def test_every_file_the_style_sheet_names_is_there():
    named = re.findall(r"url\(([^)]+)\)", (STATIC / "app.css").read_text())
    assert len(named) == 2
    assert all((STATIC / name).is_file() for name in named)


@pytest.mark.parametrize(
    "pattern", [":has(", "@container", "color-mix(", "oklch(", "subgrid", "popover", "@layer", "& "]
)
def test_the_style_sheet_keeps_to_old_browsers(pattern):
    assert pattern not in re.sub(r"/\*.*?\*/", "", (STATIC / "app.css").read_text(), flags=re.S)


@pytest.mark.parametrize("pattern", ["?.", "??", "||=", "#private", "innerHTML", "eval(", "document.write", ".at("])
def test_the_scripts_keep_to_old_browsers_and_write_no_html(pattern):
    assert all(pattern not in path.read_text() for path in STATIC.glob("*.js"))


def test_the_scripts_hold_no_words():
    for path in STATIC.glob("*.js"):
        assert not re.search(r"[À-ỹ]", re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S))


def test_an_address_by_content_is_kept_for_ever(app):
    with app.test_request_context():
        current = assets.static_url("app.css")
        font = assets.static_url("fonts/source-sans-3-5.3.0-latin.7a19a702.woff2")
    client = app.test_client()
    for address in (current, font):
        assert set(client.get(address).headers["Cache-Control"].split(", ")) == FOR_EVER
    assert font == "/assets/fonts/source-sans-3-5.3.0-latin.7a19a702.woff2"
    assert "Set-Cookie" not in client.get(current).headers


@pytest.mark.parametrize("query", ["", "?v=", "?v=0123456789ab"])
def test_another_address_must_be_asked_again(client, query):
    response = client.get(f"/assets/app.css{query}")
    assert response.status_code == 200
    assert "immutable" not in response.headers["Cache-Control"]
    assert client.get("/assets/app.css", headers={"If-None-Match": response.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize("name", ["../security.py", "..%2fsecurity.py", "khong-co.css", "x.0123abcd.js", "fonts"])
def test_nothing_outside_the_folder_is_sent(client, name):
    assert client.get(f"/assets/{name}").status_code == 404


def test_a_wrong_name_in_a_template_is_seen(app):
    with app.test_request_context(), pytest.raises(FileNotFoundError):
        assets.static_url("khong-co.css")
