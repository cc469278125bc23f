"""The frame: who I am, where I may go, in which language, with which headers."""

import pytest
from lxml import html

from app.web.security import CONTENT_SECURITY_POLICY
from tests.web.face import ORGANISATION, build_app, page
from workflows.spec import Role


def names(response, path):
    return [" ".join(n.text_content().split()) for n in html.fromstring(response.text).xpath(path)]


def test_visitors_see_public_entries_only(client):
    page = client.get("/")
    assert names(page, "//nav[@class='nav']//a") == ["Kết quả"]
    assert names(page, "//span[@class='top__org']") == [ORGANISATION]
    assert "Đăng xuất" not in page.text


def test_people_see_what_their_roles_open_with_the_counter_on_their_work_only(client):
    page = client.get("/viec-cua-toi?ai=1")
    assert names(page, "//nav[@class='nav']//a") == ["Việc của tôi 3 việc chờ", "Kết quả"]
    assert names(page, "//nav[@class='nav']//a[@aria-current='page']") == ["Việc của tôi 3 việc chờ"]
    assert "Nguyễn Thị Thùy Dương" in page.text
    assert "Cán bộ văn phòng" in page.text


def test_an_entry_of_the_same_slice_is_marked_as_the_part_we_are_in(app):
    from app.web import navigation

    app.add_url_rule("/van-ban", "documents.index", lambda: "")
    app.add_url_rule("/van-ban/1", "documents.show", lambda: "")
    item = navigation.NavItem("documents.index", "Văn bản", public=True)
    navigation.register(app, item)
    with app.test_request_context("/van-ban/1"):
        assert [(link.label, link.current) for link in navigation.Frame().nav] == [
            ("Kết quả", ""),
            ("Văn bản", "true"),
        ]


def in_parts(app):
    """An application with a part of three pages, one of which is only for the administrator."""
    from app.web import navigation

    for endpoint in ("papers.index", "papers.show", "papers.register", "papers.register_line", "papers.keys"):
        app.add_url_rule(f"/{endpoint}", endpoint, lambda: page())
    papers = {"part": "papers", "order": 60}
    navigation.register(
        app,
        navigation.NavItem("papers.index", "Danh sách văn bản", covers=("papers.",), **papers),
        navigation.NavItem("papers.register", "Sổ văn bản", covers=("papers.register",), **papers),
        navigation.NavItem("papers.keys", "Khóa ký", roles={Role.ADMIN}, **papers),
    )
    return app.test_client()


def rows(response) -> list[list[tuple[str, str]]]:
    """What each row of the navigation says, and what it marks."""
    return [
        [(" ".join(a.text_content().split()), a.get("aria-current", "")) for a in row.xpath(".//a")]
        for row in html.fromstring(response.text).xpath("//header//nav")
    ]


@pytest.mark.parametrize(
    ("path", "here"),
    [
        ("/papers.index", [("Danh sách văn bản", "page"), ("Sổ văn bản", "")]),
        ("/papers.show", [("Danh sách văn bản", "true"), ("Sổ văn bản", "")]),
        ("/papers.register", [("Danh sách văn bản", ""), ("Sổ văn bản", "page")]),
        ("/papers.register_line", [("Danh sách văn bản", ""), ("Sổ văn bản", "true")]),
    ],
)
def test_a_part_stands_behind_one_word_and_shows_its_pages_when_one_is_in_it(app, path, here):
    main, part = rows(in_parts(app).get(f"{path}?ai=1"))
    assert main == [("Việc của tôi 3 việc chờ", ""), ("Kết quả", ""), ("Văn bản", "true")]
    assert part == here


def test_outside_a_part_there_is_one_row(app):
    (main,) = rows(in_parts(app).get("/viec-cua-toi?ai=1"))
    assert main == [("Việc của tôi 3 việc chờ", "page"), ("Kết quả", ""), ("Văn bản", "")]


def test_a_part_with_one_page_for_a_person_is_that_page(app):
    from app.web import navigation

    app.add_url_rule("/cham-diem", "sheets.mine", lambda: page())
    navigation.register(app, navigation.NavItem("sheets.mine", "Chấm điểm", part="judging", order=40))
    (main,) = rows(app.test_client().get("/cham-diem?ai=1"))
    assert main == [("Việc của tôi 3 việc chờ", ""), ("Chấm điểm", "page"), ("Kết quả", "")]


def test_names_from_the_database_are_escaped(app):
    from app.web import navigation

    navigation.provide_facts(app, lambda: {"organisation": "<script>alert(1)</script>", "contest": "A & B"})
    text = app.test_client().get("/").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "A &amp; B</title>" in text


def test_the_other_language_keeps_the_address_and_its_filters(client):
    page = client.get("/viec-cua-toi?loc=sáng&loc=b&lang=vi")
    link = html.fromstring(page.text).xpath("//a[@hreflang='en']")[0]
    assert link.get("href") == "/viec-cua-toi?loc=s%C3%A1ng&loc=b&lang=en"
    assert html.fromstring(client.get(link.get("href")).text).get("lang") == "en"


def test_a_password_in_no_link_and_no_page_for_developers_in_production():
    app = build_app()
    app.testing = False
    assert app.test_client().get("/_macros").status_code == 404


def test_the_other_language_never_leads_to_another_host(app):
    from app.web import navigation

    with app.test_request_context(environ_overrides={"PATH_INFO": "//evil.example/x"}):
        assert [url for _code, _name, url in navigation.Frame().other_languages] == ["/evil.example/x?lang=en"]


@pytest.mark.parametrize("path", ["/", "/khong-co-trang", "/loi/xung-dot", "/assets/app.css"])
def test_every_answer_carries_the_security_headers(client, path):
    headers = client.get(path).headers
    assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in headers


def test_pages_of_signed_in_people_are_kept_by_no_cache(client):
    mine = client.get("/?ai=1").headers
    assert mine["Cache-Control"] == "no-store"
    assert "Cookie" in mine["Vary"]
    assert client.get("/").headers["Cache-Control"] == "no-cache"
    assert client.get("/loi/sai?ai=1").headers["Cache-Control"] == "no-store"


def test_https_is_demanded_when_the_address_is_https():
    from types import SimpleNamespace

    app = build_app(SETTINGS=SimpleNamespace(base_url="https://sangkien.example.vn"))
    assert app.test_client().get("/").headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_a_download_may_tighten_the_content_policy(app):
    @app.get("/tep")
    def download():
        return "x", {"Content-Security-Policy": "sandbox; default-src 'none'"}

    assert app.test_client().get("/tep").headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
