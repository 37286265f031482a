"""Where invented rows collect until they go into the database, many at once, in order."""

from collections import Counter, defaultdict
from typing import Any

from sqlalchemy.orm import Session

from models import Base
from services import bulk
from services.bulk import Stored
from services.stored_rows import row_plan
from services.tallies.tallies import Cell

_ROWS_AT_ONCE = 100_000


class Sink:
    """Rows of every table, numbered from 1 in the order they come, and what they count for."""

    def __init__(self, db: Session) -> None:
        self.counts: Counter[Cell] = Counter()
        self._db = db
        self._made: Counter[type[Base]] = Counter()
        self._rows: defaultdict[type[Base], list[list[Stored]]] = defaultdict(list)
        self._waiting = 0

    def add(self, model: type[Base], **values: Any) -> int:
        """Keep one row, its values as the application has them, and give back its number."""
        self._made[model] += 1
        number: int = values.setdefault("id", self._made[model])
        self._rows[model].append(row_plan(model).row(values))
        self._waiting += 1
        return number

    def amend(self, model: type[Base], **values: Any) -> None:
        """Fill in more of the row that was added last, which must be waiting still."""
        plan, row = row_plan(model), self._rows[model][-1]
        filled = plan.row(values)
        for name in values:
            row[plan.columns.index(name)] = filled[plan.columns.index(name)]

    def made(self, model: type[Base]) -> int:
        """How many rows of a table there are so far."""
        return self._made[model]

    def flush_when_many(self) -> None:
        """To be called where every row's parents are in: keeps memory small at any size."""
        if self._waiting >= _ROWS_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Put everything that waits into the database, parents before children."""
        by_table = {model.__tablename__: model for model in self._rows}
        for table in Base.metadata.sorted_tables:
            if table.name in by_table:
                model = by_table[table.name]
                bulk.insert(self._db, table, row_plan(model).columns, self._rows.pop(model))
        self._waiting = 0
