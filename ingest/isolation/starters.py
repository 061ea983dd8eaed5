"""How children are started: forked by a zygote where there is fork, otherwise as a new interpreter each."""

from __future__ import annotations

import json
import os
import select
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import Protocol

from ingest.formats.registry import Format
from ingest.isolation.child import Task
from ingest.isolation.running import ConverterUnavailable, Ending, Running, StarterLost
from ingest.isolation.zygote import LENGTH, READY

# Nothing of the service's surroundings that may be secret reaches a child: passwords are passed in the environment.
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
_GRACE = 10.0  # seconds beyond a child's own time after which the zygote is taken to be lost
_START = 120.0  # seconds that loading the libraries may take on a cold, busy machine


class Starter(Protocol):
    def start(self, task: Task, source: int) -> Running:
        """Start a child for the file open at ``source``, which stays the caller's. Raises ``StarterLost``."""

    def close(self) -> None:
        """End, with all children."""


def _python(call: str, formats: Sequence[Format], *arguments: str) -> list[str]:
    """The command line of an interpreter that imports from where this one does and then makes ``call``.

    ``-I`` keeps the environment and the working folder out of what it imports.
    """
    code = (
        "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from ingest.isolation import entry; "
        f"entry.{call}(*sys.argv[2:])"
    )
    paths = json.dumps([path or os.getcwd() for path in sys.path])  # noqa: PTH109
    return [sys.executable, "-I", "-c", code, paths, json.dumps([asdict(known) for known in formats]), *arguments]


def _environment() -> dict[str, str]:
    return {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}


class ZygoteStarter:
    """Owns one zygote. Thread-safe."""

    def __init__(self, formats: Sequence[Format]) -> None:
        self._control, theirs = socket.socketpair()
        self._lock = threading.Lock()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603
                _python("zygote", formats, str(theirs.fileno())),
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=_environment(),
                start_new_session=True,  # Ctrl-C is for the service, which then closes the socket
            )
        self._control.settimeout(_START)
        try:
            ready = self._control.recv(len(READY)) == READY
        except TimeoutError:
            self.close()
            raise ConverterUnavailable(
                f"The process that converts files was not ready after {_START:.0f} s.",
                hint="The machine is very busy: it is tried again with the next document.",
            ) from None
        except OSError:
            ready = False
        if not ready:
            self.close()
            raise ConverterUnavailable(
                f"The process that converts files did not start (status {self._process.returncode}).",
                hint="What it wrote to the error output says why; is the installation complete?",
            )

    def start(self, task: Task, source: int) -> Running:
        told = json.dumps(asdict(task)).encode()
        answer, their_answer = os.pipe()
        ending, their_ending = socket.socketpair()
        try:
            with self._lock:
                socket.send_fds(self._control, [LENGTH.pack(len(told))], [source, their_answer, their_ending.fileno()])
                self._control.sendall(told)
        except OSError as error:
            os.close(answer)
            ending.close()
            raise StarterLost("the process that converts files has ended") from error
        finally:
            os.close(their_answer)
            their_ending.close()
        return _Forked(answer, ending, task.limits.wall_seconds + _GRACE)

    def close(self) -> None:
        self._control.close()
        try:
            self._process.wait(timeout=_GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class _Forked:
    """A child of the zygote."""

    def __init__(self, answer: int, ending: socket.socket, patience: float) -> None:
        self._answer = answer
        self._ending = ending
        self._deadline = time.monotonic() + patience

    def read(self, size: int) -> bytes:
        poll = select.poll()
        poll.register(self._answer, select.POLLIN)
        if not poll.poll(max(0.0, self._deadline - time.monotonic()) * 1000):
            raise TimeoutError
        return os.read(self._answer, size)

    def stop(self) -> None:
        self._ending.shutdown(socket.SHUT_WR)

    def wait(self) -> Ending:
        self._ending.settimeout(_GRACE + max(0.0, self._deadline - time.monotonic()))
        try:
            told = self._ending.recv(4096)
        except OSError as error:
            raise StarterLost("the process that converts files does not answer") from error
        if not told:
            raise StarterLost("the process that converts files has ended")
        return Ending(**json.loads(told))

    def close(self) -> None:
        os.close(self._answer)
        self._ending.close()  # if the child is still there, the zygote kills it


class SpawnStarter:
    """Starts a new interpreter for each file: slower by its start, and on Windows without the limits of POSIX."""

    def __init__(self, formats: Sequence[Format]) -> None:
        self._formats = formats

    def start(self, task: Task, source: int) -> Running:
        process = subprocess.Popen(  # noqa: S603
            _python("spawned", self._formats, json.dumps(asdict(task))),
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        )
        return _Spawned(process, task.limits.wall_seconds)

    def close(self) -> None:
        """Nothing is kept between files."""


class _Spawned:
    """A child that is an interpreter of its own."""

    def __init__(self, process: subprocess.Popen[bytes], patience: float) -> None:
        self._process = process
        self._overdue = False
        self._timer = threading.Timer(patience, self._give_up)
        self._timer.daemon = True
        self._timer.start()

    def _give_up(self) -> None:
        self._overdue = True
        self._process.kill()

    def read(self, size: int) -> bytes:
        assert self._process.stdout is not None
        return os.read(self._process.stdout.fileno(), size)

    def stop(self) -> None:
        self._process.kill()

    def wait(self) -> Ending:
        code = self._process.wait()
        if code < 0:
            return Ending(signal=-code, overdue=self._overdue)
        return Ending(status=code, overdue=self._overdue)

    def close(self) -> None:
        self._timer.cancel()
        self._process.kill()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()


def starter_for_this_system(formats: Sequence[Format]) -> Starter:
    return SpawnStarter(formats) if sys.platform == "win32" else ZygoteStarter(formats)
