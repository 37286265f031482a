"""Alongside's own commands, for whoever looks after the machine it runs on."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import psycopg
import typer
from pydantic import ValidationError
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from typer.core import TyperGroup

from models import Role
from models.encryption import KeyringError
from services import (
    audit,
    backup,
    clock,
    demo,
    jobs,
    key_rotation,
    keys,
    organisation,
    schema,
    themes,
)
from services.accounts import accounts
from services.accounts.accounts import AccountDraft
from services.children import child_stamps
from services.config import settings
from services.db import engine, reading, transaction
from services.errors import AppError, SetupError
from services.failures import sentence
from services.forms import stored as forms
from services.organisation import OrganisationSettings
from services.programmes import programmes
from services.research import files, rows
from services.schema import SchemaState
from services.search import index_everybody
from services.tallies import recount as counts
from services.volunteers.training import courses

FIRST_NAME = "Our organisation"
_EXPECTED = (
    AppError, KeyringError, DBAPIError, psycopg.Error, ArgumentError, NoSuchModuleError,
    ValidationError, OSError,
)  # fmt: skip


class _PlainSpoken(TyperGroup):
    """Commands that end with one sentence and exit status 1 when something is not as it should."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except _EXPECTED as error:
            typer.echo(sentence(error), err=True)
            raise typer.Exit(1) from error


app = typer.Typer(
    cls=_PlainSpoken,
    help="Alongside: looking after its database.",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.command()
def init() -> None:
    """Create the database, or bring it up to date; make the keys on the first run."""
    is_new = _is_new()
    keys.load_data_keys(may_create=is_new)
    keys.cookie_key()
    was_behind = not is_new and schema.state() is SchemaState.BEHIND
    schema.upgrade()
    with transaction() as db:
        organisation.check_key(db)
        if was_behind:
            counts.put_right(db)  # what an older version did not count yet
        programmes.seed(db)
        courses.seed(db)
        forms.seed(db)
        child_stamps.stamp_again(db)
        themes.seed(db)
        index_everybody(db)
    typer.echo("The database is ready." if is_new else "The database is up to date.")
    if settings().data_key is None:
        typer.echo(
            f"Its data key is in {keys.data_key_file()}. Keep a copy of it apart from your "
            "backups: without it nobody's name can be read."
        )


@app.command(name="demo")
def fill(
    people: Annotated[int | None, typer.Option(min=1, help="How many people.")] = None,
    marks: Annotated[int | None, typer.Option(min=0, help="How many marks in registers.")] = None,
    seed: Annotated[int, typer.Option(help="The same number makes the same programme.")] = 1,
    if_empty: Annotated[
        bool, typer.Option("--if-empty", help="Leave a filled demonstration as it is.")
    ] = False,
) -> None:
    """Fill an empty database with an invented programme, and say who can sign in."""
    if _is_new():
        init()
    _open()
    if if_empty and _is_demonstration():
        typer.echo("The demonstration is filled already.")
        _say_who_can_sign_in()
        return
    with transaction() as db:
        made = demo.fill(db, people=people, marks=marks, seed=seed, today=clock.today())
    typer.echo(
        f"Made {made.people:,} people, {made.groups:,} groups with {made.sessions:,} sessions, "
        f"{made.marks:,} marks, {made.forms:,} forms and {made.volunteers:,} volunteers. "
        "All of them are invented."
    )
    _say_who_can_sign_in()
    if made.facilitators > 2:  # noqa: PLR2004 - the two that every demonstration has
        typer.echo(f"Facilitators go on to facilitator{made.facilitators}.")


@app.command()
def create_user(
    name: Annotated[str, typer.Argument(help="What she signs in with, in small letters.")],
    role: Annotated[Role, typer.Option(help="What she may do.")],
    display_name: Annotated[str, typer.Option(help="The name colleagues know her by.")] = "",
) -> None:
    """Make an account. The password is asked for, or read from the first line of the input."""
    _open()
    draft = AccountDraft(
        username=name,
        display_name=display_name or name.replace(".", " ").title(),
        password=_password(),
        role=role,
    )
    with transaction() as db:
        if organisation.current(db) is None:
            organisation.start(db, OrganisationSettings(name=FIRST_NAME))
            typer.echo(f"The organisation is called “{FIRST_NAME}” until it is changed.")
        accounts.create_from_console(db, draft)
    typer.echo(f"{name} can sign in now.")


@app.command(name="backup")
def make_backup(file: Annotated[Path, typer.Argument(help="Where the backup goes.")]) -> None:
    """Put everything into one file, except the data key."""
    _open()
    with reading() as db:
        made = backup.write(db, file)
    with transaction() as db:
        audit.record(db, None, "backup.made", rows=made.rows)
    typer.echo(f"{made.rows:,} rows are in {file}, read back and found whole.")
    typer.echo(
        "The data key is not in the file, and nobody's name can be read without it: keep a copy "
        "of the key in another place."
    )


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file made by backup.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Lose what is in the database now.")
    ] = False,
) -> None:
    """Bring everything back from a backup, into an empty database."""
    is_new = _is_new()
    keys.load_data_keys(may_create=False)
    backup.check(file)
    if is_new:
        schema.upgrade()
    schema.require_current()
    with transaction() as db:
        made = backup.restore(db, file, replace=replace)
    made_at = clock.local(datetime.fromisoformat(made.made_at))
    typer.echo(
        f"{made.rows:,} rows are back, as they were on {made_at.day} {made_at:%B %Y at %H:%M}. "
        "Everybody signs in again."
    )


