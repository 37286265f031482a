"""Programmes side by side as a chart that may leave, from counts that may leave."""

from collections.abc import Mapping

from services.disclosure.tables import TOTAL, Population
from services.outcomes.comparing_figures import Unit, compared
from services.releases import Counts
from services.reports.parts import Chart, Draws, rows_of
from services.tallies.shares import MEANS_FROM


def funnel_chart(
    title: str,
    what: str,
    name: str,
    titles: Mapping[str, str],
    *,
    effect: float = 1.0,
    counted: str = "people",
) -> Draws:
    """A funnel (`funnel`), or shares drawn towards the whole (`shrunk_shares`), by programme.

    Of a table by programme and result: only programmes whose numbers may leave, and from ten
    `counted` on. None where fewer than two of them are left. `effect` is as in `compared`.
    """

    def draws(counts: Counts, _: Population) -> Chart | None:
        units = []
        for programme in rows_of(counts):
            count, of = counts.get((programme, what)), counts.get((programme, TOTAL))
            if count is not None and of is not None and of >= MEANS_FROM:
                units.append(Unit(titles[programme], count, of, of))
        found = compared(units, effect=effect, counted=counted)
        if found.units.empty:
            return None
        alt = f"{title} by programme: " + ". ".join(found.units["label"]) + "."
        if name == "shrunk_shares":
            return Chart(name, found.units.assign(centre=found.whole.share), alt)
        return Chart(name, found.layers, alt)

    return draws
