"""A person's own goals in her own words, and how near she was to each over time."""

from dataclasses import dataclass

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Goal, MeasureForm, Place, Respondent
from services import audit, clock
from services.apart import apart
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.measures.measure_forms import those_of
from services.measures.measure_library import measure
from services.measures.measure_words import POINTS
from services.permissions import Actor, Permission
from services.visibility import visible_places

GBO = "gbo"
MAX_WORDS = 200
_PATH = ["goal", "words", "point", "rating", "label", "name", "name_at"]
_NAME = 0.75  # of the scale: a line of text on the chart of 0 to 10


@dataclass(frozen=True, slots=True)
class GoalView:
    """One of her goals; `version` 0 and no words where there is none yet."""

    number: int
    words: str
    version: int


def of_place(db: Session, actor: Actor, place_ref: str) -> tuple[GoalView, ...]:
    """Her three goals by number, also those not set; the look is written in the audit log."""
    actor.require(Permission.RECORD_MEASURES)
    query = (
        select(Goal)
        .join(Place, Place.id == Goal.place_id)
        .where(Place.ref == place_ref, visible_places(actor))
    )
    found = {goal.number: goal for goal in db.scalars(query)}
    if found:
        audit.viewed(db, actor, f"goals:{place_ref}")
    return tuple(
        GoalView(n, found[n].words, found[n].version) if n in found else GoalView(n, "", 0)
        for n in _numbers()
    )


def keep(
    db: Session, actor: Actor, place_ref: str, number: int, words: str, *, version: int = 0
) -> None:
    """Set a goal or put it in other words, as long as nobody has rated it.

    A goal that was rated stays what it is: its ratings would otherwise be about something else.
    """
    actor.require(Permission.RECORD_MEASURES)
    words = _checked(number, words)
    place = db.scalar(
        select(Place).where(Place.ref == place_ref, visible_places(actor)).with_for_update()
    )
    if place is None:
        raise NotFoundError("place")
    goal = db.scalar(select(Goal).where(Goal.place_id == place.id, Goal.number == number))
    if goal is not None and goal.words == words:
        return
    if version != (goal.version if goal else 0):
        raise ConflictError(
            "A colleague has changed this goal meanwhile. Look at it and save again if yours "
            "should replace it.",
            theirs=goal.words if goal else None,
        )
    if goal is not None and _is_rated(db, place.id, number):
        raise ConflictError(
            "This goal has been rated, so it stays as it is. Set a new one under another number."
        )
    if goal is None:
        goal = Goal(place_id=place.id, number=number)
        db.add(goal)
    goal.words, goal.set_by_id, goal.set_at = words, actor.account_id, clock.now()
    audit.record(db, actor, "goal.set", f"place:{place.ref}", number=number)


def path(db: Session, actor: Actor, place_ref: str, respondent: Respondent) -> pd.DataFrame:
    """How near she was to each goal at each point, as one respondent sees it.

    Columns: goal, words, point, rating, label, and, at the last point of each goal only, name and
    name_at (how high it stands: goals that end alike have their names one above the other).
    """
    actor.require(Permission.RECORD_MEASURES)
    words = {goal.number: goal.words for goal in of_place(db, actor, place_ref)}
    query = (
        select(MeasureForm.point, MeasureForm.answers)
        .join(Place, Place.id == MeasureForm.place_id)
        .where(*those_of(actor, place_ref, GBO, respondent))
    )
    answers = {point: given or {} for point, given in db.execute(query)}
    rows: list[tuple[str, str, str, float, str, str | None, float | None]] = []
    for number in _numbers():
        rated = [
            (POINTS[point], value)
            for point in POINTS
            if (value := answers.get(point, {}).get(str(number))) is not None
        ]
        goal = f"Goal {number}"
        rows += [
            (
                goal,
                words[number] or goal,
                point,
                value,
                f"{value:g} of {measure(GBO).options.high}",
                goal if at == len(rated) else None,
                None,
            )
            for at, (point, value) in enumerate(rated, 1)
        ]
    return _named(pd.DataFrame(rows, columns=_PATH))


def _named(path: pd.DataFrame) -> pd.DataFrame:
    """With the height of each name, apart from those at the same point; the first goal highest."""
    top = float(measure(GBO).options.high)
    ends = path[path["name"].notna()].iloc[::-1].sort_values("rating", kind="stable")
    for _point, here in ends.groupby("point", sort=False):
        path.loc[here.index, "name_at"] = apart(here["rating"], _NAME, top)
    return path


def in_words(ratings: pd.DataFrame) -> str:
    """What the chart shows, for whom it is read aloud."""
    return (
        f"{ratings['goal'].nunique()} of her own goals, rated from 0 to 10 at "
        f"{ratings['point'].nunique()} points."
    )


def _numbers() -> list[int]:
    return [item.number for item in measure(GBO).items]


def _checked(number: int, words: str) -> str:
    words = " ".join(words.split())
    if number not in _numbers():
        raise InvalidInputError({"number": "Choose the first, second or third goal."})
    if not words:
        raise InvalidInputError({"words": "Write the goal down in her own words."})
    if len(words) > MAX_WORDS:
        raise InvalidInputError({"words": f"Shorten this to {MAX_WORDS} letters."})
    return words


def _is_rated(db: Session, place_id: int, number: int) -> bool:
    forms = db.scalars(
        select(MeasureForm.answers).where(
            MeasureForm.place_id == place_id, MeasureForm.measure == GBO
        )
    )
    return any((given or {}).get(str(number)) is not None for given in forms)
