"""The lines above a signature: in whose name and as what (Nghị định 30/2020/NĐ-CP, Điều 13; Phụ lục I, II.7)."""

import re
from collections.abc import Sequence

from app.core.vietnamese import upper

POWERS = {"deputy": "KT.", "order": "TL.", "authorised": "TUQ."}
"""How each kind of delegated power is written before the title."""

_BODY = re.compile(r"\s+(Ủy ban|Uỷ ban|UBND|Hội đồng|HĐND)\b.*")


def capacity_for(kind: str, authority: str, head: Sequence[str], title: str) -> list[str]:
    """The printed lines of who signs as `kind` (a value of `Signatory.kind`), with the own `title` as in a sentence.

    `head` holds the lines with which the head signs for the collective (`TM. ỦY BAN NHÂN DÂN`, `CHỦ TỊCH`). With the
    authority "head" nobody signs for the collective; by order and by authorisation one signs for the head alone.
    """
    collective, office = list(head[:-1]), head[-1]
    if kind == "head":
        return [office] if authority == "head" else [*collective, office]
    lines = [f"{POWERS[kind]} {office}", printed_title(title)]
    return [*collective, *lines] if kind == "deputy" and authority != "head" else lines


def printed_title(title: str) -> str:
    """A title as it stands above a name, without the body that the head of the paper names: `PHÓ CHỦ TỊCH`."""
    return upper(_BODY.sub("", title))


def office_at(title: str, body: str) -> str:
    """A title with the full name of its body, which the title may name already: `Chủ tịch Ủy ban nhân dân phường …`."""
    return f"{_BODY.sub('', title)} {body}"


def office_of(lines: Sequence[str]) -> str:
    """The head's office that a signature stands for: `CHỦ TỊCH` of `CHỦ TỊCH` as of `KT. CHỦ TỊCH`, `PHÓ CHỦ TỊCH`."""
    for line in lines:
        for words in POWERS.values():
            if line.startswith(f"{words} "):
                return line.removeprefix(words).strip()
    return lines[-1] if lines else ""
