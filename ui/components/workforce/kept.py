"""Training in date, support in time, and how heavy it feels, all of it in totals."""

import pandas as pd
import streamlit as st

from services.db import reading
from services.permissions import Actor
from services.volunteers.workforce import carried, kept
from services.volunteers.workforce.small import ALL_HIDDEN, HIDDEN, SHOWN_FROM
from ui import charts
from ui.components import chart


def training_and_support(actor: Actor) -> None:
    """Three charts: of those with groups now, and of the weeks behind them."""
    with reading() as db:
        training = kept.training_in_date(db, actor)
        support = kept.support_in_time(db, actor)
        weight = carried.carried(db, actor)
    st.header("Training in date", anchor=False)
    if training.empty:
        st.info("Nobody is with a group, or no role needs a course. There is nothing to show yet.")
    else:
        _shares(
            training,
            "Of all who shadow or are active, how many have each course in date that some role "
            "needs, whether or not they are in that role.",
            key="training",
        )
    st.header("Support kept", anchor=False)
    if support.empty:
        st.info("Nobody is with a group, so no support is due.")
    else:
        late = int(support["late"].sum())
        more = " of what is shown" if support["late"].isna().any() else ""
        _shares(
            support,
            "Of all who are owed it, to how many it is not due now.",
            key="support",
            besides=" Long overdue, so that nothing new is taken on meanwhile: "
            f"{late} times{more}.",
        )
    _weight(weight)


def _shares(frame: pd.DataFrame, says: str, *, key: str, besides: str = "") -> None:
    if frame["share"].isna().all():
        st.info(f"{says} {ALL_HIDDEN}")
        return
    says += f"{besides} Dot: the share; line: its 95% interval, wide where people are few."
    if frame["share"].isna().any():
        says += f" {HIDDEN}"
    chart.show(
        charts.share_kept(),
        frame,
        alt="; ".join(f"{row.what}: {row.label}" for row in frame.itertuples()),
        table={
            "what": "What",
            "label": "Volunteers, share (95% interval)",
            **({"late": "Long overdue"} if key == "support" else {}),
        },
        key=key,
        figure=f"kept:{key}",
        caption=says,
    )


def _weight(weight: carried.Carried) -> None:
    st.header("How heavy it feels", anchor=False)
    if weight.is_empty:
        st.info(
            f"Fewer than {SHOWN_FROM} volunteers answered in any four weeks, so nothing is shown: "
            "what one of them says is for her supervisor alone."
        )
        return
    frame = weight.periods
    answered = frame.dropna(subset=["heaviness"])
    hidden = len(frame) - len(answered)
    alt = "How heavy it felt, by four weeks."
    if len(answered):
        last = answered.iloc[-1]
        alt += f" In those from {last['period']}: {last['heaviness']:g} of 5, {last['label']}."
    chart.show(
        charts.weight_over_time(),
        frame,
        alt=alt,
        table={
            "period": "Four weeks from",
            "people": "Answered",
            "heaviness": st.column_config.NumberColumn("How heavy, 1 to 5", format="%.1f"),
            "helped": "Were at sessions",
            "sessions": st.column_config.NumberColumn("Sessions each", format="%.1f"),
            "hard": st.column_config.NumberColumn("Something hard, each", format="%.1f"),
        },
        key="weight",
        caption=(
            "The mean of what each said in her check-ins, in halves; above each point, how many "
            f"that were. {weight.with_groups} are with groups now: whoever was not asked, or did "
            f"not answer, is missing. Never of fewer than {SHOWN_FROM}"
            + (f", which hides {hidden} of {len(frame)} periods." if hidden else ".")
        ),
    )
