"""Streamlit is set as the programme needs it, and every setting is one that Streamlit knows."""

import tomllib
from typing import Any

import pytest
from streamlit import config

from tests.code.source import ROOT


def settings() -> dict[str, Any]:
    """What .streamlit/config.toml says, under dotted names."""
    return dict(_flat(tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())))


def _flat(table: dict[str, Any], above: str = "") -> list[tuple[str, Any]]:
    flat = []
    for name, value in table.items():
        full = f"{above}{name}"
        flat += _flat(value, f"{full}.") if isinstance(value, dict) else [(full, value)]
    return flat


def test_every_setting_is_one_that_streamlit_knows() -> None:
    assert settings().keys() - config._config_options_template.keys() == set()


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("runner.postScriptGC", False),  # 80 ms of every click otherwise
        ("server.fileWatcherType", "none"),
        ("server.address", "127.0.0.1"),
        ("server.enableAgentApi", False),
        ("server.enableStaticServing", False),
        ("client.showErrorDetails", "none"),
        ("client.disableDataExport", True),
        ("client.toolbarMode", "viewer"),
        ("browser.gatherUsageStats", False),
    ],
)
def test_what_must_stay_as_it_is(option: str, value: object) -> None:
    assert settings()[option] == value


def test_files_sent_to_the_server_are_small() -> None:
    assert settings()["server.maxUploadSize"] <= 20


def test_nothing_is_fetched_from_elsewhere() -> None:
    assert [name for name, value in settings().items() if "://" in str(value)] == []
