"""What is counted of the answers as they come in, and all of it made again from the answers."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models import FeedbackAnswer, FeedbackTag, FeedbackTheme, Group, GroupSession
from services import clock
from services.forms.checking import NOT_TODAY, Answer
from services.tallies.tallies import Cell, Kind

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


def of_person(programme: str, period: str, forms: Sequence[Mapping[str, Answer]]) -> list[Cell]:
    """The counts of one person's answers under a code of hers, in the order of the sessions."""
    given: dict[str, list[int]] = {}
    for form in forms:
        for key, answer in form.items():
            if isinstance(answer, int) and answer != NOT_TODAY:
                given.setdefault(key, []).append(answer)
    return [
        Cell(Kind.FEEDBACK_PAIR, programme, period, key, values[0], values[-1])
        for key, values in given.items()
        if len(values) > 1
    ]


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
    counted.update(_people(db, group_id))
    return counted


def _people(db: Session, group_id: int | None) -> Counter[Cell]:
    query = _within(
        select(
            Group.id,
            Group.programme,
            Group.starts_on,
            FeedbackAnswer.same_as,
            FeedbackAnswer.answers,
        )
        .join(GroupSession, GroupSession.group_id == Group.id)
        .join(FeedbackAnswer, FeedbackAnswer.session_id == GroupSession.id)
        .where(FeedbackAnswer.same_as.is_not(None))
        .order_by(GroupSession.number, FeedbackAnswer.form_number),
        group_id,
    )
    forms: defaultdict[tuple[Any, ...], list[Mapping[str, Answer]]] = defaultdict(list)
    for group, programme, starts, code, given in db.execute(query):
        forms[programme, clock.quarter(starts), group, code].append(given)
    return Counter(
        cell
        for (programme, period, _group, _code), hers in forms.items()
        for cell in of_person(programme, period, hers)
    )


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
