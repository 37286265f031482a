"""What people of one session wrote, once it may be seen: each text under a name of its own.

The name says nothing about who wrote it, and two texts of one person have names that do not
go together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import FeedbackAnswer, GroupSession
from services.forms import stored
from services.forms.words import spoken


@dataclass(frozen=True, slots=True)
class Text:
    """One text, where it stands, and whether whoever wrote it said that it may be quoted."""

    handle: str
    answer_id: int
    question: str
    asked: str
    words: str
    may_be_quoted: bool


def handle(question: str, form_number: str) -> str:
    """How a text is called on the screen, and in which order it stands there."""
    return sha256((question + form_number).encode()).hexdigest()


def of_session(db: Session, held: GroupSession) -> Sequence[Text]:
    """The texts staff have had before them, question by question.

    No permission of its own: a step of services that have asked.
    """
    query = select(FeedbackAnswer).where(
        FeedbackAnswer.session_id == held.id, FeedbackAnswer.shown.is_(True)
    )
    found: list[tuple[str, int, int, Text]] = []
    for row in db.scalars(query):
        form = stored.version_of(db, row.form, row.form_version)
        may = form.quote_question is not None and row.answers.get(form.quote_question) == 1
        for place, question in enumerate(form.questions):
            words = row.answers.get(question.key)
            if isinstance(words, str):
                name = handle(question.key, row.form_number)
                text = Text(name, row.id, question.key, spoken(question.text), words, may)
                found.append((row.form, row.form_version, place, text))
    found.sort(key=lambda one: (*one[:3], one[3].handle))
    return [text for *_place, text in found]
