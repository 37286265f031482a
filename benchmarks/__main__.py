"""`make bench`, or `python -m benchmarks --help`."""

import json
import logging
import signal
import sys
from contextlib import ExitStack
from dataclasses import asdict, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer

from benchmarks import plans, report
from benchmarks.results import Results
from benchmarks.servers import ROOT

if TYPE_CHECKING:
    from benchmarks.databases import Store

FOLDER = ROOT / "benchmarks" / "results"
DOCUMENT = ROOT / "docs" / "benchmarks.md"


class Kind(StrEnum):
    """A kind of database."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


def main(
    database: Annotated[
        list[Kind] | None, typer.Option(help="Which; say it twice for both.")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="10,000 marks and one session.")] = False,
    marks: Annotated[list[int] | None, typer.Option(min=1, help="Other sizes, each once.")] = None,
    results: Annotated[Path, typer.Option(help="Where figures and databases are kept.")] = FOLDER,
) -> None:
    """Time every page on real servers, side by side with a blank page, and say what falls short.

    A full run also writes docs/benchmarks.md.
    """
    plan = plans.QUICK if quick else plans.FULL
    if marks:
        plan = replace(plan, marks=tuple(sorted(set(marks))))
    results.mkdir(parents=True, exist_ok=True)
    found = [_measured(kind, plan, results) for kind in database or [Kind.SQLITE]]
    for one in found:
        typer.echo("\n" + report.screen(one))
    _store(found, results)
    if plan == plans.FULL:
        DOCUMENT.write_text(report.document(found), encoding="utf-8")
    if any(measured.problems for one in found for measured in (*one.pages, *one.taps)):
        raise typer.Exit(1)


def _measured(kind: Kind, plan: plans.Plan, folder: Path) -> Results:
    logging.disable(logging.WARNING)  # Streamlit's, about being imported where there is no page
    from benchmarks import course

    with ExitStack() as stack:
        scratch = Path(stack.enter_context(TemporaryDirectory(prefix="alongside-bench-")))
        try:
            return course.run(store_of(stack, kind, folder, scratch), plan, folder, scratch, _say)
        except (RuntimeError, LookupError, OSError) as error:
            typer.echo(f"The bench could not be run to its end. {error}", err=True)
            raise typer.Exit(2) from error


def store_of(stack: ExitStack, kind: Kind, folder: Path, scratch: Path) -> "Store":
    """Where databases of this kind are kept, as long as the stack is open."""
    from benchmarks import databases, postgresql

    if kind is Kind.SQLITE:
        return databases.Files(folder / "sqlite", scratch)
    return stack.enter_context(postgresql.databases(folder / "postgresql", scratch))


def _store(found: list[Results], folder: Path) -> None:
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    figures: list[dict[str, Any]] = [asdict(one) for one in found]
    file = folder / f"run-{moment}.json"
    file.write_text(json.dumps(figures, indent=2), encoding="utf-8")
    typer.echo(f"\nAll figures are in {file}.")


def _say(words: str) -> None:
    typer.echo(words, err=True)


if __name__ == "__main__":
    # Ended from outside, it still takes its servers with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    typer.run(main)
