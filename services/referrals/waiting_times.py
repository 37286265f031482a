"""How long people waited after they were referred, by the quarter they were referred in.

Whoever waits still, and whoever's referral ended before it came so far, is counted and said:
leaving them out in silence would make the waits look shorter than they are.
"""

from dataclasses import dataclass
from datetime import date

import pandas as pd
from dateutil.relativedelta import relativedelta
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Referral, ReferralState
from services import clock
from services.frames import typed
from services.permissions import Actor, Permission
from services.referrals.referral_states import ENDED
from services.statistics import waits
from services.unchanged import while_unchanged

QUARTERS = 8
CLOCKS = ("contact", "offer", "session")
COLUMNS = (
    "quarter", "referrals", "reached", "median", "ninetieth", "waiting", "longest",
    "ended", "label",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Wait:
    """One clock of one referral: the days it ran, and whether it reached its end."""

    days: int
    is_reached: bool
    is_over: bool


@while_unchanged
def by_quarter(db: Session, actor: Actor) -> dict[str, pd.DataFrame]:
    """Each clock (contact, offer, session) by quarter of referral, over the last two years.

    Oldest quarter first; nothing without a referral. Columns: quarter, referrals, reached (n of
    median and ninetieth, in days; NA where nobody was), waiting (still), longest (days the
    longest of them has waited so far; NA), ended (before it came so far), label ("12 of 15").
    """
    actor.require(Permission.READ_WAITING_TIMES)
    today = clock.today()
    query = (
        select(
            Referral.received_on,
            Referral.state,
            Referral.first_contact_on,
            Referral.offered_on,
            Referral.first_session_on,
        )
        .where(Referral.received_on >= first_day(today))
        .order_by(Referral.received_on)
    )
    found: dict[str, dict[str, list[_Wait]]] = {}
    for received, state, *days in db.execute(query):
        for name, on in zip(CLOCKS, days, strict=True):
            wait = _wait(received, on, state, today)
            found.setdefault(name, {}).setdefault(clock.quarter(received), []).append(wait)
    return {name: _frame(quarters) for name, quarters in found.items()}


def _frame(quarters: dict[str, list[_Wait]]) -> pd.DataFrame:
    rows = [(quarter, *_figures(all_of_them)) for quarter, all_of_them in quarters.items()]
    return typed(rows, COLUMNS, {"median": "Float64", "ninetieth": "Float64", "longest": "Int64"})


def first_day(today: date) -> date:
    """The first day of the oldest quarter shown."""
    this_quarter = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    return this_quarter - relativedelta(months=3 * (QUARTERS - 1))


def _wait(received: date, on: date | None, state: ReferralState, today: date) -> _Wait:
    return _Wait(
        days=((on or today) - received).days,
        is_reached=on is not None,
        is_over=on is not None or state in (*ENDED, ReferralState.NO_SAFE_CONTACT),
    )


def _figures(found: list[_Wait]) -> tuple[int | float | str | None, ...]:
    reached = waits([one.days for one in found if one.is_reached])
    still = [one.days for one in found if not one.is_over]
    ended = len(found) - reached.n - len(still)
    return (
        len(found), reached.n, reached.median, reached.ninetieth, len(still),
        max(still, default=None), ended, f"{reached.n} of {len(found)}",
    )  # fmt: skip
