"""The converter against children that do everything a hostile file could make them do."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from corpus.errors import DocumentError
from ingest.converted import ConvertedDocument
from ingest.formats.registry import Format
from ingest.isolation import Converter, ConverterUnavailable, landlock
from ingest.isolation.starters import SpawnStarter, ZygoteStarter
from ingest.isolation.wire import CODES
from ingest.limits import Limits
from tests.running import PATIENCE, wait_until

HOSTILE = (Format("text/plain", "attack", "tests.ingest.isolation.attacks", (".txt",)),)
MEBI = 1024 * 1024
QUICK = Limits(wall_seconds=2.0, cpu_seconds=30, memory=128 * MEBI)
PATIENT = Limits(wall_seconds=60.0, cpu_seconds=30, memory=256 * MEBI)

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="the filter of system calls is Linux's")
Attack = Callable[..., ConvertedDocument]


@pytest.fixture(params=[ZygoteStarter, SpawnStarter], ids=["zygote", "spawned"], scope="module")
def converter(request: pytest.FixtureRequest) -> Iterator[Converter]:
    with Converter(HOSTILE, start=request.param) as ready:
        yield ready


@pytest.fixture
def attack(converter: Converter, tmp_path: Path) -> Attack:
    """Convert a file that makes the child do what it says."""

    def run(text: str, limits: Limits = PATIENT, **options: object) -> ConvertedDocument:
        path = tmp_path / "attack.txt"
        path.write_text(text)
        return converter.convert(path, file_name="attack.txt", limits=limits, **options)  # type: ignore[arg-type]

    return run


def said(document: ConvertedDocument) -> str:
    return document.blocks[0].text


def failure(attack: Attack, text: str, limits: Limits = PATIENT) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        attack(text, limits)
    assert caught.value.code in CODES
    assert caught.value.message.startswith("attack.txt: ")
    return caught.value


def test_a_harmless_file_comes_back(attack: Attack) -> None:
    assert said(attack("speak peace")) == "heard peace"


def test_progress_is_told_while_it_works(attack: Attack) -> None:
    told: list[tuple[int, int | None]] = []
    attack("progress", on_progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5), (6, None)]


def test_the_child_holds_neither_haystack_nor_the_model_nor_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LONJA_DATABASE_URL", "postgresql://user:secret@host/db")
    path = tmp_path / "attack.txt"
    with Converter(HOSTILE) as converter:
        path.write_text("loaded")
        loaded = said(converter.convert(path, file_name="attack.txt")).split()
        path.write_text("environment")
        environment = said(converter.convert(path, file_name="attack.txt")).split()
    assert not {"haystack", "openvino", "qdrant_client", "qdrant_edge", "fastapi", "sqlalchemy"} & set(loaded)
    assert not [name for name in environment if name.startswith("LONJA")]


def test_an_error_keeps_its_code_message_and_hint(attack: Attack) -> None:
    error = failure(attack, "code no_text")
    assert (error.code, error.message, error.hint) == ("no_text", "attack.txt: It is this.", "Do that.")


def test_an_invented_code_becomes_corrupt(attack: Attack) -> None:
    assert failure(attack, "code totally_fine").code == "corrupt"


@pytest.mark.parametrize("text", ["raise", "deep", "speak"], ids=["exception", "recursion", "no such attack"])
def test_what_a_library_raises_means_corrupt(attack: Attack, text: str) -> None:
    assert failure(attack, text if text != "speak" else "no-such-attack").code == "corrupt"


@pytest.mark.parametrize("text", ["hang", "hang_ignoring_signals"])
def test_a_hang_is_ended(attack: Attack, text: str) -> None:
    error = failure(attack, text, QUICK)
    assert error.code == "timed_out"
    assert "2 seconds" in error.message


def test_a_loop_is_ended_by_its_computing_time(attack: Attack) -> None:
    error = failure(attack, "burn", Limits(cpu_seconds=1, wall_seconds=60))
    assert error.code == "timed_out"
    assert "1 seconds of computing" in error.message


def test_a_hog_gets_no_more_than_its_memory(attack: Attack) -> None:
    assert failure(attack, "eat_memory").code == "out_of_memory"


def test_a_hog_in_native_code_ends_itself(attack: Attack) -> None:
    assert failure(attack, "eat_memory_in_c").code in ("crashed", "out_of_memory")


@pytest.mark.parametrize(
    ("text", "names"), [("segfault", "SIGSEGV"), ("abort", "SIGABRT"), ("leave 3", "status 3"), ("leave 0", "status 0")]
)
def test_a_crash_is_that_files_error(attack: Attack, text: str, names: str) -> None:
    error = failure(attack, text)
    assert error.code == "crashed"
    assert names in error.message
    assert said(attack("speak again")) == "heard again"


@pytest.mark.parametrize("text", ["rubbish hello", "rubbish R", "endless_answer", "long_answer"])
def test_an_answer_that_no_honest_child_gives_is_refused(converter: Converter, attack: Attack, text: str) -> None:
    if converter._start is SpawnStarter:  # type: ignore[comparison-overlap]
        pytest.skip("there the child answers at another descriptor")
    small = Limits(characters=10_000, blocks=100, attachment_size=1000, wall_seconds=60)
    assert failure(attack, text, small).code == "crashed"


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        yield server


def test_the_network_is_out_of_reach(attack: Attack, listener: socket.socket) -> None:
    host, port = listener.getsockname()
    assert failure(attack, f"connect {host} {port}").code == "corrupt"
    with pytest.raises(TimeoutError):
        listener.accept()


@linux_only
def test_the_network_is_out_of_reach_of_native_code(attack: Attack) -> None:
    assert said(attack("connect_in_c")) == "socket -1"


@pytest.mark.parametrize("how", ["write", "run"])
def test_nothing_can_be_written_or_run(attack: Attack, tmp_path: Path, how: str) -> None:
    target = tmp_path / "target"
    assert failure(attack, f"{how} {target}").code == "corrupt"
    assert not target.exists()


def test_nothing_can_be_removed(attack: Attack, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("stays")
    assert failure(attack, f"remove {target}").code == "corrupt"
    assert target.read_text() == "stays"


landlock_only = pytest.mark.skipif(landlock.version() < 1, reason="this kernel has no landlock")


@landlock_only
def test_the_files_of_the_house_cannot_be_read(attack: Attack, tmp_path: Path) -> None:
    other = tmp_path / "prices of another firm.txt"
    other.write_text("secret")
    assert failure(attack, f"spy {other}").code == "corrupt"
    assert said(attack(f"spy_in_c {other}")) == "open -1"
    assert said(attack("import_late")) == "xml.dom.minidom"


@linux_only
def test_native_code_writes_and_removes_nothing(attack: Attack, tmp_path: Path) -> None:
    target = tmp_path / "target"
    assert said(attack(f"write_in_c {target}")) == "open -1"
    target.write_text("stays")
    assert said(attack(f"remove_in_c {target}")) == "unlinkat -1"
    assert target.read_text() == "stays"


def test_it_cannot_fork(attack: Attack) -> None:
    assert failure(attack, "fork").code == "corrupt"


@linux_only
def test_a_fork_bomb_in_native_code_does_not_go_off(attack: Attack) -> None:
    assert said(attack("fork_bomb_in_c")) == "fork" + " -1" * 20


@linux_only
def test_it_cannot_kill_its_parent_nor_raise_its_limits(attack: Attack) -> None:
    assert said(attack(f"kill {os.getpid()}")) == "kill -1"
    assert failure(attack, "raise_limits").code == "corrupt"


def test_many_at_once_do_not_disturb_each_other(converter: Converter, tmp_path: Path) -> None:
    texts = ["speak one", "segfault", "speak two", "eat_memory", "speak three", "hang", "speak four", "raise"] * 3

    def outcome(item: tuple[int, str]) -> str:
        number, text = item
        path = tmp_path / f"{number}.txt"
        path.write_text(text)
        try:
            return said(converter.convert(path, file_name=path.name, limits=QUICK if text == "hang" else PATIENT))
        except DocumentError as error:
            return error.code

    with ThreadPoolExecutor(6) as threads:
        outcomes = list(threads.map(outcome, enumerate(texts)))
    expected = [
        "heard one",
        "crashed",
        "heard two",
        "out_of_memory",
        "heard three",
        "timed_out",
        "heard four",
        "corrupt",
    ]
    assert outcomes == expected * 3


def test_no_process_stays_behind(tmp_path: Path) -> None:
    before = {process.pid for process in psutil.Process().children(recursive=True)}
    path = tmp_path / "attack.txt"
    path.write_text("hang")
    converter = Converter(HOSTILE)
    caught: list[str] = []
    waiting = threading.Thread(target=_convert_until_closed, args=(converter, path, caught))
    waiting.start()
    _wait_for(lambda: len(_new_children(before)) == 2)  # the zygote and the child that hangs
    started = _new_children(before)
    converter.close()
    waiting.join(timeout=PATIENCE)
    assert caught == ["converter_unavailable"]
    _wait_for(lambda: not any(map(_lives, started)))


def _convert_until_closed(converter: Converter, path: Path, caught: list[str]) -> None:
    try:
        converter.convert(path, file_name="attack.txt", limits=PATIENT)
    except ConverterUnavailable as error:
        caught.append(error.code)


def _new_children(before: set[int]) -> list[psutil.Process]:
    return [process for process in psutil.Process().children(recursive=True) if process.pid not in before]


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:  # it went between the two
        return False


def _wait_for(condition: Callable[[], bool]) -> None:
    wait_until(condition, "processes to come or to go")


def test_a_converter_that_cannot_start_is_no_fault_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "fine.txt"
    path.write_text("fine")
    broken = (Format("text/plain", "broken", "tests.ingest.isolation.no_such_module", (".txt",)),)
    with Converter(broken) as converter, pytest.raises(ConverterUnavailable):
        converter.convert(path, file_name="fine.txt")


def test_a_killed_parent_leaves_no_orphan(tmp_path: Path) -> None:
    path = tmp_path / "attack.txt"
    path.write_text("hang")
    code = (
        "import sys; from pathlib import Path; from tests.ingest.isolation.test_converter import HOSTILE;"
        "from ingest.isolation import Converter;"
        "Converter(HOSTILE).convert(Path(sys.argv[1]), file_name='x.txt')"
    )
    root = Path(__file__).parents[3]
    parent = subprocess.Popen(
        [sys.executable, "-c", code, str(path)], cwd=root, env={**os.environ, "PYTHONPATH": str(root)}
    )
    seen = psutil.Process(parent.pid)
    _wait_for(lambda: len(seen.children(recursive=True)) == 2)
    family = seen.children(recursive=True)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    _wait_for(lambda: not any(map(_lives, family)))


def test_a_lost_zygote_is_replaced_and_the_file_converted(tmp_path: Path) -> None:
    path = tmp_path / "attack.txt"
    path.write_text("speak once more")
    before = {process.pid for process in psutil.Process().children(recursive=True)}
    with Converter(HOSTILE) as converter:
        converter.convert(path, file_name="attack.txt")
        zygote = min(_new_children(before), key=lambda process: process.create_time())
        zygote.kill()
        assert said(converter.convert(path, file_name="attack.txt")) == "heard once more"


def test_a_zygote_that_dies_again_and_again_is_that_files_error(tmp_path: Path) -> None:
    path = tmp_path / "attack.txt"
    path.write_text("hang")
    before = {process.pid for process in psutil.Process().children(recursive=True)}
    stopping = threading.Event()

    def assassin() -> None:
        while not stopping.wait(0.05):
            children = _new_children(before)
            if len(children) == 2:  # the zygote has begun
                with suppress(psutil.NoSuchProcess):  # it has gone by itself meanwhile
                    min(children, key=lambda process: process.create_time()).kill()

    hunting = threading.Thread(target=assassin)
    hunting.start()
    try:
        with Converter(HOSTILE) as converter, pytest.raises(DocumentError) as caught:
            converter.convert(path, file_name="attack.txt", limits=PATIENT)
    finally:
        stopping.set()
        hunting.join()
    assert caught.value.code == "crashed"


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda path: path.write_bytes(b""), "empty"),
        (lambda path: path.write_bytes(b"x" * 2000), "too_large"),
        (lambda path: path.mkdir(), "unsupported_type"),
        (lambda path: os.mkfifo(path), "unsupported_type"),
        (lambda path: None, "unreadable"),
    ],
    ids=["empty", "too large", "folder", "pipe", "missing"],
)
def test_what_is_no_file_to_convert_never_reaches_a_child(
    tmp_path: Path, make: Callable[[Path], object], code: str
) -> None:
    path = tmp_path / "thing"
    make(path)
    with Converter(HOSTILE) as converter, pytest.raises(DocumentError) as caught:
        converter.convert(path, file_name="thing", limits=Limits(file_size=1000))
    assert caught.value.code == code
    assert caught.value.message.startswith("thing: ")


def test_a_forked_service_gets_a_zygote_of_its_own(tmp_path: Path) -> None:
    """A worker made by fork inherits the converter; its files must not be answered to another process."""
    code = (
        "import os, sys; from pathlib import Path; from tests.ingest.isolation.test_converter import HOSTILE, said;"
        "from ingest.isolation import Converter; path = Path(sys.argv[1]); converter = Converter(HOSTILE);"
        "first = said(converter.convert(path, file_name='x.txt')); pid = os.fork();\n"
        "if pid == 0:\n"
        "    second = said(converter.convert(path, file_name='x.txt')); converter.close(); os._exit(second != first)\n"
        "_, status = os.waitpid(pid, 0)\n"
        "third = said(converter.convert(path, file_name='x.txt')); converter.close()\n"
        "sys.exit(status or third != first)"
    )
    path = tmp_path / "attack.txt"
    path.write_text("speak twice")
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0
