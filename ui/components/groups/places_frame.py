"""The table of a group's places, as the forms beneath it use it."""

from collections.abc import Collection

import pandas as pd

from models import PlaceState


def in_states(frame: pd.DataFrame, states: Collection[PlaceState]) -> "pd.Series[bool]":
    """Which places are in one of these states."""
    return frame["state"].isin([state.value for state in states])


def names_of(frame: pd.DataFrame) -> dict[str, str]:
    """Each place by its reference, called by whose it is."""
    return dict(zip(frame["place"], frame["name"], strict=True))


def versions_of(frame: pd.DataFrame) -> dict[str, int]:
    """The version of each place that is on the screen."""
    return dict(zip(frame["place"], frame["version"].map(int), strict=True))
