"""What children's strands come to together: of a group, or of the whole programme."""

from typing import Protocol

import pandas as pd
import streamlit as st

from ui import charts
from ui.components import chart


class Together(Protocol):
    """Frames for the two charts and what each shows in words; a frame may be empty."""

    @property
    def levels(self) -> pd.DataFrame: ...
    @property
    def levels_in_words(self) -> str: ...
    @property
    def moves(self) -> pd.DataFrame: ...
    @property
    def moves_in_words(self) -> str: ...


def strands_together(found: Together, *, of_programme: bool = False) -> None:
    """Each strand from start to end, and who moved up; nothing where there are no figures.

    Of a whole programme both charts may be taken out of the house; of a group never.
    """
    if not found.levels.empty:
        st.header("Each strand from start to end", anchor=False)
        chart.show_halves(
            charts.strand_paths(),
            found.levels,
            alt=found.levels_in_words,
            caption="The middle child’s step (median) at each point. Not all children are in each.",
            table={
                "strand": "Strand",
                "view": "View",
                "point": "When",
                "median": "Median step",
                "people": "Children",
            },
            figure="levels" if of_programme else "",
        )
    if not found.moves.empty:
        st.header("Up a step or more from start to end", anchor=False)
        chart.show_halves(
            charts.strand_moves(),
            found.moves,
            alt=found.moves_in_words,
            caption="The share of children with both forms, with its 95% interval.",
            table={"strand": "Strand", "view": "View", "label": "Up a step or more"},
            figure="moved" if of_programme else "",
        )
