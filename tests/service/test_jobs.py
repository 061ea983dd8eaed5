"""Where each version is: for its own firm, by asking and as a stream; trying again and calling off."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from corpus.documents import Failure, Stage
from tests.running import PATIENCE
from tests.service.conftest import Browser, Server


def note(browser: Browser, title: str = "Una nota") -> dict[str, Any]:
    return dict(browser.post("/notes", json={"title": title, "text": f"{title}: texto"}).json())


@contextmanager
def events(browser: Browser) -> Iterator[Iterator[dict[str, Any]]]:
    with browser.stream("GET", "/jobs/events") as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = answer.iter_lines()
        yield (json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: "))


class TestOneFirmsJobs:
    def test_places_in_the_queue_count_everybodys(self, server: Server) -> None:
        alpha, beta = server.signed_in("member@alpha.example"), server.signed_in("member@beta.example")
        note(alpha, "primera")
        note(beta, "segunda")
        note(alpha, "tercera")
        jobs = alpha.get("/jobs").json()["items"]
        assert [(job["title"], job["stage"], job["place"]) for job in jobs] == [
            ("tercera", "queued", 3),
            ("primera", "queued", 1),
        ]

    def test_another_firms_job_is_as_if_it_were_not_there(self, server: Server) -> None:
        job = note(server.signed_in("member@alpha.example"))["job"]
        other = server.signed_in("coordinator@beta.example")
        assert other.get("/jobs").json()["items"] == []
        for ask in (other.get(f"/jobs/{job}"), other.post(f"/jobs/{job}/cancel"), other.post(f"/jobs/{job}/retry")):
            assert (ask.status_code, ask.json()["code"]) == (404, "unknown_job")

    def test_pages_and_states(self, server: Server) -> None:
        browser = server.signed_in("member@alpha.example")
        jobs = [note(browser, f"nota {n}")["job"] for n in range(5)]
        server.service.library.catalog.queue.fail(jobs[0], Failure("encrypted", "It has a password.", "Take it off."))
        first = browser.get("/jobs", params={"limit": 3}).json()
        rest = browser.get("/jobs", params={"limit": 3, "cursor": first["next_cursor"]}).json()
        assert [job["id"] for job in first["items"] + rest["items"]] == jobs[::-1]
        assert rest["next_cursor"] is None
        [failed] = browser.get("/jobs?state=failed").json()["items"]
        assert failed["failure"] == {"code": "encrypted", "message": "It has a password.", "hint": "Take it off."}
        assert len(browser.get("/jobs?state=active").json()["items"]) == 4

    def test_the_administrator_sees_numbers_and_no_titles(self, server: Server) -> None:
        made = note(server.signed_in("member@beta.example"), "secreto de beta")
        server.service.library.catalog.queue.fail(made["job"], Failure("corrupt", "secreto.md: broken."))
        administrator = server.signed_in("admin@alpha.example")
        answer = administrator.get("/jobs/overview")
        assert "secreto" not in answer.text
        assert answer.json()["index"]["of"] == 0, "nothing is ready yet"
        assert answer.json()["failures"][0] | {"last": None} == {
            "organisation": "beta",
            "code": "corrupt",
            "count": 1,
            "last": None,
        }
        assert server.signed_in("coordinator@alpha.example").get("/jobs/overview").status_code == 403


class TestCallingOffAndTryingAgain:
    def test_what_is_called_off_is_not_taken_up_by_its_worker(self, server: Server) -> None:
        browser = server.signed_in("member@alpha.example")
        job = note(browser)["job"]
        queue = server.service.library.catalog.queue
        assert queue.claim("worker") is not None
        queue.report(job, Stage.CONVERTING, 1, 3)
        assert browser.get(f"/jobs/{job}").json()["done"] == 1
        assert browser.post(f"/jobs/{job}/cancel").json()["failure"]["code"] == "cancelled"
        queue.report(job, Stage.CONVERTING, 2, 3)
        queue.fail(job, Failure("corrupt", "too late to say"))
        assert browser.get(f"/jobs/{job}").json()["failure"]["code"] == "cancelled"
        again = browser.post(f"/jobs/{job}/cancel")
        assert (again.status_code, again.json()["code"]) == (409, "too_late")

    def test_what_failed_is_queued_again(self, server: Server) -> None:
        browser = server.signed_in("member@alpha.example")
        job = note(browser)["job"]
        assert browser.post(f"/jobs/{job}/retry").json()["code"] == "cannot_retry"
        server.service.library.catalog.queue.fail(job, Failure("timed_out", "It took too long."))
        assert browser.get(f"/jobs/{job}").json()["can_retry"]
        answer = browser.post(f"/jobs/{job}/retry")
        assert (answer.status_code, answer.json()["stage"], answer.json()["failure"]) == (202, "queued", None)

    def test_a_passing_reason_is_tried_again_by_itself_after_a_pause(self, server: Server) -> None:
        browser = server.signed_in("member@alpha.example")
        job = note(browser)["job"]
        queue = server.service.library.catalog.queue
        assert queue.claim("worker") is not None
        assert queue.retry_later(job, Failure("timed_out", "It took too long."))
        told = browser.get(f"/jobs/{job}").json()
        assert (told["stage"], told["failure"]["code"]) == ("queued", "timed_out")
        assert queue.claim("worker") is None

    def test_only_who_wrote_it_or_a_coordinator(self, server: Server) -> None:
        job = note(server.signed_in("coordinator@alpha.example"))["job"]
        assert server.signed_in("member@alpha.example").post(f"/jobs/{job}/cancel").status_code == 403


class TestTheStream:
    def test_it_begins_with_everything_and_goes_on_with_changes(self, server: Server) -> None:
        browser = server.signed_in("member@alpha.example")
        job = note(browser)["job"]
        queue = server.service.library.catalog.queue
        with events(browser) as told:
            first = next(told)
            assert (first["full"], [each["id"] for each in first["jobs"]]) == (True, [job])
            assert queue.claim("worker") is not None
            queue.report(job, Stage.CONVERTING, 2, 5)
            for changed in told:  # it may have looked between the two as well
                assert not changed["full"]
                [each] = changed["jobs"]
                if each["done"] is not None:
                    break
            assert (each["stage"], each["done"], each["total"]) == ("converting", 2, 5)

    def test_it_tells_nothing_of_others(self, server: Server) -> None:
        alpha, beta = server.signed_in("member@alpha.example"), server.signed_in("member@beta.example")
        note(beta, "secreto de beta")
        with events(alpha) as told:
            assert next(told) == {"full": True, "jobs": [], "gone": []}
            note(beta, "otro secreto")
            own = note(alpha, "propia")
            assert [job["id"] for job in next(told)["jobs"]] == [own["job"]]

    def test_it_ends_when_one_may_no_longer_be_told(self, server: Server) -> None:
        browser = server.signed_in("member@alpha.example")
        with events(browser) as told:
            next(told)
            with httpx.Client(
                base_url=browser.base_url, cookies=browser.cookies, headers=browser.headers, timeout=PATIENCE
            ) as same:
                assert same.delete("/session").status_code == 204
            note(server.signed_in("coordinator@alpha.example"))
            assert list(told) == []

    def test_there_are_only_so_many(self, server: Server) -> None:
        browser = server.signed_in("member@alpha.example")
        opened = []
        try:
            for _ in range(6):
                context = events(browser)
                next(context.__enter__())
                opened.append(context)
            assert browser.get("/jobs/events").status_code == 429
        finally:
            for context in opened:
                context.__exit__(None, None, None)
