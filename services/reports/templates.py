"""What each reader of reports asks for, described by one file in data/reports."""

from datetime import date
from functools import cache
from typing import Literal

from dateutil.relativedelta import relativedelta
from pydantic import Field

from services.config import DATA
from services.definitions import Keyed, read_folder

Part = Literal[
    "reached", "waits", "attendance", "outcomes", "children", "experience", "workforce",
    "equality", "missing", "definitions",
]  # fmt: skip
_MONTHS = {"quarter": 3, "half_year": 6, "year": 12}


class Template(Keyed):
    """A report's title, for whom, over how long, and its sections in order."""

    key: str = Field(max_length=40)
    title: str = Field(min_length=2, max_length=100)
    reader: str = Field(min_length=2, max_length=120)
    days: Literal["quarter", "half_year", "year"]
    threshold: int = Field(ge=3)
    sections: tuple[Part, ...] = Field(min_length=1)

    def last_period(self, today: date) -> tuple[date, date]:
        """The latest of its periods that has ended, by the calendar year."""
        months = _MONTHS[self.days]
        begun = date(today.year, (today.month - 1) // months * months + 1, 1)
        return begun - relativedelta(months=months), begun - relativedelta(days=1)


@cache
def templates() -> dict[str, Template]:
    """Every template by its key."""
    return read_folder(DATA / "reports", Template)
