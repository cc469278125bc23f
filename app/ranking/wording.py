"""Words that the papers of a result share: titles inside sentences, names, sums, references to other papers."""

from datetime import datetime
from decimal import Decimal

from app.accounts.models import User
from app.contests.models import BoardMember, Contest
from app.core.db import db
from app.core.vietnamese import decimal_text, money, money_in_words, official_date, parse_datetime, to_local
from app.documents import queries as papers
from app.documents.models import Document
from app.entries.models import Entry
from app.organisations.capacity import office_at
from app.organisations.models import Organisation, Signatory
from app.ranking import queries

ORGANISERS = "Ban Tổ chức cuộc thi"


def in_sentence(contest: Contest) -> str:
    """The title as it stands inside a sentence: `cuộc thi viết “…”`."""
    first, _space, rest = contest.title.partition(" ")
    return f"{first.lower()} {rest}" if first in ("Cuộc", "Hội") else contest.title


def bare(text: str) -> str:
    """A text without its end punctuation."""
    return text.strip().removesuffix("./.").rstrip(" .;,")


def host_of(contest: Contest) -> Organisation:
    """The organisation that holds the contest."""
    return db.session.get(Organisation, contest.organisation_id)


def whose(host: Organisation, signatory: Signatory | None) -> str:
    """Whose decision it is, inside a sentence: `Chủ tịch Ủy ban nhân dân phường …`."""
    return office_at(signatory.title, host.name) if signatory else host.name


def lead_of(contest: Contest, board: str) -> BoardMember | None:
    """The head of a board, else its first member."""
    seats = [member for member in contest.members if member.board == board]
    return next((member for member in seats if member.is_head), seats[0] if seats else None)


def name_of(member: BoardMember | None, honorific: bool = False) -> str:
    """A member's name, nothing for nobody."""
    if member is None:
        return ""
    return f"{member.honorific if honorific else ''} {member.full_name}".strip()


def signing_name(member: BoardMember | None) -> str:
    """The account's name, which is the one that signs."""
    user = db.session.get(User, member.user_id) if member and member.user_id else None
    return user.full_name if user else name_of(member)


def seat_words(member: BoardMember | None, otherwise: str) -> str:
    """`Bà Trần Thị Thu Hà, Trưởng ban Ban Giám khảo`."""
    if member is None:
        return otherwise
    body = {"jury": "Ban Giám khảo", "secretariat": "Tổ Thư ký"}[member.board]
    return f"{name_of(member, True)}, {member.seat} {body}"


def typed(text: str | None, otherwise: datetime) -> datetime:
    """The moment that was typed on the form of the lock."""
    return parse_datetime(text) if text else otherwise


def moment(at: datetime) -> str:
    """`14 giờ 00 phút, ngày 17 tháng 10 năm 2024`."""
    local = to_local(at)
    return f"{local:%H} giờ {local:%M} phút, {official_date(local.date())}"


def score(entry: Entry) -> str:
    """The mean with two decimals, halves up."""
    return decimal_text(entry.score_mean, 2)


def scale(contest: Contest) -> str:
    """The highest total of the rubric."""
    return decimal_text(sum((criterion.max_score for criterion in contest.criteria), Decimal(0)))


def prize_names(contest: Contest) -> dict[int, str]:
    """Names of the contest's prizes by number."""
    return {prize.id: prize.name for prize in contest.prizes}


def short_prize(prize: str) -> str:
    """`Giải Nhất` in a column or sentence that says "giải" already: `Nhất`."""
    return prize.removeprefix("Giải ").removeprefix("giải ")


def authors(entry: Entry) -> str:
    """Names of the authors in one line; a group with its unit."""
    names = ", ".join(author.full_name for author in entry.authors)
    return f"Tập thể {entry.unit.name}: {names}" if entry.kind == "collective" else names


def total_words(contest: Contest) -> str:
    """All prize money in figures and in words."""
    total = queries.awarded_money(contest.id)
    return f"{money(total)} (Bằng chữ: {money_in_words(total)})"


def source_of_money(contest: Contest) -> str:
    """Where the money comes from: the plan's own sentence, or one around the source that it names."""
    text = bare(contest.budget_text)
    if not text:
        return "Kinh phí thực hiện theo kế hoạch của cuộc thi"
    return text if text.startswith("Kinh phí") else f"Kinh phí trích từ {text[:1].lower()}{text[1:]}"


def paper_bases(contest: Contest, template_code: str) -> list[str]:
    """The issued plan or minutes as a legal basis; nothing while it is not issued."""
    document = papers.paper_of(template_code, contest_id=contest.id)
    if document is None or document.state != "issued":
        return []
    body = "Ban Giám khảo" if template_code == "minutes" else host_of(contest).name
    about = f" về việc tổ chức {in_sentence(contest)}" if template_code == "plan" else ""
    return [f"Căn cứ {document.type_name} {symbol_and_day(document)} của {body}{about}"]


def symbol_and_day(document: Document) -> str:
    """`số 41/KH-UBND ngày 15 tháng 5 năm 2024`."""
    return f"số {document.symbol} {official_date(document.issued_on)}"
