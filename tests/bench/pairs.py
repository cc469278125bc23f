"""Taking pairs: A B A B …, so that a machine whose speed drifts moves both sides alike."""

import http.client
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

NANO = 1e-9


@dataclass(frozen=True)
class Ratio:
    """Ours over the floor: median and quartiles of the pair ratios, processor time of the servers likewise (None
    where the system does not tell it), medians in milliseconds. `goal` is the highest ratio that is good enough."""

    name: str
    median: float
    low: float
    high: float
    cpu: float | None
    ours_ms: float
    floor_ms: float
    pairs: int
    goal: float
    note: str = ""

    def line(self) -> str:
        """One row of the printed table."""
        cpu = figure(self.cpu) if self.cpu else "-"
        verdict = "đạt" if self.median <= self.goal else "chưa đạt"
        return (
            f"{self.name:38} {figure(self.median):>6} {f'[{figure(self.low)}..{figure(self.high)}]':16} {cpu:>6} "
            f"{figure(self.goal):>5} {verdict:9}"
            f"{self.ours_ms:9.2f} {self.floor_ms:9.2f} {self.pairs:5d}  {self.note}"
        ).rstrip()


def figure(ratio: float) -> str:
    """A ratio with as many places as say something."""
    return f"{ratio:.2f}" if ratio >= 0.1 else f"{ratio:.4f}"


HEADER = (
    f"{'action':38} {'ratio':>6} {'[quartiles]':16} {'CPU':>6} {'goal':>5} {'':9}"
    f"{'ours ms':>9} {'floor ms':>9} {'pairs':>5}"
)


class Client:
    """A browser's connection reduced to what a measurement needs: one new connection for each request, a cookie.

    `pid` is the server's parent process.
    """

    def __init__(self, port: int, pid: int, cookie: str = ""):
        self.port = port
        self.pid = pid
        self.cookie = cookie

    def get(self, path: str, expect: int = 200) -> bytes:
        """Body of a page; raises AssertionError on another status."""
        return self._ask("GET", path, None, expect)[1]

    def post(self, path: str, body: str, expect: int = 303) -> str:
        """Send a form; the address it leads to."""
        return self._ask("POST", path, body, expect)[0]

    def cpu(self) -> float:
        """Seconds that the server's worker processes have computed so far; 0 where that is not known."""
        found = Path("/proc").glob(f"{self.pid}/task/*/children")
        workers = [pid for file in found for pid in file.read_text().split()]
        clocks = [clock for pid in workers for clock in Path(f"/proc/{pid}/task").glob("*/schedstat")]
        return sum(int(clock.read_text().split()[0]) for clock in clocks) * NANO

    def _ask(self, method: str, path: str, body: str | None, expect: int) -> tuple[str, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        headers = {"Cookie": self.cookie} if self.cookie else {}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        assert answer.status == expect, f"{method} {path}: {answer.status} {data[:500]!r}"
        return answer.getheader("Location") or "", data


Call = Callable[[], object]
Side = tuple[Client, Call]


def measure(name: str, ours: Side, floor: Side, *, goal: float, pairs: int, warmup: int = 3, note: str = "") -> Ratio:
    """Run both in turn and compare pair by pair; the first `warmup` pairs do not count."""
    for _ in range(warmup):
        ours[1](), floor[1]()
    before = ours[0].cpu(), floor[0].cpu()
    taken = [(_timed(ours[1]), _timed(floor[1])) for _ in range(pairs)]
    spent = ours[0].cpu() - before[0], floor[0].cpu() - before[1]
    cpu = spent[0] / spent[1] if spent[1] else None
    return compare(name, taken, cpu=cpu, goal=goal, note=note)


def compare(name: str, taken: list[tuple[float, float]], *, cpu: float | None, goal: float, note: str = "") -> Ratio:
    """The ratio of pairs (ours, floor) of seconds."""
    ratios = sorted(a / b for a, b in taken)
    quarter = len(ratios) // 4
    return Ratio(
        name,
        statistics.median(ratios),
        ratios[quarter],
        ratios[-quarter - 1],
        cpu,
        statistics.median(a for a, _ in taken) * 1000,
        statistics.median(b for _, b in taken) * 1000,
        len(taken),
        goal,
        note,
    )


def _timed(call: Call) -> float:
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun
