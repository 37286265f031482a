"""Whose turn it is: few screens are made at a time, and fewer while a public page is.

Python runs one thread at a time. Twenty screens at work at once are done no sooner than two, but
each step of a public page would have to wait until all twenty had had their share.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition
from typing import Final

AT_ONCE, BESIDE_PUBLIC = 2, 1
PATIENCE = 2.0  # seconds; then it is made all the same, for one screen may be long at work


class Turns:
    """Screens wait for one another; public pages wait for nobody."""

    def __init__(self) -> None:
        self._change = Condition()
        self._screens = self._public = 0

    @contextmanager
    def screen(self) -> Iterator[None]:
        """Wait for a turn, but not for long, and keep it while the screen is made."""
        with self._change:
            self._change.wait_for(self._is_free, PATIENCE)
            self._screens += 1
        try:
            yield
        finally:
            with self._change:
                self._screens -= 1
                self._change.notify()

    @contextmanager
    def public(self) -> Iterator[None]:
        """Begin at once; meanwhile screens hold back."""
        with self._change:
            self._public += 1
        try:
            yield
        finally:
            with self._change:
                self._public -= 1
                self._change.notify()

    def _is_free(self) -> bool:
        return self._screens < (BESIDE_PUBLIC if self._public else AT_ONCE)


turns: Final = Turns()
