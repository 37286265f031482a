"""From one day to another: the time that figures are about."""

from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from services import clock
from services.errors import InvalidInputError

MOST_YEARS = 10
USUAL_MONTHS = 24


@dataclass(frozen=True, slots=True)
class Period:
    """Both days belong to it."""

    first: date
    last: date

    def checked(self) -> "Period":
        """The same, if it can be used. Raises InvalidInputError with a sentence a field."""
        if self.last < self.first:
            says = "This period ends before it starts. Choose a later last day."
            raise InvalidInputError({"last": says})
        if self.last > self.first + relativedelta(years=MOST_YEARS):
            says = f"Choose a period of at most {MOST_YEARS} years."
            raise InvalidInputError({"last": says})
        return self


def usual() -> Period:
    """The last two years, up to today."""
    today = clock.today()
    return Period(today - relativedelta(months=USUAL_MONTHS) + relativedelta(days=1), today)
