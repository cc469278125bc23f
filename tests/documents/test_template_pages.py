"""Templates in the browser: what each person sees and may do, uploads of every kind, the files that can be taken."""

import io
import re
from dataclasses import asdict

import pytest
from docx import Document

from app.core.clock import utcnow
from app.core.db import db
from app.documents.models import DocumentTemplate
from app.documents.templating import check as templates_check
from app.documents.templating import guide as template_fields
from app.documents.templating import store as templates_store
from app.documents.templating import uploads as templates_upload
from app.jobs import run_all
from doc_templates.engine.inspecting import inspect
from tests.documents.test_template_check import saved
from tests.documents.test_template_life import changed
from tests.documents.word_files import opened, text_of, with_part
from tests.factories.documents import make_world
from tests.factories.people import grant, make_organisation, make_user
from tests.sql import count_statements
from workflows.spec import Role

LIST = "/mau-van-ban"
KIND = f"{LIST}/forwarding"
RULES = (Role.UNIT, Role.SECRETARY, Role.JUDGE, Role.HEAD_OF_JURY, Role.UPPER_CLERK)


@pytest.fixture
def world(app, monkeypatch):
    """Papers as .docx only."""
    monkeypatch.setitem(app.extensions, "converter", None)
    return make_world()


def send(person, data, name="mau.docx", status=200, note="Thêm một câu"):
    """Fill in the upload form as it stands on the page."""
    person.visit(KIND)
    upload = (io.BytesIO(data), name) if data is not None else ""
    return person.submit({"file": upload, "note": note}, button="template.create", status=status)


def version():
    db.session.rollback()
    return db.session.query(DocumentTemplate).order_by(DocumentTemplate.id.desc()).first()


def test_from_upload_to_the_next_paper_by_two_persons(world, visitor):
    office, clerk = visitor(world.office), visitor(world.clerk)
    office.visit("/van-ban").follow("Mẫu văn bản")
    assert office.heading.startswith("Mẫu văn bản")
    send(office, changed("Câu của phường."))
    assert "Mẫu đang được kiểm tra" in office.text
    run_all()
    page = f"{KIND}/{version().id}"
    office.visit(page)
    assert office.actions() == ["template.refuse"]
    assert "người khác phải xem và kích hoạt" in office.text

    clerk.visit(LIST)
    assert "1 bản chờ" in clerk.text
    clerk.visit(page)
    assert clerk.actions() == ["template.activate", "template.refuse"]
    assert "Thêm một câu" in clerk.text
    clerk.follow("template.activate").submit()
    assert "Đã kích hoạt mẫu." in clerk.text
    assert clerk.visit(LIST).page.xpath("//td[@data-label='Người kích hoạt'][. = $name]", name=world.clerk.full_name)

    paper = world.made(now=utcnow())
    office.visit(f"/van-ban/{paper.code}")
    assert "Mẫu của cơ quan, bản 1" in office.text
    with office.client.get(office.link("Tải bản Word")) as response:
        assert text_of(response.data).endswith("Câu của phường.")
    clerk.visit(page).follow("template.retire").submit()
    assert "Mẫu có sẵn" in clerk.visit(KIND).text or "Đang dùng mẫu có sẵn." in clerk.text
    assert "Mẫu của cơ quan, bản 1" in office.visit(f"/van-ban/{paper.code}").text


def test_what_is_wrong_is_listed_on_the_page(world, visitor):
    office = send(visitor(world.office), changed("Cộng: {{ trich_yeu }}"))
    run_all()
    office.visit(f"{KIND}/{version().id}")
    assert "Có 1 chỗ phải sửa" in office.text
    said = "Gần “Cộng:”: thẻ {{ trich_yeu }} không có trong danh mục trường; có phải {{ subject }}?"
    assert said in office.text
    assert office.actions() == []


MACROS = '<Override PartName="/word/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
OLE = (
    '<Relationship Id="rId77" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/oleObject"'
    ' Target="embeddings/a.bin"/></Relationships>'
)
FAR = (
    '<Relationship Id="rId77" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s"'
    ' Target="%s" TargetMode="External"/></Relationships>'
)


