"""The paragraph styles of all papers: every size, weight and distance of the decree stands in one table."""

from dataclasses import dataclass

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from doc_templates.engine.widths import bold_width

from .measures import BRONZE, FONT, HEAD_RIGHT, INDENT, LANGUAGE, MOTTO, MOTTO_SIZE, SIGNATURE_SPACE_PT, twips

CENTRE, LEFT, JUSTIFY = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.JUSTIFY
RIGHT = WD_ALIGN_PARAGRAPH.RIGHT


@dataclass(frozen=True)
class Look:
    """One style: `size`, `before` and `after` in points, `first` and `left` in millimetres."""

    size: float
    bold: bool = False
    italic: bool = False
    align: WD_ALIGN_PARAGRAPH = CENTRE
    before: float = 0
    after: float = 0
    first: float = 0
    left: float = 0
    line: float = 1.0
    keep: bool = False
    level: int | None = None
    colour: str = ""


LOOKS = {
    "Country": Look(12, bold=True),
    "Motto": Look(MOTTO_SIZE, bold=True),
    "Superior": Look(12),
    "Agency": Look(12, bold=True),
    "NumberLine": Look(13, before=6),
    "PlaceDate": Look(13, italic=True, before=6),
    "LetterSubject": Look(12, before=6),
    "DocTitle": Look(14, bold=True, before=16, keep=True),
    "DocSubject": Look(14, bold=True, keep=True),
    "Authority": Look(14, bold=True, before=12, after=6),
    "Addressee": Look(14, before=12, after=6),
    "AddresseeLead": Look(14, align=LEFT, before=12, left=18),
    "AddresseeItem": Look(14, align=LEFT, before=3, left=40, first=-3),
    "Basis": Look(14, italic=True, align=JUSTIFY, before=6, first=INDENT),
    "Body": Look(14, align=JUSTIFY, before=6, first=INDENT, line=1.05),
    "BodyLast": Look(14, align=JUSTIFY, before=6, first=INDENT, line=1.05, keep=True),
    "BodyPlain": Look(14, align=JUSTIFY, before=6, line=1.05),
    "Part": Look(14, bold=True, align=JUSTIFY, before=12, first=INDENT, keep=True, level=0),
    "Chapter": Look(14, bold=True, before=12, keep=True, level=0),
    "ChapterTitle": Look(14, bold=True, keep=True),
    "Clause": Look(14, bold=True, align=JUSTIFY, before=6, first=INDENT, keep=True, level=1),
    "Deciding": Look(14, bold=True, before=12, after=6, keep=True),
    "TableHead": Look(12, bold=True, before=2, after=2, keep=True),
    "TableText": Look(12, align=LEFT, before=2, after=2),
    "TableCentre": Look(12, before=2, after=2),
    "TableNumber": Look(12, align=RIGHT, before=2, after=2),
    "TableTotal": Look(12, bold=True, before=2, after=2),
    "TableTotalNumber": Look(12, bold=True, align=RIGHT, before=2, after=2),
    "RecipientsTitle": Look(12, bold=True, italic=True, align=LEFT),
    "RecipientLine": Look(11, align=LEFT),
    "SignCapacity": Look(14, bold=True, keep=True),
    "SignNote": Look(13, italic=True, keep=True),
    "SignName": Look(14, bold=True),
    "AnnexNumber": Look(14, bold=True, keep=True),
    "AnnexTitle": Look(14, bold=True, keep=True),
    "AnnexReference": Look(14, italic=True, after=8, keep=True),
    "AttachedReference": Look(14, italic=True, keep=True),
    "FormTitle": Look(14, bold=True, before=18, after=6, keep=True),
    "FormNote": Look(14, after=6),
    "PageNumber": Look(13),
    "VerifyLine": Look(9, align=LEFT),
    "Qr": Look(9, align=LEFT, before=8, keep=True),
    "QrText": Look(9, align=LEFT),
    "QrRight": Look(9, align=RIGHT, before=8, keep=True),
    "QrRightText": Look(9, align=RIGHT),
    "QrCentre": Look(9, before=8, keep=True),
    "QrCentreText": Look(9),
    "CertCountry": Look(14, bold=True),
    "CertMotto": Look(15, bold=True),
    "CertAuthority": Look(17, bold=True, before=12),
    "CertTitle": Look(38, bold=True, before=4, after=2, colour=BRONZE),
    "CertLead": Look(16, italic=True, before=4),
    "CertName": Look(26, bold=True, before=4),
    "CertLine": Look(16, before=4),
    "CertEntry": Look(17, bold=True, before=4),
    "CertBasis": Look(12, align=LEFT, before=2),
}
_SPACERS = {
    "SignSpace": SIGNATURE_SPACE_PT,
    "SignGap": 8.0,
    "TableGap": 6.0,
    "SectionEnd": 0.05,
    "CertGap": 10.0,
    "CertSpace": 58.0,
}
_KEPT = ("Normal", "Default Paragraph Font", "Normal Table", "No List", "Header", "Footer")
_RULES = ("RuleMotto", "RuleAgency", "RuleSubject", "CertRuleMotto")


