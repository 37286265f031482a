"""The organisation's programmes: what is offered now, and every version groups are runs of."""

import json
import re
from collections.abc import Collection, Mapping
from functools import cache, lru_cache
from typing import Any

import pandas as pd
from pydantic import ValidationError
from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from models import Account, Group, ProgrammeVersion
from services import audit, clock, kept_versions
from services.errors import InvalidInputError
from services.permissions import Actor, Permission
from services.programmes import programme_library
from services.programmes.programme_library import ProgrammeTemplate
from services.short_lists import NUMBERS

MAX_KEY = 40
# What to do about a field that cannot be used; whatever spans several fields says so itself.
_SENTENCES = {
    "title": "Enter a title of 2 to 80 letters.",
    "summary": "Say in a sentence or two what the programme is.",
    "age_min": "Enter the youngest age, 0 or more.",
    "age_max": "Enter the oldest age, or leave it out.",
    "sessions": "Choose between 1 and 200 sessions.",
    "minutes": "Choose a length of 1 to 600 minutes.",
    "capacity": "Choose between 1 and 60 places.",
    "minimum": "Enter how many it takes to begin, at least 1.",
    "staff": "There are never fewer than two adults.",
    "children_per_adult": "Enter how many children one adult may look after.",
    "cutoff_week": "Enter the last week to join, 1 or later.",
    "follow_up_weeks": "Enter after how many weeks people meet again, or leave it out.",
    "completion_share": "Choose a share above 0 and up to 100 %.",
    "shapes": "Choose each session in one list only: together, or apart.",
    "topics": "Write one topic a line, one for each session.",
    "measures": "Choose measures from the list.",
}


def seed(db: Session) -> None:
    """Take in what ships: new programmes, and new versions of those nobody here has changed."""
    newest = _newest(db)
    for key, shipped in programme_library.shipped().items():
        kept = newest.get(key)
        if kept is None:
            _add_version(db, key, 1, shipped, by=None)
        elif kept.made_by_id is None and not _says(kept, shipped):
            _add_version(db, key, kept.version + 1, shipped, by=None)


def offered(db: Session) -> dict[str, ProgrammeTemplate]:
    """What a new group may be a run of: the newest version of each, by key, in order of title."""
    return {key: read(row) for key, row in _newest(db).items() if row.is_offered}


def find(db: Session, key: str) -> ProgrammeTemplate | None:
    """The newest version of one programme, offered or not; None where there is none."""
    row = _newest(db, key).get(key)
    return None if row is None else read(row)


def find_offered(db: Session, key: str) -> ProgrammeTemplate | None:
    """The same, as long as a new group may be a run of it."""
    row = _newest(db, key).get(key)
    return read(row) if row is not None and row.is_offered else None


def newest(db: Session) -> dict[str, ProgrammeTemplate]:
    """The newest version of every programme there has been, by key, in order of title."""
    return {key: read(row) for key, row in _newest(db).items()}


def titles(db: Session) -> dict[str, str]:
    """The title of every programme there has been, by key, in order of title."""
    newest = kept_versions.is_newest(ProgrammeVersion)
    query = select(ProgrammeVersion.key, ProgrammeVersion.title).where(newest)
    in_order = query.order_by(ProgrammeVersion.title, ProgrammeVersion.key)
    return dict(db.execute(in_order).all())


def of_group(db: Session, group: Group) -> ProgrammeTemplate:
    """The version a group is a run of, whatever has been changed since.

    Several services ask in one click; a version never changes, so that it is read once.
    """
    known: dict[tuple[str, int], ProgrammeTemplate] = db.info.setdefault("programmes", {})
    which = group.programme, group.programme_version
    if which not in known:
        key, version = which
        query = select(ProgrammeVersion).where(
            ProgrammeVersion.key == key, ProgrammeVersion.version == version
        )
        known[which] = read(db.scalars(query).one())
    return known[which]


def of_groups(db: Session, group_ids: Collection[int]) -> dict[int, ProgrammeTemplate]:
    """The same for many groups, by their numbers."""
    found = db.execute(_of_groups(), {NUMBERS.key: group_ids})
    return {number: read(row) for number, row in found}


@cache
def _of_groups() -> Select[int, ProgrammeVersion]:
    return (
        select(Group.id, ProgrammeVersion)
        .join(
            ProgrammeVersion,
            and_(
                ProgrammeVersion.key == Group.programme,
                ProgrammeVersion.version == Group.programme_version,
            ),
        )
        .where(Group.id.in_(NUMBERS))
    )


