"""Who moved up, by age at the start, by where they began, and with a parent beside them or not.

From counts kept as forms are saved. For staff of the house: nobody outside sees parts this small.
"""

import enum
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd
from sqlalchemy.orm import Session

from services.children.child_prompts import UNKNOWN, label, prompts
from services.children.child_steps import TOP_STEP, Row, name_every, step_words, strand_labels
from services.children.children import LEAST_CHILDREN, MOVES, TOO_FEW_HERE
from services.children.step_figures import counted, moved, moves_in_words
from services.errors import InvalidInputError, NotPermittedError
from services.measures.measure_counts import ALONE, MISSING, WITH
from services.measures.measure_words import VIEWS
from services.permissions import Actor, Permission
from services.tallies.shares import sees_small_numbers
from services.tallies.tallies import Kind
from services.tallies.tally_totals import totals
from services.unchanged import while_unchanged

NOTHING = "No child has steps in this strand at the start and at the end yet."
_FORMS = ["part", "view", "start", "end", "both", "no_end", "no_start"]


class By(enum.Enum):
    """What children are told apart by."""

    AGE = "age"
    LEVEL = "level"
    PARENT = "parent"


_CAUTION = {
    By.AGE: "By the age on the first day: a child who changes age band half-way stays in the one "
    "of the start.",
    By.LEVEL: "Children who begin low have further to rise than those who begin high: a part of "
    "any difference comes from that alone.",
    By.PARENT: "With a parent or carer who has a place in the same group or the parallel one. "
    "Families in which a parent comes differ in other ways too.",
}


@dataclass(frozen=True, slots=True)
class Compared:
    """One strand in parts; frames are empty where nothing can be said.

    moves: as in `children.Overview`, with the part's name as strand. forms: part, view, start,
    end and both (how many children have those forms), no_end, no_start.
    """

    moves: pd.DataFrame
    forms: pd.DataFrame
    in_words: str
    notes: tuple[str, ...]


class Child(NamedTuple):
    """Children counted as one: of a view, an age, with a parent or not, from step to step."""

    view: str
    age: str
    parent: str
    start: int
    end: int
    times: int


@while_unchanged
def compared(
    db: Session, actor: Actor, by: By, strand: str, *, programme: str | None = None
) -> Compared:
    """The share moving up a step or more in each part, with its interval and who is missing.

    Raises NotPermittedError for readers outside the house.
    """
    actor.require(Permission.READ_OUTCOMES)
    if not sees_small_numbers(actor):
        raise NotPermittedError("see children in parts")
    if strand not in strand_labels():
        raise InvalidInputError({"strand": "Choose one of the eight strands."})
    rows = totals(
        db, actor, Kind.CHILD, "key", "first", "second", begins=f"{strand}:", programme=programme
    )
    children = [Child(*key.split(":")[1:], *numbers) for key, *numbers in rows]
    parts = parts_of(by, {child.age for child in children})
    forms = _forms(children, by, parts)
    shown = [move for move in _moves(children, by, parts) if move["people"] >= LEAST_CHILDREN]
    named = name_every(counted(shown), parts.values(), TOO_FEW_HERE)
    return Compared(
        moves=pd.DataFrame(named, columns=MOVES),
        forms=pd.DataFrame(forms, columns=_FORMS),
        in_words=moves_in_words(shown) if shown else "",
        notes=tuple(_notes(children, by, shown)),
    )


def parts_of(by: By, ages: Collection[str]) -> Mapping[str, str]:
    """The parts in order: key to words; an age not known is one where it is among `ages`."""
    if by is By.AGE:
        known = [band.key for band in prompts().bands]
        return {key: label(key) for key in [*known, *({UNKNOWN} & set(ages))]}
    if by is By.PARENT:
        return {WITH: "A parent takes part too", ALONE: "No parent takes part"}
    return {"low": "Began on 0 or 1", "some": "Began on 2", "most": "Began on 3"}


def part_of(child: Child, by: By) -> str | None:
    """The part a child counts in; None for one that began at the top, or without a start."""
    if by is By.AGE:
        return child.age
    if by is By.PARENT:
        return child.parent
    return {0: "low", 1: "low", 2: "some", 3: "most"}.get(child.start)


def _moves(children: Iterable[Child], by: By, parts: Mapping[str, str]) -> list[Row]:
    people: Counter[tuple[str, str]] = Counter()
    up: Counter[tuple[str, str]] = Counter()
    for child in children:
        part = part_of(child, by)
        if part is not None and MISSING not in (child.start, child.end):
            people[part, child.view] += child.times
            up[part, child.view] += child.times if child.end > child.start else 0
    return [
        {"strand": words, "order": order, "view": said} | moved(up[part, view], people[part, view])
        for order, (part, words) in enumerate(parts.items())
        for view, said in _views().items()
        if people[part, view]
    ]


def _forms(children: Iterable[Child], by: By, parts: Mapping[str, str]) -> list[Row]:
    found: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for child in children:
        part = part_of(child, by)
        if part is not None:
            has = found[part, child.view]
            has["no_start"] += child.times * (child.start == MISSING)
            has["no_end"] += child.times * (child.end == MISSING)
            has["all"] += child.times
    return [
        {
            "part": words,
            "view": said,
            "start": has["all"] - has["no_start"],
            "end": has["all"] - has["no_end"],
            "both": has["all"] - has["no_start"] - has["no_end"],
            "no_end": has["no_end"],
            "no_start": has["no_start"],
        }
        for part, words in parts.items()
        for view, said in _views().items()
        for has in [found[part, view]]
        if has["all"]
    ]


def _notes(children: list[Child], by: By, shown: list[Row]) -> Iterable[str]:
    if not shown:
        yield NOTHING if not _with_both(children) else f"{TOO_FEW_HERE.capitalize()}: {_LEAST}"
    if by is By.LEVEL:
        yield ", ".join(f"{step}: {words.lower()}" for step, words in step_words().items()) + "."
    yield _CAUTION[by]
    views = {child.view for child in children if child.start == TOP_STEP}
    if by is By.LEVEL and views:
        at_top = max(
            sum(one.times for one in children if one.view == view and one.start == TOP_STEP)
            for view in views
        )
        yield (
            f"Up to {at_top:,} in one view began on the highest step, from where nobody can move "
            "up: they stand in no part here."
        )


_LEAST = f"a part is shown from {LEAST_CHILDREN} children with both forms up."


def _with_both(children: Iterable[Child]) -> int:
    return sum(one.times for one in children if MISSING not in (one.start, one.end))


def _views() -> Mapping[str, str]:
    return {view.value: words for view, words in VIEWS.items()}
