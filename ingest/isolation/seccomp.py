"""A filter in the Linux kernel for system calls that reading a document never needs. It holds for native code as well.

After seccomp(2) and the kernel's seccomp_filter documentation: a small BPF program looks at the number and, for a few
calls, the arguments of each system call; what it refuses fails with EPERM. It cannot be taken off again.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys
from dataclasses import dataclass

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 38, 22, 2
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_REFUSE = 0x00050000 | errno.EPERM
_MISSING = 0x00050000 | errno.ENOSYS  # makes glibc fall back to an older call, which is looked at
_NUMBER, _ARCHITECTURE, _ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data
_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _JUMP_SET, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


@dataclass(frozen=True, slots=True)
class _Table:
    """System call numbers of one architecture."""

    audit: int
    refused: tuple[int, ...]
    missing: tuple[int, ...]  # said not to exist
    opens: tuple[tuple[int, int], ...]  # (call, position of its flags)
    tgkill: int  # only at itself: abort() does it
    prlimit: int  # only to read limits


_X86_64 = _Table(
    audit=0xC000003E,
    refused=(
        *range(41, 52), 53, 54, 288, 299, 307,  # socket and what one does with it
        56, 57, 58, 59, 322,  # clone, fork, vfork, execve, execveat
        62, 200, 129, 297, 101, 310, 311, 424, 434, 438,  # kill and its kin, ptrace, memory and files of others
        85, 76, 77, 82, 83, 84, 86, 87, 88, 90, 91, 92, 93, 94, 132, 133,  # creat, truncate, rename ... mknod
        188, 189, 190, 197, 198, 199, 235, 258, 259, 260, 261, 263, 264, 265, 266, 268, 280, 285, 316, 452,
        29, 30, 31, 68, 69, 240, 241, 319,  # shared memory, queues, memfd: memory that no limit counts
        155, 161, 165, 166, 163, 167, 168, 169, 170, 171, 172, 173, 272, 308, 428, 429, 430, 431, 432, 433, 442,
        175, 176, 313, 246, 320, 248, 249, 250, 298, 321, 323, 425, 426, 427,  # modules, keys, perf, bpf, io_uring
        105, 106, 113, 114, 116, 117, 119, 126, 160, 159, 164, 227, 305,  # identity, limits, clocks
    ),
    missing=(435, 437),  # clone3, openat2
    opens=((2, 1), (257, 2)),
    tgkill=234,
    prlimit=302,
)  # fmt: skip
_AARCH64 = _Table(
    audit=0xC00000B7,
    refused=(
        *range(198, 213), 242, 243, 269,
        220, 221, 281,
        129, 130, 138, 240, 117, 270, 271, 424, 434, 438,
        45, 46, 33, 34, 35, 36, 37, 38, 276, 52, 53, 54, 55, 452,
        5, 6, 7, 14, 15, 16, 47, 88,
        180, 181, 186, 187, 188, 189, 190, 191, 194, 195, 196, 197, 279,
        39, 40, 41, 51, 60, 89, 97, 268, 428, 429, 430, 431, 432, 433, 442, 142, 161, 162, 224, 225,
        104, 105, 106, 273, 217, 218, 219, 241, 280, 282, 294, 425, 426, 427,
        91, 143, 144, 145, 146, 147, 149, 151, 152, 159, 164, 112, 170, 171, 266,
    ),
    missing=(435, 437),
    opens=((56, 2),),
    tgkill=131,
    prlimit=261,
)  # fmt: skip
_TABLES = {"x86_64": _X86_64, "aarch64": _AARCH64}


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def confine() -> bool:
    """Put the filter on this process. False where there is none for this machine or the kernel refuses it."""
    table = _TABLES.get(platform.machine()) if sys.platform == "linux" and sys.maxsize > 2**32 else None
    if table is None:
        return False
    code = _program(table, os.getpid())
    program = _Program(len(code) // 8, code)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0)


def _program(table: _Table, pid: int) -> bytes:
    """The filter's instructions, eight bytes each."""
    code = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_JUMP_EQUAL, 1, 0, table.audit),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_JUMP_AT_LEAST, 0, 1, 0x40000000),  # the x32 numbering, with which others could be reached
        (_RETURN, 0, 0, _KILL),
    ]
    for call in table.missing:
        code += [(_JUMP_EQUAL, 0, 1, call), (_RETURN, 0, 0, _MISSING)]
    for call in table.refused:
        code += [(_JUMP_EQUAL, 0, 1, call), (_RETURN, 0, 0, _REFUSE)]
    for call, flags in table.opens:
        code += _when(call, flags, (_JUMP_SET, 0, 1, _WRITING))
    code += _when(table.tgkill, 0, (_JUMP_EQUAL, 1, 0, pid))
    code += _when(table.prlimit, 2, (_JUMP_EQUAL, 1, 0, 0))
    code.append((_RETURN, 0, 0, _ALLOW))
    return b"".join(struct.pack("<HBBI", *instruction) for instruction in code)


def _when(call: int, argument: int, test: tuple[int, int, int, int]) -> list[tuple[int, int, int, int]]:
    """Refuse ``call`` unless ``test`` of its argument jumps over the refusal.

    Only the lower half of the argument is looked at: enough for flags and process ids, and for whether a pointer is
    null in all but one case of four thousand million.
    """
    return [
        (_JUMP_EQUAL, 0, 4, call),
        (_LOAD, 0, 0, _ARGUMENT + 8 * argument),
        test,
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
    ]
