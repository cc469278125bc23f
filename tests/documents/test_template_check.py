"""The check of an uploaded template: every mistake with its place and, where one is near, what was meant."""

import io
import zipfile
from dataclasses import asdict
from xml.sax.saxutils import escape

import pytest
from docx import Document
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from app.documents.templating import check as templates_check
from app.documents.templating import words as template_words
from app.documents.templating.store import Template, load
from doc_templates.engine.inspecting import inspect
from tests.documents.attacks import PAYLOADS
from tests.documents.word_files import opened, with_part

CODE = "result_decision"


@pytest.fixture
def word():
    """The built-in decision, opened to be changed."""
    return opened(load(CODE).read_bytes())


def saved(document):
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def looked_at(data, code=CODE):
    """Everything that can be said without filling the template: problems and remarks as sentences."""
    fields = load(code).manifest.fields
    found = inspect(data, [asdict(field) for field in fields])
    problems = [templates_check._with_guess(problem, fields) for problem in found["problems"]]
    problems += templates_check.missing(fields, found)
    remarks = [*templates_check.left_out(fields, found), *templates_check.measured(code, found)]
    return [template_words.sentence(one) for one in problems], [template_words.sentence(one) for one in remarks]


def problems_of(document):
    return looked_at(saved(document))[0]


def table_of_winners(document):
    return next(table for table in document.tables if "r.amount" in table._tbl.xml)


def put(cell, text):
    cell.paragraphs[0].runs[0].text = text


def test_every_built_in_template_passes(app, code):
    assert looked_at(load(code).read_bytes(), code) == ([], [])


def test_a_wrong_name_is_told_with_table_row_and_what_was_meant(app, word):
    table = table_of_winners(word)
    put(table.rows[2].cells[-1], "{{ r.tien }}")
    number = [one._tbl for one in word.tables].index(table._tbl) + 1
    assert problems_of(word)[0] == (
        f"Bảng {number}, dòng 3: thẻ {{{{ r.tien }}}} không có trong danh mục trường; có phải {{{{ r.amount }}}}?"
    )


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("{{ titel }}", "{{ title }}"),
        ("{{ trich_yeu }}", "{{ subject }}"),
        ("{{ head.agency_line }}", "{{ head.agency_lines }}"),
        ("{{ signature.ho_ten|upper }}", "{{ signature.name|upper }}"),
        ("{{ total_in_word|closed('.') }}", "{{ total_in_words|closed('.') }}"),
    ],
)
def test_what_was_meant_is_found_by_letters_or_by_the_label(app, word, typed, meant):
    word.add_paragraph(f"Cộng: {typed}")
    assert problems_of(word) == [
        f"Gần “Cộng:”: thẻ {typed} không có trong danh mục trường; có phải {meant}?",
    ]


