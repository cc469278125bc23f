"""What is measured over HTTP: pages, files and acts, each beside its floor."""

import re
from collections.abc import Iterator
from itertools import count
from urllib.parse import urlencode

from tests.bench import world
from tests.bench.pairs import Client, Ratio, measure

WARMUP = 3
SEARCH = "thu tuc ho so"
HIDDEN = re.compile(r'<input[^>]*\bname="(csrf_token|version|key)"[^>]*\bvalue="([^"]*)"')
SCORES = {1: "27,5", 2: "24", 3: "20", 4: "4,5", 5: "8"}


def measure_all(size: int, people: dict[str, Client], floor: Client, pairs: int) -> Iterator[Ratio]:
    """Every page, then the acts, each on entries of its own."""
    office = people["office"]
    world.set_contest_state("judging")
    for name, path, rows, goal in (
        ("list of entries, 50 rows", "/ho-so", 50, 2.0),
        ("list by state, 50 rows", "/ho-so?trang-thai=scored", 50, 2.0),
        ("search without accents, 50 rows", f"/ho-so?{urlencode({'q': SEARCH})}", 50, 2.5),
        ("ranking, 250 rows", "/xep-hang", 250, 2.0),
        ("one entry", "/ho-so/SK-2026-000007", 40, 2.0),
    ):
        yield _page(name, office, path, floor, rows, goal, pairs)
    first = world.first_of(size)
    judge = people["judge"]
    yield _page(
        "score sheet, as its judge", judge, f"/cham-diem/{world.sheet_code(first['screened'])}", floor, 40, 2.0, pairs
    )
    yield _screen(office, floor, first["submitted"], pairs)
    yield _save_sheet(judge, floor, first["screened"], pairs)
    world.set_contest_state("open")
    yield _submit(people["author"], floor, first["draft"], pairs)
    yield _export(office, floor, size, pairs)


def _page(name: str, who: Client, path: str, floor: Client, rows: int, goal: float, pairs: int) -> Ratio:
    """A page against one of as many rows and bytes."""
    bytes_ = len(who.get(path))
    ours = (who, lambda: who.get(path))
    bare = (floor, lambda: floor.get(f"/rows/{rows}/{bytes_}"))
    return measure(name, ours, bare, goal=goal, pairs=pairs, note=f"{bytes_} bytes")


def _export(who: Client, floor: Client, size: int, pairs: int) -> Ratio:
    """All entries as CSV, against the same lines and bytes streamed."""
    path = "/ho-so/xuat.csv"
    body = who.get(path)
    lines = body.count(b"\r\n")
    assert lines > size, f"the export holds {lines} lines"
    ours = (who, lambda: who.get(path))
    bare = (floor, lambda: floor.get(f"/lines/{lines}/{len(body)}"))
    few = max(3, min(pairs, 30_000 // size))
    return measure("export, CSV, all", ours, bare, goal=2.0, pairs=few, warmup=1, note=f"{len(body)} bytes")


# --- acts ---------------------------------------------------------------------------------------------------------
def _screen(office: Client, floor: Client, first: int, pairs: int) -> Ratio:
    """Accepting entries whose checklist is done: state, trail, messages, one durable commit."""
    paths = [f"/ho-so/{world.entry_code(n)}/thao-tac/screen" for n in _numbers(first, pairs)]
    forms = iter([(path, urlencode(_hidden(office.get(path)))) for path in paths])
    ours = (office, lambda: office.post(*next(forms)))
    return measure("screen an entry (POST)", ours, _floor_save(floor), goal=2.0, pairs=pairs, warmup=WARMUP)


def _save_sheet(judge: Client, floor: Client, first: int, pairs: int) -> Ratio:
    """Saving a sheet of five criteria that was empty."""
    paths = [f"/cham-diem/{world.sheet_code(n)}" for n in _numbers(first, pairs)]
    typed = {f"score_{n}": text for n, text in SCORES.items()} | {"comment": "Giải pháp rõ ràng, làm được ngay."}
    forms = iter([(path, urlencode(_hidden(judge.get(path)) | typed)) for path in paths])
    ours = (judge, lambda: judge.post(*next(forms)))
    return measure("save a score sheet (POST)", ours, _floor_save(floor), goal=1.8, pairs=pairs, warmup=WARMUP)


def _submit(author: Client, floor: Client, first: int, pairs: int) -> Ratio:
    """Two requests: the page of all answers, and submitting."""
    codes = iter([world.entry_code(n) for n in _numbers(first, pairs)])
    bytes_ = len(author.get(f"/ho-so/{world.entry_code(first)}/kiem-tra"))
    save = _floor_save(floor)[1]

    def ours() -> None:
        code = next(codes)
        page = author.get(f"/ho-so/{code}/kiem-tra")
        author.post(f"/ho-so/{code}/thao-tac/submit", urlencode(_hidden(page) | {"pledge": "y"}))

    def bare() -> None:
        floor.get(f"/rows/40/{bytes_}")
        save()

    return measure("submit an entry (GET, POST)", (author, ours), (floor, bare), goal=2.0, pairs=pairs, warmup=WARMUP)


def _numbers(first: int, pairs: int) -> range:
    return range(first, first + pairs + WARMUP)


def _hidden(page: bytes) -> dict[str, str]:
    """Token, version and key of the act's form, which stand last on the page."""
    return dict(HIDDEN.findall(page.decode()))


def _floor_save(floor: Client):
    steps = count()
    return floor, lambda: floor.post("/save", f"n={next(steps)}")
