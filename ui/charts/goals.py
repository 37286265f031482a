"""A person's own goals, and how near she was to each over time."""

import altair as alt

from ui.charts.built import NO_DATA, Drawing, built_once
from ui.charts.theme import POINTS, SMALL, VIEW_COLOURS, VIEW_DASHES, VIEW_SHAPES

GOALS = ("Goal 1", "Goal 2", "Goal 3")
_HEIGHT = 220


@built_once
def goal_ratings() -> Drawing:
    """Up to three goals from 0 (not reached at all) to 10 (reached), a line each.

    Columns: goal ("Goal 1"), words, point, rating, label ("2 of 10"); at the last point of a line
    only, its name and name_at (how high that stands).
    """
    base = alt.Chart(height=_HEIGHT)
    point = alt.X("point:N").title(None).sort(POINTS).scale(domain=POINTS).axis(labelAngle=0)
    rating = alt.Y("rating:Q").title("How near, 0 to 10").scale(domain=[0, 10])
    colour = alt.Color("goal:N").scale(domain=GOALS, range=VIEW_COLOURS).legend(None)
    shape = alt.Shape("goal:N").scale(domain=GOALS, range=VIEW_SHAPES).legend(None)
    dash = alt.StrokeDash("goal:N").scale(domain=GOALS, range=VIEW_DASHES).legend(None)
    aside = alt.XOffset("goal:N").sort(GOALS)
    lines = base.mark_line(size=2).encode(point, rating, aside, colour, dash)
    marks = base.mark_point(size=70, filled=True, opacity=1).encode(
        point,
        rating,
        aside,
        colour,
        shape,
        tooltip=[
            alt.Tooltip("words:N", title="Goal"),
            alt.Tooltip("point:N", title="When"),
            alt.Tooltip("label:N", title="How near"),
        ],
    )
    ends = base.transform_filter("isValid(datum.name)")
    # Beside all the marks of their point, so that none lies on another goal's.
    names = ends.mark_text(align="left", fontSize=SMALL).encode(
        alt.X("point:N").bandPosition(1).title(None).sort(POINTS),
        alt.Y("name_at:Q").title("How near, 0 to 10"),
        colour,
        text="name:N",
    )
    return alt.layer(lines, marks, names, data=NO_DATA)
