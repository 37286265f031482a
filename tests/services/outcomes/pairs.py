"""Pairs of scores for tests of outcomes."""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy.orm import Session

from services.tallies import tallies
from services.tallies.tallies import Cell, Kind

Pairs = Iterable[tuple[float, float]]


def keep(
    db: Session,
    key: str,
    pairs: Pairs,
    *,
    starts: Iterable[float] = (),
    programme: str = "steps_forward",
    period: str = "2026-Q3",
) -> None:
    """People with both forms, and people with a start form alone."""
    pairs = list(pairs)
    counted: Counter[Cell] = Counter()
    for start in [*(first for first, _ in pairs), *starts]:
        counted[Cell(Kind.START, programme, period, key, round(start * 100))] += 1
    for first, second in pairs:
        both = (round(first * 100), round(second * 100))
        counted[Cell(Kind.PAIR, programme, period, key, *both)] += 1
    tallies.add(db, counted)


def keep_places(db: Session, *, programme: str = "steps_forward", **reached: int) -> None:
    cells = {Cell(Kind.PLACE, programme, "2026-Q3", name): n for name, n in reached.items()}
    tallies.add(db, Counter(cells))
