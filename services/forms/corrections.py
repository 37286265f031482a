"""The lines of the public pages as a charity has corrected them, language by language."""

import pandas as pd
from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from models import PublicLine
from services import audit, clock
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.forms.lines import Lines, catalogues
from services.forms.words import ENGLISH
from services.permissions import Actor, Permission

LONGEST = 700
# What is filled in.
PLACES = (
    "{number}",
    "{day}",
    "{count}",
    "{answers}",
    "{not_today}",
    "{length}",
    "{most}",
    "{shown_from}",
)


_CORRECTED = select(PublicLine.key, PublicLine.text).where(
    PublicLine.language == bindparam("language")
)


def lines_in(db: Session, code: str) -> Lines:
    """A language as it is spoken here; English for a code there is no language for."""
    found = catalogues().get(code) or catalogues()[ENGLISH]
    return Lines(found, dict(db.execute(_CORRECTED, {"language": found.code}).all()))


def lines(db: Session, actor: Actor, code: str) -> pd.DataFrame:
    """Every line of a language: key, english, text (as it is said now), corrected (whether)."""
    actor.require(Permission.EDIT_FORMS)
    said = lines_in(db, _known(code))
    rows = [
        (key, english, said.say(key), key in said.corrections)
        for key, english in catalogues()[ENGLISH].lines.items()
    ]
    return pd.DataFrame(rows, columns=["key", "english", "text", "corrected"])


def correct(db: Session, actor: Actor, code: str, key: str, text: str, *, seen: str) -> None:
    """Say a line in other words from now on; an empty text goes back to what ships.

    Raises ConflictError when it no longer is what she saw.
    """
    actor.require(Permission.EDIT_FORMS)
    said = lines_in(db, _known(code))
    if key not in catalogues()[ENGLISH].lines:
        raise NotFoundError("line")
    if said.say(key) != seen:
        raise ConflictError(
            "Somebody else changed this line while you had it open. Look at it, then decide.",
            theirs=said.say(key),
        )
    tidy = " ".join(text.split())
    _check(key, tidy)
    here = (PublicLine.language == code, PublicLine.key == key)
    db.execute(delete(PublicLine).where(*here))
    if tidy:
        db.add(
            PublicLine(
                language=code,
                key=key,
                text=tidy,
                changed_at=clock.now(),
                changed_by_id=actor.account_id,
            )
        )
    audit.record(db, actor, "line.corrected", f"line:{code}.{key}")


def _known(code: str) -> str:
    if code not in catalogues():
        raise NotFoundError("language")
    return code


def _check(key: str, text: str) -> None:
    """What is filled in must stay, or the page would leave out a day or a number."""
    if len(text) > LONGEST:
        raise InvalidInputError({"text": f"Keep the line to {LONGEST} characters."})
    shipped = catalogues()[ENGLISH].lines[key]
    missing = [word for word in PLACES if word in shipped and text and word not in text]
    if missing:
        raise InvalidInputError({"text": f"Leave {', '.join(missing)} in the line."})