def test_all_mistakes_are_told_at_once(app, word):
    for text in ("{{ a1b2 }}", "{{ title.x }}", "{{ title|tojson }}", "{% for x in title %}{{ x }}{% endfor %}"):
        word.add_paragraph(text)
    assert problems_of(word) == [
        "Thẻ {{ a1b2 }} không có trong danh mục trường.",
        "Thẻ {{ title.x }}: “title” là một giá trị, không có phần “x”.",
        "Thẻ {{ title|tojson }}: không có phép “tojson”.",
        "Thẻ {% for x in title %}: “title” không phải danh sách nên không lặp được.",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ title", "Gần “{{ title”: có thẻ không đóng hoặc không mở, hoặc bị ngắt sang đoạn khác."),
        ("{% if title %}x", "Gần “x”: thẻ {% if title %} không có thẻ đóng."),
        ("x{% endif %}", "Gần “x”: thẻ {% endif %} không có thẻ mở tương ứng."),
        ("x{% else %}", "Gần “x”: thẻ {% else %} không có thẻ mở tương ứng."),
        ("{% if title %}{% endfor %}", "Thẻ {% endfor %} không có thẻ mở tương ứng."),
        ("{% if %}x{% endif %}", "Gần “x”: thẻ {% if %} viết sai (Expected an expression, got 'end of"),
        ("{{ head }}", "Thẻ {{ head }} in cả nhóm “head”; chọn một trường trong nhóm."),
        ("{{ rows }}", "Thẻ {{ rows }} in cả nhóm “rows”; chọn một trường trong nhóm."),
        ("{{ title.upper() }}", "Thẻ {{ title.upper() }} làm việc không được phép (title.upper())."),
        ("{{ (title or subject)._x }}", "Thẻ {{ (title or subject)._x }} làm việc không được phép (_x)."),
        ("{% include 'x' %}", "Thẻ {% include 'x' %}: lệnh “include” không dùng được trong mẫu."),
        ("{% tr if title %}", "Thẻ {% tr if title %}: chữ “tr” chỉ viết liền sau dấu mở của lệnh"),
        ("{{p title }}", "Thẻ {{p title }}: chữ “p” chỉ viết liền sau dấu mở của lệnh"),
        ("{%p if title %} còn chữ", "Gần “còn chữ”: thẻ {%p if title %} đứng chung với chữ khác và chữ đó sẽ mất"),
        ("{% for a, b in rows %}{% endfor %}", "Thẻ {% for a, b in rows %}: vòng lặp chỉ dùng một tên."),
        ("{{ title[0:3] }}", "Thẻ {{ title[0:3] }} làm việc không được phép (title[…])."),
        ("{{ loop.index }}", "Thẻ {{ loop.index }} không có trong danh mục trường"),
        ("{{ title is string }}", "Thẻ {{ title is string }}: không có phép thử “string”."),
        ("{{ (title }}", "Thẻ {{ (title }} viết sai"),
    ],
)
def test_each_kind_of_mistake_has_its_sentence(app, word, text, said):
    word.add_paragraph(text)
    assert problems_of(word)[0].startswith(said)


def test_loops_and_names_that_are_right_are_left_alone(app, word):
    for text in (
        "{% set n = rows|length %}{{ n }}",
        "{% for r in rows if r.score %}{{ loop.index }}. {{ r['title'] }}{% endfor %}",
        "{{ legal_bases|join('; ') }}",
        "{{ rows[0].title }}",
        "{{ (rows|first).title }}",
        "{{ 'x' if title == subject else 'y' ~ title }}",
        "{# một lời nhắc #}",
        "{% for article in articles %}{% for clause in article.clauses %}{{ clause }}{% endfor %}{% endfor %}",
    ):
        word.add_paragraph(text)
    assert problems_of(word) == []


def test_a_tag_that_word_split_over_runs_is_read_whole(app, word):
    paragraph = word.add_paragraph("Cộng ")
    for piece in ("{", "{ tong_", "tien", " }", "}"):
        paragraph.add_run(piece).bold = piece == "tien"
        paragraph._p.append(OxmlElement("w:proofErr"))
    assert problems_of(word) == [
        "Gần “Cộng”: thẻ {{ tong_tien }} không có trong danh mục trường; có phải {{ total_amount_text }}?"
    ]


def test_quotes_that_word_bent_are_taken_for_straight_ones(app, word):
    word.add_paragraph("{{ title|closed(‘.’) }} {{ title|closed(“;”) }}")
    assert problems_of(word) == []


def test_a_loop_has_to_close_where_it_opened(app, word):
    rows = table_of_winners(word).rows
    put(rows[3].cells[0], "")
    word.add_paragraph("{%tr endfor %}")
    assert any(
        "không cùng kiểu hoặc không cùng ô, cùng bảng với thẻ mở {%tr for r in rows %}" in p for p in problems_of(word)
    )


def test_headers_footers_and_footnotes_are_read_too(app, word):
    word.sections[0].header.paragraphs[0].add_run("{{ sai_mot }}")
    word.sections[0].footer.paragraphs[0].add_run("{{ sai_hai }}")
    told = " ".join(problems_of(word))
    assert "Đầu trang: thẻ {{ sai_mot }}" in told
    assert "Chân trang" in told
    assert "thẻ {{ sai_hai }}" in told


def test_tags_where_nothing_is_filled_are_told(app):
    data = with_part(
        load(CODE).read_bytes(),
        "docProps/app.xml",
        lambda xml: xml.replace("</Properties>", "<Manager>{{ title }}</Manager></Properties>"),
    )
    assert looked_at(data)[0] == ["Thuộc tính của tệp: có thẻ ở nơi không được điền dữ liệu."]


# --- what has to be printed


def without(document, tag):
    for paragraph in document.element.body.iter(qn("w:p")):
        if tag in "".join(paragraph.itertext(qn("w:t"))):
            for text in paragraph.iter(qn("w:t")):
                text.text = ""
    return document


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("number_text", "Mẫu không in trường bắt buộc “Số, ký hiệu”; thêm thẻ {{ number_text }}."),
        ("signature.name", "Mẫu không in trường bắt buộc “Họ và tên người ký”; thêm thẻ {{ signature.name }}."),
        ("subject", "Mẫu không in trường bắt buộc “Trích yếu”; thêm thẻ {{ subject }}."),
    ],
)
def test_an_obligatory_field_that_is_printed_nowhere_is_told(app, word, tag, said):
    assert said in problems_of(without(word, tag))


