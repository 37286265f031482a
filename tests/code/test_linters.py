"""The linters are set as the house rules want: each rule is shown something that breaks it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.code.source import ROOT, write

DOC = '"""For a test."""\n\n'


def found(path: str, text: str) -> set[str]:
    """The rules ruff finds broken in this text, were it the file at this path."""
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format", "concise"]
    result = subprocess.run(
        [*command, "--stdin-filename", str(ROOT / path), "-"],
        cwd=ROOT, input=DOC + text, capture_output=True, text=True, check=False,
    )  # fmt: skip
    lines = [line for line in result.stdout.splitlines() if line.startswith(path)]
    return {line.split(": ", 1)[1].split()[0] for line in lines}


@pytest.mark.parametrize(
    ("path", "text", "rule"),
    [
        ("services/x.py", "print(1)\n", "T201"),
        ("services/x.py", "from datetime import date\n\ndate.today()\n", "TID251"),
        ("pages/home/x.py", "from datetime import UTC, datetime\n\ndatetime.now(UTC)\n", "TID251"),
        ("ui/x.py", "import time\n\ntime.time()\n", "TID251"),
        ("services/x.py", "import datetime\n\ndatetime.datetime(2026, 1, 1)\n", "DTZ001"),
        ("services/x.py", "import scipy\n\nscipy.show_config()\n", "TID253"),
        ("services/statistics/x.py", "from scipy import stats\n\nstats.norm\n", "TID253"),
        ("ui/x.py", "from statsmodels import api\n\napi.OLS\n", "TID253"),
        ("services/x.py", "try:\n    int('1')\nexcept Exception:\n    pass\n", "BLE001"),
        ("services/x.py", "import pickle\n\npickle.loads(b'')\n", "S301"),
        ("services/x.py", "from .db import reading\n\nreading()\n", "TID252"),
        ("services/x.py", "# x = 1\n", "ERA001"),
    ],
)
def test_ruff_refuses(path: str, text: str, rule: str) -> None:
    assert rule in found(path, text)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("services/clock.py", "from datetime import UTC, datetime\n\ndatetime.now(UTC)\n"),
        ("services/x.py", "def show() -> None:\n    from scipy import stats\n\n    stats.norm()\n"),
        ("services/x.py", "import time\n\ntime.perf_counter()\n"),
    ],
)
def test_ruff_allows(path: str, text: str) -> None:
    assert found(path, text) == set()


MODULES = (
    "ui", "ui/charts", "ui/components", "services", "services/statistics", "services/groups",
    "services/groups/schedules", "services/volunteers", "services/volunteers/availability",
    "services/volunteers/support", "services/volunteers/rota", "models",
)  # fmt: skip
FILES = (
    "ui/auth.py", "ui/messages.py", "ui/charts/bars.py", "services/db.py",
    "services/groups/groups.py", "services/scoring.py", "services/scheduling.py",
    "services/disclosure.py", "models/groups.py",
    *(f"services/groups/schedules/{name}.py" for name in ("parts", "order", "changes")),
    "services/volunteers/availability/hours.py",
    *(f"services/volunteers/support/{name}.py" for name in ("rhythm", "load")),
    *(
        f"services/volunteers/rota/{name}.py"
        for name in ("problem", "formulate", "shares", "search", "solve", "check", "why")
    ),
)  # fmt: skip


@pytest.fixture
def small_house(tmp_path: Path) -> Path:
    """A tree of empty modules under the project's own contracts, keeping all of them."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    write(tmp_path, {f"{folder}/__init__.py": "" for folder in MODULES})
    write(tmp_path, dict.fromkeys(FILES, DOC))
    allowed = {"ui/auth.py": "streamlit_authenticator", "ui/charts/bars.py": "altair"}
    return write(tmp_path, {path: f"import {name}\n" for path, name in allowed.items()})


def broken(root: Path) -> list[str]:
    """The names of the contracts that the tree breaks."""
    script = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run(
        [script, "--no-cache"], cwd=root, capture_output=True, text=True, check=False
    )
    marked = [line for line in result.stdout.splitlines() if " BROKEN" in line]
    assert bool(marked) == bool(result.returncode), result.stdout + result.stderr
    return [line.split(" BROKEN")[0] for line in marked]


def test_a_house_in_order_keeps_every_contract(small_house: Path) -> None:
    assert broken(small_house) == []


@pytest.mark.parametrize(
    ("path", "text", "contract"),
    [
        ("models/groups.py", "import services.db", "ui above services above models"),
        ("services/groups/groups.py", "import ui.messages", "ui above services above models"),
        ("services/groups/groups.py", "import streamlit", "only the screen side knows"),
        ("models/groups.py", "import altair", "only the screen side knows"),
        ("ui/charts/bars.py", "import streamlit", "charts are pure"),
        ("ui/charts/bars.py", "import services.groups.groups", "charts are pure"),
        ("ui/messages.py", "import altair", "only ui.charts speaks"),
        ("ui/messages.py", "from sqlalchemy import select", "the screen side speaks no SQL"),
        ("ui/messages.py", "import streamlit_authenticator", "only ui.auth knows"),
        ("services/scoring.py", "import services.db", "statistics, scoring, scheduling"),
        ("services/statistics/__init__.py", "import sqlalchemy", "statistics, scoring"),
    ],
)
def test_an_import_the_wrong_way_is_noticed(
    small_house: Path, path: str, text: str, contract: str
) -> None:
    write(small_house, {path: text + "\n"})
    assert any(name.startswith(contract) for name in broken(small_house))
