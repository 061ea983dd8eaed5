"""The zygote: a process with one thread and every library loaded, which forks a child for each file in milliseconds.

The service that asks has many threads, so that it must not fork itself. It talks to the zygote over a socket: a length,
a JSON object, and three descriptors: the file, where the child answers, and where the zygote tells how the child ended.
If that last one is closed on the other side, the child is killed; if the socket is, or the service ends in whatever
way, all children are killed and the zygote ends.
"""

from __future__ import annotations

import gc
import json
import os
import selectors
import signal
import socket
import struct
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module

from ingest.formats.registry import Format
from ingest.isolation import child, guard
from ingest.isolation.child import Kit, Task

LENGTH = struct.Struct("!I")
READY = b"ready"
_DESCRIPTORS = 3


@dataclass(slots=True)
class _Child:
    pid: int
    told: socket.socket  # where its end is told
    deadline: float  # on the monotonic clock, seconds
    overdue: bool = False


def main(control: int, formats: Sequence[Format]) -> None:
    """Serve the socket at descriptor ``control`` until it is closed."""
    for known in formats:
        import_module(known.module)
    guard.leave_the_network()
    gc.collect()
    gc.freeze()  # the children share these pages until they write to them; the collector would
    _Zygote(socket.socket(fileno=control), Kit.of(formats)).serve()


class _Zygote:
    def __init__(self, control: socket.socket, kit: Kit) -> None:
        self._control = control
        self._kit = kit
        self._children: dict[int, _Child] = {}
        self._selector = selectors.DefaultSelector()
        self._ended, wakeup = socket.socketpair()
        self._wakeup = wakeup
        for end in (self._ended, wakeup):
            end.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.set_wakeup_fd(wakeup.fileno(), warn_on_full_buffer=False)
        self._parent = os.pidfd_open(os.getppid()) if sys.platform == "linux" else None

    def serve(self) -> None:
        self._selector.register(self._control, selectors.EVENT_READ)
        self._selector.register(self._ended, selectors.EVENT_READ)
        if self._parent is not None:  # a fork of the service may hold the socket open after its death
            self._selector.register(self._parent, selectors.EVENT_READ)
        self._control.sendall(READY)
        while self._serve_once():
            pass
        for running in list(self._children.values()):
            _kill(running.pid)
        os._exit(0)

    def _serve_once(self) -> bool:
        """Wait for something to happen and see to it. False when it is time to end."""
        for key, _ in self._selector.select(self._time_left()):
            if key.fileobj is self._control:
                if not self._take_task():
                    return False
            elif key.fileobj == self._parent:
                return False
            elif key.fileobj is self._ended:
                self._drain()
            elif key.data in self._children:
                _kill(key.data)  # nobody waits for it any more
                self._selector.unregister(key.fileobj)
        self._kill_overdue()
        self._reap()
        return True

    def _time_left(self) -> float | None:
        waiting = [running.deadline for running in self._children.values() if not running.overdue]
        return max(0.0, min(waiting) - time.monotonic()) if waiting else None

    def _drain(self) -> None:
        try:
            while self._ended.recv(4096):
                pass
        except BlockingIOError:
            return

    def _take_task(self) -> bool:
        header, descriptors, _, _ = socket.recv_fds(self._control, LENGTH.size, _DESCRIPTORS)
        if len(header) < LENGTH.size or len(descriptors) < _DESCRIPTORS:
            return False
        told = b""
        missing = LENGTH.unpack(header)[0]
        while len(told) < missing:
            part = self._control.recv(missing - len(told))
            if not part:
                return False
            told += part
        source, answer, ending = descriptors
        self._start(Task.from_json(json.loads(told)), source, answer, ending)
        return True

    def _start(self, task: Task, source: int, answer: int, ending: int) -> None:
        pid = os.fork()
        if pid == 0:
            _become_child(task, self._kit, source, answer)
        os.close(source)
        os.close(answer)
        told = socket.socket(fileno=ending)
        self._children[pid] = _Child(pid, told, time.monotonic() + task.limits.wall_seconds)
        self._selector.register(told, selectors.EVENT_READ, pid)

    def _kill_overdue(self) -> None:
        now = time.monotonic()
        for running in self._children.values():
            if not running.overdue and running.deadline <= now:
                running.overdue = True
                _kill(running.pid)

    def _reap(self) -> None:
        for pid in list(self._children):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended == pid:
                self._tell(self._children.pop(pid), status)

    def _tell(self, running: _Child, status: int) -> None:
        code = os.waitstatus_to_exitcode(status)
        ending = {
            "status": code if code >= 0 else None,
            "signal": -code if code < 0 else None,
            "overdue": running.overdue,
        }
        if running.told in self._selector.get_map():
            self._selector.unregister(running.told)
        with suppress(OSError):  # nobody may wait for it any more
            running.told.sendall(json.dumps(ending).encode())
        running.told.close()


def _kill(pid: int) -> None:
    """Kill a child that has not been waited for: its id is still its own."""
    os.kill(pid, signal.SIGKILL)


def _become_child(task: Task, kit: Kit, source: int, answer: int) -> None:
    """In the child: keep two descriptors and nothing of the zygote, then convert. Does not come back."""
    try:
        guard.die_with_parent()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        source, answer = os.dup(source), os.dup(answer)  # above all others that may be 3 and 4
        os.dup2(source, 3)
        os.dup2(answer, 4)
        os.closerange(5, os.sysconf("SC_OPEN_MAX"))
        child.silence()
        child.run(task, kit, source=3, answer=4)
    finally:
        os._exit(1)
