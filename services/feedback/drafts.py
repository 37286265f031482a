"""A form kept for a few hours because she asked for it, locked with a word that only she has.

The word is the form's own number. What is kept is encrypted under it, and found by its hash: the
database and the data key together open nothing. It is gone once it is sent, once she leaves by
the quick way out, and after four hours in any case.
"""

import base64
import json
from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from models import FeedbackDraft
from services import clock
from services.feedback.addresses import NO_FORM, FormClosedError, plainly
from services.feedback.links import session_of

KEPT_FOR = timedelta(hours=4)
MOST = 300  # of one session at a time; more are made by a machine


def keep(db: Session, token: str, number: str, fields: Mapping[str, str]) -> str:
    """Keep what was typed under the form's number, and give back the name it is found by.

    No permission of its own: a step of giving feedback. Raises FormClosedError.
    """
    session_id = session_of(db, token)
    name = name_of(number)
    clear(db)
    erase(db, name)
    here = select(func.count()).where(FeedbackDraft.session_id == session_id)
    if (db.scalar(here) or 0) >= MOST:
        raise FormClosedError(NO_FORM)
    db.add(
        FeedbackDraft(
            session_id=session_id,
            name=name,
            sealed=_lock(number).encrypt_at_time(json.dumps(dict(fields)).encode(), 0).decode(),
            expires_at=clock.now() + KEPT_FOR,
        )
    )
    return name


def find(db: Session, token: str, word: str) -> dict[str, str] | None:
    """What was kept under a word, however it was typed; None where there is nothing (any more).

    No permission of its own: the word is one. Raises FormClosedError.
    """
    session_id = session_of(db, token)
    number = plainly(word)
    query = select(FeedbackDraft.sealed).where(
        FeedbackDraft.session_id == session_id,
        FeedbackDraft.name == name_of(number),
        FeedbackDraft.expires_at > clock.now(),
    )
    sealed = db.scalar(query)
    if sealed is None:
        return None
    try:
        fields: dict[str, str] = json.loads(_lock(number).decrypt(sealed.encode()))
    except InvalidToken:
        return None
    return fields | {"number": number}


def erase(db: Session, name: str) -> None:
    """Throw away what is found by this name; nothing if there is nothing."""
    db.execute(delete(FeedbackDraft).where(FeedbackDraft.name == name))


def clear(db: Session) -> None:
    """Throw away what has been kept its four hours."""
    db.execute(delete(FeedbackDraft).where(FeedbackDraft.expires_at <= clock.now()))


def name_of(number: str) -> str:
    """The name something is found by, which opens nothing."""
    return sha256(f"draft:{number}".encode()).hexdigest()


def _lock(number: str) -> Fernet:
    # Eighty random bits: nothing slower is needed between them and the key.
    key = sha256(f"draft key:{number}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
