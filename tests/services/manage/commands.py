"""The commands as they are typed."""

import re

from sqlalchemy import func, select
from typer.testing import CliRunner, Result

from services import manage
from services.db import reading


def run(*words: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(manage.app, list(words), input=typed)


def done(*words: str, typed: str | None = None) -> str:
    """What a command that succeeds prints."""
    result = run(*words, typed=typed)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def refused(*words: str, typed: str | None = None) -> str:
    """The one plain sentence or two of a command that does not."""
    result = run(*words, typed=typed)
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert result.stderr.count("\n") == 1
    assert re.fullmatch(r"[A-Z“].*\.?\n|[A-Za-z].*\n", result.stderr)
    return result.stderr


def fill() -> None:
    """A demonstration as small as they come."""
    done("demo", "--people", "12", "--marks", "30")


def count(column: object) -> int:
    with reading() as db:
        return db.scalar(select(func.count(column))) or 0  # type: ignore[arg-type]
