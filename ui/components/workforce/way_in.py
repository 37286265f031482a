"""The way into volunteering: what became of each stage entered, and how long it took."""

from typing import Any

import pandas as pd
import streamlit as st

from services.db import reading
from services.permissions import Actor
from services.volunteers.workforce import flow
from services.volunteers.workforce.small import HIDDEN
from ui import charts
from ui.components import chart
from ui.components.volunteer.words import STAGES

# Together where small numbers are hidden.
_LINES = {**STAGES, "applying": "Up to the interview", "preparing": "Checks and training"}


def way_in(actor: Actor) -> None:
    """Both charts, with who is missing from each."""
    with reading() as db:
        found = flow.flow(db, actor)
    if not found.entered:
        st.info(
            "Nobody has entered a stage on the way in the last two years. Charts appear once "
            "volunteers move along the pipeline."
        )
        return
    _became(found)
    _times(found)


def _became(found: flow.Flow) -> None:
    st.header("What became of each stage", anchor=False)
    frame = _named(found.became)
    hides = bool(frame["people"].isna().any())
    ended = [row for row in frame.to_dict("records") if row["what"] == flow.WENT_ON]
    best = _most(ended, "people")
    alt = f"Of {found.entered} stages entered in two years, what became of each, by stage."
    if best is not None:
        alt += f" Most went on from {best['stage'].lower()}: {best['people']}."
    chart.show(
        charts.pipeline_flow(),
        frame.assign(words=frame["label"]),
        alt=alt,
        table={"stage": "Stage", "what": "What became of it", "words": "Times"},
        key="became",
        caption=(
            f"All {found.entered:,} times somebody entered a stage in the last two years. Went on: "
            "to any other stage. Stepped back is private, reversible and no leaving. Who entered a "
            "stage before, and has been there since, is not in it."
            + (f" {HIDDEN}" if hides else "")
        ),
    )


def _times(found: flow.Flow) -> None:
    st.header("Time in each stage", anchor=False)
    st.write(_still(found.times))
    frame = _named(found.times)
    longest = _most(frame.to_dict("records"), "median")
    alt = "Days in each stage of those who went on: nobody yet, or too few to show."
    if longest is not None:
        alt = (
            f"Days in each stage of those who went on. Half took longest in "
            f"{longest['stage'].lower()}: {longest['median']:.0f} days or less, of "
            f"{longest['label']}."
        )
    chart.show(
        charts.time_in_stage(),
        frame,
        alt=alt,
        table={
            "stage": "Stage",
            "label": "Went on, of those who entered",
            "median": st.column_config.NumberColumn("Half within, days", format="%.0f"),
            "ninetieth": st.column_config.NumberColumn("Nine in ten within, days", format="%.0f"),
            "waiting": "There still",
            "longest": "Longest there, days so far",
        },
        key="times",
        caption=(
            "Dot: half within; bar: nine in ten within; beside it, how many went on, of all who "
            "entered. Of those who went on only: where many are there still, the figures will grow."
            + (f" {HIDDEN}" if frame["reached"].isna().any() else "")
        ),
    )


def _named(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(stage=[_LINES[stage] for stage in frame["stage"]])


def _most(rows: list[dict[Any, Any]], column: str) -> dict[Any, Any] | None:
    """The row in which it is largest, of those that say it."""
    known = [row for row in rows if not pd.isna(row[column])]
    return max(known, key=lambda row: row[column], default=None)


def _still(times: pd.DataFrame) -> str:
    waiting = times["waiting"]
    if waiting.isna().any():
        return "How many are in a stage still is hidden where they are few."
    longest = times["longest"].max()
    so_far = "" if pd.isna(longest) else f", the longest {longest} days so far"
    return f"In a stage on the way still, of those who entered it: {waiting.sum()}{so_far}."