@app.command()
def verify_audit() -> None:
    """Check that nobody has changed, removed or reordered the audit log."""
    _open()
    with reading() as db:
        if organisation.current(db) is None:
            typer.echo("There is no audit log yet: nothing has been set up.")
            return
        found = audit.verify(db)
    if found.faults:
        for fault in found.faults:
            typer.echo(fault, err=True)
        raise typer.Exit(1)
    typer.echo(f"The audit log is whole: {found.entries:,} entries, each following the last.")


@app.command()
def rotate_key() -> None:
    """Make a new data key and bring everything under it. May be interrupted and run again."""
    _open()
    renewed = _renew_everything() if key_rotation.has_older_keys() else 0
    if not renewed:
        key_rotation.add_key()
        renewed = _renew_everything()
    with transaction() as db:
        if organisation.current(db) is not None:
            audit.record(db, None, "key.rotated", values=renewed)
    where = "ALONGSIDE_DATA_KEY" if settings().data_key else keys.data_key_file()
    typer.echo(f"{renewed:,} values are under the newest key now. Restart Alongside.")
    typer.echo(
        f"Then the older keys can be removed: they stand after the first comma in {where}. Keep "
        "them with the backups made before today. If anybody was working in Alongside just now, "
        "run this once more before you remove them."
    )


@app.command()
def recount() -> None:
    """Make every count again from the data, say where they differed, and put them right."""
    _open()
    with transaction() as db:
        found = counts.put_right(db)
    for difference in found:
        typer.echo(str(difference))
    typer.echo(f"{len(found):,} counts were put right." if found else "Every count is right.")


@app.command()
def export_research(
    project: Annotated[str, typer.Option(help="The project its data agreement is recorded for.")],
    out: Annotated[Path, typer.Option(help="An empty folder for the files.")],
) -> None:
    """Write pseudonymised rows of everybody who consents, under a recorded data agreement."""
    _open()
    with transaction() as db:
        found = rows.export_rows(db, project=project)
        files.empty_folder(out)
        written = files.write(found, out)
    typer.echo(
        f"{found.people:,} people are in {len(written)} files in {out}, under pseudonyms of this "
        f"project. {found.coarsened:,} rows were made coarser and {found.left_out:,} left out, "
        "since too few people are alike."
    )
    typer.echo("Whoever takes her consent back is in none of the exports after it.")


@app.command()
def run_jobs() -> None:
    """Do now what a running server does once an hour: unanswered offers pass on, details of checks
    are removed, what volunteers have reached is noted, and so are the forms of days that are over.
    """
    _open()
    with transaction() as db:
        done = jobs.do_what_is_due(db)
    typer.echo(" ".join(done) or "Nothing was due.")


def _open() -> None:
    """Make sure of the database and its key. Raises SetupError with what to do."""
    engine()  # refuses an address that is none, before anything is said about a file
    if settings().is_embedded and not settings().database_file.exists():
        raise SetupError(
            f"There is no database at {settings().database_file} yet. To make one, run: "
            "python -m services.manage init"
        )
    schema.require_current()
    keys.load_data_keys(may_create=False)
    with reading() as db:
        organisation.check_key(db)


def _is_new() -> bool:
    """Whether there is nothing in the database, not even tables."""
    engine()
    if settings().is_embedded and not settings().database_file.exists():
        return True
    return schema.state() is SchemaState.EMPTY


def _is_demonstration() -> bool:
    with reading() as db:
        found = organisation.current(db)
    return found is not None and found.is_demonstration


def _say_who_can_sign_in() -> None:
    for username, name, role, _password in demo.accounts().itertuples(index=False, name=None):
        typer.echo(f"  {username:<16}{name:<24}{role}")
    typer.echo(f"The password of each is: {demo.PASSWORD}")


def _password() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")


def _renew_everything() -> int:
    """Bring every encrypted value under the newest key, one short transaction after the other."""
    renewed = 0
    for table in key_rotation.tables():
        last: int | None = 0
        while last is not None:
            with transaction() as db:
                step = key_rotation.renew(db, table, last)
            renewed += step.changed
            last = step.last
    return renewed


if __name__ == "__main__":
    app()