def with_rel(relationship, part="word/_rels/document.xml.rels"):
    data = templates_store.load("forwarding").read_bytes()
    return with_part(data, part, lambda xml: xml.replace("</Relationships>", relationship))


def with_macros():
    data = templates_store.load("forwarding").read_bytes()
    return with_part(data, "[Content_Types].xml", lambda xml: xml.replace("</Types>", MACROS))


HOSTILE = {
    "nothing": (lambda: None, "mau.docx", "Chọn tệp mẫu"),
    "an empty file": (lambda: b"", "mau.docx", "Tệp không có nội dung"),
    "a PDF by name": (lambda: b"%PDF-1.7", "mau.pdf", "Mẫu phải là tệp Word có đuôi .docx"),
    "a PDF in disguise": (lambda: b"%PDF-1.7", "mau.docx", "không phải văn bản Word"),
    "an old Word file": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        "mau.docx",
        "không phải văn bản Word",
    ),
    "with macros": (with_macros, "mau.docx", "Tệp có macro"),
    "an OLE object": (lambda: with_rel(OLE), "mau.docx", "Tệp có nhúng tệp"),
    "a picture from elsewhere": (lambda: with_rel(FAR % ("image", "http://a/x.png")), "mau.docx", "từ bên ngoài"),
    "a template from elsewhere": (
        lambda: with_rel(FAR % ("attachedTemplate", "http://a/x.dotm")),
        "mau.docx",
        "từ bên ngoài",
    ),
    "an included document": (lambda: with_rel(FAR % ("subDocument", "file:///etc/passwd")), "mau.docx", "từ bên ngoài"),
    "the built-in itself": (lambda: templates_store.load("forwarding").read_bytes(), "mau.docx", "chính là mẫu có sẵn"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_file_that_is_no_template_is_not_taken(world, visitor, case):
    make, name, said = HOSTILE[case]
    office = send(visitor(world.office), make(), name, status=422)
    assert said in office.text
    assert version() is None


def test_a_file_that_is_too_large_is_not_taken(world, visitor, monkeypatch):
    monkeypatch.setattr(templates_upload, "LIMIT", 2000)
    office = send(visitor(world.office), changed("x"), status=422)
    assert "Tệp phải nhỏ hơn 1 MB" in office.text


def test_a_note_that_is_too_long_is_told_at_its_field(world, visitor):
    office = send(visitor(world.office), changed("x"), status=422, note="x" * 301)
    assert "Viết ngắn hơn 300 ký tự" in office.text


def test_a_hostile_name_is_only_text(world, visitor):
    office = send(visitor(world.office), changed("x"), name="<b>mẫu & =1+1.docx")
    assert version().file_name == "b-mẫu & =1+1.docx"
    assert office.status == 200


# --- who


@pytest.mark.parametrize("role", RULES)
def test_others_do_not_open_the_pages(world, visitor, role):
    other = make_user("nguoikhac", role, at=world.ward)
    db.session.commit()
    visitor(other).visit(LIST, status=403).visit(KIND, status=403)


def test_nobody_sees_versions_of_another_organisation(world, visitor):
    send(visitor(world.office), changed("x"))
    run_all()
    elsewhere = make_user("noikhac", Role.OFFICE, at=make_organisation("khac"))
    admin = make_user("quantri", Role.ADMIN, at=world.ward)
    db.session.commit()
    page, stranger, second = f"{KIND}/{version().id}", visitor(elsewhere), visitor(admin)
    for path in (page, f"{page}/tai/docx", f"{page}/thao-tac/activate"):
        stranger.visit(path, status=404)
    assert "Các bản đã tải lên" not in stranger.visit(f"{KIND}?co_quan={world.ward_id}").text
    assert "template.activate" in second.visit(page).actions()


def test_a_version_is_found_under_its_own_kind_only(world, visitor):
    office = send(visitor(world.office), changed("x"))
    run_all()
    for path in (
        f"/mau-van-ban/minutes/{version().id}",
        f"{KIND}/999999",
        "/mau-van-ban/khong-co",
        f"{KIND}/1/tai/pdf",
    ):
        office.visit(path, status=404)
    office.visit(f"{KIND}/{version().id}/trang/1.png", status=404)


def test_who_manages_several_organisations_chooses_one(world, visitor):
    town = make_organisation("thixa", short_name="UBND thị xã Thử")
    grant(world.office, Role.OFFICE, town)
    db.session.commit()
    office = visitor(world.office).visit(f"{LIST}?co_quan={town.id}")
    assert "UBND thị xã Thử" in office.text
    office.visit(f"{LIST}?co_quan=abc")
    office.visit(f"{LIST}?co_quan={10**8}")


# --- files


def test_the_files_of_a_kind_can_be_taken(world, visitor):
    paper = world.made(now=utcnow())
    office = visitor(world.office).visit(KIND)
    built_in = templates_store.load("forwarding").read_bytes()
    assert office.fetch(office.link("Tải mẫu đang dùng (.docx)")).data == built_in
    response = office.fetch(office.link("Tải danh mục trường (.docx)"))
    assert "sandbox" in response.headers["Content-Security-Policy"]
    catalogue = opened(response.data)
    rows = [[cell.text for cell in row.cells] for row in catalogue.tables[0].rows]
    assert rows[0] == ["Trường", "Thẻ để chép vào mẫu", "Kiểu", "Bắt buộc", "Ví dụ"]
    by_tag = {row[1]: row for row in rows}
    assert by_tag["{{ number_text }}"][2:] == ["chữ", "có", "Số:       /TTr-UBND"]
    assert by_tag["{{ signature.name }}"][0] == "– Họ và tên người ký"
    assert by_tag["{{ signature.name }}"][4] == "Nguyễn Công Lộc"
    assert any(f"văn bản {paper.code}" in paragraph.text for paragraph in catalogue.paragraphs)


def test_without_a_paper_the_list_of_fields_shows_the_sample(world, visitor):
    office = visitor(world.office)
    catalogue = opened(office.fetch("/mau-van-ban/minutes/danh-muc-truong.docx").data)
    assert any("dữ liệu mẫu" in paragraph.text for paragraph in catalogue.paragraphs)


def test_the_list_of_fields_tells_nobody_of_papers_not_to_be_seen(world, visitor):
    """An administrator manages templates, and reads no papers."""
    world.overrides["closing"] = "Câu kín của phường"
    world.made(now=utcnow())
    admin = make_user("quantri", Role.ADMIN, at=world.ward)
    db.session.commit()
    path = f"{KIND}/danh-muc-truong.docx"
    assert "Câu kín của phường" not in table_text(visitor(admin).fetch(path).data)
    assert "Câu kín của phường" in table_text(visitor(world.office).fetch(path).data)


def table_text(data):
    return "\n".join(cell.text for row in opened(data).tables[0].rows for cell in row.cells)


def test_every_tag_of_the_list_of_fields_works_in_a_template(app, code):
    """Copied one by one into an empty paper, no tag is unknown."""
    kind, document = templates_store.load(code), Document()
    with app.test_request_context():
        lines = list(template_fields.lines(kind.manifest.fields, kind.sample()))
    for line in lines:
        if not re.search(r"(in |^\{\{ )r+\.", line.tags):
            document.add_paragraph(line.tags)
    found = inspect(saved(document), [asdict(field) for field in kind.manifest.fields])
    assert {problem["kind"] for problem in found["problems"]} <= {"loses_text"}
    assert list(templates_check.missing(kind.manifest.fields, found)) == []


# --- cost


@pytest.mark.parametrize("versions", [0, 6])
def test_the_list_takes_as_many_statements_however_many_versions(app, world, visitor, versions):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("a server database has statements of its own for locks")
    office, clerk = visitor(world.office), visitor(world.clerk)
    for number in range(versions):
        send(office, changed(f"Câu {number}."))
        run_all()
        clerk.visit(f"{KIND}/{version().id}").follow("template.activate").submit()
    office.visit(LIST)
    with count_statements() as seen:
        office.visit(LIST)
    assert len(seen) == (6 if versions else 5)
