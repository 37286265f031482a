"""How the people of the demonstration may be reached: plans, routes and what came of trying.

The households about now have a whole plan in one of its states; those of the past a bare one that
has long lapsed.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from models import ContactAttempt, ContactOutcome, ContactPlan, ContactRoute, Route, RouteAnswer
from services import clock
from services.demo.cast import Household, phone
from services.demo.chance import Chance
from services.demo.sink import Sink

_LATELY = timedelta(days=70)
_HOLDS = 30
_NAMES = ("Sarah from the craft group", "Jo from the library", "Pat about the parcel")
_CODE_WORDS = ("marmalade", "teapot", "umbrella", "peppercorn", "lighthouse")
_WITHOUT = "Say it is a wrong number, hang up, and stop contact until she rings us."
_OTHERS = ("Her sister reads her email", "The children play with her phone", "A shared tablet")
_CONDITIONS = ("The children are at school", "She is at work", "Her mother is with her")
_STOPPED = (
    "A man answered and asked who was calling",
    "Her phone was taken from her",
    "She moved back; she will ring us",
)
_DAYS = ("01234", "024", "13", None)
_OUTCOMES = (
    ContactOutcome.SPOKE,
    ContactOutcome.SPOKE,
    ContactOutcome.NO_ANSWER,
    ContactOutcome.NOT_LEFT,
    ContactOutcome.SENT,
    ContactOutcome.THEY_CAME_TO_US,
)


def keep(
    sink: Sink,
    chance: Chance,
    households: Sequence[Household],
    accounts: Sequence[int],
    *,
    today: date,
) -> None:
    """A plan for most carers, and for some of the older children."""
    for household in households:
        if household.busy_until < today and household.arrived < today - _LATELY:
            _past(sink, chance, household, accounts)
            continue
        if chance.happens(0.92):
            _plan(sink, chance, household.carer, accounts, today)
            _routes(sink, chance, household.carer, household.surname)
            _attempts(sink, chance, household.carer, accounts, today)
        for child, born in household.children:
            if (today - born).days > 12 * 365 and chance.happens(0.5):
                _plan(sink, chance, child, accounts, today)
                _after_school(sink, chance, child)


def _past(sink: Sink, chance: Chance, household: Household, accounts: Sequence[int]) -> None:
    asked = max(household.arrived, household.busy_until - timedelta(days=20))
    account = chance.choice(accounts)
    sink.add(
        ContactPlan,
        person_id=household.carer,
        confirmed_on=asked,
        confirmed_by_id=account,
        changed_at=_at(asked),
        changed_by_id=account,
    )
    _route(sink, household.carer, Route.CALL, RouteAnswer.YES, phone(chance))


def _plan(sink: Sink, chance: Chance, person: int, accounts: Sequence[int], today: date) -> None:
    account = chance.choice(accounts)
    days_ago = chance.randint(_HOLDS + 1, 60) if chance.happens(0.15) else chance.randint(0, 28)
    asked = today - timedelta(days=days_ago)
    stopped = chance.happens(0.04)
    code_word = chance.choice(_CODE_WORDS) if chance.happens(0.25) else None
    sink.add(
        ContactPlan,
        person_id=person,
        name_to_use=chance.choice(_NAMES) if chance.happens(0.6) else None,
        code_word=code_word,
        our_code_word=chance.choice(_CODE_WORDS) if code_word and chance.happens(0.5) else None,
        without_code_word=_WITHOUT if code_word else None,
        who_else_sees=chance.choice(_OTHERS) if chance.happens(0.2) else None,
        she_contacts_us=chance.happens(0.04),
        confirmed_on=asked,
        confirmed_by_id=account,
        suspended_at=_at(today - timedelta(days=2)) if stopped else None,
        suspended_reason=chance.choice(_STOPPED) if stopped else None,
        changed_at=_at(asked),
        changed_by_id=account,
    )


def _routes(sink: Sink, chance: Chance, person: int, surname: str) -> None:
    """Calls first, in one of the three answers; what else there is with its own."""
    kind = chance.random()
    if kind < 0.5:
        said: dict[str, Any] = {"may_leave_message": chance.happens(0.3)}
        _route(sink, person, Route.CALL, RouteAnswer.YES, phone(chance), **said)
    elif kind < 0.85:
        said = _hours(chance) if chance.happens(0.7) else {"condition": chance.choice(_CONDITIONS)}
        _route(sink, person, Route.CALL, RouteAnswer.ONLY_WHEN, phone(chance), **said)
    else:
        _route(sink, person, Route.CALL, RouteAnswer.NO, phone(chance))
    if chance.happens(0.5):
        _route(sink, person, Route.TEXT, RouteAnswer.YES, None)
    if chance.happens(0.4):
        email = f"{surname}{chance.randrange(1000)}@example.org".lower()
        answer = RouteAnswer.YES if chance.happens(0.7) else RouteAnswer.NO
        _route(sink, person, Route.EMAIL, answer, email, may_say_who=chance.happens(0.2))


def _after_school(sink: Sink, chance: Chance, child: int) -> None:
    hours = {"weekdays": "01234", "from_time": time(15, 30), "until_time": time(18)}
    _route(sink, child, Route.TEXT, RouteAnswer.ONLY_WHEN, phone(chance), **hours)


def _hours(chance: Chance) -> dict[str, Any]:
    begins = chance.choice((9, 10, 12))
    return {
        "weekdays": chance.choice(_DAYS),
        "from_time": time(begins),
        "until_time": time(begins + chance.randint(2, 5)),
    }


def _route(
    sink: Sink, person: int, route: Route, answer: RouteAnswer, address: str | None, **said: Any
) -> None:
    sink.add(ContactRoute, person_id=person, route=route, answer=answer, address=address, **said)


def _attempts(
    sink: Sink, chance: Chance, person: int, accounts: Sequence[int], today: date
) -> None:
    days_ago = 0
    for _attempt in range(chance.randint(0, 3)):
        days_ago += chance.randint(1, 12)
        outcome = chance.choice(_OUTCOMES)
        sink.add(
            ContactAttempt,
            ref=chance.ref(),
            person_id=person,
            at=_at(today - timedelta(days=days_ago)) + timedelta(minutes=chance.randrange(300)),
            route=Route.TEXT if outcome is ContactOutcome.SENT else Route.CALL,
            outcome=outcome,
            account_id=chance.choice(accounts),
        )


def _at(day: date) -> datetime:
    return clock.start_of_day(day) + timedelta(hours=10)
