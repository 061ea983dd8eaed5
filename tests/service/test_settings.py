from __future__ import annotations

import re

import pytest

from corpus.errors import BadSetting
from corpus.settings import LibrarySettings
from search_api.settings import ServiceSettings, read_service_settings
from tests.conftest import ROOT

DOCUMENTED = set(re.findall(r"^\| `LONJA_([A-Z_]+)`", (ROOT / "docs" / "settings.md").read_text(), re.MULTILINE))


def test_every_setting_is_documented_and_no_other() -> None:
    known = {name.upper() for name in (*LibrarySettings.model_fields, *ServiceSettings.model_fields)}
    assert known == DOCUMENTED


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LONJA_PORT", "http"),
        ("LONJA_PORT", "70000"),
        ("LONJA_PUBLIC_URL", "lonja.example.org"),
        ("LONJA_LOG_LEVEL", "loud"),
        ("LONJA_RATE_LIMIT", "-1"),
        ("LONJA_METRICS_TOKEN", "short"),
    ],
)
def test_a_wrong_setting_is_named_at_start(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSetting, match=name):
        read_service_settings()


def test_settings_come_from_the_environment_and_what_is_given_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LONJA_PORT", "9000")
    monkeypatch.setenv("LONJA_ALLOWED_HOSTS", "a.example, b.example")
    settings = read_service_settings(host="0.0.0.0", port=None)
    assert (settings.host, settings.port) == ("0.0.0.0", 9000)
    assert settings.hosts >= {"a.example", "b.example", "localhost"}
    assert settings.address == "http://localhost:9000"
