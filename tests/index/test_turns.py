"""Who asked first is served first."""

from __future__ import annotations

import threading

from corpus.index.turns import Turns


def test_one_at_a_time() -> None:
    turns = Turns()
    inside: list[int] = []
    most: list[int] = []

    def work(number: int) -> None:
        for _ in range(200):
            with turns:
                inside.append(number)
                most.append(len(inside))
                inside.remove(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(most) == 800
    assert set(most) == {1}


def test_who_takes_turn_after_turn_lets_the_one_who_waits_go_between() -> None:
    turns = Turns()
    order: list[str] = []
    is_waiting = threading.Event()

    def search() -> None:
        is_waiting.set()
        with turns:
            order.append("search")

    searcher = threading.Thread(target=search)
    with turns:
        searcher.start()
        is_waiting.wait()
        while not turns.somebody_waits():
            pass
        order.append("first batch")
    with turns:
        order.append("second batch")
    searcher.join()
    assert order == ["first batch", "search", "second batch"]


def test_an_error_inside_passes_the_turn_on() -> None:
    turns = Turns()
    try:
        with turns:
            raise KeyError
    except KeyError:
        pass
    with turns:
        pass
