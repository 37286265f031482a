"""By when somebody is owed a call: a pure rule (domain §1.4)."""

from datetime import date

from services.scheduling import next_working_day


def due_on(missed_on: date, *, is_urgent: bool, region: str = "England") -> date:
    """The same day at high risk, otherwise the next working day of the nation named.

    Counted from the session: a register finished late makes nobody safer on paper.
    """
    return missed_on if is_urgent else next_working_day(missed_on, region)
