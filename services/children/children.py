"""Children's communication in a whole programme, from kept counts (domain §2.6).

Medians and who moved up, and no verdicts. The child's, the parent's and the practitioner's
views stand side by side and are never averaged together.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import pandas as pd
from sqlalchemy.orm import Session

from services.children.child_steps import PRACTICE_TOOL, name_every_strand, name_lines
from services.children.step_figures import counted, levels, levels_in_words, moves, moves_in_words
from services.permissions import Actor, Permission
from services.tallies.shares import (
    SHOWN_INSIDE_FROM,
    SHOWN_OUTSIDE_FROM,
    WITHHELD,
    is_large_enough,
    sees_small_numbers,
)
from services.tallies.tallies import Kind
from services.tallies.tally_totals import totals
from services.unchanged import while_unchanged

_Counts: TypeAlias = tuple[tuple[str, int, int, int], ...]
LEAST_CHILDREN = SHOWN_INSIDE_FROM
TOO_FEW = f"Strands rated for fewer than {LEAST_CHILDREN} children at a point are left out."
ALL_TOO_FEW = (
    f"No strand has been rated for {LEAST_CHILDREN} children or more at one point yet, so nothing "
    "is shown: of fewer it would be a child’s own step."
)
TOO_FEW_HERE = "too few children to show"
NOTHING_YET = (
    "No steps have been recorded yet. Facilitators record them under Measures, at the start, in "
    "the middle and at the end, as the child, the parent or carer and the practitioner see them."
)
LEVELS = [
    "strand", "counts", "order", "view", "point", "median", "people", "label", "label_at",
]  # fmt: skip
MOVES = [
    "strand", "counts", "order", "view", "moved_up", "people", "share", "low", "high", "counted",
    "label",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Overview:
    """Every child's steps together; frames are empty where nothing can be said.

    levels: strand, counts, order, view, point, median (0-4), people, label, and the ends of the
    lines as in `name_lines`. moves (start to end, the same children): strand, order,
    view, moved_up (a step or more), people, share, low, high (95% Wilson), counted, label.
    A strand of which nothing can be shown has one row without a view that says so.
    """

    levels: pd.DataFrame
    moves: pd.DataFrame
    levels_in_words: str  # what the chart of levels shows, for whom it is read aloud
    moves_in_words: str
    notes: tuple[str, ...]


@while_unchanged
def overview(db: Session, actor: Actor, *, programme: str | None = None) -> Overview:
    """Medians at each point and the share moving up, by strand and view, from kept counts.

    Nothing is shown of fewer than five children, since a median of one is that child's own
    step. An evaluator sees nothing of fewer than ten, and no programme by itself.
    """
    actor.require(Permission.READ_OUTCOMES)
    rated = totals(db, actor, Kind.STRAND, "key", "first", "second", programme=programme)
    pairs = totals(db, actor, Kind.STRAND_PAIR, "key", "first", "second", programme=programme)
    return _worked_out(tuple(rated), tuple(pairs), sees_small_numbers(actor))


@lru_cache(maxsize=64)
def _worked_out(rated: _Counts, pairs: _Counts, sees_small: bool) -> Overview:
    """Remembered, since the same counts come back with every click until a form is saved."""
    found, went_up = levels(rated), moves(pairs)
    notes = [PRACTICE_TOOL if found else NOTHING_YET]
    if sees_small:
        shown = [level for level in found if level["people"] >= LEAST_CHILDREN]
        went_up = [move for move in went_up if move["people"] >= LEAST_CHILDREN]
        few = TOO_FEW if shown else ALL_TOO_FEW
        notes += [few] if len(shown) < len(found) else []
    else:
        shown = [level for level in found if level["people"] >= SHOWN_OUTSIDE_FROM]
        went_up = [move for move in went_up if is_large_enough(move["moved_up"], move["people"])]
        notes.append(WITHHELD)
    lines = name_every_strand(name_lines(counted(shown), "median"), TOO_FEW_HERE)
    shares = name_every_strand(counted(went_up), TOO_FEW_HERE)
    return Overview(
        levels=pd.DataFrame(lines, columns=LEVELS),
        moves=pd.DataFrame(shares, columns=MOVES),
        levels_in_words=levels_in_words(shown),
        moves_in_words=moves_in_words(went_up),
        notes=tuple(notes),
    )
