"""A format that does what the file says: each attack that a parser taken over by a hostile file could try.

It is loaded only by tests, in the isolated child, under the media type of plain text.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from corpus.errors import DocumentError
from ingest.converted import Block, ConvertedDocument
from ingest.formats.source import Source

_SYSCALL_SOCKET = {"x86_64": 41, "aarch64": 198}
_SYSCALL_UNLINKAT = {"x86_64": 263, "aarch64": 35}


def convert(source: Source) -> ConvertedDocument:
    name, _, argument = source.read().decode().strip().partition(" ")
    return ConvertedDocument("text/plain", (Block(str(_ATTACKS[name](source, argument))),))


def _speak(source: Source, argument: str) -> str:
    return f"heard {argument}"


def _loaded(source: Source, argument: str) -> str:
    return " ".join(sorted({name.partition(".")[0] for name in sys.modules}))


def _environment(source: Source, argument: str) -> str:
    return " ".join(sorted(os.environ)) or "nothing"


def _pid(source: Source, argument: str) -> int:
    return os.getpid()


def _progress(source: Source, argument: str) -> str:
    for number in range(1, 6):
        source.progress(number, 5)
    source.progress(6, None)
    return "done"


def _raise(source: Source, argument: str) -> str:
    raise ZeroDivisionError("what a library may raise")


def _code(source: Source, argument: str) -> str:
    raise DocumentError("It is this.", code=argument, hint="Do that.")


def _deep(source: Source, argument: str) -> str:
    return _deep(source, argument)


def _hang(source: Source, argument: str) -> str:
    Path("/proc/self/oom_score_adj").exists()
    while True:
        time.sleep(1)


def _hang_ignoring_signals(source: Source, argument: str) -> str:
    for number in range(1, signal.NSIG):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            continue
    while True:
        time.sleep(1)


def _burn(source: Source, argument: str) -> str:
    while True:
        pass


def _eat_memory(source: Source, argument: str) -> str:
    eaten = []
    while True:
        eaten.append(bytearray(16 * 1024 * 1024))


def _eat_memory_in_c(source: Source, argument: str) -> str:
    libc = ctypes.CDLL(None) if argument else ctypes.pythonapi
    libc.malloc.restype = ctypes.c_void_p
    libc.memset.argtypes = (ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t)
    while True:
        block = libc.malloc(64 * 1024 * 1024)
        libc.memset(block, 1, 64 * 1024 * 1024)  # writes to address 0 once there is no more: a crash, not an exception


def _segfault(source: Source, argument: str) -> str:
    return str(ctypes.string_at(0))


def _abort(source: Source, argument: str) -> str:
    os.abort()


def _leave(source: Source, argument: str) -> str:
    os._exit(int(argument))


def _rubbish(source: Source, argument: str) -> str:
    os.write(4, argument.encode())
    os._exit(0)


def _endless_answer(source: Source, argument: str) -> str:
    while True:
        os.write(4, b"P" + (16).to_bytes(4, "big") + bytes(16))


def _long_answer(source: Source, argument: str) -> str:
    os.write(4, b"R" + (0xFFFFFFFF).to_bytes(4, "big"))
    while True:
        os.write(4, b" " * 65536)


def _connect(source: Source, argument: str) -> str:
    host, _, port = argument.partition(" ")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(b"a secret")
    return "sent"


def _connect_in_c(source: Source, argument: str) -> str:
    number = _SYSCALL_SOCKET[os.uname().machine]
    descriptor = ctypes.pythonapi.syscall(number, socket.AF_INET, socket.SOCK_STREAM, 0)
    return f"socket {descriptor}"


def _spy(source: Source, argument: str) -> str:
    return Path(argument).read_text()


def _spy_in_c(source: Source, argument: str) -> str:
    return f"open {ctypes.pythonapi.open(argument.encode(), os.O_RDONLY)}"


def _import_late(source: Source, argument: str) -> str:
    import xml.dom.minidom

    return xml.dom.minidom.__name__


def _write(source: Source, argument: str) -> str:
    return str(Path(argument).write_text("was here"))


def _write_in_c(source: Source, argument: str) -> str:
    open_ = ctypes.pythonapi.open
    return f"open {open_(argument.encode(), os.O_WRONLY | os.O_CREAT, 0o644)}"


def _remove(source: Source, argument: str) -> str:
    Path(argument).unlink()
    return "removed"


def _remove_in_c(source: Source, argument: str) -> str:
    number = _SYSCALL_UNLINKAT[os.uname().machine]
    return f"unlinkat {ctypes.pythonapi.syscall(number, -100, argument.encode(), 0)}"


def _run(source: Source, argument: str) -> str:
    return subprocess.run(["/bin/sh", "-c", f"echo ran > {argument}"], check=True, capture_output=True).stdout.decode()


def _fork(source: Source, argument: str) -> str:
    return f"fork {os.fork()}"


def _fork_bomb_in_c(source: Source, argument: str) -> str:
    return "fork " + " ".join(str(ctypes.pythonapi.fork()) for _ in range(20))


def _kill(source: Source, argument: str) -> str:
    return f"kill {ctypes.pythonapi.kill(int(argument), signal.SIGKILL)}"


def _raise_limits(source: Source, argument: str) -> str:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    return "raised"


_ATTACKS: dict[str, Callable[[Source, str], object]] = {
    name.removeprefix("_"): function
    for name, function in list(globals().items())
    if name.startswith("_") and callable(function) and not isinstance(function, type)
}
