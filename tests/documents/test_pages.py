"""The papers as pages: what a reader, or an inspector with a ruler, sees in the PDF."""

import ctypes
import unicodedata

import pypdfium2
import pypdfium2.raw as raw
import pytest

from app.adapters.pdf import find_soffice
from app.documents.templating.rendering import render, render_many
from app.documents.templating.store import load
from doc_templates.engine.widths import bold_width
from tests.documents.conftest import CODES, converted, sample_paper
from tests.documents.word_files import find, opened, text_of

POINTS_PER_MM = 72 / 25.4
COUNTRY, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
ADMINISTRATIVE = [code for code in CODES if "head" in load(code).sample()]
TITLED = [code for code in ADMINISTRATIVE if "title" in load(code).sample()]
WIDE = ("score_summary", "intake_book")
ANNEXED = ("forwarding", "result_decision", "rules")
OF_A_PERSON = ("registration", "description")
needs_converter = pytest.mark.skipif(find_soffice() is None, reason="LibreOffice is not installed")


class Page:
    """One page with its text boxes and its horizontal lines, in millimetres from the lower left corner."""

    def __init__(self, page):
        self.page = page
        self.text_page = page.get_textpage()
        self.text = self.text_page.get_text_range()

    def boxes(self, text):
        """One box for each line that the first occurrence of `text` takes."""
        found = self.text_page.search(text, match_case=True).get_next()
        assert found, text
        count = self.text_page.count_rects(*found)
        return [tuple(v / POINTS_PER_MM for v in self.text_page.get_rect(n)) for n in range(count)]

    def rows(self):
        """One box for each line of text."""
        rows = {}
        for number in range(self.text_page.count_rects()):
            left, bottom, right, top = (v / POINTS_PER_MM for v in self.text_page.get_rect(number))
            row = rows.setdefault(round((bottom + top) / 2 / 3), [left, bottom, right, top])
            rows[round((bottom + top) / 2 / 3)] = [min(row[0], left), bottom, max(row[2], right), top]
        return [tuple(row) for row in rows.values()]

    def lines(self):
        """(left, right, height) of every thin horizontal path."""
        for item in self.page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH]):
            left, bottom, right, top = (ctypes.c_float() for _ in range(4))
            raw.FPDFPageObj_GetBounds(item, left, bottom, right, top)
            box = [side.value / POINTS_PER_MM for side in (left, bottom, right, top)]
            if box[3] - box[1] < 0.8 and box[2] - box[0] > 5:
                yield box[0], box[2], (box[1] + box[3]) / 2


def first_page(pdf):
    return Page(pypdfium2.PdfDocument(pdf)[0])


def rule_below(page, box):
    """The line right under a text box: (left, right, height)."""
    near = {line for line in page.lines() if 0 < box[1] - line[2] < 3.5 and line[0] < box[2] and line[1] > box[0]}
    assert len(near) == 1, near
    return near.pop()


def test_head_lines_do_not_wrap(code, pdf):
    page = first_page(pdf)
    data = load(code).sample()
    lines = [COUNTRY, MOTTO, data.get("number_text", "").strip()]
    lines += [data.get("place_date", "")] if code not in OF_A_PERSON else []
    lines += data.get("head", {}).get("agency_lines", [])
    for line in filter(None, lines):
        if "   " not in line:
            assert len(page.boxes(line)) == 1, line


def test_the_motto_is_ruled_in_its_full_length(pdf):
    page = first_page(pdf)
    left, _, right, _ = box = page.boxes(MOTTO)[0]
    start, end, _ = rule_below(page, box)
    assert start == pytest.approx(left, abs=0.7)
    assert end == pytest.approx(right, abs=0.7)


@pytest.mark.parametrize("code", ADMINISTRATIVE)
def test_the_agency_is_ruled_for_a_third_to_a_half(code, pdf):
    page, data = first_page(pdf), load(code).sample()
    agency = page.boxes(data["head"]["agency_lines"][-1])[0]
    start, end, _ = rule_below(page, agency)
    assert 1 / 3 <= (end - start) / (agency[2] - agency[0]) <= 1 / 2
    assert (start + end) / 2 == pytest.approx(30 + (110 if code in WIDE else 66) / 2, abs=1.0)


@pytest.mark.parametrize("code", TITLED)
def test_the_subject_is_ruled_for_a_third_to_a_half(code, pdf):
    page, data = first_page(pdf), load(code).sample()
    across, title = 247 if code in WIDE else 160, page.boxes(data["title"])[0]
    start, end, height = max((line for line in page.lines() if line[2] < title[1]), key=lambda line: line[2])
    rows = [row for row in page.rows() if height < row[1] and row[3] < title[3]]
    assert rows
    assert 0 < min(row[1] for row in rows) - height < 3.5
    assert 1 / 3 <= (end - start) / max(row[2] - row[0] for row in rows) <= 1 / 2
    assert (start + end) / 2 == pytest.approx(30 + across / 2, abs=1.0)


