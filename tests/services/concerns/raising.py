"""The steps that tests of concerns share."""

from datetime import time
from typing import Any

from sqlalchemy.orm import Session

from models import EntryKind, SafeNow
from services.concerns import concern_decisions
from services.concerns.concern_draft import ConcernDraft
from services.permissions import Actor
from tests.conftest import NOW

TODAY = NOW.date()


def draft(**more: Any) -> ConcernDraft:
    values = {
        "about": "The father of a child at the door",
        "noticed_on": TODAY,
        "noticed_time": time(10, 30),
        "facts": "He waited outside.",
        "safe_now": SafeNow.UNKNOWN,
        **more,
    }
    return ConcernDraft(**values)


def decide(db: Session, actor: Actor, ref: str, kind: EntryKind, *, seen: int) -> None:
    concern_decisions.add(db, actor, ref, kind, "Called her.", entries_seen=seen)
