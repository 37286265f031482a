"""A code somebody makes herself from three small things, so that her answers can be compared.

The three things are never kept. What is kept is a keyed hash of them and the group: without the
data key it gives nothing back, and in another group the same three make another one. None of
them stands in any record of hers, so that whoever holds the key cannot look her up by it.
"""

import unicodedata
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import FeedbackAnswer, Group, GroupSession
from models.encryption import blind_index
from services.forms.checking import Answer

PARTS = ("street", "day", "friend")
_MOST_DAYS = 31


def spelled(parts: Mapping[str, str]) -> str | None:
    """The three as one word, however they were typed; None where one is missing or cannot be."""
    street, friend = (_letter(parts.get(name, "")) for name in ("street", "friend"))
    day = parts.get("day", "").strip()
    if not (street and friend and day.isdecimal() and 1 <= int(day[:4]) <= _MOST_DAYS):
        return None
    return f"{street}.{int(day)}.{friend}"


def kept_as(db: Session, group: Group, code: str) -> str:
    """The hash a code has in a group: the one it got under an earlier key, if there is one."""
    hashes = blind_index(f"feedback code:{group.ref}:{code}")
    query = (
        select(FeedbackAnswer.same_as)
        .join(GroupSession, GroupSession.id == FeedbackAnswer.session_id)
        .where(GroupSession.group_id == group.id, FeedbackAnswer.same_as.in_(hashes))
    )
    return db.scalar(query.limit(1)) or hashes[0]


def answers_under(db: Session, group: Group, same_as: str) -> Sequence[Mapping[str, Answer]]:
    """What was answered under one code, in the order of the sessions."""
    query = (
        select(FeedbackAnswer.answers)
        .join(GroupSession, GroupSession.id == FeedbackAnswer.session_id)
        .where(GroupSession.group_id == group.id, FeedbackAnswer.same_as == same_as)
        .order_by(GroupSession.number, FeedbackAnswer.form_number)
    )
    return db.scalars(query).all()


def _letter(typed: str) -> str:
    """The first letter, without accents and in one case: É and e are typed by the same hand."""
    plain = unicodedata.normalize("NFKD", typed.strip().casefold())
    return next((letter for letter in plain if letter.isalpha()), "")