def directory(db: Session, actor: Actor) -> pd.DataFrame:
    """Every programme: key, title, audience, kind, sessions, minutes, capacity, version, offered,
    groups (how many runs of it there are, in any version)."""
    actor.require(Permission.READ_GROUPS)
    counted = select(Group.programme, func.count()).group_by(Group.programme)
    runs: dict[str, int] = dict(db.execute(counted).all())
    rows = [
        (
            key, found.title, found.audience, found.kind, found.sessions, found.minutes,
            found.capacity, found.version, row.is_offered, runs.get(key, 0),
        )
        for key, row in _newest(db).items()
        for found in (read(row),)
    ]  # fmt: skip
    columns = [
        "key", "title", "audience", "kind", "sessions", "minutes", "capacity", "version",
        "offered", "groups",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def history(db: Session, actor: Actor, key: str) -> pd.DataFrame:
    """A programme's versions, the newest first: version, title, made_at, by (None when it came
    with the programme), groups."""
    actor.require(Permission.READ_GROUPS)
    runs = (
        select(func.count())
        .where(Group.programme == key, Group.programme_version == ProgrammeVersion.version)
        .correlate(ProgrammeVersion)
        .scalar_subquery()
    )
    query = (
        select(
            ProgrammeVersion.version,
            ProgrammeVersion.title,
            ProgrammeVersion.made_at,
            Account.display_name,
            runs,
        )
        .outerjoin(Account, Account.id == ProgrammeVersion.made_by_id)
        .where(ProgrammeVersion.key == key)
        .order_by(ProgrammeVersion.version.desc())
    )
    return pd.DataFrame(
        db.execute(query).all(), columns=["version", "title", "made_at", "by", "groups"]
    )


def add(db: Session, actor: Actor, draft: Mapping[str, Any]) -> str:
    """Keep a programme of the charity's own, and give back its key."""
    actor.require(Permission.EDIT_PROGRAMMES)
    key = _new_key(str(draft.get("title", "")))
    made = _checked(key, draft)
    if key in _newest(db, key):
        raise InvalidInputError({"title": "There is a programme of that name. Choose another."})
    _add_version(db, key, 1, made, by=actor)
    audit.record(db, actor, "programme.added", f"programme:{key}")
    return key


def change(db: Session, actor: Actor, key: str, draft: Mapping[str, Any], *, version: int) -> int:
    """Keep a new version, and give back its number. Groups keep the version they began with.

    The same again makes no new version. Raises ConflictError when somebody else has made one
    since `version`.
    """
    actor.require(Permission.EDIT_PROGRAMMES)
    row = _held(db, key, version)
    made = _checked(key, draft)
    if _says(row, made):
        return row.version
    _add_version(db, key, row.version + 1, made, by=actor, is_offered=row.is_offered)
    audit.record(db, actor, "programme.changed", f"programme:{key}", version=row.version + 1)
    return row.version + 1


def offer(db: Session, actor: Actor, key: str, *, is_offered: bool, version: int) -> None:
    """Offer a programme for new groups, or no longer. Running groups go on either way."""
    actor.require(Permission.EDIT_PROGRAMMES)
    row = _held(db, key, version)
    row.is_offered = is_offered
    audit.record(
        db, actor, "programme.offered" if is_offered else "programme.withheld", f"programme:{key}"
    )


def _newest(db: Session, *keys: str) -> dict[str, ProgrammeVersion]:
    return kept_versions.newest(db, ProgrammeVersion, *keys)


def _held(db: Session, key: str, version: int) -> ProgrammeVersion:
    return kept_versions.held(db, ProgrammeVersion, key, version, "programme")


def _add_version(
    db: Session,
    key: str,
    version: int,
    made: ProgrammeTemplate,
    *,
    by: Actor | None,
    is_offered: bool = True,
) -> None:
    row = ProgrammeVersion(
        key=key,
        version=version,
        title=made.title,
        definition=_definition(made),
        is_offered=is_offered,
        made_at=clock.now(),
        made_by_id=by.account_id if by else None,
    )
    db.add(row)
    db.flush()


def _says(row: ProgrammeVersion, found: ProgrammeTemplate) -> bool:
    """Whether a version says just this; a field it is too old to have says what it says unset."""
    return _definition(read(row)) == _definition(found)


def _definition(found: ProgrammeTemplate) -> str:
    return found.model_dump_json(exclude={"key", "version"})


def read(row: ProgrammeVersion) -> ProgrammeTemplate:
    """The programme a stored version describes."""
    return _understood(row.key, row.version, row.definition)


@lru_cache(maxsize=256)
def _understood(key: str, version: int, definition: str) -> ProgrammeTemplate:
    """A version never changes, so that it is read and checked once."""
    return ProgrammeTemplate.model_validate(
        {**json.loads(definition), "key": key, "version": version}
    )


def _checked(key: str, draft: Mapping[str, Any]) -> ProgrammeTemplate:
    """The draft as a programme. Raises InvalidInputError with a sentence a field."""
    try:
        return ProgrammeTemplate.model_validate({**draft, "key": key})
    except ValidationError as error:
        problems: dict[str, str] = {}
        for fault in error.errors():
            field = str(fault["loc"][0]) if fault["loc"] else "programme"
            said = fault["msg"].removeprefix("Value error, ")
            problems[field] = _SENTENCES.get(field, f"{said[:1].upper()}{said[1:]}.")
        raise InvalidInputError(problems) from error


def _new_key(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")[:MAX_KEY] or "programme"