def test_every_letter_can_be_read_back(code, pdf):
    """No Vietnamese letter is lost on the way from the Word document to the text of the PDF."""
    document = pypdfium2.PdfDocument(pdf)
    pages = "".join(page.get_textpage().get_text_range() for page in document)
    wanted = {c for c in text_of(sample_paper(code)) if c.isalpha()}
    assert wanted <= set(unicodedata.normalize("NFC", pages))


def test_page_numbers_start_on_the_second_page_of_the_paper_and_of_its_annex(code, pdf):
    """They stand in the middle of the top margin; a paper and its annex are numbered each on its own."""
    number = 0
    for page in map(Page, pypdfium2.PdfDocument(pdf)):
        begins = code in ANNEXED and number and "(Kèm theo" in page.text
        number = 1 if begins else number + 1
        height, width = page.page.get_height(), page.page.get_width()
        top = page.text_page.get_text_bounded(bottom=height - 19 * POINTS_PER_MM).strip()
        assert top == ("" if number == 1 else str(number))
        if top:
            left, _, right, _ = page.boxes(top)[0]
            assert (left + right) / 2 == pytest.approx((30 + width / POINTS_PER_MM - 20) / 2, abs=1.0)


def test_the_end_of_a_paper_is_never_parted(code, pdf):
    """Who signs, Nơi nhận and the code stand on one page."""
    data, pages = load(code).sample(), [Page(page) for page in pypdfium2.PdfDocument(pdf)]
    wanted = [*data["signature"]["capacity_lines"], data["signature"]["name"], "Mã kiểm tra: "]
    wanted += ["Nơi nhận:"] if "recipients" in data else []
    assert [page for page in pages if all(text in page.text for text in wanted)]


@needs_converter
def test_a_long_name_wraps_on_the_left_and_the_head_on_the_right_never_does():
    template = load("plan")
    head = {"agency_lines": ["ỦY BAN NHÂN DÂN", "PHƯỜNG BẮC HỒNG LĨNH VÀ CÁC VÙNG LÂN CẬN"]}
    day = "Bắc Hồng Lĩnh, ngày 25 tháng 12 năm 2026"
    (pdf,) = converted([render(template, template.sample() | {"head": head, "place_date": day})])
    page = first_page(pdf)
    assert [len(page.boxes(line)) for line in (COUNTRY, MOTTO, day)] == [1, 1, 1]
    assert bold_width(head["agency_lines"][1], 12) > 66
    assert bold_width(COUNTRY, 12) < 94


@needs_converter
def test_long_texts_stay_on_one_certificate():
    template = load("certificate")
    sample = template.sample() | {
        "entry_title": "Ứng dụng bản đồ số và tổ công nghệ cộng đồng trong hướng dẫn người cao tuổi, người khuyết "
        "tật thực hiện dịch vụ công trực tuyến toàn trình tại nhà trên địa bàn",
        "recipient_detail": "Công chức, Bộ phận tiếp nhận và trả kết quả thuộc Văn phòng Hội đồng nhân dân và Ủy ban "
        "nhân dân phường Bắc Hồng Lĩnh, tỉnh Hà Tĩnh",
        "co_authors": "Trần Quốc Toàn, Nguyễn Thị Minh Nguyệt, Phạm Văn Hùng, Lê Thị Thanh Tâm",
    }
    (pdf,) = converted([render(template, sample)])
    assert len(pypdfium2.PdfDocument(pdf)) == 1


@needs_converter
def test_the_signature_takes_a_sentence_along_to_the_next_page():
    """Papers that end near the foot of a page: the page with the signature always begins with text."""
    template = load("submission")
    samples = []
    for extra in range(4, 9):
        samples.append(template.sample() | {"report": ["Một nội dung của kết quả tổ chức cuộc thi"] * extra})
    for pdf in converted(render_many(template, samples)):
        signed = [p for p in pypdfium2.PdfDocument(pdf) if "TM. BAN TỔ CHỨC" in p.get_textpage().get_text_range()]
        assert ["Kính đề nghị" in page.get_textpage().get_text_range() for page in signed] == [True]


def test_a_title_leaves_no_word_alone():
    template = load("submission")
    title = "Về việc đề nghị công nhận kết quả và trao giải cuộc thi viết “Sáng kiến, giải pháp cải cách” năm"
    paper = render(template, template.sample() | {"subject": title})
    indent = find(opened(paper), title).paragraph_format
    assert indent.left_indent == indent.right_indent
    assert indent.left_indent.mm > 20
