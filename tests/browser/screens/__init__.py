"""Every picture of docs/screens, a module for each part of the programme."""

from tests.browser.screens import (
    administration,
    feedback,
    groups,
    home,
    houses,
    measures,
    outcomes,
    people,
    registers,
    volunteers,
)

_PARTS = (
    home,
    registers,
    feedback,
    measures,
    groups,
    people,
    volunteers,
    outcomes,
    administration,
    houses,
)
SCREENS = tuple(screen for part in _PARTS for screen in part.SCREENS)
