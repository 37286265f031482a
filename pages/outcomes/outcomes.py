"""Whether people get better: who is in the figures, and how scores changed."""

from functools import partial

import streamlit as st

from services.db import reading
from services.outcomes import outcomes
from services.permissions import Permission
from ui import charts
from ui.auth import require
from ui.components import chart
from ui.components.choose import show_rows
from ui.components.folded import folded
from ui.components.outcomes.outcome_parts import missing_by_age, outcome_parts
from ui.components.outcomes.programme_filter import programme_filter
from ui.components.outcomes.quarter_filter import quarter_filter
from ui.components.side_by_side import side_by_side

actor = require(Permission.READ_OUTCOMES)

st.title("Outcomes")

# --- Filters -----------------------------------------------------------------------------
with reading() as db:
    choices = outcomes.choices(db, actor)
if not choices:
    st.info(outcomes.NOTHING_YET)
    st.stop()
which, of, since = st.columns(3)
measure = which.selectbox(
    "Measure",
    list(choices),
    format_func=lambda key: choices[key],
    key="outcomes_measure",
    bind="query-params",
)
with of:
    programme = programme_filter(actor, key="outcomes_programme")
with since:
    period = quarter_filter(actor, key="outcomes_period")

with reading() as db:
    found = outcomes.report(db, actor, measure, programme=programme, period=period)

# --- Change ------------------------------------------------------------------------------
if found.change:
    change = found.change
    interval = f"95% interval {change.interval}" if change.interval else "no interval"
    side_by_side(
        {
            f"Mean at the start, n = {change.n:,}": f"{change.start_mean:.1f}",
            "Mean of the same people at the end": f"{change.end_mean:.1f}",
            f"Better by ({interval})": f"{change.mean_change:+z.1f} points",
        }
    )
    st.caption(change.effect_words)
if not found.spread.empty:
    chart.show(
        charts.outcome_change() if found.has_rule else charts.score_change(),
        found.spread,
        alt=found.change_in_words,
        table={"gain_from": "From", "gain_to": "To", "verdict": "Change", "people": "People"},
        figure=f"change:{measure}",
    )
if not found.verdicts.empty:
    show_rows(
        found.verdicts,
        {"verdict": "Change", "label": "People, with 95% interval"},
        alt="How many people changed clearly",
    )
    st.caption(f"{found.rule} {found.ranks}")

# --- Who is in the figures ---------------------------------------------------------------
if not found.flow.empty:
    st.header("Who is in these figures")
    chart.show(
        charts.outcome_flow(),
        found.flow,
        alt=found.flow_in_words,
        table={
            "step": "Step",
            "label": "People, with 95% interval",
            "lost": "Who did not come so far",
        },
    )
    if found.missing:
        st.write(found.missing.words)
        if not found.missing.ages.empty:
            folded("By age at the start", partial(missing_by_age, found.missing), key="ages")
for note in found.notes:
    st.caption(note)

# --- More, once it is asked for ----------------------------------------------------------
outcome_parts(actor, found, measure, programme=programme, period=period)
