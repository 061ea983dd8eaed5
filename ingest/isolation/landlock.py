"""Which files the child may read: the interpreter's and the libraries' own, and none of the house's.

A child that a file has taken over could otherwise put another firm's document, or the catalog, into the text that it
answers. After landlock(7): a set of rules names the folders that may be read; it cannot be taken off again. Linux 5.13.
"""

from __future__ import annotations

import ctypes
import os
import sys
import sysconfig
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446  # the same numbers on every architecture
_ASK_VERSION = 1
_RULE_PATH_BENEATH = 1
_READ_FILE, _READ_FOLDER = 1 << 2, 1 << 3
_ALL_OF_VERSION_1 = (1 << 13) - 1
_PR_SET_NO_NEW_PRIVS = 38
_SYSTEM = ("/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/local/lib", "/usr/share/zoneinfo", "/etc/ld.so.cache")
_DEVICES = ("/dev/null", "/dev/urandom", "/proc/self")


class _Ruleset(ctypes.Structure):
    _fields_ = [("handled_access_fs", ctypes.c_uint64)]


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32)]


def library_folders(packages: Iterable[str]) -> tuple[str, ...]:
    """The folders that an interpreter with these packages reads from."""
    paths = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    paths += [str(Path(sys.base_prefix) / "lib")]
    for name in {name.partition(".")[0] for name in packages}:
        found = find_spec(name)
        paths += list(found.submodule_search_locations or ()) if found is not None else []
    return tuple(dict.fromkeys(os.path.realpath(path) for path in (*paths, *_SYSTEM, *_DEVICES) if Path(path).exists()))


def version() -> int:
    """Which version of it this kernel has; 0 where it has none."""
    if sys.platform != "linux":
        return 0
    known = ctypes.CDLL(None, use_errno=True).syscall(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(_ASK_VERSION))
    return max(0, int(known))


def confine(readable: Iterable[str]) -> bool:
    """Let this process read below these paths only. False where the kernel does not know how."""
    if version() < 1:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    wanted = _Ruleset(_ALL_OF_VERSION_1)
    rules = libc.syscall(_CREATE, ctypes.byref(wanted), ctypes.c_size_t(ctypes.sizeof(wanted)), ctypes.c_uint32(0))
    if rules < 0:
        return False
    try:
        for path in readable:
            _allow(libc, rules, path)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        return bool(libc.syscall(_RESTRICT, rules, ctypes.c_uint32(0)) == 0)
    finally:
        os.close(rules)


def _allow(libc: ctypes.CDLL, rules: int, path: str) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # gone since: nothing there to be read
    try:
        access = _READ_FILE | (_READ_FOLDER if Path(path).is_dir() else 0)
        rule = _PathBeneath(access, place)
        libc.syscall(_ADD_RULE, rules, _RULE_PATH_BENEATH, ctypes.byref(rule), ctypes.c_uint32(0))
    finally:
        os.close(place)
