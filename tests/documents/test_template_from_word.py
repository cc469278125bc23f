"""Templates with all that Microsoft Word writes into a file it saves (`word_saved.py`): made so, not by Word itself."""

import pytest

from app.documents.templating.rendering import render
from app.documents.templating.store import Template, load
from tests.documents.test_template_check import looked_at
from tests.documents.word_files import parts, text_of
from tests.documents.word_saved import as_word_saves

SAID = "Câu mà phường đã sửa trong Word."


def filled(code, data, tmp_path):
    kind = load(code)
    path = tmp_path / "mau.docx"
    path.write_bytes(data)
    return render(Template(code, kind.manifest, path, "", kind.folder), kind.sample())


def said(data):
    return [line for line in text_of(data).splitlines() if line]


def test_each_kind_saved_by_word_is_taken_and_says_the_same(app, code, paper, tmp_path):
    data = as_word_saves(load(code).read_bytes())
    assert data.count(b"word/theme/theme1.xml") == 2
    assert looked_at(data, code) == ([], [])
    assert said(filled(code, data, tmp_path)) == said(paper)


def test_a_changed_sentence_stands_in_the_next_paper(app, tmp_path):
    def change(xml):
        return xml.replace("{{ closing|closed('./.') }}", f"{SAID} {{{{ closing|closed('./.') }}}}")

    data = as_word_saves(load("submission").read_bytes(), change)
    assert looked_at(data, "submission") == ([], [])
    assert any(line.startswith(SAID) for line in said(filled("submission", data, tmp_path)))


def test_a_tag_in_a_content_control_is_filled(app, tmp_path):
    def change(xml):
        start = xml.index("<w:p>", xml.index("</w:tbl>"))
        end = xml.index("</w:p>", start) + len("</w:p>")
        held = f"<w:sdt><w:sdtPr><w:id w:val='7'/></w:sdtPr><w:sdtContent>{xml[start:end]}</w:sdtContent></w:sdt>"
        return xml[:start] + held + xml[end:]

    data = as_word_saves(load("submission").read_bytes(), change)
    assert b"w:sdtContent" in parts(data)["word/document.xml"]
    assert looked_at(data, "submission") == ([], [])
    assert (
        load("submission").sample()["title"]
        in parts(filled("submission", data, tmp_path))["word/document.xml"].decode()
    )


@pytest.mark.parametrize(
    ("right", "typed", "told"),
    [
        ("{{ r.amount }}", "{{ r.tien }}", "Bảng 2, dòng 3: thẻ {{ r.tien }} không có trong danh mục trường"),
        ("{{ r.amount }}", "{{ r.amount }", "Bảng 2, dòng 3"),
    ],
)
def test_a_mistake_is_told_with_table_row_and_tag(app, right, typed, told):
    data = as_word_saves(load("payment_list").read_bytes(), lambda xml: xml.replace(right, typed))
    assert any(told in problem for problem in looked_at(data, "payment_list")[0])
