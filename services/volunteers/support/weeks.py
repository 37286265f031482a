"""The weeks of a load as a table: what each held, in words, and what that counts today."""

import pandas as pd

from services.volunteers.support.load import Load, Week

PARTS = ("Sessions", "Something hard", "Her own answer")
_COLUMNS = ["week", "order", "part", "place", "counts", "label", "above", "total"]


def table(load: Load) -> pd.DataFrame:
    """A row for each week and part: week, order, part, place, counts, label, above, total."""
    rows = [
        (*_week(order, week), place, counts, label, above if place == 0 else "", _total(week))
        for order, week in enumerate(load.weeks)
        for above in [_above(week)]
        for place, (counts, label) in enumerate(_parts(week))
    ]
    frame = pd.DataFrame(
        rows, columns=["week", "order", "place", "counts", "label", "above", "total"]
    )
    return frame.assign(part=frame["place"].map(dict(enumerate(PARTS))))[_COLUMNS]


def _week(order: int, week: Week) -> tuple[str, int]:
    return f"{week.begins.day} {week.begins:%b}", order


def _parts(week: Week) -> tuple[tuple[float, str], ...]:
    said = f"{week.heaviest} of 5" if week.heaviest else "not asked"
    return (
        (week.from_sessions, _many(week.sessions, "session")),
        (week.from_hard, _many(week.hard, "hard session")),
        (week.from_answers, said),
    )


def _above(week: Week) -> str:
    return f"says {week.heaviest}" if week.heaviest else ""


def _total(week: Week) -> float:
    return week.from_sessions + week.from_hard + week.from_answers


def _many(count: int, what: str) -> str:
    return {0: "none", 1: f"1 {what}"}.get(count, f"{count} {what}s")
