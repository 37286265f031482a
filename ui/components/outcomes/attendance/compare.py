"""Groups, programmes, venues and times compared, so that none is called best or worst by chance."""

from functools import partial

import streamlit as st

from services.db import reading
from services.outcomes import comparing
from services.outcomes.comparing import By, Figure
from services.outcomes.comparing_figures import Comparison
from services.permissions import Actor
from services.tallies.shares import SHOWN_INSIDE_FROM
from ui import charts
from ui.components import chart
from ui.components.arrow import arrow
from ui.components.choose import show_rows
from ui.components.folded import folded
from ui.components.outcomes.period_filter import period_filter
from ui.components.outcomes.take_out import offer_to_take_out

_BY = {
    By.GROUP: "Groups",
    By.PROGRAMME: "Programmes",
    By.VENUE: "Venues",
    By.TIME: "Times of the week",
    By.QUARTER: "Quarters in which groups began",
}
_FIGURES = {
    Figure.ATTENDANCE: "Live attendance",
    Figure.COMPLETION: "Completed, of those enrolled",
    Figure.IMPROVEMENT: "Clear improvement",
}
# What may be taken out of the house by programme; by group, venue or time nothing may.
_LEAVES = {Figure.ATTENDANCE: "live", Figure.COMPLETION: "completing"}
_MOST_ROWS = 30
_LINES = (
    "Lines: where 95% and 99.8% would lie if all were alike. Outside the outer lines, ask why; of "
    "{units} about {few:.1f} lie outside the inner ones by chance alone. A difference is no "
    "verdict on anybody: groups differ in whom they serve."
)


def compare(actor: Actor, _programme: str | None) -> None:
    """What is compared, on what, and what can be said."""
    what, on = st.columns(2)
    by = By(what.selectbox("Compare", [one.value for one in By], format_func=_name_of_by,
                           key="compare_by"))  # fmt: skip
    figure = Figure(on.selectbox("On", [one.value for one in Figure], format_func=_name_of_figure,
                                 key=f"compare_on_{by.value}"))  # fmt: skip
    period = period_filter(key="compare")
    if period is None:
        return
    with reading() as db:
        found = comparing.compare(db, actor, by, figure, period)
    if found.units.empty:
        _too_few(found, by)
        return
    _show(found, by, figure)


def _name_of_by(value: str) -> str:
    return _BY[By(value)]


def _name_of_figure(value: str) -> str:
    return _FIGURES[Figure(value)]


def _too_few(found: Comparison, by: By) -> None:
    few = (
        f" {found.left_out} of them {'has' if found.left_out == 1 else 'have'} too few people to "
        "be shown by themselves."
        if found.left_out
        else ""
    )
    st.info(
        f"There are not two {_BY[by].lower()} with {SHOWN_INSIDE_FROM} people or more to compare "
        f"in this period.{few} Choose a longer period."
    )


def _show(found: Comparison, by: By, figure: Figure) -> None:
    leaves = _LEAVES.get(figure, "") if by is By.PROGRAMME else ""
    _by_size(found, by, figure, leaves)
    if found.about:
        st.caption(found.about)
    _by_name(found, by, figure, leaves)


def _by_size(found: Comparison, by: By, figure: Figure, leaves: str) -> None:
    asks = [f"{row.unit}: {str(row.says).lower()}" for row in found.asks.itertuples()]
    said = f"{'. '.join(asks)}." if asks else "Every one is within what chance would give."
    st.write(f"Over all: {found.whole.words}. {said}")
    layers = charts.named(found.layers)
    st.vega_lite_chart(
        arrow(layers),
        charts.funnel(),
        width="stretch",
        alt=(
            f"{_FIGURES[figure]} of {len(found.units)} {_BY[by].lower()} by size, with the limits "
            f"of chance around {found.whole.percent}. {said}"
        ),
    )
    all_named = bool(layers.loc[layers["unit"].notna(), "side"].all())
    st.caption(_funnel_words(found, figure, may_leave=bool(leaves), all_named=all_named))
    if leaves:
        folded(
            "Save the funnel",
            partial(offer_to_take_out, f"{leaves}:funnel"),
            key="save_funnel",
        )


def _by_name(found: Comparison, by: By, figure: Figure, leaves: str) -> None:
    columns = {
        "unit": _BY[by],
        "label": "As counted, with 95% interval",
        "shrunk_label": "Allowing for its size",
        "says": "It is",
    }
    alt = f"{_BY[by]} by name, with {_FIGURES[figure].lower()}"
    if len(found.units) > _MOST_ROWS:
        show_rows(found.units, columns, alt=alt)
        return
    alike = (
        " Here they differ no more than chance gives, so the best guess is the same for each."
        if found.scatter == 0
        else ""
    )
    chart.show(
        charts.shrunk_shares(),
        found.units.assign(centre=found.whole.share),
        alt=f"{alt}: each as counted and drawn towards the whole.",
        table=columns,
        key="compare",
        figure=f"{leaves}:shrunk_shares" if leaves else "",
        caption=(
            "By name, not in order of merit. Hollow: as counted. Filled: what is most likely its "
            "own share, as much drawn towards the share of all as its size calls for (empirical "
            f"Bayes, beta-binomial, Kleinman’s moments), with its 95% interval.{alike}"
        ),
    )


def _funnel_words(found: Comparison, figure: Figure, *, may_leave: bool, all_named: bool) -> str:
    words = [_LINES.format(units=len(found.units), few=found.by_chance)]
    if found.effect > 1:
        words.append(
            f"The same people are counted many times, so {found.effect:.1f} marks count as one "
            "(Rao and Scott’s design effect)."
        )
    if figure is Figure.COMPLETION:
        words.append("Only groups that are over; whoever enrolled and never came is counted.")
    if found.left_out:
        words.append(
            f"{found.left_out} with few people (under {SHOWN_INSIDE_FROM}, and one more where one "
            "alone could be worked out) count in the whole and are not shown."
        )
    if not all_named:
        words.append("Names stand where there is room for them.")
    if found.is_capped:
        words.append(f"The newest {found.groups} groups of the period; older ones are left out.")
    if not may_leave:
        words.append("For the house alone: never for a report.")
    return " ".join(words)
