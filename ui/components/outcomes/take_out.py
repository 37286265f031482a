"""Taking a chart along: as a picture or as rows, made only when it is asked for.

Which of three ways a chart goes is decided here for all of them. Figures over everybody may leave
the house, protected and written down (`figure`); a chart of one person goes into that person's own
file alone (`Own`); whatever else there is stays, and says so.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from io import StringIO
from typing import Any

import pandas as pd
import streamlit as st

from services import clock
from services.db import reading, transaction
from services.errors import AppError
from services.permissions import Permission
from services.reports import figures, own_file, single
from services.reports.parts import Chart
from services.reports.single import TakenOut
from ui import charts
from ui.auth import current
from ui.charts import Form, Spec
from ui.messages import show_error

# Charts that show one figure wherever they stand.
_ONE_FIGURE = {
    charts.attendance_by_session: "attendance",
    charts.cohorts_by_session: "cohorts",
    charts.cover_ahead: "cover",
    charts.weight_over_time: "weight",
    charts.hours_by_month: "hours",
    charts.outcome_flow: "flow",
    charts.sessions_by_month: "held",
    charts.pipeline_flow: "way_in:pipeline_flow",
    charts.time_in_stage: "way_in:time_in_stage",
    charts.staying: "volunteers",
    charts.staying_in_group: "staying",
    charts.themes_written_about: "themes",
}
_DRAWN = {chart.__name__: chart for chart in charts.CHARTS}
_FORMS: dict[Form, str] = {"png": "image/png", "svg": "image/svg+xml", "pdf": "application/pdf"}
# The first sign of a cell that a spreadsheet would obey.
_OBEYED = ("=", "+", "-", "@", "\t", "\r")


STAYS = (
    "There is no file of this chart: whatever is about people by name, about one group or a few "
    "volunteers, or about days to come stays in the house."
)


@dataclass(frozen=True, slots=True)
class Own:
    """Into whose own file a chart of one person may go, and what it is called there.

    `whole` draws it in one piece where the screen shows two halves.
    """

    person_ref: str
    title: str
    about: str = ""
    whole: Spec | None = None


def way_out(
    spec: Spec,
    frame: pd.DataFrame,
    rows: pd.DataFrame,
    table: Mapping[str, Any],
    *,
    key: str,
    figure: str,
    own: Own | None,
) -> None:
    """The one way that a chart may go, beneath its table."""
    figure = figure or _figure_of(spec, key)
    if own is not None:
        _for_own_file(own, own.whole or spec, frame, rows, table)
    elif figure:
        offer_to_take_out(figure)
    else:
        st.caption(STAYS)


def _figure_of(spec: Spec, key: str) -> str:
    """The figure that a chart shows, where the chart alone says it; empty where it does not."""
    if spec is charts.waiting_times():
        return f"waits:{key}"
    return next((figure for chart, figure in _ONE_FIGURE.items() if spec is chart()), "")


def offer_to_take_out(figure: str) -> None:
    """A small menu: what may leave is worked out at the click, and written down."""
    actor = current()
    if not actor.may(Permission.MAKE_REPORTS) or not figures.is_known(figure):
        return
    kept = f"taken_out_{figure}"
    st.caption(
        f"To take out of the house: the last {single.QUARTERS} whole quarters of all programmes, "
        "checked beside all that left before, and written down under Reports."
    )
    if st.button("Save this chart", icon=":material/download:", key=f"save_{figure}"):
        try:
            # Checked first, so that nobody who writes has to wait for it.
            with reading() as db:
                prepared = single.prepare(db, actor, figure)
            with transaction() as db:
                st.session_state[kept] = single.take_out(db, actor, prepared)
        except AppError as error:
            st.session_state.pop(kept, None)
            show_error(error)
    if kept in st.session_state:
        _files(st.session_state[kept], figure)


def _for_own_file(
    own: Own, spec: Spec, frame: pd.DataFrame, rows: pd.DataFrame, table: Mapping[str, Any]
) -> None:
    st.caption(
        "About one person, so it stays with the record, or is given to the family by hand. Each "
        "time is in the audit log."
    )
    name = next(name for name, chart in _DRAWN.items() if chart() is spec)
    key = f"own_{name}_{own.person_ref}"
    # Made at the click, and not kept: the next click is a look of its own.
    if st.button("Make the picture and the rows", icon=":material/download:", key=key):
        shown = Chart(name, frame, own.title)
        try:
            with transaction() as db:
                made = own_file.of_person(
                    db, current(), own.person_ref, shown, rows, table, about=own.about
                )
        except AppError as error:
            show_error(error)
        else:
            _files(made, key)


def _files(taken: TakenOut, figure: str) -> None:
    """The picture in each form, and its rows."""
    stamp = f"chart-{clock.today():%Y%m%d}"
    with st.container(horizontal=True):
        for form, mime in _FORMS.items():
            st.download_button(
                form.upper(),
                data=partial(_picture, taken, form),
                file_name=f"{stamp}.{form}",
                mime=mime,
                on_click="ignore",
                key=f"take_{form}_{figure}",
            )
        st.download_button(
            "CSV",
            data=partial(_rows, taken),
            file_name=f"{stamp}.csv",
            mime="text/csv",
            on_click="ignore",
            key=f"take_csv_{figure}",
        )


def _picture(taken: TakenOut, form: Form) -> bytes:
    spec = _DRAWN[taken.chart.name]()
    chart = taken.chart
    return charts.picture(
        spec, chart.frame, form, alt=chart.alt, footer=taken.footer, words=chart.words
    )


def _rows(taken: TakenOut) -> bytes:
    text = StringIO(newline="")
    writer = csv.writer(text)
    for row in (taken.columns, *taken.rows, *((line,) for line in taken.footer)):
        writer.writerow([f"'{cell}" if str(cell).startswith(_OBEYED) else cell for cell in row])
    return text.getvalue().encode("utf-8-sig")