def test_a_field_that_is_only_asked_for_is_not_printed(app, word):
    without(word, "total_in_words").add_paragraph("{% if total_in_words %}x{% endif %}")
    assert any("Tổng tiền thưởng bằng chữ" in problem for problem in problems_of(word))


def test_a_table_that_is_gone_is_told(app, word):
    table = table_of_winners(word)._tbl
    table.getparent().remove(table)
    assert "{%tr for r in rows %} {{ r.stt }} … {%tr endfor %}" in " ".join(problems_of(word))


def test_a_column_left_out_on_purpose_is_a_remark(app, word):
    put(table_of_winners(word).rows[2].cells[5], "")
    assert looked_at(saved(word)) == ([], ["Bảng “Danh sách đạt giải” không in: Điểm."])


# --- what may not stand in a template


def add_field(paragraph, *pieces):
    for kind in ("begin", *pieces, "end"):
        run = paragraph.add_run()
        if kind in ("begin", "end"):
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = kind
        run._r.append(mark)


@pytest.mark.parametrize(
    "pieces", [(' INCLUDETEXT "/etc/passwd" ',), (" INCLUDE", "PICTURE x ")], ids=["whole", "split"]
)
@pytest.mark.parametrize("place", ["body", "header", "footer"])
def test_fields_that_fetch_are_refused_wherever_they_stand(app, word, place, pieces):
    section = word.sections[0]
    parts = {"body": word, "header": section.header, "footer": section.footer}
    add_field(parts[place].paragraphs[0], *pieces)
    name = "".join(pieces).split()[0]
    assert f"trường word {name} không dùng được trong mẫu".lower() in " ".join(problems_of(word)).lower()


@pytest.mark.parametrize("name", ["DDEAUTO", "DDE", "LINK", "IMPORT", "DATABASE", "MERGEFIELD", "DATE", "MACROBUTTON"])
def test_a_simple_field_is_judged_by_its_name(app, word, name):
    xml = f'<w:fldSimple {nsdecls("w")} w:instr=" {name.lower()} x y "><w:r><w:t>x</w:t></w:r></w:fldSimple>'
    word.add_paragraph()._p.append(parse_xml(xml))
    assert problems_of(word) == [f"Gần “x”: trường Word {name} không dùng được trong mẫu; thay bằng chữ hoặc thẻ."]


