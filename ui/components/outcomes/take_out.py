"""Taking a chart out of the house: as a picture or as rows, made only when it is asked for."""

import csv
from functools import partial
from io import StringIO

import streamlit as st

from services import clock
from services.db import transaction
from services.errors import AppError
from services.permissions import Permission
from services.reports import figures, single
from services.reports.single import TakenOut
from ui import charts
from ui.auth import current
from ui.charts import Form, Spec
from ui.messages import show_error

# Charts that show one figure wherever they stand.
_ONE_FIGURE = {
    charts.attendance_by_session: "attendance",
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


def figure_of(spec: Spec, key: str) -> str:
    """The figure that a chart shows, where the chart alone says it; empty where it does not.

    Whatever is not named here stays in the house: charts of one person or one group, and charts
    whose figures no release has been thought through for.
    """
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
            with transaction() as db:
                st.session_state[kept] = single.take_out(db, actor, figure)
        except AppError as error:
            st.session_state.pop(kept, None)
            show_error(error)
    if kept in st.session_state:
        files(st.session_state[kept], figure)


def files(taken: TakenOut, figure: str) -> None:
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
    return charts.picture(spec, taken.chart.frame, form, footer=taken.footer)


def _rows(taken: TakenOut) -> bytes:
    text = StringIO(newline="")
    writer = csv.writer(text)
    for row in (taken.columns, *taken.rows, *((line,) for line in taken.footer)):
        writer.writerow([f"'{cell}" if str(cell).startswith(_OBEYED) else cell for cell in row])
    return text.getvalue().encode("utf-8-sig")
