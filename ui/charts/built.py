"""Charts are turned into a specification once in the life of the process."""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any, TypeAlias

import altair as alt

from ui.charts.theme import CONFIG

Spec: TypeAlias = dict[str, Any]
Drawing: TypeAlias = alt.LayerChart | alt.FacetChart  # what alt.layer gives

# Altair puts an empty table into a layer that names no data; this name is taken out again.
NO_DATA = alt.NamedData("rows")


def built_once(draw: Callable[[], Drawing]) -> Callable[[], Spec]:
    """Make a chart function give a finished specification, the same one in every run.

    Building and validating takes Altair longer than all the rest of a page.
    """

    @cache
    @wraps(draw)
    def built() -> Spec:
        with alt.theme.enable("none"):
            spec: Spec = draw().to_dict()
        del spec["data"]
        return {**spec, "config": CONFIG}

    return built
