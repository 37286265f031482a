"""Every file says what it is for, and none gives away a machine or a person."""

from pathlib import Path

import pytest

from tests.code import text_rules as rules
from tests.code.source import ROOT, write

PYTHON = ("app.py", "benchmarks", "models", "pages", "services", "tests", "ui")


@pytest.fixture(scope="module")
def kept() -> list[Path]:
    """Every file of the project."""
    return rules.kept_files(ROOT)


def test_every_module_says_what_it_is_for() -> None:
    assert rules.without_first_line(ROOT, *PYTHON) == []


def test_a_module_that_says_nothing_is_noticed(tmp_path: Path) -> None:
    write(tmp_path, {"ui/a.py": "x = 1\n", "ui/b.py": "'''What for.'''\n", "ui/__init__.py": ""})
    assert rules.without_first_line(tmp_path, "ui") == ["ui/a.py does not say what it is for"]


def test_no_file_names_a_machine_or_a_registry(kept: list[Path]) -> None:
    assert rules.telling_places(ROOT, kept) == []


def test_machines_and_registries_are_noticed(tmp_path: Path) -> None:
    text = "\n".join(("a", "see " + "/ho" + "me/anna/x", "https://py" + "pi.org/simple"))
    file = write(tmp_path, {"notes.md": text}) / "notes.md"
    assert rules.telling_places(tmp_path, [file]) == [
        "notes.md:2 names a machine's path",
        "notes.md:3 names a registry",
    ]


def test_nobody_in_the_files_can_exist(kept: list[Path]) -> None:
    assert rules.possible_people(ROOT, kept) == []


def test_people_who_may_exist_are_noticed(tmp_path: Path) -> None:
    text = "anna@" + "mail.uk\nanna@example.org\n07700 900123\n07" + "911 123456\n"
    file = write(tmp_path, {"people.csv": text}) / "people.csv"
    assert rules.possible_people(tmp_path, [file]) == [
        "people.csv:1 has an address outside the example domains",
        "people.csv:4 has a mobile number that may exist",
    ]


def test_nothing_secret_or_generated_is_kept(kept: list[Path]) -> None:
    endings = (".key", ".sqlite3", ".sqlite3-wal", ".env", ".pyc", ".log")
    assert [file.name for file in kept if file.name.endswith(endings)] == []
