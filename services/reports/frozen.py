"""What is said and drawn of a table as it first leaves: it leaves again with that, and no more.

Means and curves rest on more than the counts beside them. Made anew from records that have changed
since, they could be taken from those that left before.
"""

import json
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from services.disclosure.tables import Population
from services.releases import Cleared, Counts
from services.reports.parts import Chart, Wanted


@dataclass(frozen=True, slots=True)
class Said:
    """The sentences beneath a table, and its chart."""

    says: tuple[str, ...]
    chart: Chart | None


def said_of(
    wanted: Wanted, leaves: Cleared, counts: Counts, mine: Population
) -> tuple[Cleared, Said]:
    """What is said of a table that may leave, kept with it where that is for the first time.

    `counts` are its own, as they are shown.
    """
    kept = dict(leaves.said or {})
    if wanted.says and "says" not in kept:
        kept["says"] = list(wanted.says(counts, mine))
    chart = wanted.draws(counts, mine) if wanted.draws else None
    if chart is not None:
        kept["charts"] = {chart.name: _written(chart)} | kept.get("charts", {})
        chart = _read(chart.name, kept["charts"][chart.name])
    says = tuple(kept["says"]) if wanted.says else ()
    return replace(leaves, said=kept), Said(says, chart)


def _written(chart: Chart) -> dict[str, Any]:
    rows = json.loads(chart.frame.to_json(orient="values", date_format="iso"))
    columns = list(chart.frame.columns)
    return {"columns": columns, "rows": rows, "alt": chart.alt, "words": dict(chart.words)}


def _read(name: str, kept: dict[str, Any]) -> Chart:
    frame = pd.DataFrame(kept["rows"], columns=kept["columns"])
    return Chart(name, frame, kept["alt"], kept["words"])
