"""English: chosen on any page, remembered, with no text of the catalogue left in Vietnamese, and never in papers."""

import os
import re
import shutil
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from babel.support import Translations

from app.core.db import db
from app.core.i18n import compile_catalogues
from app.documents.templating import store
from tests.factories.entries import commit, fill, make_season, start
from tests.factories.people import make_user
from tests.factories.ranking import by_rank, lock, make_chairman, make_scored
from tests.factories.scoring import attached
from workflows.spec import Role

FOLDER = Path(__file__).resolve().parents[1] / "app" / "translations"
CATALOGUE = Path("en", "LC_MESSAGES", "messages.po")
VIETNAMESE = re.compile(r"[ăâđêôơưÀ-ÃÈ-ÊÌÍÒ-ÕÙÚÝà-ãè-êìíò-õùúýĂĐĨŨƠƯĩũạ-ỹẠ-Ỹ]")
SHOWN = ("placeholder", "aria-label", "title", "alt", "data-label")
# Data of the test's contest that happens to read like the face.
DATA = {"Tính mới", "Hiệu quả", "Khả năng áp dụng", "Đúng đối tượng dự thi", "Chủ tịch", "Hội đồng", "Tiếng Việt"}
# A template is called what its paper is called, and the papers are Vietnamese.
DATA |= {template.manifest.title for template in store.all_templates()}
PUBLIC = ("/", "/ket-qua", "/tra-cuu", "/xac-minh", "/huong-dan", "/huong-dan/tac-gia", "/tiep-can", "/bao-mat")


@cache
def vietnamese_texts() -> frozenset[str]:
    """Every text of the catalogue that has a Vietnamese letter, without placeholders."""
    with (FOLDER / CATALOGUE).open("rb") as file:
        sources = [message.id for message in read_po(file) if message.id]
    texts = {text if isinstance(text, str) else text[0] for text in sources}
    return frozenset(text for text in texts if VIETNAMESE.search(text) and "%(" not in text) - DATA


def shown(page):
    """Texts of a page and of the attributes that people see or hear, but not what they typed."""
    for node in page.xpath("//*[not(self::script or self::style or self::textarea)]"):
        yield node.text or ""
        yield node.tail or ""
        yield from (node.get(name) or "" for name in SHOWN)


def left_over(page) -> set[str]:
    """Texts of the catalogue that an English page shows in Vietnamese."""
    return {text for text in (" ".join(part.split()).rstrip(":") for part in shown(page)) if text in vietnamese_texts()}


def nav_of(page) -> list[str]:
    """Addresses of the main navigation and of the part in which the page is."""
    return [str(address) for address in page.xpath("//header//nav//a/@href")]


@pytest.fixture
def people(app) -> list:
    """One person of each role around a judged contest."""
    jury = make_scored(("28", "28", "30"), ("20", "20", "30"))
    chairman = make_chairman(jury)
    season, host = jury.season, jury.season.host
    clerk, admin = make_user("vanthu", Role.CLERK, at=host), make_user("quantri", Role.ADMIN, at=host)
    db.session.commit()
    around = [season.author, season.contact, season.office, season.upper_clerk, chairman, clerk, admin]
    return [*around, jury.secretary, jury.head, *jury.judges]


def test_the_switch_keeps_the_page_and_is_remembered(visitor):
    guest = visitor().visit("/tra-cuu")
    assert guest.heading == "Tra cứu hồ sơ"
    guest.follow("English")
    assert (guest.heading, guest.response.request.path) == ("Look up an entry", "/tra-cuu")
    assert guest.visit("/xac-minh").heading == "Verify a document"
    assert guest.page.get("lang") == "en"
    guest.follow("Tiếng Việt")
    assert guest.visit("/tra-cuu").heading == "Tra cứu hồ sơ"


def test_an_unknown_language_is_vietnamese(visitor):
    guest = visitor().visit("/tra-cuu?lang=fr")
    assert guest.heading == "Tra cứu hồ sơ"
    assert "lang=" not in str(guest.response.headers.getlist("Set-Cookie"))


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_are_english_throughout(visitor, people, path):
    assert left_over(visitor().visit(f"{path}?lang=en").page) == set()


def test_the_pages_of_each_role_are_english_throughout(visitor, people):
    seen, left = set(), set()
    for user in people:
        person = visitor(attached(user)).visit("/viec-cua-toi?lang=en")
        within_reach = nav_of(person.page)
        for path in within_reach:  # grows by those pages of each part that nobody has read yet
            seen.add(path)
            left |= left_over(person.visit(path).page)
            within_reach += [further for further in nav_of(person.page) if further not in {*within_reach, *seen}]
    assert left == set()
    assert len(seen) >= 18


def test_an_entry_reads_english_but_for_what_people_wrote(visitor):
    season = make_season()
    entry = fill(season, start(season), title="Sổ tay điện tử của tổ dân phố")
    commit(season, entry)
    author = visitor(season.author).visit(f"/ho-so/{entry.code}?lang=en")
    assert "Draft" in author.text
    assert "Sổ tay điện tử của tổ dân phố" in author.text
    assert left_over(author.page) == set()


def test_answers_to_forms_are_english(visitor, app):
    guest = visitor().visit("/tra-cuu?lang=en")
    guest.submit({}, button="Look up", status=422)
    assert "Enter the entry code" in guest.text
    assert left_over(guest.page) == set()


def test_what_is_kept_for_papers_stays_vietnamese(app):
    """The head reads English, but the note on equal scores is printed on a Vietnamese paper."""
    jury = make_scored(("20", "20", "30"), ("20", "20", "30"))
    prizes = [{"entry": entry.code, "prize": ""} for entry in jury.entries]
    with app.test_request_context("/?lang=en"):
        lock(jury, prizes=prizes, reason="Chưa trao giải")
    assert {entry.tie_note for entry in by_rank(jury)} == {"Đồng hạng: các quy tắc không phân được"}


def test_a_changed_catalogue_is_compiled_at_the_start(tmp_path):
    source = tmp_path / CATALOGUE
    source.parent.mkdir(parents=True)
    shutil.copy(FOLDER / CATALOGUE, source)
    compile_catalogues(tmp_path)
    assert Translations.load(tmp_path, ["en"]).gettext("Nộp hồ sơ") == "Submit entry"
    source.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8"\n\nmsgid "Có"\nmsgstr "Aye"\n', "utf-8"
    )
    compiled = source.with_suffix(".mo")
    os.utime(source, (compiled.stat().st_mtime + 5,) * 2)
    compile_catalogues(tmp_path)
    assert Translations.load(tmp_path, ["en"]).gettext("Có") == "Aye"
    assert sorted(path.name for path in source.parent.iterdir()) == ["messages.mo", "messages.po"]
