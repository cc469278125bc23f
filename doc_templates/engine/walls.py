"""The last wall of the locked process: of all calls into the kernel only those that reckoning needs are left.

A limit of zero descriptors keeps a process from opening anything, but not from removing or renaming files by name, or
from sending signals to its parent. The filter leaves neither: what is not on the list fails with "not permitted".
It is there on Linux on x86-64 and arm64, also without root and in ordinary containers.
"""

import ctypes
import platform
import struct

_LIBC = ctypes.CDLL(None, use_errno=True)
_PR_SET_SECCOMP, _FILTER = 22, 2
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050001  # the second: errno 1, "operation not permitted"
_LOAD, _EQUALS, _RETURN = 0x20, 0x15, 0x06
_NUMBER_AT, _ARCHITECTURE_AT = 0, 4

# Numbers of: reading and writing what is open, memory, threads' locks, clocks, random bytes, and the end.
_X86 = (0, 1, 3, 5, *range(8, 16), 19, 20, 24, 25, 28, 35, 39, 60, 96, 98, 131, 186, 201, 202, 228, 230, 231, 318, 334)
_ARM = (
    57,
    *range(62, 67),
    80,
    93,
    94,
    98,
    101,
    113,
    115,
    124,
    132,
    134,
    135,
    139,
    165,
    169,
    172,
    178,
    *range(214, 217),
)
_ARCHITECTURES = {"x86_64": (0xC000003E, _X86), "aarch64": (0xC00000B7, (*_ARM, 222, 226, 233, 278, 293))}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def only_reckoning() -> bool:
    """Put the filter up for this process for ever. False where the kernel or the machine has none.

    The process must have given up gaining rights before (`PR_SET_NO_NEW_PRIVS`), or be root.
    """
    known = _ARCHITECTURES.get(platform.machine())
    if known is None:
        return False
    code = _program(*known)
    program = _Program(len(code) // 8, code)
    return _LIBC.prctl(_PR_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0) == 0


def _program(architecture: int, allowed: tuple[int, ...]) -> bytes:
    """The filter as the kernel reads it: eight bytes an instruction."""
    refuse_from = 3 + len(allowed)
    lines = [
        _line(_LOAD, 0, 0, _ARCHITECTURE_AT),
        _line(_EQUALS, 0, refuse_from - 2, architecture),
        _line(_LOAD, 0, 0, _NUMBER_AT),
        *(_line(_EQUALS, refuse_from - 3 - place, 0, number) for place, number in enumerate(allowed)),
        _line(_RETURN, 0, 0, _REFUSE),
        _line(_RETURN, 0, 0, _ALLOW),
    ]
    return b"".join(lines)


def _line(code: int, when_true: int, when_false: int, value: int) -> bytes:
    return struct.pack("=HBBI", code, when_true, when_false, value)
