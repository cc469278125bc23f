"""A converter that hangs, fails, lies, dies or writes without end: an error in time, and nothing left behind. And never
more at once than there are processors."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.adapters.pdf import ConverterError, ConverterTimeout, LibreOffice
from app.adapters.pdf.call import Call
from tests.adapters.test_pdf import SOFFICE, needs_converter, text_of, word
from tests.processes import is_gone

FAULTS = {
    "exits 1": "exit 1",
    "writes nothing": "exit 0",
    "writes 0 bytes": 'touch "$OUT"',
    "writes garbage": 'echo hello > "$OUT"',
    "writes half a file": 'printf "%%PDF-1.7 half" > "$OUT"',
    "writes 5 GB": 'dd if=/dev/zero of="$OUT" bs=1M count=5000 2>/dev/null',
    "makes a file of 5 GB": 'truncate -s 5G "$OUT"',
    "makes a large file of nothing": 'truncate -s 190M "$OUT"',
    "leaves a child": "sleep 300 & exit 0",
    "dies": "kill -9 $$",
    "crashes": "kill -SEGV $$",
}
HANGS = {
    "hangs": "sleep 300",
    "hangs with a child": "sleep 300 & sleep 300",
    "hangs when it is told to end": "trap '' TERM INT HUP; sleep 300; sleep 300",
    "hangs after half of the work": 'printf "%%PDF-1.7 half" > "$OUT"; sleep 300',
}
LEEWAY = 5
"""Seconds after the time-out within which the error must be there."""


def fails(converter, error, temporary):
    """One call that must come to nothing, and must leave nothing."""
    with pytest.raises(ConverterError) as raised:
        converter.convert(b"PK")
    assert type(raised.value) is error
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_converter_is_an_error_and_leaves_nothing(fault, stub, temporary):
    fails(stub(FAULTS[fault]), ConverterError, temporary)
    assert is_gone("sleep 300")


@pytest.mark.parametrize("fault", HANGS)
def test_a_hanging_converter_is_ended_with_its_children(fault, stub, temporary):
    fails(stub(HANGS[fault], timeout=0.5), ConverterTimeout, temporary)
    assert is_gone("sleep 300")


@pytest.mark.slow
@pytest.mark.parametrize("fault", [*(FAULTS.keys() - {"writes 5 GB"}), *HANGS])
def test_a_hundred_faults_of_a_kind_leave_nothing(fault, stub, temporary):
    """Twenty gigabytes would really be written by the one that is left out; it runs above."""
    hangs = fault in HANGS
    converter = stub({**FAULTS, **HANGS}[fault], timeout=0.5 if hangs else 20)
    for _run in range(100):
        began = time.monotonic()
        fails(converter, ConverterTimeout if hangs else ConverterError, temporary)
        assert time.monotonic() - began <= converter.timeout + LEEWAY
    assert is_gone("sleep 300")


@needs_converter
@pytest.mark.parametrize("many", [4, pytest.param(20, marks=pytest.mark.slow)])
def test_several_at_once_all_come_out_right_and_each_processor_has_one(temporary, monkeypatch, many):
    lock, running, most = threading.Lock(), [0], [0]
    made = Call.made

    def counted(call, stop):
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        try:
            yield from made(call, stop)
        finally:
            with lock:
                running[0] -= 1

    monkeypatch.setattr(Call, "made", counted)
    converter = LibreOffice(SOFFICE, timeout=600, slots=2, lock_folder=temporary / "locks")
    with ThreadPoolExecutor(many) as pool:
        pdfs = list(pool.map(converter.convert, [word(f"Văn bản số {n}") for n in range(many)]))
    assert [text_of(pdf) for pdf in pdfs] == [f"Văn bản số {n}" for n in range(many)]
    assert most == [2]
    assert {p.name for p in temporary.iterdir()} <= {"locks"}
