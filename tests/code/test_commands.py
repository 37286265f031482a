"""`make` says what can be typed, and what design and README promise is there."""

import os
import socket
import subprocess

from tests.code.source import ROOT


def make(*words: str) -> subprocess.CompletedProcess[str]:
    """Run make, away from the settings of the make that runs these tests."""
    environment = {name: value for name, value in os.environ.items() if "MAKE" not in name}
    command = ["make", "--no-print-directory", *words]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60
    )


def test_make_alone_lists_every_command() -> None:
    listed = {line.split()[1] for line in make().stdout.splitlines() if line.startswith("  make")}
    assert {"run", "demo", "test", "test-sqlite", "test-browser", "bench", "lint"} <= listed


def test_an_unknown_database_is_refused_in_a_sentence() -> None:
    result = make("--dry-run", "test", "DB=oracle")
    assert result.returncode != 0
    assert "DB is sqlite or postgresql" in result.stderr


def test_one_database_can_be_chosen() -> None:
    commands = make("--dry-run", "test", "DB=postgresql").stdout
    assert "--database postgresql" in commands
    assert "--database sqlite" not in commands


def test_a_port_in_use_is_said_before_anything_starts() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = make("run", f"PORT={port}", "--assume-old=.venv/run.stamp")
    assert result.returncode != 0
    assert f"Port {port} is in use." in result.stderr
    assert "Traceback" not in result.stderr


def test_a_port_that_is_none_is_said() -> None:
    result = make("run", "PORT=eighty", "--assume-old=.venv/run.stamp")
    assert "PORT=eighty is not a port number." in result.stderr


def test_the_demonstration_has_a_database_and_keys_of_its_own() -> None:
    known = make("--print-data-base", "--dry-run", "demo").stdout
    assert "demo: DATABASE_URL := sqlite:///" in known
    assert "/data/demonstration.sqlite3\n" in known
    assert "demo: ALONGSIDE_DATA_KEY := \n" in known
