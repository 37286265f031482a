"""The organisation's forms: the newest of each, and every version anybody has answered."""

import json
from functools import lru_cache

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from models import FormVersion
from services import clock, kept_versions
from services.errors import NotFoundError
from services.forms import library
from services.forms.definition import FormDefinition
from services.forms.words import spoken
from services.permissions import Actor


def seed(db: Session) -> None:
    """Take in what ships: new forms, and new versions of those nobody here has changed."""
    newest = newest_rows(db)
    for key, shipped in library.shipped().items():
        kept = newest.get(key)
        if kept is None:
            add_version(db, shipped, by=None)
        elif kept.made_by_id is None and kept.definition != text_of(shipped):
            add_version(db, shipped.model_copy(update={"version": kept.version + 1}), by=None)


def newest(db: Session) -> dict[str, FormDefinition]:
    """The newest version of every form, by key, in order of title."""
    return {key: read(row) for key, row in newest_rows(db).items()}


def find(db: Session, key: str) -> FormDefinition | None:
    """The newest version of one form; None where there is none."""
    row = newest_rows(db, key).get(key)
    return None if row is None else read(row)


def version_of(db: Session, key: str, version: int) -> FormDefinition:
    """A version as it was when it was answered. Raises NotFoundError."""
    definition = db.scalar(_DEFINITION, {"key": key, "version": version})
    if definition is None:
        raise NotFoundError("form")
    return _read(key, version, definition)


def newest_rows(db: Session, *keys: str) -> dict[str, FormVersion]:
    """The records of the newest versions of these forms, or of all."""
    return kept_versions.newest(db, FormVersion, *keys)


def held(db: Session, key: str, version: int) -> FormVersion:
    """The newest version, held until the transaction ends, if it is the one she saw."""
    return kept_versions.held(db, FormVersion, key, version, "form")


def add_version(db: Session, made: FormDefinition, *, by: Actor | None) -> None:
    """Keep a version under the number it has."""
    row = FormVersion(
        key=made.key,
        version=made.version,
        title=spoken(made.title),
        definition=text_of(made),
        made_at=clock.now(),
        made_by_id=by.account_id if by else None,
    )
    db.add(row)
    db.flush()


def read(row: FormVersion) -> FormDefinition:
    """A record as the form it holds."""
    return _read(row.key, row.version, row.definition)


def text_of(found: FormDefinition) -> str:
    """A form as it is kept."""
    return found.model_dump_json(exclude={"key", "version"})


_DEFINITION = select(FormVersion.definition).where(
    FormVersion.key == bindparam("key"), FormVersion.version == bindparam("version")
)


# A whole group opens one form at the same moment; what was read is never changed.
@lru_cache(maxsize=64)
def _read(key: str, version: int, definition: str) -> FormDefinition:
    return FormDefinition.model_validate({**json.loads(definition), "key": key, "version": version})
