"""The parts of a bar, told apart without colour too."""

import json
from collections.abc import Iterable
from typing import Any, TypeAlias

import altair as alt

Look: TypeAlias = tuple[float, list[int]]  # how full, and the dashes of the edge
FULL: Look = (1, [1, 0])
LIGHTER: Look = (0.6, [1, 0])
DASHED: Look = (0.3, [4, 3])
FAINT: Look = (0.12, [1, 0])
EDGE = 1  # pixels round a part of a bar


def told_apart(
    field: str,
    names: tuple[str, ...],
    looks: tuple[tuple[str, Look], ...],
    columns: int | None = None,
    *,
    has_key: bool = True,
) -> dict[str, Any]:
    """The parts of a bar by colour, and by filling and edge for whoever sees none.

    With a key, in columns where it would be too wide; without where words say what each part is.
    """
    filled = dict(zip(names, (look[0] for _colour, look in looks), strict=True))
    key = alt.Legend(
        columns=columns or alt.Undefined,
        symbolSize=140,
        symbolOpacity={"expr": f"{json.dumps(filled)}[datum.value]"},
    )
    legend = key if has_key else None

    def channel(kind: Any, values: Iterable[Any]) -> Any:
        scale = alt.Scale(type="ordinal", domain=names, range=list(values))
        return kind(f"{field}:N", legend=legend, scale=scale)

    return {
        "color": channel(alt.Color, (colour for colour, _look in looks)),
        "fillOpacity": channel(alt.FillOpacity, filled.values()),
        "strokeDash": channel(alt.StrokeDash, (look[1] for _colour, look in looks)),
    }