def define_styles(document: Document) -> None:
    """Give `document` the styles of LOOKS, the rules and the spacers, all in the one font and language."""
    _drop_unused(document)
    _set_defaults(document)
    for name, look in LOOKS.items():
        _define(document, name, look)
    for name in _RULES:
        _define_rule(document, name)
    for name, height in _SPACERS.items():
        _exact_height(_add(document, name, 1), height)
    for name in ("SignSpace", "SignGap", "CertSpace"):
        document.styles[name].paragraph_format.keep_with_next = True


def _drop_unused(document: Document) -> None:
    """The blank document of python-docx brings some 160 styles along, which every paper would carry."""
    for style in list(document.styles):
        if style.name not in _KEPT:
            style.delete()


def _set_defaults(document: Document) -> None:
    defaults = document.styles.element.find(qn("w:docDefaults"))
    _set_font(defaults.find(f"{qn('w:rPrDefault')}/{qn('w:rPr')}"))
    normal = document.styles["Normal"]
    normal.font.size = Pt(14)
    _set_font(normal.element.get_or_add_rPr())
    normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.widow_control = True


def _set_font(properties) -> None:
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    fonts.attrib.clear()
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    language = OxmlElement("w:lang")
    for script in ("val", "eastAsia"):
        language.set(qn(f"w:{script}"), LANGUAGE)
    properties.append(language)


def _add(document: Document, name: str, size: float) -> ParagraphStyle:
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Normal"]
    style.quick_style = True
    style.font.size = Pt(size)
    return style


def _define(document: Document, name: str, look: Look) -> None:
    style = _add(document, name, look.size)
    style.font.bold, style.font.italic = look.bold, look.italic
    style.font.color.rgb = RGBColor.from_string(look.colour or "000000")
    shape = style.paragraph_format
    shape.alignment, shape.line_spacing = look.align, look.line
    shape.space_before, shape.space_after = Pt(look.before), Pt(look.after)
    shape.first_line_indent, shape.left_indent = Mm(look.first), Mm(look.left)
    shape.keep_with_next = look.keep
    if look.level is not None:
        level = OxmlElement("w:outlineLvl")
        level.set(qn("w:val"), str(look.level))
        style.element.get_or_add_pPr().append(level)


def _define_rule(document: Document, name: str) -> None:
    """A rule is an empty paragraph with a border: a real line, whose indents give its length."""
    style = _add(document, name, 1)
    _exact_height(style, 5)
    style.paragraph_format.space_before = Pt(2.5)
    borders, top = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for key, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{key}"), value)
    borders.append(top)
    style.paragraph_format.keep_with_next = name == "RuleSubject"
    properties = style.element.get_or_add_pPr()
    properties.find(qn("w:spacing")).addprevious(borders)


def motto_indent(column: float = HEAD_RIGHT, size: float = MOTTO_SIZE) -> str:
    """Indent in twips, on both sides, that leaves a rule exactly as long as the Tiêu ngữ in a column (mm)."""
    return twips((column - bold_width(MOTTO, size)) / 2)


def _exact_height(style: ParagraphStyle, points: float) -> None:
    style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    style.paragraph_format.line_spacing = Pt(points)
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
