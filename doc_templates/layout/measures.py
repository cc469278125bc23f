"""The sizes of Nghị định 30/2020/NĐ-CP, Phụ lục I, as used by all papers. Millimetres and points."""

PAGE_WIDTH, PAGE_HEIGHT = 210.0, 297.0
TOP, BOTTOM, LEFT, RIGHT = 20.0, 20.0, 30.0, 20.0
HEADER, FOOTER = 10.0, 8.0
TEXT_WIDTH = PAGE_WIDTH - LEFT - RIGHT
WIDE_TEXT_WIDTH = PAGE_HEIGHT - LEFT - RIGHT

# Quốc hiệu needs 88.3 mm in bold 12 and must not wrap; the agency's lines have the rest.
HEAD_LEFT, HEAD_RIGHT = 66.0, 94.0
SIGN_LEFT, SIGN_RIGHT = 72.0, 88.0
SIGNATURE_SPACE_PT = 76.0
CODE_WIDTH = 44.0

INDENT = 12.7
FONT = "Times New Roman"
LANGUAGE = "vi-VN"
BRONZE = "7A5230"

COUNTRY = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
MOTTO_SIZE = 13.0


def twips(mm: float) -> str:
    """Millimetres as the twentieths of a point that WordprocessingML counts in."""
    return str(round(mm * 1440 / 25.4))
