"""Whom a search finds, the closest first, a page at a time."""

import enum
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    CompoundSelect,
    Select,
    String,
    any_,
    intersect,
    literal,
    not_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from models import Person
from services.search import keys
from services.search.index import PEOPLE, Kind
from services.search.names import normalised

MOST_WORDS = 5  # of a search: each is a subquery, and nobody is looked for by more
MOST_LETTERS = 200

Position: TypeAlias = tuple[int, int]  # the last row shown: its step, and its number


class Step(enum.IntEnum):
    """How close a record comes to what was typed, the closest first."""

    REFERENCE = 0
    WHOLE = 1
    BEGINNING = 2
    OTHER_FORM = 3
    ALIKE = 4
    MISTYPED = 5


@dataclass(frozen=True, slots=True)
class Hit:
    """One record found, and how close it comes."""

    step: Step
    number: int

    @property
    def position(self) -> Position:
        """To go on behind it."""
        return (int(self.step), self.number)


# What each step adds to what may stand for a word: a step takes in all those before it.
_ADDED: tuple[tuple[Step, Callable[[str, str], list[str]]], ...] = (
    (Step.WHOLE, keys.whole),
    (Step.BEGINNING, keys.beginning),
    (Step.OTHER_FORM, keys.other_form),
    (Step.ALIKE, keys.alike),
    (Step.MISTYPED, keys.mistyped),
)


def find(
    db: Session,
    kind: Kind,
    text: str,
    visible: ColumnElement[bool],
    *,
    limit: int,
    after: Position | None = None,
) -> list[Hit]:
    """The records that fit what was typed, of those `visible` lets through; newest first in a step.

    The steps after one that fills the page are not looked at.
    """
    hits: list[Hit] = []
    closer: list[ColumnElement[bool]] = []
    words = _words(text[:MOST_LETTERS])
    # Few fit several words: sorting them is cheap, and going through all records by number is not,
    # which PostgreSQL does to be spared the sorting. Many may fit one word, and there it is right.
    newest = (kind.model.id if len(words) < 2 else kind.model.id + 0).desc()  # noqa: PLR2004
    for step, fits in _steps(db, kind, text[:MOST_LETTERS], words):
        room = limit - len(hits)
        if not room:
            break
        if after is None or step >= after[0]:
            query = select(kind.model.id).where(fits, visible).order_by(newest)
            # On the first page everybody who came closer is on it, and need not be found again.
            if after is None:
                query = query.where(kind.model.id.not_in([hit.number for hit in hits]))
            else:
                query = query.where(*map(not_, closer))
            if after is not None and step == after[0]:
                query = query.where(kind.model.id < after[1])
            hits += [Hit(step, number) for number in db.scalars(query.limit(room))]
        closer.append(fits)
    return hits


def _words(text: str) -> list[str]:
    words = [word[: keys.MAX_PREFIX] for word in normalised(text) if len(word) >= keys.MIN_PREFIX]
    return words[:MOST_WORDS]


def _steps(
    db: Session, kind: Kind, text: str, words: list[str]
) -> Iterator[tuple[Step, ColumnElement[bool]]]:
    """Each step with what fits there or, but for references, at one before."""
    if (by_reference := _by_reference(kind, text)) is not None:
        yield Step.REFERENCE, by_reference
    tokens: list[list[str]] = [[] for _ in words]
    for step, added in _ADDED if words else ():
        more = [added(kind.name, word) for word in words]
        if step is Step.MISTYPED:
            used = in_use(db, kind, [token for some in more for token in some])
            more = [[token for token in some if token in used] for some in more]
        if not any(more):
            continue
        tokens = [have + new for have, new in zip(tokens, more, strict=True)]
        # Of one word whatever the step adds is all that is new; of more, each may be at another.
        yield step, _having(kind, step, tokens if len(words) > 1 else more)


def in_use(db: Session, kind: Kind, tokens: list[str]) -> set[str]:
    """Those that are anybody's: of hundreds of slips a few, and with the few a plan is made."""
    query = select(kind.tokens.token).where(_one_of(db, kind.tokens.token, tokens)).distinct()
    return set(db.scalars(query)) if tokens else set()


def _one_of(
    db: Session, column: InstrumentedAttribute[str], values: list[str]
) -> ColumnElement[bool]:
    """One of very many: PostgreSQL takes them as one array; each by itself it would read anew."""
    if db.get_bind().dialect.name == "postgresql":
        return column == any_(literal(values, ARRAY(String)))
    return column.in_(values)


def _by_reference(kind: Kind, text: str) -> ColumnElement[bool] | None:
    tokens = keys.reference(kind.name, text)
    if not tokens:
        return None
    hers = select(kind.owner).where(kind.tokens.token.in_(tokens))
    codes = keys.codes(text) if kind is PEOPLE else []
    if codes:
        coded = select(Person.id).where(Person.code.in_(codes))
        return kind.model.id.in_(union_all(hers, coded))
    return kind.model.id.in_(hers)


def _having(kind: Kind, step: Step, words: list[list[str]]) -> ColumnElement[bool]:
    """Those with one of the hashes of each word.

    Made once and by itself: PostgreSQL would otherwise ask for it again and again, person by
    person, when both words are common.
    """
    found = with_each(kind, words).cte(f"found_{step.name.lower()}")
    return kind.model.id.in_(select(found.prefix_with("MATERIALIZED").c.number))


def with_each(kind: Kind, sets: Sequence[list[str]]) -> Select[int] | CompoundSelect[int]:
    """The numbers of those with one of the hashes of each set; there is one set at least."""
    found = [select(kind.owner.label("number")).where(kind.tokens.token.in_(some)) for some in sets]
    return intersect(*found) if len(found) > 1 else found[0]
