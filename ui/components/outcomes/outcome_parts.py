"""The parts of the outcomes page that are made only once they are opened."""

from functools import partial

import streamlit as st

from services.db import reading
from services.outcomes import outcome_dose, outcome_growth, outcome_together, outcomes
from services.outcomes.outcome_missing import Missing
from services.outcomes.outcome_report import Outcomes
from services.permissions import Actor
from services.tallies.shares import WITHHELD, numbered, sees_small_numbers
from ui import charts
from ui.components import chart
from ui.components.choose import show_rows
from ui.components.folded import folded

_LINES = {"start": "Start", "end": "End", "people": "People", "verdict": "Change"}
_BARS = {"when": "When", "score_from": "From", "score_to": "To, not with it", "label": "People"}
_WEEKS = {"week": "Week", "score": "Score", "low": "From", "high": "To", "people": "People"}
_DOSES = {"dose": "Sessions", "change": "Change", "low": "From", "high": "To", "people": "People"}


def outcome_parts(
    actor: Actor, found: Outcomes, key: str, *, programme: str | None, period: str | None
) -> None:
    """Each beneath a heading that unfolds it; what nobody opens costs nothing."""
    where = (actor, found, key, programme, period)
    folded("Everybody’s start and end", partial(_everybody, found, key), key="outcomes_paths")
    folded("Scores before and after", partial(_before_after, found, key), key="outcomes_spread")
    folded("Over the weeks", partial(_growth, *where), key="outcomes_growth")
    folded("By sessions and topics", partial(_dose, *where), key="outcomes_dose")
    folded(
        "Measures read together",
        partial(_together, actor, programme, period),
        key="outcomes_together",
    )
    folded("While waiting for a place", partial(_waiting, *where), key="outcomes_waiting")


def missing_by_age(missing: Missing) -> None:
    """How old those with both forms were, beside those with none at the end."""
    show_rows(
        missing.ages,
        {"age": "Age at the start", "with_end": "Both forms", "without_end": "No end form"},
        alt="People with both forms and with none at the end, by their age at the start",
    )


def _everybody(found: Outcomes, key: str) -> None:
    paths = found.paths
    if found.pairs is None or paths.empty:
        st.write(_nothing(found))
        return
    of_whom = f"{found.title}: {numbered(found.pairs)} from start to end."
    chart.show(
        charts.start_to_end() if found.has_rule else charts.score_start_to_end(),
        paths,
        alt=f"{of_whom} A line for each, as wide as the people it stands for, by how clear it is.",
        table=_LINES,
        caption=found.in_short,
        key="slopes",
        figure=f"lines:{key}",
    )
    if found.has_rule:
        chart.show(
            charts.start_against_end(),
            paths,
            alt=f"{of_whom} Score at the end by score at the start.",
            table=_LINES,
            caption="In the shaded band a change is no more than the measure’s own noise; dotted "
            "lines are the published cut-off, where there is one for every age.",
            key="bands",
            figure=f"against:{key}",
        )


def _before_after(found: Outcomes, key: str) -> None:
    before_after = found.before_after
    if found.pairs is None or before_after.empty:
        st.write(_nothing(found))
        return
    chart.show(
        charts.before_and_after(),
        before_after,
        alt=f"{found.title}: scores of {numbered(found.pairs)}, at the start and at the end.",
        table=_BARS,
        caption=f"{numbered(found.pairs)}, the same at the start (upwards) and at the end "
        f"(downwards). {found.in_short}",
        figure=f"spread:{key}",
    )
    st.write(found.crossing.words if found.crossing else _NO_CUTOFF)


_NO_CUTOFF = "No published cut-off of this measure holds at every age, so none is counted here."


def _nothing(found: Outcomes) -> str:
    return WITHHELD if WITHHELD in found.notes else found.notes[0]


def _growth(
    actor: Actor, found: Outcomes, key: str, programme: str | None, period: str | None
) -> None:
    with reading() as db:
        grown = outcome_growth.growth(db, actor, key, programme=programme, period=period)
    if not grown.curve.empty:
        chart.show(
            charts.growth_curve(),
            grown.curve,
            alt=grown.words,
            table=_WEEKS,
            figure=f"growth:{key}",
        )
    st.write(grown.words)
    st.caption(" ".join((*grown.notes, found.in_short)))


def _dose(
    actor: Actor, found: Outcomes, key: str, programme: str | None, period: str | None
) -> None:
    with reading() as db:
        both = outcome_dose.doses(db, actor, key, programme=programme, period=period)
    for one, kind in zip(both, ("sessions", "content"), strict=True):
        st.subheader(one.title)
        if not one.curve.empty:
            chart.show(
                charts.change_by_dose(),
                one.curve,
                alt=one.words,
                table=_DOSES,
                key=one.title,
                figure=f"{kind}:{key}",
            )
        st.write(one.words)
    if any(one.line for one in both):
        st.warning(outcome_dose.NO_CAUSE)
    if found.in_short:
        st.caption(found.in_short)


def _waiting(
    actor: Actor, found: Outcomes, key: str, programme: str | None, period: str | None
) -> None:
    with reading() as db:
        waited = outcomes.waited(db, actor, key, programme=programme, period=period)
    if not waited.changes.empty:
        chart.show(
            charts.change_beside_wait(),
            waited.changes,
            alt=f"{found.title}. {waited.words}",
            table={"what": "When", "label": "Change, with 95% interval"},
            figure=f"waited:{key}",
        )
    st.write(waited.words)


def _together(actor: Actor, programme: str | None, period: str | None) -> None:
    with reading() as db:
        found = outcome_together.together(db, actor, programme=programme, period=period)
    if not found:
        st.write(_NOT_TOGETHER if sees_small_numbers(actor) else f"{_NOT_TOGETHER} {WITHHELD}")
    for one in found:
        show_rows(
            one.verdicts,
            {"verdict": "Change", "label": "People, with 95% interval"},
            alt=f"How many of {one.people:,} changed clearly, their measures read together",
        )
        st.write(one.recovery)
        st.caption(one.words)


_NOT_TOGETHER = (
    "Nobody has two measures at the start and at the end yet that are read together: PHQ-9 with "
    "GAD-7, or two or more of a child’s measures that can tell a clear change."
)
