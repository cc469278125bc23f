"""Addresses that nobody would type: numbers beyond every column, signs that are no letters, very long ones."""

import pytest

from app.core.clock import utcnow
from tests.factories.entries import commit, make_season
from tests.factories.people import make_user
from workflows.spec import Role

WIDE = "9" * 30
NUMBERED = (
    f"/ho-so/SK-2026-0001/tep/{WIDE}",
    f"/quan-tri/nguoi-dung/{WIDE}",
    f"/quan-tri/co-quan/{WIDE}",
    f"/quan-tri/vai-tro/{WIDE}/thu",
    f"/quan-tri/nguoi-ky/{WIDE}/sua",
    f"/van-ban/VB-2345/trang/{WIDE}.png",
    f"/quan-tri/nguoi-dung?truoc={WIDE}",
    f"/quan-tri/nhat-ky?truoc={WIDE}&loai=%00",
    f"/quan-tri/viec-nen?truoc={WIDE}&tinh-trang=%00",
    f"/thong-bao?truoc={WIDE}",
    f"/ho-so?truoc={WIDE}&sau=-1&don_vi={WIDE}&linh_vuc={WIDE}",
    f"/van-ban?truoc={WIDE}&cuoc_thi={WIDE}&trang_thai=%00",
    f"/so-van-ban?nam={WIDE}&co_quan=-1&so=%00",
    f"/cuoc-thi/moi?tu={WIDE}",
    f"/ket-qua?nam={WIDE}&giai=%00&sau=%00",
)
STRANGE = ("%00", "%C3%28", "..%2F..%2Fetc%2Fpasswd", "%F0%9F%98%80", "x" * 3000, "%0d%0aSet-Cookie:x=1", "{{7*7}}")
CODED = (
    "/ho-so/{}",
    "/cuoc-thi/{}",
    "/van-ban/{}",
    "/van-ban/{}/tai/pdf",
    "/chuyen-cap-tren/{}",
    "/ket-qua/{}",
    "/xac-minh/{}",
    "/mat-khau-moi/{}",
    "/huong-dan/{}",
    "/assets/{}",
    "/ho-so?tim={}",
    "/ket-qua?sau={}",
    "/quan-tri/nguoi-dung?tim={}",
    "/quan-tri/nhat-ky?tim={}",
    "/xac-minh?ma={}",
    "/dang-nhap?next={}",
    "/{}",
)


@pytest.fixture
def person(app, visitor):
    """Somebody with several roles, so that few pages end at the outer wall."""
    season = make_season(now=utcnow())
    everyone = make_user("nhieuviec", Role.ADMIN, Role.OFFICE, Role.CLERK, Role.UNIT, at=season.host)
    commit(season, everyone)
    return visitor(everyone)


def answered(person, address: str) -> None:
    """Any answer but a failure, and no header of the visitor's making."""
    response = person.fetch(address)
    assert response.status_code < 500, address[:80]
    assert "x=1" not in response.headers.getlist("Set-Cookie")
    assert b"<script>" not in response.data


@pytest.mark.parametrize("address", NUMBERED)
def test_numbers_beyond_every_column_are_nothing(person, address):
    answered(person, address)


@pytest.mark.parametrize("pattern", CODED)
def test_strange_codes_are_nothing(person, pattern):
    for text in STRANGE:
        answered(person, pattern.format(text))


@pytest.mark.parametrize("host", ["evil.example", "localhost:1@evil.example", "a b", "evil.example\\@localhost"])
def test_the_host_of_the_request_is_in_no_link_of_a_message_or_a_page(person, host):
    with person.app.app_context():
        response = person.client.get("/xac-minh", headers={"Host": host})
    assert b"evil" not in response.data


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_signing_in_never_leads_away(app, person, target):
    page = person.fetch(f"/dang-nhap?next={target}")
    assert b'="' + target.encode() not in page.data
