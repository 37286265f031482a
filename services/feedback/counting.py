"""What is counted of the answers as they come in, and all of it made again from the answers."""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models import FeedbackAnswer, FeedbackTag, FeedbackTheme, Group, GroupSession
from services import clock
from services.forms.checking import NOT_TODAY, Answer
from services.tallies import Cell, Kind

S = TypeVar("S", bound=Select[*tuple[Any, ...]])
ANY_THEME = "any"  # no reference of a theme is as short


def says_something(given: Mapping[str, Answer]) -> bool:
    """Whether a form holds more than "not today": such a one hides nobody."""
    return any(value != NOT_TODAY for value in given.values())


def of_form(programme: str, period: str, form: str, given: Mapping[str, Answer]) -> list[Cell]:
    """The counts of one form given in."""
    cells = [Cell(Kind.FORM, programme, period, form)] if says_something(given) else []
    for key, answer in given.items():
        for value in answer if isinstance(answer, list) else [answer]:
            if isinstance(value, str):
                cells.append(Cell(Kind.FEEDBACK, programme, period, key))
            elif value is not None and value != NOT_TODAY:
                cells.append(Cell(Kind.FEEDBACK, programme, period, key, first=value))
    return cells


def of_words(programme: str, period: str, themes: Collection[str]) -> list[Cell]:
    """The counts of one text with the themes it is about, by their references."""
    keys = (*themes, ANY_THEME) if themes else ()
    return [Cell(Kind.THEME, programme, period, key) for key in keys]


def recount(db: Session, group_id: int | None = None) -> Counter[Cell]:
    """The counts of every answer kept, of one group's if named, from the answers themselves."""
    query = _within(
        select(Group.programme, Group.starts_on, FeedbackAnswer.form, FeedbackAnswer.answers)
        .join(GroupSession, GroupSession.group_id == Group.id)
        .join(FeedbackAnswer, FeedbackAnswer.session_id == GroupSession.id),
        group_id,
    )
    counted = Counter(
        cell
        for programme, starts, form, given in db.execute(query)
        for cell in of_form(programme, clock.quarter(starts), form, given)
    )
    counted.update(_themes(db, group_id))
    return counted


def _themes(db: Session, group_id: int | None) -> Counter[Cell]:
    query = _within(
        select(
            Group.programme,
            Group.starts_on,
            FeedbackTag.answer_id,
            FeedbackTag.question,
            FeedbackTheme.ref,
        )
        .join(GroupSession, GroupSession.group_id == Group.id)
        .join(FeedbackAnswer, FeedbackAnswer.session_id == GroupSession.id)
        .join(FeedbackTag, FeedbackTag.answer_id == FeedbackAnswer.id)
        .join(FeedbackTheme, FeedbackTheme.id == FeedbackTag.theme_id),
        group_id,
    )
    about: dict[tuple[str, str, int, str], list[str]] = {}
    for programme, starts, answer, question, theme in db.execute(query):
        about.setdefault((programme, clock.quarter(starts), answer, question), []).append(theme)
    return Counter(
        cell
        for (programme, period, _answer, _question), themes in about.items()
        for cell in of_words(programme, period, themes)
    )


def _within(query: S, group_id: int | None) -> S:
    return query if group_id is None else query.where(Group.id == group_id)