def test_a_field_inside_a_field_does_not_hide(app, word):
    paragraph = word.add_paragraph()
    for kind in ("begin", " IF 1 = 1 ", "begin", " INCLUDETEXT x ", "end", "end"):
        run = paragraph.add_run()
        mark = OxmlElement("w:fldChar" if kind in ("begin", "end") else "w:instrText")
        if kind in ("begin", "end"):
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark.text = kind
        run._r.append(mark)
    told = " ".join(problems_of(word))
    assert "Trường Word IF" in told
    assert "Trường Word INCLUDETEXT" in told


@pytest.mark.parametrize(
    ("xml", "said"),
    [
        ('<w:altChunk {w} xmlns:r="http://x" r:id="rId1"/>', "có tệp hoặc đối tượng nhúng"),
        ("<w:p {w}><w:r><w:object/></w:r></w:p>", "có tệp hoặc đối tượng nhúng"),
        ("<w:p {w}><w:ins w:id='1' w:author='A'><w:r><w:t>mới</w:t></w:r></w:ins></w:p>", "còn theo dõi thay đổi"),
        ("<w:p {w}><w:r><w:commentReference w:id='1'/></w:r></w:p>", "còn nhận xét bên lề"),
    ],
)
def test_what_word_carries_beside_text_is_refused(app, word, xml, said):
    word.element.body.insert(0, parse_xml(xml.format(w=nsdecls("w"))))
    assert said in problems_of(word)[0].lower()


@pytest.mark.parametrize(("element", "said"), [("mailMerge", "trộn thư"), ("attachedTemplate", "mẫu Word khác")])
def test_settings_that_reach_out_are_refused(app, element, said):
    data = with_part(
        load(CODE).read_bytes(),
        "word/settings.xml",
        lambda xml: xml.replace("</w:settings>", f"<w:{element}/></w:settings>"),
    )
    assert said in looked_at(data)[0][0]


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "\\\\\\\\server\\share", "javascript:alert(1)", "http://a/x.png"]
)
def test_relationships_lead_to_web_pages_only(app, target):
    kind = "image" if target.endswith("png") else "hyperlink"
    link = (
        f'<Relationship Id="rId99" TargetMode="External" Target="{escape(target)}" Type='
        f'"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"/></Relationships>'
    )
    data = with_part(
        load(CODE).read_bytes(), "word/_rels/document.xml.rels", lambda xml: xml.replace("</Relationships>", link)
    )
    assert looked_at(data)[0] == [f"Có liên kết ra ngoài không được phép: {target}."]


# --- harm


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_passes(app, word, payload):
    """Looking through alone finds each of them; filling would refuse it once more."""
    word.add_paragraph(payload)
    assert problems_of(word) != []


@pytest.mark.parametrize("text", ["{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}", "{{ a" + ".b" * 20000 + " }}"])
def test_a_tag_of_endless_depth_is_only_wrong(app, word, text):
    word.add_paragraph(text)
    assert problems_of(word) != []


def test_very_many_mistakes_are_cut(app, word):
    for number in range(200):
        word.add_paragraph(f"{{{{ sai_{number} }}}}")
    assert len(problems_of(word)) == 60


def test_a_stranger_file_is_no_template(app):
    assert "Tệp không phải văn bản Word (.docx)." in looked_at(a_workbook())[0]


def a_workbook():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return out.getvalue()


def test_an_empty_word_file_lacks_everything_obligatory(app):
    told, _remarks = looked_at(saved(Document()))
    assert len(told) == len(list(templates_check._required(load(CODE).manifest.fields, "")))


def test_a_template_is_what_its_bytes_are(app, tmp_path):
    path = tmp_path / "x.docx"
    path.write_bytes(b"PK\x03\x04")
    kind = load(CODE)
    broken = Template(kind.code, kind.manifest, path, "", kind.folder)
    (problem,) = templates_check.look_through(broken, now=None).problems
    assert template_words.sentence(problem) == (
        "Mẫu “result_decision” không phải tệp Word (.docx) đọc được (File is not a zip file)."
    )
