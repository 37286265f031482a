"""The bench opens the whole menu, keeps its databases as long as they fit, and runs."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.databases import fingerprint
from benchmarks.visits import menu
from services.permissions import ROLE_PERMISSIONS
from tests.code.source import ROOT, write
from ui.navigation import SCREENS


def test_every_screen_of_the_menu_is_opened_by_somebody_who_may() -> None:
    opened = {visit.address: visit.role for visit in menu()}
    assert opened.keys() == {screen.address for screen in SCREENS}
    for screen in SCREENS:
        role = opened[screen.address]
        assert role is not None
        assert screen.permission in ROLE_PERMISSIONS[role]


def test_a_change_to_what_a_database_is_made_from_makes_it_anew(tmp_path: Path) -> None:
    before = fingerprint(write(tmp_path, {"models/a.py": "x = 1\n"}))
    assert fingerprint(write(tmp_path, {"pages/a.py": "x = 1\n"})) == before
    assert fingerprint(write(tmp_path, {"models/a.py": "x = 2\n"})) != before


@pytest.mark.slow
def test_a_quick_run_opens_every_page_without_an_error(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks", "--quick", "--marks=1000"]
    said = subprocess.run(
        [*command, f"--results={tmp_path}"],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert said.returncode == 0, said.stdout + said.stderr
    assert "No page shows an exception or an error: reached." in said.stdout
    [found] = json.loads(next(tmp_path.glob("run-*.json")).read_text())
    assert {page["title"] for page in found["pages"]} >= {screen.title for screen in SCREENS}
    assert found["taps"][0]["sizes"]["1000"]["runs"] > 0
