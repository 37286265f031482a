"""May we contact her, by this route, at this moment? The one decision, with no database in sight.

The default is no. Everything that goes out of the programme to a person asks here (domain §5.2).
"""

from datetime import date, datetime, time

from models import Route, RouteAnswer
from services import clock
from services.safe_contact import wording
from services.safe_contact.facts import WRITTEN, Answer, Plan, Rule, Rules, Why


def decide(
    plan: Plan | None,
    rules: Rules,
    route: Route,
    at: datetime,
    *,
    message: bool = False,
    says_who: bool = False,
    checked: bool = False,
) -> Answer:
    """Whether this route may be used at an instant, and why.

    `message`: something would be left behind for others to hear or read. `says_who`: it would be
    said who is calling. `checked`: somebody has read the condition she set and found it met; a
    programme that sends by itself cannot. A route without a rule is a no.
    """
    wall = clock.local(at)
    rule = rules.get(route)
    why = _held_back(plan, wall.date()) or _on_route(rule, wall)
    if why is Why.SAFE and rule:
        why = _way_of_it(rule, route, message=message, says_who=says_who, checked=checked)
    allowed = why is Why.SAFE and plan is not None and rule is not None
    return Answer(
        route=route,
        allowed=allowed,
        why=why,
        reason=wording.sentence(why, plan, rule),
        until=rule.until_time if rule else None,
        condition=rule.condition if rule else None,
        name_to_use=plan.name_to_use if plan else None,
        may_leave_message=rule is not None and rule.may_leave_message,
        may_say_who=rule is not None and rule.may_say_who,
        withhold_number=plan is None or plan.withhold_number,
        has_code_word=plan is not None and plan.has_code_word,
    )


def narrows(before: Rule | None, after: Rule) -> bool:
    """Whether a changed rule allows nothing that the earlier one did not.

    Taking away is safe at once; whatever is added waits until she has confirmed it.
    """
    if after.answer is RouteAnswer.NO:
        return True
    if before is None or before.answer is RouteAnswer.NO:
        return False
    return (
        after.weekdays <= before.weekdays
        and _opens(after) >= _opens(before)
        and _closes(after) <= _closes(before)
        and before.condition in (None, after.condition)
        and before.has_address >= after.has_address
        and before.may_leave_message >= after.may_leave_message
        and before.may_say_who >= after.may_say_who
    )


def _held_back(plan: Plan | None, on: date) -> Why | None:
    """What stands in the way of every route on a day."""
    if plan is None:
        return Why.NO_PLAN
    if plan.is_suspended:
        return Why.SUSPENDED
    if plan.confirmed_on is None or plan.last_day is None:
        return Why.NOT_CONFIRMED
    if not plan.confirmed_on <= on <= plan.last_day:
        return Why.LAPSED
    return Why.SHE_CONTACTS_US if plan.she_contacts_us else None


def _on_route(rule: Rule | None, wall: datetime) -> Why:
    """What she said of a route, at a time on the wall."""
    if rule is None or rule.answer is RouteAnswer.NO:
        return Why.NOT_SAID_SAFE
    if not rule.has_address:
        return Why.NO_ADDRESS
    opened = rule.from_time is None or rule.from_time <= wall.time()
    # Until 3pm: at three it is over.
    still_open = rule.until_time is None or wall.time() < rule.until_time
    within = opened and still_open and wall.weekday() in rule.weekdays
    return Why.SAFE if within else Why.NOT_NOW


def _way_of_it(rule: Rule, route: Route, *, message: bool, says_who: bool, checked: bool) -> Why:
    if message and route not in WRITTEN and not rule.may_leave_message:
        return Why.NO_MESSAGE
    if says_who and not rule.may_say_who:
        return Why.NOT_SAYING_WHO
    if rule.condition and not checked:
        return Why.CHECK_FIRST
    return Why.SAFE


def _opens(rule: Rule) -> time:
    return rule.from_time or time.min


def _closes(rule: Rule) -> time:
    return rule.until_time or time.max
