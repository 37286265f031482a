"""What falls due by itself, done once an hour for as long as the server runs.

Nothing else has to be set up for it: what must not be kept longer goes although nobody has thought
of a timer. `manage run-jobs` does the same at once; twice is the same as once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Final

from services import jobs
from services.config import settings
from services.db import transaction
from services.errors import AppError
from ui import incidents, startup

FIRST, HOUR = 60.0, 3_600.0  # seconds; the first once those who waited for the start are served
_END: Final = 10.0  # seconds that a stopping server gives what is under way


@contextmanager
def hourly(*, first: float = FIRST, every: float = HOUR) -> Iterator[None]:
    """Beside the visitors, for the length of the block."""
    stop = Event()
    beside = Thread(target=_keep_on, args=(stop, first, every), name="hourly", daemon=True)
    beside.start()
    try:
        yield
    finally:
        stop.set()
        beside.join(_END)


def _keep_on(stop: Event, first: float, every: float) -> None:
    wait = first
    while not stop.wait(wait):
        once()
        wait = every


def once() -> None:
    """Do what is due, and log what was done. What fails is logged, and tried again in an hour."""
    if settings().is_embedded and not settings().database_file.exists():
        return  # the first visitor makes it
    try:
        startup.prepare()
        with transaction() as db:
            done = jobs.do_what_is_due(db)
    except AppError:
        return  # the database does not fit yet: every screen says so, and what to do
    except Exception as error:  # noqa: BLE001 - the next hour must come whatever this one met
        incidents.note(error)
    else:
        if done:
            incidents.say("done by itself", what=done)
