"""What the child gives up before it looks at the file: memory, time, files, processes, the network."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ingest.isolation import landlock, seccomp
from ingest.limits import Limits

_OPEN_FILES = 64
_TAKEN_ELSEWHERE = 512 * 1024 * 1024  # bytes, where the system does not tell
_NICENESS = 10
_PR_SET_PDEATHSIG = 1
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_REFUSED = frozenset(
    "os.system os.exec os.fork os.forkpty os.posix_spawn os.spawn os.startfile subprocess.Popen pty.spawn "
    "os.remove os.rename os.rmdir os.mkdir os.link os.symlink os.truncate os.chmod os.chown os.chflags os.lockf "
    "os.utime os.setxattr os.removexattr os.kill os.killpg os.putenv os.unsetenv ctypes.dlopen shutil.rmtree "
    "shutil.move shutil.copyfile tempfile.mkstemp tempfile.mkdtemp urllib.Request ftplib.connect smtplib.connect "
    "imaplib.open poplib.connect telnetlib.Telnet.open nntplib.connect http.client.connect webbrowser.open "
    "sqlite3.connect syslog.openlog".split()
)


class NotAllowed(PermissionError):
    """Reading the file came to something that reading a file never needs."""


def leave_the_network() -> None:
    """Move this process into a network of its own in which there is nothing, where the kernel permits.

    Best effort: the filter of system calls forbids sockets as well, and needs no permission.
    """
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.unshare(_CLONE_NEWNET) != 0:
            libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def die_with_parent() -> None:
    """Be killed when the process that forked this one ends; only sound where that one has a single thread."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def confine(limits: Limits, readable: Iterable[str]) -> None:
    """Take from this process all that converting one file does not need. There is no way back.

    ``readable`` are the folders from which it may still import what it has not loaded yet.
    """
    if sys.platform != "win32":
        _be_the_first_to_go()
        _set_resource_limits(limits)
    landlock.confine(readable)
    seccomp.confine()
    sys.addaudithook(_refuse)


def _be_the_first_to_go() -> None:
    os.nice(_NICENESS)
    if sys.platform == "linux":
        # If the machine runs out of memory, the child goes, not the service or its neighbours.
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def _set_resource_limits(limits: Limits) -> None:
    import resource

    memory = _address_space() + limits.memory
    wanted = {
        resource.RLIMIT_AS: (memory, memory),
        resource.RLIMIT_CPU: (limits.cpu_seconds, limits.cpu_seconds + 1),
        resource.RLIMIT_FSIZE: (0, 0),
        resource.RLIMIT_NOFILE: (_OPEN_FILES, _OPEN_FILES),
        resource.RLIMIT_CORE: (0, 0),
        resource.RLIMIT_NPROC: (0, 0),
    }
    for kind, (soft, hard) in wanted.items():
        _, present = resource.getrlimit(kind)
        if present != resource.RLIM_INFINITY:
            soft, hard = min(soft, present), min(hard, present)
        try:
            resource.setrlimit(kind, (soft, hard))
        except (ValueError, OSError):
            if kind != resource.RLIMIT_AS:  # macOS knows it but does not take it; the other limits hold there
                raise


def _address_space() -> int:
    """Bytes of address space that the interpreter and its libraries have taken already."""
    statm = Path("/proc/self/statm")
    if not statm.exists():
        return _TAKEN_ELSEWHERE
    return int(statm.read_text(encoding="ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    """The interpreter's own gate, on every system: says what was refused, where the kernel would only say no."""
    if event == "open":
        path, _, flags = arguments
        if isinstance(flags, int) and flags & _WRITING and not isinstance(path, int):
            raise NotAllowed("opening a file for writing")
    elif event in _REFUSED or event.startswith("socket."):
        raise NotAllowed(event)
