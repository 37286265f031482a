"""Names in a funnel: none lies on another or leaves the chart, and who asks why has hers."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from services.outcomes.comparing_figures import Unit, compared
from ui.charts import funnel_names
from ui.charts.funnel_names import Named, named, sides_of_names

shares = st.floats(0.05, 0.95)
names = st.text("abc ", min_size=1, max_size=24)
points = st.lists(st.builds(Named, shares, shares, names, st.just(value=False)), max_size=30)


@given(points=points)
def test_no_name_lies_on_another_or_on_anybodys_mark(points: list[Named]) -> None:
    found = sides_of_names(points)

    placed = [
        funnel_names._boxes(point, funnel_names._WIDTH)[side]
        for point, side in zip(points, found, strict=True)
        if side
    ]
    assert not any(one.meets(other) for one, other in combinations(placed, 2))
    dots = [funnel_names._dot(point) for point in points]
    assert not any(name.meets(dot) for name in placed for dot in dots)
    assert all(name.left >= 0 and name.right <= funnel_names._WIDTH for name in placed)


def test_who_asks_why_is_named_in_any_crowd_and_inside_a_phone() -> None:
    crowd = [Named(0.75, 0.5, "Another one", must=False)] * 20
    asks = Named(0.75, 0.5, "Garlands autumn 2025, n 23", must=True)

    assert sides_of_names([*crowd, asks])[-1] == "left"


def test_a_name_keeps_off_the_lines_where_it_can() -> None:
    point = Named(0.5, 0.5, "Kettles, n 9", must=False)
    above = [(0.0, 0.5 + 13 / 360), (1.0, 0.5 + 13 / 360)]

    assert sides_of_names([point]) == ["above"]
    assert sides_of_names([point], [above]) == ["below"]


def test_every_unit_of_a_comparison_gets_its_side_and_the_limits_none() -> None:
    units = [Unit("Autumn", 8, 12, 12), Unit("Spring", 9, 10, 10), Unit("Garlands", 20, 40, 40)]

    rows = named(compared(units).layers)

    sides = rows.loc[rows["unit"].notna(), "side"]
    assert set(sides) <= set(funnel_names.SIDES)
    assert len(sides) == 3
    assert set(rows.loc[rows["unit"].isna(), "side"]) == {""}
