"""What an office may start from, each offered by a button and free to change; no law fixes any of it.

The fields are those of the plan of UBND phường Trung Lương of May 2024; the rubric follows the scales that contests
of this kind use (100 points); the rest is common practice.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from app.contests import ties
from app.contests.models import Contest

FIELDS = (
    "Cải cách thể chế",
    "Cải cách thủ tục hành chính",
    "Cải cách tổ chức bộ máy",
    "Cải cách chế độ công vụ",
    "Cải cách tài chính công",
    "Xây dựng và phát triển chính quyền số",
    "Dịch vụ công trực tuyến toàn trình",
    "Dịch vụ bưu chính công ích",
    "Tuyên truyền cải cách hành chính",
    "Cải thiện môi trường kinh doanh, thu hút đầu tư",
)
CRITERIA = (
    (
        "novelty",
        "Tính mới, sáng tạo",
        30,
        "27–30: hoàn toàn mới\n21–26,5: cải tiến khá so với cách làm đã có\n15–20,5: cải tiến ở mức trung bình\n"
        "0,5–14,5: ít điểm mới\n0: không mới hoặc sao chép",
    ),
    (
        "effect",
        "Hiệu quả",
        30,
        "27–30: có số liệu trước và sau khi áp dụng, lợi ích lớn\n21–26,5: có số liệu, lợi ích rõ\n"
        "15–20,5: có lợi ích, số liệu chưa đầy đủ\n0,5–14,5: lợi ích mới là dự kiến\n0: không nêu được hiệu quả",
    ),
    (
        "applicability",
        "Khả năng áp dụng, nhân rộng",
        25,
        "22,5–25: áp dụng được ngay cho nhiều đơn vị\n17,5–22: áp dụng được cho đơn vị cùng loại\n"
        "12,5–17: áp dụng được trong đơn vị tác giả\n0,5–12: khó áp dụng\n0: không áp dụng được",
    ),
    (
        "feasibility",
        "Tính phù hợp, khả thi",
        5,
        "4,5–5: đúng quy định, đủ nguồn lực\n3–4: đúng quy định, cần bổ sung ít nguồn lực\n"
        "0,5–2,5: còn vướng về quy định hoặc nguồn lực\n0: không phù hợp",
    ),
    (
        "presentation",
        "Hình thức trình bày",
        10,
        "9–10: rõ ràng, minh chứng đầy đủ\n7–8,5: khá rõ, còn lỗi nhỏ\n5–6,5: đọc hiểu được, thiếu minh chứng\n"
        "0,5–4,5: sơ sài\n0: không đúng mẫu",
    ),
)
PRIZES = (("Giải Nhất", 1), ("Giải Nhì", 2), ("Giải Ba", 3), ("Giải Khuyến khích", 4))
CHECKLIST = (
    "Đúng đối tượng dự thi",
    "Đúng lĩnh vực của cuộc thi",
    "Đủ hồ sơ theo mẫu, có xác nhận của đơn vị",
    "Nộp đúng hạn",
    "Không trùng lặp với sáng kiến, giải pháp đã áp dụng",
)
TIES = ("criterion:novelty", "criterion:effect", "earlier_submission")


def _rules(contest: Contest) -> dict[str, Any]:
    return {
        "max_authors": 5,
        "combination": "mean",
        "score_step": Decimal("0.5"),
        "deviation_percent": Decimal(20),
        "threshold": Decimal(50),
        "zero_fails": True,
        "min_judges": 3,
        "same_unit_conflicts": True,
        "blind": True,
        "tie_rules": ties.fitting(ties.stored(TIES), {criterion.key for criterion in contest.criteria}),
    }


DEFAULTS: Mapping[str, Callable[[Contest], dict[str, Any]]] = {
    "linh-vuc": lambda contest: {"fields": [{"name": name} for name in FIELDS]},
    "tieu-chi": lambda contest: {
        "criteria": [
            {"key": key, "name": name, "max_score": Decimal(most), "bands": bands}
            for key, name, most, bands in CRITERIA
        ]
    },
    "giai-thuong": lambda contest: {"prizes": [{"name": name, "slots": slots, "amount": 0} for name, slots in PRIZES]},
    "danh-muc": lambda contest: {"checklist": [{"text": text} for text in CHECKLIST]},
    "quy-tac": _rules,
}
"""By part: the values that its button puts in."""
