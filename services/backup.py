"""One file that holds everything but the data key: made, checked, and brought back.

The file is the same for both databases, so that a programme can move from one to the other.
Names and free text stay encrypted in it. A seal made with the data key shows any change.
"""

import base64
import hmac
import json
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO

from alembic.migration import MigrationContext
from pydantic import BaseModel
from sqlalchemy import LargeBinary, Table, select
from sqlalchemy.orm import Session

from models import KEY_CHECK, Account, Base, Organisation, SignIn
from models.encryption import KeyringError, blind_index, decrypt, encrypt
from services import audit, bulk, clock
from services.errors import ConflictError, InvalidInputError, SetupError
from services.keys import OWNER_ONLY

FORMAT = 1
_MANIFEST, _SEAL = "manifest.json", "seal"
# Whoever was signed in signs in again: an old copy must not revive a sign-in that has ended.
_LEFT_OUT = frozenset({SignIn.__tablename__})


class Contents(BaseModel):
    """One table in the file."""

    columns: list[str]
    rows: int
    sha256: str


class Manifest(BaseModel):
    """What the file holds, and what it needs to be brought back."""

    format: int
    revision: str
    made_at: str
    key_check: str
    tables: dict[str, Contents]

    @property
    def rows(self) -> int:
        """How many rows the file holds."""
        return sum(table.rows for table in self.tables.values())


def write(db: Session, file: Path) -> Manifest:
    """Write everything to `file` as it stands at this moment, and read it again to be sure.

    `db` must be fresh: it is asked for one unchanging view of the data. The file appears
    under its name only when it is whole, and only the owner may read it. Raises SetupError.
    """
    _refuse_other_file(file)
    if db.get_bind().dialect.name == "postgresql":
        db.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    fresh = file.with_name(f".{file.name}.new")
    try:
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
        with os.fdopen(descriptor, "w+b") as handle:
            _write_archive(db, handle)
            handle.flush()
            os.fsync(handle.fileno())
        manifest = check(fresh)
        fresh.replace(file)
    except OSError as error:
        raise SetupError(
            f"The backup could not be written to {file.name}: {error.strerror}. "
            "Nothing was changed; choose a folder with enough free space and try again."
        ) from error
    finally:
        fresh.unlink(missing_ok=True)
    return manifest


def check(file: Path) -> Manifest:
    """Read the whole file and give its manifest. Raises SetupError saying what is wrong with it.

    Checked are the data key it was made with, the seal, and every row.
    """
    with _opened(file) as archive:
        sealed = archive.read(_MANIFEST)
        manifest = Manifest.model_validate_json(sealed)
        _check_fits(manifest)
        _check_seal(sealed, archive.read(_SEAL).decode())
        for name, contents in manifest.tables.items():
            digest = sha256()
            rows = 0
            with archive.open(_member(name)) as lines:
                for line in lines:
                    digest.update(line)
                    rows += 1
            if (digest.hexdigest(), rows) != (contents.sha256, contents.rows):
                raise SetupError(_DAMAGED)
    return manifest


def restore(db: Session, file: Path, *, replace: bool = False) -> Manifest:
    """Bring everything back from `file`, in this one transaction.

    Raises SetupError when the file cannot be trusted or used, and ConflictError when the
    database holds data already and `replace` does not allow it to go.
    """
    manifest = check(file)
    _check_revision(db, manifest)
    if not is_empty(db) and not replace:
        raise ConflictError(
            "This database is in use already. To put the backup in its place and lose what is "
            "in it now, add --replace."
        )
    with bulk.replacing_everything(db), _opened(file) as archive:
        for table in Base.metadata.sorted_tables:
            if table.name in manifest.tables:
                columns = manifest.tables[table.name].columns
                with archive.open(_member(table.name)) as lines:
                    bulk.insert(db, table, columns, _rows(table, lines))
        bulk.settle(db)
    audit.record(db, None, "backup.restored", rows=manifest.rows)
    return manifest


def is_empty(db: Session) -> bool:
    """Whether nobody has begun to use this database."""
    begun = db.scalar(select(Organisation.id)) or db.scalar(select(Account.id).limit(1))
    return begun is None


def _write_archive(db: Session, handle: IO[bytes]) -> None:
    contents: dict[str, Contents] = {}
    with zipfile.ZipFile(handle, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for table in Base.metadata.sorted_tables:
            if table.name in _LEFT_OUT:
                continue
            with archive.open(_member(table.name), "w", force_zip64=True) as out:
                contents[table.name] = _write_table(db, table, out)
        manifest = Manifest(
            format=FORMAT,
            revision=_revision(db),
            made_at=clock.now().isoformat(timespec="seconds"),
            key_check=encrypt(KEY_CHECK),
            tables=contents,
        )
        sealed = manifest.model_dump_json(indent=1).encode()
        archive.writestr(_MANIFEST, sealed)
        archive.writestr(_SEAL, _seals(sealed)[0])


def _write_table(db: Session, table: Table, out: IO[bytes]) -> Contents:
    digest = sha256()
    rows = 0
    for row in bulk.read(db, table):
        line = json.dumps([_printable(value) for value in row], ensure_ascii=False) + "\n"
        digest.update(line.encode())
        out.write(line.encode())
        rows += 1
    columns = [column.name for column in table.columns]
    return Contents(columns=columns, rows=rows, sha256=digest.hexdigest())


def _rows(table: Table, lines: Iterable[bytes]) -> Iterator[list[bulk.Stored]]:
    binary = [
        number
        for number, column in enumerate(table.columns)
        if isinstance(column.type, LargeBinary)
    ]
    for line in lines:
        row = json.loads(line)
        for number in binary:
            row[number] = None if row[number] is None else base64.b64decode(row[number])
        yield row


def _printable(value: bulk.Stored) -> str | int | float | None:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


@contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except FileNotFoundError as error:
        raise SetupError(f"There is no file {file.name}. Check its name and folder.") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, RuntimeError) as error:
        raise SetupError(_DAMAGED) from error


def _check_fits(manifest: Manifest) -> None:
    if manifest.format != FORMAT:
        raise SetupError(
            "This backup was made with a newer version of Alongside. Update the programme first."
        )
    try:
        decrypt(manifest.key_check)
    except KeyringError as error:
        raise SetupError(
            "This backup was made with another data key. Put that key back, beside the one in "
            "use now, and try again."
        ) from error


def _check_revision(db: Session, manifest: Manifest) -> None:
    if manifest.revision != _revision(db):
        raise SetupError(
            "This backup was made with another version of Alongside. Install that version, "
            "restore the backup there, then update and run: python -m services.manage init"
        )


def _check_seal(sealed: bytes, seal: str) -> None:
    if not any(hmac.compare_digest(seal, ours) for ours in _seals(sealed)):
        raise SetupError(_DAMAGED)


def _seals(sealed: bytes) -> tuple[str, ...]:
    """What stands on the manifest under every data key, newest first."""
    return blind_index(f"backup:{sha256(sealed).hexdigest()}")


def _revision(db: Session) -> str:
    return str(MigrationContext.configure(db.connection()).get_current_revision())


def _refuse_other_file(file: Path) -> None:
    """A slip of the hand must not put a backup in the place of the database or its key."""
    if not file.exists():
        return
    if not zipfile.is_zipfile(file):
        raise InvalidInputError(
            {"file": f"{file.name} exists and is not a backup. Choose another name."}
        )


def _member(table: str) -> str:
    return f"tables/{table}.jsonl"


_DAMAGED = (
    "This is not a backup of Alongside, or it was damaged or changed after it was made. "
    "Nothing was brought back; use another one."
)
