"""What happens once, before the first visitor: keys, database, and a warm start."""

import gc
import sys
from functools import cache

from services import keys, organisation, schema
from services.config import settings
from services.db import engine, reading
from services.permissions import Actor
from services.schema import SchemaState

_TURN = 0.0005  # seconds; see docs/decisions/0032


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
    import pyarrow as pa

    import ui.charts  # noqa: F401

    sys.setswitchinterval(_TURN)
    # Arrow's own allocator keeps aside for a thread what it gives back, and each run has its own.
    pa.set_memory_pool(pa.system_memory_pool())
    gc.collect()
    gc.freeze()


def clear_demonstration(actor: Actor) -> None:
    """Take the demonstration away, with everything in it, and begin at the first-run screen."""
    with reading() as db:
        organisation.require_demonstration(db, actor)
    schema.downgrade(engine())
    schema.upgrade()
