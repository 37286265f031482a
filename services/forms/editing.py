"""Making forms and changing them: every change is a new version, every answered one stays."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from pydantic import ValidationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Account, FeedbackAnswer, FormVersion
from services import audit
from services.errors import InvalidInputError, NotFoundError
from services.forms import choosing, stored
from services.forms.definition import FormDefinition
from services.forms.rows import Row, draft
from services.forms.words import CODES, ENGLISH, spoken
from services.permissions import Actor, Permission

MAX_KEY = 40
# What to do about a field that cannot be used; whatever spans several fields says so itself.
_SENTENCES = {
    "title": "Enter a title of up to 160 letters.",
    "intro": "Say in a sentence or two what the form is for, in up to 600 letters.",
}


def directory(db: Session, actor: Actor) -> pd.DataFrame:
    """Every form: key, title, questions (how many), version, languages (how many it is in)."""
    actor.require(Permission.READ_GROUPS)
    rows = [
        (key, spoken(form.title), len(form.questions), form.version, len(languages_of(form)))
        for key, form in stored.newest(db).items()
    ]
    return pd.DataFrame(rows, columns=["key", "title", "questions", "version", "languages"])


def history(db: Session, actor: Actor, key: str) -> pd.DataFrame:
    """A form's versions, the newest first: version, title, made_at, by (None when it came with
    the programme), answers (how many were given to it)."""
    actor.require(Permission.READ_GROUPS)
    given = (
        select(func.count())
        .where(FeedbackAnswer.form == key, FeedbackAnswer.form_version == FormVersion.version)
        .correlate(FormVersion)
        .scalar_subquery()
    )
    query = (
        select(
            FormVersion.version, FormVersion.title, FormVersion.made_at, Account.display_name, given
        )
        .outerjoin(Account, Account.id == FormVersion.made_by_id)
        .where(FormVersion.key == key)
        .order_by(FormVersion.version.desc())
    )
    columns = ["version", "title", "made_at", "by", "answers"]
    return pd.DataFrame(db.execute(query).all(), columns=columns)


def add(db: Session, actor: Actor, title: str, intro: str, table: Sequence[Row]) -> str:
    """Keep a form of the charity's own, and give back its key."""
    actor.require(Permission.EDIT_FORMS)
    key = _new_key(title)
    made = checked(draft(key, title, intro, table))
    if key in stored.newest_rows(db, key):
        raise InvalidInputError({"title": "There is a form of that name. Choose another."})
    stored.add_version(db, made, by=actor)
    audit.record(db, actor, "form.added", f"form:{key}")
    return key


def change(
    db: Session,
    actor: Actor,
    key: str,
    title: str,
    intro: str,
    table: Sequence[Row],
    *,
    version: int,
) -> int:
    """Keep a new version, and give back its number. A session that has begun keeps its own.

    The same again makes no new version. Raises ConflictError when somebody else has made one
    since `version`.
    """
    actor.require(Permission.EDIT_FORMS)
    row = stored.held(db, key, version)
    made = checked(draft(key, title, intro, table, _versions(db, key)))
    return _keep(db, actor, row, made)


def translate(
    db: Session, actor: Actor, key: str, code: str, texts: Mapping[str, str], *, version: int
) -> int:
    """Say a form in another language: `texts` are the English texts with their translations.

    What is left empty is said in English. Gives back the number of the version.
    """
    actor.require(Permission.EDIT_FORMS)
    if code == ENGLISH or code not in CODES:
        raise NotFoundError("language")
    row = stored.held(db, key, version)
    said = _translated(stored.read(row).model_dump(), code, texts)
    return _keep(db, actor, row, checked(said))


def checked(said: Mapping[str, Any]) -> FormDefinition:
    """A draft as a form. Raises InvalidInputError with a sentence a field."""
    try:
        return FormDefinition.model_validate(said)
    except ValidationError as error:
        fault = error.errors()[0]
        field = str(fault["loc"][0]) if fault["loc"] else "questions"
        reason = fault["msg"].removeprefix("Value error, ").rstrip(".")
        line = _line(fault["loc"], said)
        sentence = _SENTENCES.get(field, f"{line}{reason[:1].upper()}{reason[1:]}.")
        raise InvalidInputError({field: sentence}) from error


def texts(form: FormDefinition) -> list[dict[str, str]]:
    """Everything a form says, each text once, in every language it has been put into."""
    found: dict[str, dict[str, str]] = {}
    _each_text(form.model_dump(), lambda words: found.setdefault(words[ENGLISH], words))
    return list(found.values())


def languages_of(form: FormDefinition) -> list[str]:
    """The languages every text of a form has been put into."""
    said = texts(form)
    return [code for code in CODES if all(code in words for words in said)]


def _keep(db: Session, actor: Actor, row: FormVersion, made: FormDefinition) -> int:
    if row.definition == stored.text_of(made):
        return row.version
    number = row.version + 1
    stored.add_version(db, made.model_copy(update={"version": number}), by=actor)
    choosing.follow(db)
    audit.record(db, actor, "form.changed", f"form:{row.key}", version=number)
    return number


def _versions(db: Session, key: str) -> list[FormDefinition]:
    query = select(FormVersion).where(FormVersion.key == key).order_by(FormVersion.version)
    return [stored.read(row) for row in db.scalars(query)]


def _translated(said: dict[str, Any], code: str, given: Mapping[str, str]) -> dict[str, Any]:
    def put(words: dict[str, str]) -> None:
        text = given.get(words[ENGLISH], words.get(code, "")).strip()
        words.pop(code, None)
        if text:
            words[code] = text

    _each_text(said, put)
    return said


def _each_text(part: Any, act: Any) -> None:
    """Go through everything that is said, wherever it stands."""
    if isinstance(part, dict) and ENGLISH in part:
        act(part)
    elif isinstance(part, dict):
        for inner in part.values():
            _each_text(inner, act)
    elif isinstance(part, (list, tuple)):
        for inner in part:
            _each_text(inner, act)


def _line(place: tuple[int | str, ...], said: Mapping[str, Any]) -> str:
    """Which question a fault is in, by its own words."""
    if len(place) < 2 or place[0] != "questions":  # noqa: PLR2004 - the list, and the place in it
        return ""
    return f"“{said['questions'][place[1]]['text'].get(ENGLISH, '')}”: "


def _new_key(title: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")[:MAX_KEY]
    return slug if slug[:1].isalpha() else f"form_{slug}"[:MAX_KEY].rstrip("_")
