"""By when others hear that nobody has reached somebody who did not come: a pure rule (domain §1.4).

The call itself is owed on the day of the session, whoever did not come.
"""

from datetime import date, timedelta

from services.scheduling import next_working_day


def due_on(missed_on: date, *, is_urgent: bool, region: str = "England") -> date:
    """The last day before others hear: at high risk the same day, otherwise the one before the
    next working day of the nation named.

    Counted from the session: a register finished late makes nobody safer on paper.
    """
    return missed_on if is_urgent else next_working_day(missed_on, region) - timedelta(days=1)
