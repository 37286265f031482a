"""How long a check counts, and what is still needed: arithmetic without a database."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

WINDOWS = (30, 60, 90)  # days before something runs out at which it is pressed again
REFEREES = 2


@dataclass(frozen=True, slots=True)
class Rhythm:
    """After how many months a check is due again: by itself, and with the Update Service."""

    recheck_months: int
    status_months: int


def counts_until(
    counts_from: date, *, on_update_service: bool, changed_on: date | None, rhythm: Rhythm
) -> date:
    """The last day on which a check counts."""
    months = rhythm.status_months if on_update_service else rhythm.recheck_months
    last = counts_from + relativedelta(months=months)
    return last if changed_on is None else min(last, changed_on - timedelta(days=1))


def window(until: date, today: date) -> int | None:
    """0 once it has run out, else the smallest of WINDOWS it is within; None if far off."""
    left = (until - today).days
    if left < 0:
        return 0
    return next((days for days in WINDOWS if left <= days), None)


def still_needed(
    *,
    contexts: Iterable[str],
    right_until: Collection[date | None],
    checked_until: Collection[date],
    today: date,
) -> tuple[str, ...]:
    """What she still needs before she starts, each in a sentence that says what to do.

    `contexts` are where the referees know her from whose references were enough; `right_until`
    is empty when nobody has seen her right to volunteer, and holds until when each counts;
    `checked_until` holds the last day of each DBS check that let her volunteer.
    """
    needed: list[str] = []
    missing = REFEREES - len(set(contexts))
    if missing > 0:
        count = "two references" if missing == REFEREES else "one more reference"
        needed.append(f"Ask for {count}, from different parts of her life.")
    if not any(until is None or until >= today for until in right_until):
        needed.append("See what shows that she may volunteer here.")
    until = max(checked_until, default=None)
    if until is None:
        needed.append("Ask for her DBS check, and decide on it once it is there.")
    elif until < today:
        needed.append(
            f"Her DBS check counted until {until.day} {until:%B %Y}. Renew it: until then she is "
            "not with children, and all else goes on."
        )
    return tuple(needed)
