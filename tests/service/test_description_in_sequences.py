"""The API does what its description says also where one call follows from another: what was made is read, changed,
answered, removed and asked for again, in an order that nobody thought of.

schemathesis finds by itself which answers name what other operations take (a document, a request, a job ...), and walks
from one to the next as each role. Every step is first asked without credentials: only the public ones may answer.
LONJA_SCENARIOS is how many walks of each role.
"""

from __future__ import annotations

import os
import warnings
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.errors import Flaky

from corpus.membership import KeyScope
from search_api.access.caller import Caller
from tests.running import PATIENCE
from tests.service.conftest import Browser, Server, stocked_server
from tests.service.test_description import CHECKS, LEFT_OUT
from tests.service.test_routes import PUBLIC

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of its own dependencies
    import schemathesis

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

SCENARIOS = int(os.environ.get("LONJA_SCENARIOS", "25"))
STEPS = 12
ROLES = ("admin@alpha.example", "coordinator@beta.example", "member@gamma.example", "key")


class Role:
    """Headers that hold: some steps end the session that takes them."""

    def __init__(self, server: Server, who: str) -> None:
        self._server = server
        self._who = who
        self.headers: dict[str, str] = {}
        self.come_in()

    def come_in(self) -> None:
        if self._who == "key":
            made = self._server.service.access.keys.make(
                Caller.operator(), name="walker", organisation="alpha", scope=KeyScope.CONTRIBUTE
            )
            self.headers = {"Authorization": f"Bearer {made.secret}"}
            return
        with Browser(self._server.url) as browser:
            browser.sign_in(self._who)
            cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
            self.headers = {"Cookie": cookies, "X-CSRF-Token": browser.headers["X-CSRF-Token"]}


@pytest.mark.filterwarnings("ignore")  # schemathesis and what it stands on
@pytest.mark.parametrize("who", ROLES)
def test_what_follows_from_what_is_as_described(tmp_path: Path, who: str) -> None:
    with stocked_server(tmp_path) as stocked:
        server = stocked.server
        role = Role(server, who)
        described: Any = schemathesis.openapi.from_dict(
            httpx.get(f"{server.url}/api/v1/openapi.json", timeout=PATIENCE).json()
        )
        described.config.base_url = server.url
        described.config.generation.with_security_parameters = False  # or keys made up stand before the role's own
        described.config.generation.modes = [schemathesis.GenerationMode.POSITIVE]  # the others lead nowhere
        walked: Counter[str] = Counter()
        wrong: list[str] = []
        walks = 0

        class Walk(described.exclude(operation_id=sorted(LEFT_OUT)).as_state_machine()):  # type: ignore[misc]
            def setup(self) -> None:
                nonlocal walks
                walks += 1

            def call(self, case: Any, **kwargs: Any) -> Any:
                name = case.operation.definition.raw["operationId"]
                if name not in PUBLIC:
                    nobody = case.call(headers={}, timeout=60)
                    if nobody.status_code not in (400, 401):  # 400: the address is not even text
                        wrong.append(f"{name} answers {nobody.status_code} to nobody")
                answer = case.call(headers=role.headers, timeout=60)
                if answer.status_code == 401 and name not in PUBLIC:
                    role.come_in()
                    answer = case.call(headers=role.headers, timeout=60)
                    if answer.status_code == 401:
                        wrong.append(f"{name} knows {who} no more")
                if answer.status_code < 300:
                    walked[name] += 1
                return answer

            def validate_response(self, response: Any, case: Any, **kwargs: Any) -> None:
                try:
                    case.validate_response(response, checks=list(CHECKS), headers=role.headers)
                except Exception as error:  # whatever a check has to say: hypothesis may not see it twice
                    wrong.append(f"{case.method} {case.formatted_path}: {str(error)[:600]}")

        for number in range(10 * SCENARIOS):
            if walks >= SCENARIOS:
                break
            seed(number)(Walk)
            # The service remembers what earlier walks did: where the same steps lead elsewhere, hypothesis gives up.
            with suppress(Flaky):
                Walk.run(
                    settings=settings(
                        max_examples=SCENARIOS - walks,
                        stateful_step_count=STEPS,
                        deadline=None,
                        suppress_health_check=list(HealthCheck),
                        database=None,
                        phases=[Phase.generate],
                    )
                )
    assert wrong == []
    assert walks >= SCENARIOS
    assert len(walked) >= 5, f"the walks led nowhere: {walked}"
