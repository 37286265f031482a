"""What is imported is declared, what is declared is used, and every version is pinned."""

import re
import sys
from importlib.metadata import packages_distributions, version
from pathlib import Path

import pytest

from tests.code.source import ROOT, imported, modules

PROGRAMME = ("app.py", "models", "pages", "services", "ui")
OURS = {"app", "benchmarks", "models", "pages", "services", "tests", "ui"}
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[a-z,]+\])?==([^\s;]+)", re.MULTILINE)

# Needed without an import, with the reason.
BEHIND_THE_SCENES = {
    "python-multipart": "Starlette reads sent forms with it",
    "tzdata": "zoneinfo reads it where the system has no time zones",
    "uvloop": "uvicorn's event loop where it is installed",
    "uvicorn": "Streamlit serves with it, and so may an administrator",
}


def canonical(name: str) -> str:
    """A package's name as every list spells it the same."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(file: str) -> dict[str, str]:
    """Each pinned package of a list, with its version."""
    found = PIN.findall((ROOT / file).read_text())
    return {canonical(name): pinned for name, pinned in found}


def needed(*places: str) -> set[str]:
    """The packages these places import, beside the standard library and ourselves."""
    names = {
        name.split(".")[0] for module in modules(ROOT, *places) for _, name in imported(module.tree)
    }
    owners = packages_distributions()
    foreign = names - OURS - set(sys.stdlib_module_names)
    return {canonical(owners[name][0]) for name in foreign}


def test_what_the_programme_imports_is_declared() -> None:
    assert needed(*PROGRAMME) - pins("requirements.txt").keys() == set()


def test_what_the_tests_import_is_declared() -> None:
    declared = pins("requirements.txt").keys() | pins("requirements-dev.txt").keys()
    assert needed("tests", "benchmarks") - declared == set()


def test_what_is_declared_is_used() -> None:
    unused = pins("requirements.txt").keys() - needed(*PROGRAMME)
    assert unused == BEHIND_THE_SCENES.keys()


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_every_line_pins_a_version_and_constraints_agree(file: str) -> None:
    lines = [line for line in (ROOT / file).read_text().splitlines() if re.match(r"\w", line)]
    everything = pins("constraints.txt")
    assert len(lines) == len(pins(file)) > 10
    assert {name: everything.get(name) for name in pins(file)} == pins(file)


def test_constraints_name_versions_only() -> None:
    lines = Path(ROOT / "constraints.txt").read_text().splitlines()
    assert [line for line in lines if line and line[0] != "#" and not PIN.fullmatch(line)] == []


def test_the_tests_run_with_what_is_pinned() -> None:
    direct = pins("requirements.txt") | pins("requirements-dev.txt")
    assert {name: version(name) for name in direct} == direct
