"""Children in parts on screen: by age, by where they began, with a parent beside them or not."""

import streamlit as st

from services.children import children_compared
from services.children.child_steps import strand_labels
from services.children.children_compared import By
from services.db import reading
from services.permissions import Actor
from ui import charts
from ui.components import chart
from ui.components.choose import show_rows

_BY = {
    By.AGE.value: "Age at the start",
    By.LEVEL.value: "Where they began",
    By.PARENT.value: "With a parent or carer",
}
_FORMS = {
    "part": "Children",
    "view": "View",
    "start": "With a start",
    "end": "With an end",
    "both": "With both",
    "no_end": "End missing",
    "no_start": "Start missing",
}
_CHARTS = {2: charts.two_parts, 3: charts.three_parts}


def compared_in_parts(actor: Actor, programme: str | None) -> None:
    """One strand at a time: the strands are never thrown together."""
    st.header("Who moves up", anchor=False)
    labels = strand_labels()
    strand: str = st.selectbox(
        "Strand", list(labels), format_func=labels.__getitem__, key="children_strand"
    )
    by = st.segmented_control(
        "Told apart by",
        list(_BY),
        default=By.AGE.value,
        required=True,
        format_func=_BY.__getitem__,
        key="children_by",
    )
    with reading() as db:
        found = children_compared.compared(
            db, actor, By(by or By.AGE.value), strand, programme=programme
        )
    if not found.moves.empty:
        parts = int(found.moves["order"].max()) + 1
        chart.show(
            _CHARTS.get(parts, charts.strand_moves)(),
            found.moves,
            alt=f"{labels[strand]}. {found.in_words}",
            caption="Up a step or more from start to end, of the children with both forms, with "
            "the 95% interval.",
            table={"strand": "Children", "view": "View", "label": "Up a step or more"},
            key="compared",
            figure=f"compared:{by}:{strand}",
        )
    if not found.forms.empty:
        st.subheader("Who is missing", anchor=False)
        st.caption("Of the children who were asked for their steps in this strand at all.")
        show_rows(found.forms, _FORMS, alt=f"{labels[strand]}: which forms there are, in parts")
    for note in found.notes:
        st.caption(note)
