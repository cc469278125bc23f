"""The decision that puts the rules of a contest (Thể lệ) into force, with the rules written out from its settings."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from app.contests import wording
from app.contests.documents import DOSSIER, timeline
from app.contests.models import Contest
from app.contests.wording import bare, points
from app.core.vietnamese import decimal_text, money, short_date
from app.documents import contexts
from app.documents.services import Drawn, draws
from workflows import CONTEST

MEANS = {
    "mean": "trung bình cộng điểm của các giám khảo",
    "drop_extremes": "trung bình cộng điểm của các giám khảo sau khi bỏ một điểm cao nhất và một điểm thấp nhất",
}
TIES = {"earlier_submission": "Hồ sơ nộp sớm hơn", "fewer_authors": "Hồ sơ có ít tác giả hơn"}
ONE_CRITERION = "criterion:"

Clause = dict[str, Any]


@draws("rules", CONTEST)
def rules(contest: Contest, *, now: datetime) -> Drawn:
    """The decision and the rules."""
    host, name = wording.host_of(contest), wording.name_in_sentence(contest)
    subject = f"Ban hành Thể lệ {name}"
    series = f"QĐ-{host.symbol}"
    others = "thành viên Ban Tổ chức, Ban Giám khảo, Tổ Thư ký, các đơn vị và cá nhân dự thi"
    context = wording.frame("rules", contest, wording.recipients_of_decision(contest, 3), now) | {
        "subject": subject,
        "legal_bases": wording.bases(contest),
        "proposer": f"Theo đề nghị của {wording.leading_office(contest)}",
        "articles": [
            {"text": f"Ban hành kèm theo Quyết định này Thể lệ {name}"},
            {"text": "Quyết định này có hiệu lực kể từ ngày ký"},
            {"text": wording.duty(contest, others)},
        ],
        "attached_title": "Thể lệ",
        "attached_subject": f"{name[0].upper()}{name[1:]}",
        "annex_reference": contexts.annex_reference("rules", host.name, series, now=now),
        "chapters": _chapters(contest),
    }
    return Drawn(context, subject, contest.id, contest.organisation_id)


def _chapters(contest: Contest) -> list[dict[str, Any]]:
    """The articles are numbered through all chapters."""
    chapters = (
        ("Quy định chung", (("Đối tượng dự thi", _eligible), ("Nội dung, lĩnh vực dự thi", _fields))),
        ("Hồ sơ và thời hạn", (("Hồ sơ dự thi", _dossier), ("Thời hạn", _dates))),
        ("Chấm điểm và giải thưởng", (("Tiêu chí và cách chấm điểm", _scoring), ("Cơ cấu giải thưởng", _prizes))),
        ("Tổ chức thực hiện", (("Khiếu nại", _complaints), ("Quyền sử dụng", _use))),
    )
    numbers = iter(range(1, 100))
    return [
        {
            "title": title,
            "articles": [
                {"number": next(numbers), "title": heading, "clauses": list(clauses(contest))}
                for heading, clauses in articles
            ],
        }
        for title, articles in chapters
    ]


def _clause(text: str, *its_points: str) -> Clause:
    return {"text": text, "points": list(its_points)} if its_points else {"text": text}


def _eligible(contest: Contest) -> Iterator[Clause]:
    yield _clause(bare(contest.eligible_collective))
    yield _clause(bare(contest.eligible_individual))
    yield _clause(f"Mỗi hồ sơ có không quá {contest.max_authors:02} tác giả; tổng tỷ lệ đóng góp là 100%")


def _fields(contest: Contest) -> Iterator[Clause]:
    yield _clause("Nội dung dự thi", *points(contest.content))
    yield _clause(
        "Sáng kiến, giải pháp thuộc một trong các lĩnh vực sau", *(bare(field.name) for field in contest.fields)
    )
    if contest.novelty_cutoff_on:
        until = short_date(contest.novelty_cutoff_on)
        yield _clause(
            f"Sáng kiến, giải pháp không trùng với sáng kiến đã áp dụng tại {wording.host_of(contest).name} "
            f"đến hết ngày {until}"
        )


def _dossier(contest: Contest) -> Iterator[Clause]:
    yield _clause("Hồ sơ nộp trực tuyến trên hệ thống của cuộc thi, gồm", *DOSSIER)
    yield _clause("Hồ sơ đã nộp chỉ được sửa khi có yêu cầu bổ sung")


def _dates(contest: Contest) -> Iterator[Clause]:
    yield from (_clause(f"{step}: {time}") for step, time in timeline(contest))


def _scoring(contest: Contest) -> Iterator[Clause]:
    scale = sum((criterion.max_score for criterion in contest.criteria), Decimal(0))
    criteria = (f"{bare(one.name)}: tối đa {decimal_text(one.max_score)} điểm" for one in contest.criteria)
    yield _clause(f"Thang điểm {decimal_text(scale)}, gồm", *criteria)
    unseen = "; giám khảo không biết tên tác giả, đơn vị của hồ sơ" if contest.blind else ""
    yield _clause(f"Mỗi hồ sơ do ít nhất {contest.min_judges:02} giám khảo chấm độc lập{unseen}")
    yield _clause(f"Điểm của hồ sơ là {MEANS[contest.combination]}, làm tròn đến hai chữ số thập phân")
    limit = decimal_text((scale * contest.deviation_percent / 100).quantize(Decimal("0.01")))
    yield _clause(f"Điểm của các giám khảo chênh lệch trên {limit} điểm do Trưởng Ban Giám khảo quyết định")
    zero = ", hồ sơ có tiêu chí bị tất cả giám khảo cho 0 điểm" if contest.zero_fails else ""
    yield _clause(f"Hồ sơ dưới {decimal_text(contest.threshold)} điểm{zero} không được xét giải")
    if ties := [_tie(contest, rule) for rule in contest.tie_rules.split(",") if rule]:
        yield _clause("Các hồ sơ bằng điểm được xét ưu tiên lần lượt theo thứ tự", *ties)


def _tie(contest: Contest, rule: str) -> str:
    names = {f"{ONE_CRITERION}{criterion.key}": bare(criterion.name) for criterion in contest.criteria}
    return f"Hồ sơ có điểm tiêu chí “{names[rule]}” cao hơn" if rule in names else TIES[rule]


def _prizes(contest: Contest) -> Iterator[Clause]:
    given = (f"{prize.slots:02} {_small(prize.name)}, mỗi giải {money(prize.amount)}" for prize in contest.prizes)
    yield _clause("Giải thưởng gồm", *given)
    if contest.budget_text:
        yield _clause(wording.source_of_money(contest))


def _small(name: str) -> str:
    """`Giải Nhất` inside a sentence: `giải Nhất`."""
    return f"giải {name[5:]}" if name.startswith("Giải ") else name


def _complaints(contest: Contest) -> Iterator[Clause]:
    yield _clause(f"Ý kiến, khiếu nại gửi {wording.contact(contest)}")
    yield _clause("Tác giả chịu trách nhiệm về tính trung thực của hồ sơ")


def _use(contest: Contest) -> Iterator[Clause]:
    yield _clause(f"{wording.host_of(contest).name} được sử dụng sáng kiến, giải pháp dự thi để phổ biến, áp dụng")
    yield _clause("Quyền của tác giả thực hiện theo quy định của pháp luật về sáng kiến và sở hữu trí tuệ")
