"""What happens once, before the first visitor: keys, database, and a warm start."""

import gc
import sys
from contextlib import suppress
from ctypes import CDLL
from functools import cache
from typing import Final

from services import keys, organisation, schema
from services.config import settings
from services.db import engine, reading
from services.permissions import Actor
from services.schema import SchemaState
from ui import theme_message

_TURN = 0.0005  # seconds; see docs/decisions/0032
# M_ARENA_MAX, M_TRIM_THRESHOLD and M_MMAP_THRESHOLD of malloc.h: one heap, and large pieces apart.
_MALLOC: Final = {-8: 1, -1: 128 * 1024, -3: 128 * 1024}


@cache
def prepare() -> None:
    """Load the keys and check the database. Raises SetupError in plain words; then try again."""
    is_new = settings().is_embedded and not settings().database_file.exists()
    keys.load_data_keys(may_create=is_new)
    if settings().is_embedded and (is_new or schema.state() is SchemaState.EMPTY):
        schema.upgrade()
    schema.require_current()
    with reading() as db:
        organisation.check_key(db)


def warm() -> None:
    """Import what the first click would otherwise wait for, and keep it out of collections.

    Whoever has had an answer of the database waits for her turn to go on, and holds what others
    need until then: with a hundred at work turns of Python's usual length are too long.
    Streamlit's own collection after every run is switched off (.streamlit/config.toml): what
    is loaded by now lives as long as the process, and need not be looked at again.
    """
    import ui.charts  # noqa: F401

    sys.setswitchinterval(_TURN)
    theme_message.put_together_once()
    _give_memory_back()
    gc.collect()
    gc.freeze()


def _give_memory_back() -> None:
    """Let what a run has used go back to the system.

    Each run is a thread. Arrow, and the C library too, would keep a heap for every thread that
    once ran beside others: with a hundred sessions that was 40 MB which nobody used.
    """
    import pyarrow as pa

    pa.set_memory_pool(pa.system_memory_pool())
    with suppress(OSError, AttributeError, TypeError):  # the GNU C library alone can be told
        for option, value in _MALLOC.items():
            CDLL(None).mallopt(option, value)


def clear_demonstration(actor: Actor) -> None:
    """Take the demonstration away, with everything in it, and begin at the first-run screen."""
    with reading() as db:
        organisation.require_demonstration(db, actor)
    schema.downgrade(engine())
    schema.upgrade()
