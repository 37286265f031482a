"""What a child's or a group's steps allow to be said, and what they do not, in whole sentences."""

from collections.abc import Iterable, Iterator, Sequence

import pandas as pd

from models import Outcome, Point, Respondent
from services.children.child_steps import Row
from services.measures.measure_words import VIEWS

NOTHING_YET = (
    "No steps are recorded of this child yet, so there is nothing to draw. They are recorded under "
    "Measures at the start, in the middle and at the end."
)
ONE_POINT = (
    "There is one form of each view so far, so no line is drawn: nothing can be said about change "
    "yet."
)
STOOD_STILL = "Every view stayed on the step it began with, in every strand that was rated twice."


def what_can_be_said(forms: pd.DataFrame, bands: Sequence[str]) -> Iterator[str]:
    """One sentence for each thing a reader has to know; `bands` at the first and the last form."""
    rated = forms.dropna(subset="step")
    if rated.empty:
        yield NOTHING_YET
        yield from _not_filled_in(forms)
        return
    yield from _missing_views(rated)
    twice = [one["step"] for _, one in rated.groupby(["place", "respondent", "strand"], sort=False)]
    twice = [steps for steps in twice if len(steps) > 1]
    if not twice:
        yield ONE_POINT
    elif all(steps.nunique() == 1 for steps in twice):
        yield STOOD_STILL
    if twice and not rated["point"].isin([Point.END, Point.FOLLOW_UP]).any():
        yield (
            "There is no form from the end: the lines show the way so far, and not what came of it."
        )
    yield from _not_filled_in(forms)
    if len(set(bands)) > 1:
        yield (
            f"Meanwhile this child moved from one age band to the next ({bands[0]} to {bands[-1]}):"
            " the prompts changed with it, the steps did not. The programme’s figures count it by "
            "the age on the first day."
        )


def in_words(rated: Sequence[Row], notes: int, events: int) -> str:
    """What the chart of one child shows, for whom it is read aloud."""
    paths: dict[tuple[str, str], list[int]] = {}
    for row in rated:
        paths.setdefault((row["strand"], row["view"]), []).append(row["step"])
    lines = [f"{strand}, {view}: {_from_to(steps)}." for (strand, view), steps in paths.items()]
    marked = f"Marked as well: {notes} notes from sessions and {events} events."
    return " ".join(["One child’s steps from 0 to 4 over time.", *lines, marked])


def _from_to(steps: list[int]) -> str:
    return f"{steps[0]}, one form" if len(steps) == 1 else f"from {steps[0]} to {steps[-1]}"


def _missing_views(rated: pd.DataFrame) -> Iterator[str]:
    there = set(rated["respondent"])
    missing = [VIEWS[view].lower() for view in Respondent if view not in there]
    if missing:
        yield (
            f"Not recorded so far: the view of the {_and(missing)}. What is shown is "
            f"{'one view' if len(there) == 1 else 'two views'} and not the whole picture."
        )


def _not_filled_in(forms: pd.DataFrame) -> Iterator[str]:
    """Forms that were asked for and not filled in are an answer too."""
    asked = forms.drop_duplicates(["place", "respondent", "point"])
    open_forms = int((asked["outcome"] != Outcome.ANSWERED).sum())
    if open_forms:
        yield (
            f"{open_forms} {'form was' if open_forms == 1 else 'forms were'} asked for and not "
            "filled in: there the lines run on without a mark."
        )


def _and(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and the {last}" if first else last
