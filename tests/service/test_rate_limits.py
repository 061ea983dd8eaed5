from __future__ import annotations

from collections.abc import Callable

import pytest

from corpus.documents import Role
from search_api.access.ratelimits import WINDOW, RateLimiter
from tests.service.conftest import PASSWORD, Server


class TestRateLimiter:
    @pytest.fixture
    def limiter(self) -> RateLimiter:
        self.now = 1000.0
        return RateLimiter(6, clock=lambda: self.now)

    def test_the_limit_at_once_and_then_one_at_a_time(self, limiter: RateLimiter) -> None:
        answers = [limiter.take("somebody") for _ in range(8)]
        assert [answer.remaining for answer in answers if answer] == [5, 4, 3, 2, 1, 0, 0, 0]
        assert [answer.wait > 0 for answer in answers if answer] == [False] * 6 + [True, True]
        assert answers[-1] is not None
        assert answers[-1].wait == pytest.approx(WINDOW / 6)
        self.now += WINDOW / 6
        again = limiter.take("somebody")
        assert again is not None
        assert again.wait == 0
        after = limiter.take("somebody")
        assert after is not None
        assert after.wait > 0

    def test_callers_do_not_share(self, limiter: RateLimiter) -> None:
        for _ in range(7):
            limiter.take("somebody")
        other = limiter.take("another")
        assert other is not None
        assert other.remaining == 5

    def test_all_is_there_again_after_a_minute(self, limiter: RateLimiter) -> None:
        for _ in range(6):
            limiter.take("somebody")
        self.now += WINDOW
        answer = limiter.take("somebody")
        assert answer is not None
        assert (answer.remaining, answer.reset) == (5, 10)

    def test_no_limit(self) -> None:
        assert RateLimiter(0).take("somebody") is None

    def test_memory_is_bounded(self) -> None:
        now = 0.0
        limiter = RateLimiter(600, clock=lambda: now)
        for number in range(30_000):
            now += 0.01
            limiter.take(f"address {number}")
        assert len(limiter._full_at) <= 10_001


def test_a_key_is_told_its_limit_and_stopped_at_it(start: Callable[..., Server]) -> None:
    server = start(rate_limit=3)
    server.add("admin@example.org", Role.ADMINISTRATOR, None)
    for number in (2, 1, 0):
        browser = server.browser()
        browser.sign_in("admin@example.org") if number == 2 else None
        if number == 2:
            admin = browser
        answer = admin.get("/session")
        assert answer.status_code == 200
        assert answer.headers["ratelimit-remaining"] == str(number)
        assert answer.headers["ratelimit-limit"] == "3"
        assert answer.headers["ratelimit-policy"] == '"default";q=3;w=60'
        assert answer.headers["ratelimit"].startswith(f'"default";r={number};t=')
    refused = admin.get("/session")
    assert refused.status_code == 429
    assert refused.json()["code"] == "too_many_requests"
    assert 1 <= int(refused.headers["retry-after"]) <= 20


def test_addresses_that_have_not_signed_in_have_a_limit_of_their_own(start: Callable[..., Server]) -> None:
    server = start(public_rate_limit=2)
    for _ in range(2):
        assert server.browser().post("/session", json={"email": "a@b", "password": PASSWORD}).status_code == 401
    refused = server.browser().post("/session", json={"email": "a@b", "password": PASSWORD})
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
