"""Real servers on free ports of this machine, ended by their own handle."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, sleep
from urllib.error import URLError
from urllib.request import urlopen

import psutil

ROOT = Path(__file__).resolve().parents[1]
_BLANK = ROOT / "benchmarks" / "blank"
_SLOWEST_START, _SLOWEST_END = 90.0, 10.0  # seconds
# None of these changes what a run costs; they keep a server on this machine and quiet.
_OURS_ALONE = (
    "--server.address=127.0.0.1",
    "--server.headless=true",
    "--browser.gatherUsageStats=false",
)


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: where it listens, and its process."""

    port: int
    process: psutil.Process

    @property
    def memory(self) -> int:
        """Bytes of memory it holds now."""
        return int(self.process.memory_info().rss)


@contextmanager
def programme(log: Path, environment: Mapping[str, str]) -> Iterator[Server]:
    """The programme, started as `make run` does."""
    with _serving(_streamlit(ROOT / "app.py"), log, ROOT, environment) as server:
        yield server


@contextmanager
def blank(log: Path) -> Iterator[Server]:
    """A blank page at its best: the programme's settings, and nothing between it and the wire."""
    command = ("uvicorn", "benchmarks.blank.app:app", "--host=127.0.0.1", "--port={port}")
    with _serving(command, log, ROOT, {}) as server:
        yield server


@contextmanager
def blank_on_defaults(log: Path, elsewhere: Path) -> Iterator[Server]:
    """A blank page with Streamlit's defaults: started elsewhere, it finds no settings of ours."""
    with _serving(_streamlit(_BLANK / "page.py"), log, elsewhere, {}) as server:
        yield server


def _streamlit(script: Path) -> tuple[str, ...]:
    return ("streamlit", "run", str(script), "--server.port={port}", *_OURS_ALONE)


@contextmanager
def _serving(
    command: Sequence[str], log: Path, folder: Path, environment: Mapping[str, str]
) -> Iterator[Server]:
    """A server for the length of the block; RuntimeError with the end of its log if it fails."""
    port = _free_port()
    with log.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", *(word.format(port=port) for word in command)],
            cwd=folder,
            env={**os.environ, **environment},
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_until_ready(process, port, log)
            yield Server(port, psutil.Process(process.pid))
        finally:
            _end(process)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    started = perf_counter()
    while not _answers(port):
        if process.poll() is not None or perf_counter() - started > _SLOWEST_START:
            last = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
            raise RuntimeError(f"The server did not start. The end of what it said:\n{last}")
        sleep(0.1)


def _answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=5) as answer:
            return bool(answer.status == 200)  # noqa: PLR2004 - the number is the word for "yes"
    except (URLError, OSError):
        return False


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_SLOWEST_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
