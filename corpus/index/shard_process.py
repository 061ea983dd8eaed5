"""The process that holds a shard, and its owner's end of the pipe.

Loading, flushing, optimising and closing a shard hold the interpreter's lock, from a third of a second to minutes.
In a process of its own a shard does that beside another one that goes on answering.

A request is ``(method, arguments)``, an answer ``(True, result)`` or ``(False, what went wrong)``, both pickled, after
eight bytes of length. One request runs at a time, so each is one step for those who search.
"""

from __future__ import annotations

import ctypes
import os
import pickle
import signal
import struct
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, Any

from corpus.errors import IndexFailure

_LENGTH = struct.Struct("<Q")
_PATIENCE = 15.0  # seconds for a killed owner's process to let go of the shard
_NICENESS = 10  # a tenth of the weight of who searches
_COMPLAINT = 500  # characters of what a process complained of, the last ones
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux


class ShardProcessDied(IndexFailure):
    """The process went away with the request unanswered."""

    default_code = "index_process_died"


class ShardProcess:
    """A running process with the shard in ``folder``. The shard is loaded while the owner goes on."""

    def __init__(self, folder: Path, dimensions: int, graph_from: int) -> None:
        self.folder = folder
        self._turn = threading.Lock()
        self._process = subprocess.Popen(  # noqa: S603
            _command(folder, dimensions, graph_from), stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_environment()
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def call(self, method: str, *arguments: Any) -> Any:
        """What :class:`corpus.index.shard.Shard` returns for it.

        Raises :class:`ShardProcessDied` where the process is gone, IndexFailure where the engine refused.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._turn:
            try:
                _send(self._process.stdin, (method, arguments))
                answer = _receive(self._process.stdout)
            except (OSError, EOFError, ValueError) as error:
                raise ShardProcessDied(
                    f"The process of the index in {self.folder} ended while it was asked to {method}.",
                    hint="It is started again by itself; where this repeats, look for its own message above.",
                ) from error
        well, result = answer
        if not well:
            raise IndexFailure(
                f"The index in {self.folder} could not {method}: {result}.",
                hint="Where this repeats, build the index again from the catalog: lonja reindex.",
            )
        return result

    def close(self) -> None:
        """Flushes and ends the process."""
        try:
            self.call("close")
        finally:
            self._end()

    def kill(self) -> None:
        """Ends the process at once. Nothing acknowledged is lost by it: the next load replays the log."""
        self._process.kill()
        self._end()

    def _end(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except BrokenPipeError:
                    continue  # unsent bytes to a process that is gone
        self._process.wait()


class OptimisingProcess:
    """A process of low priority that optimises the shard in ``folder``, which nobody has open."""

    def __init__(self, folder: Path, dimensions: int, graph_from: int) -> None:
        self._process = subprocess.Popen(  # noqa: S603
            [*_command(folder, dimensions, graph_from), "optimise"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=_environment(),
        )

    def wait(self) -> None:
        """Raises IndexFailure where it failed or was killed."""
        _, complaint = self._process.communicate()
        if self._process.returncode != 0:
            reason = complaint.decode(errors="replace")[-_COMPLAINT:]
            raise IndexFailure(
                f"Optimising the index failed (exit {self._process.returncode}): {reason}",
                hint="Searching goes on with the index as it was; it is tried again later.",
            )

    def kill(self) -> None:
        self._process.kill()


def _command(folder: Path, dimensions: int, graph_from: int) -> list[str]:
    return [sys.executable, "-m", "corpus.index.shard_process", str(folder), str(dimensions), str(graph_from)]


def _environment() -> dict[str, str]:
    import corpus

    home = str(Path(corpus.__file__).resolve().parents[1])
    paths = [home, *filter(None, [os.environ.get("PYTHONPATH")])]
    # The shard's process multiplies no matrices, and a pool of threads for it costs memory.
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "OPENBLAS_NUM_THREADS": "1"}


def _send(pipe: IO[bytes], message: object) -> None:
    data = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.write(_LENGTH.pack(len(data)))
    pipe.write(data)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> Any:
    (length,) = _LENGTH.unpack(_exactly(pipe, _LENGTH.size))
    return pickle.loads(_exactly(pipe, length))  # noqa: S301 - both ends are ours


def _exactly(pipe: IO[bytes], size: int) -> bytes:
    data = pipe.read(size)
    if len(data) < size:
        raise EOFError
    return data


def _open(folder: Path, dimensions: int, graph_from: int) -> tuple[Any, str]:
    """The shard and no refusal, or none and what is answered to whatever is asked.

    The process of an owner that was killed may live on for a moment. The engine's own lock is no help: it is only
    taken after the files were read.
    """
    from corpus.index.folder_lock import FolderLock
    from corpus.index.shard import Shard

    try:
        FolderLock(folder.parent, _PATIENCE)
        return Shard(folder, dimensions, graph_from), ""
    except Exception as error:
        return None, f"{type(error).__name__}: {error}"


def _serve(folder: Path, dimensions: int, graph_from: int) -> None:
    requests = sys.stdin.buffer
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints must not get among the answers
    for number in (signal.SIGINT, signal.SIGTERM):  # told to a whole group; the owner ends it, by closing the pipe
        signal.signal(number, signal.SIG_IGN)
    shard, refusal = _open(folder, dimensions, graph_from)
    try:
        while True:
            method, arguments = _receive(requests)
            _send(answers, _answer(shard, refusal, method, arguments))
    except (EOFError, OSError):
        # The owner is gone. Ending in an orderly way would flush for a second, while the next owner waits.
        os._exit(0)


def _answer(shard: Any, refusal: str, method: str, arguments: tuple[Any, ...]) -> tuple[bool, Any]:
    if shard is None:
        return False, refusal
    try:
        return True, getattr(shard, method)(*arguments)
    except Exception as error:
        return False, f"{type(error).__name__}: {error}"


def _optimise(folder: Path, dimensions: int, graph_from: int) -> None:
    from corpus.index.shard import Shard

    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    shard = Shard(folder, dimensions, graph_from)
    shard.optimise()
    shard.close()


if __name__ == "__main__":
    arguments = (Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
    if sys.argv[4:] == ["optimise"]:
        _optimise(*arguments)
    else:
        _serve(*arguments)
