"""Signing in with the cluster's own provider, where one is configured."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.service.openid_provider import CLIENT, SECRET, OpenIdProvider, openid_provider
from tests.service.serving import ServingProcess
from tests.ui.conftest import COFFEE_MEMBER, Visitor
from tests.ui.test_accessibility import violations

Visit = Callable[..., Visitor]


@pytest.fixture(scope="module")
def provider() -> Iterator[OpenIdProvider]:
    with openid_provider() as running:
        yield running


@pytest.fixture(scope="module")
def address(demonstration: Path, provider: OpenIdProvider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The service's own name, which the provider sends browsers back to."""
    data = tmp_path_factory.mktemp("openid") / "data"
    shutil.copytree(demonstration, data)
    serving = ServingProcess(
        data,
        LONJA_OIDC_ISSUER=provider.url,
        LONJA_OIDC_CLIENT_ID=CLIENT,
        LONJA_OIDC_CLIENT_SECRET=SECRET,
        LONJA_OIDC_LABEL="Clúster",
    )
    try:
        serving.start()
        yield serving.url.replace("127.0.0.1", "localhost")
    finally:
        serving.close()


def test_one_press_and_one_is_in(visit: Visit, provider: OpenIdProvider, address: str) -> None:
    provider.person = {"email": COFFEE_MEMBER, "email_verified": True, "name": "Café"}
    provider.refuses = None
    visitor = visit()
    page = visitor.go(f"{address}/")
    button = page.get_by_role("link", name="Entrar con Clúster")
    expect(button).to_be_visible()
    assert violations(page) == []
    visitor.shot("gate-openid-connect")
    button.click()
    expect(page.locator("#question")).to_be_visible()
    expect(page.locator("header")).to_contain_text("Café Alto Juanambú")


def test_what_went_wrong_there_is_told(visit: Visit, provider: OpenIdProvider, address: str) -> None:
    visitor = visit(language="pt", width=390)
    page = visitor.go(f"{address}/")
    provider.refuses = "access_denied"
    page.get_by_role("link", name="Entrar com Clúster").click()
    expect(page.get_by_role("alert")).to_contain_text("não deixaram você entrar")
    assert violations(page) == []
    provider.refuses = None
    provider.person = {"email": "nobody@elsewhere.example", "email_verified": True, "name": "Nobody"}
    page.get_by_role("link", name="Entrar com Clúster").click()
    expect(page.get_by_role("alert")).to_contain_text("Ninguém aqui tem esse endereço")


def test_without_a_provider_there_is_no_button(visit: Visit) -> None:
    page = visit().page
    expect(page.get_by_role("button", name="Entrar")).to_be_visible()
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("link", name="Entrar con")).to_have_count(0)
