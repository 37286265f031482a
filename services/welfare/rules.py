"""By when somebody is owed a call, whom first, and who else is told: pure rules (domain §1.4)."""

from datetime import date

from services.scheduling import next_working_day


def due_on(missed_on: date, *, is_urgent: bool) -> date:
    """The same day at high risk, otherwise the next working day; counted from the session, so
    that a register finished late makes nobody safer on paper."""
    return missed_on if is_urgent else next_working_day(missed_on)


def escalates(due: date, *, is_urgent: bool, tries: int, today: date) -> bool:
    """Whether others hear of it: it is overdue, or at high risk somebody tried in vain."""
    return due < today or (is_urgent and tries > 0)


def harm(due: date, *, is_urgent: bool, today: date) -> tuple[bool, bool, date]:
    """What to sort calls by: at high risk first, of those the overdue, then by when it was due."""
    return not is_urgent, due >= today, due
