"""Answers as participants send them."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import FeedbackAnswer
from services import feedback
from services.forms.checking import Answer

NUMBER = "a-form-number-of-its-own-{}".format
MARKUP = "<script>alert('x')</script> & 'quoted' \u0000 ☕"


def answer(db: Session, token: str, who: int, **answers: Answer) -> None:
    feedback.submit(db, token, NUMBER(who), answers or {"felt_safe": 3})


def kept(db: Session) -> list[Mapping[str, Answer]]:
    return list(db.scalars(select(FeedbackAnswer.answers)))
