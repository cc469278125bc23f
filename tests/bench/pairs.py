"""Taking pairs: A B A B …, so that a machine whose speed drifts moves both sides alike."""

import http.client
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Ratio:
    """Ours over the floor: median and quartiles of the pair ratios, and the median of ours in milliseconds."""

    name: str
    median: float
    low: float
    high: float
    ours_ms: float
    floor_ms: float
    pairs: int
    note: str = ""

    def line(self) -> str:
        """One row of the printed table."""
        return (
            f"{self.name:52} {self.median:6.2f} [{self.low:.2f}..{self.high:.2f}] "
            f"{self.ours_ms:9.2f} {self.floor_ms:9.2f} {self.pairs:5d}  {self.note}"
        ).rstrip()


HEADER = f"{'action':52} {'ratio':>6} {'[quartiles]':14} {'ours ms':>9} {'floor ms':>9} {'pairs':>5}"

Call = Callable[[], object]


def measure(name: str, ours: Call, floor: Call, *, pairs: int = 30, warmup: int = 3, note: str = "") -> Ratio:
    """Run both in turn and compare pair by pair; the first `warmup` pairs do not count."""
    taken = [(_timed(ours), _timed(floor)) for _ in range(pairs + warmup)][warmup:]
    ratios = sorted(a / b for a, b in taken)
    quarter = len(ratios) // 4
    return Ratio(
        name,
        statistics.median(ratios),
        ratios[quarter],
        ratios[-quarter - 1],
        statistics.median(a for a, _ in taken) * 1000,
        statistics.median(b for _, b in taken) * 1000,
        pairs,
        note,
    )


def _timed(call: Call) -> float:
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


class Client:
    """A browser's connection reduced to what a measurement needs: one new connection for each request, a cookie."""

    def __init__(self, port: int, cookie: str = ""):
        self.port = port
        self.cookie = cookie

    def get(self, path: str, expect: int = 200) -> bytes:
        """Body of a page; raises AssertionError on another status."""
        return self._ask("GET", path, None, expect)[1]

    def post(self, path: str, body: str, expect: int = 303) -> str:
        """Send a form; the address it leads to."""
        return self._ask("POST", path, body, expect)[0]

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
