"""The documents say what is so: commands, settings, screens and links all exist."""

import re

import pytest
from typer.testing import CliRunner

from services.config import Settings
from services.manage import app
from tests.code.source import ROOT
from ui.navigation import SCREENS

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
COMMAND = re.compile(r"services\.manage ([a-z-]+)")


def words_of(*names: str) -> str:
    return "\n".join((ROOT / name).read_text() for name in names)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(document: object) -> None:
    text = document.read_text()  # type: ignore[attr-defined]
    broken = [to for to in LINK.findall(text) if not (document.parent / to).exists()]  # type: ignore[attr-defined]
    assert broken == []


def test_every_command_that_is_named_exists() -> None:
    named = set(COMMAND.findall(words_of("README.md", "docs/operations.md", "docs/security.md")))
    listed = CliRunner().invoke(app, ["--help"]).output

    assert named
    assert [command for command in named if command not in listed] == []


def test_every_make_target_that_is_named_exists() -> None:
    named = set(re.findall(r"`?make ([a-z]+)", words_of("README.md", "CONTRIBUTING.md")))
    targets = set(re.findall(r"^([a-z-]+):", words_of("Makefile"), re.MULTILINE))

    assert {"run", "demo", "test", "bench"} <= named
    assert named <= targets


def test_every_setting_is_documented() -> None:
    documented = words_of("docs/operations.md")

    for field in Settings.model_fields.values():
        assert f"`{field.alias}`" in documented


def test_every_screen_stands_in_the_readme() -> None:
    readme = words_of("README.md")

    assert [screen.title for screen in SCREENS if screen.title not in readme] == []


def test_every_ask_names_tests_that_there_are() -> None:
    written = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    there = set(re.findall(r"^def (test_\w+)", written, re.MULTILINE))
    rows = [row for row in words_of("docs/asked_for.md").splitlines() if row.startswith("| ")]
    asks = [row for row in rows if not re.match(r"\| (asked for|tried) \|", row)]
    assert [row for row in asks if "`test_" not in row] == []
    named = set(re.findall(r"`(test_\w+)`", "\n".join(asks)))
    assert named - there == set()
