"""The sentences of safe contact: why something is or is not allowed, and when."""

from datetime import date, time

from models import Route, RouteAnswer
from services import clock
from services.safe_contact.facts import EVERY_DAY, Plan, Rule, Why

ROUTES = {
    Route.CALL: "Call",
    Route.TEXT: "Text message",
    Route.VOICEMAIL: "Voicemail",
    Route.WHATSAPP: "WhatsApp",
    Route.EMAIL: "Email",
    Route.POST: "Post",
    Route.VIA_WORKER: "Through a worker or school",
    Route.ONLINE: "Online meeting",
}
DAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
_PLAIN = {
    Why.SUSPENDED: "Do not contact her: contact is suspended because it is unsafe.",
    Why.NO_PLAN: "Do not contact her: nobody has asked her yet what is safe.",
    Why.NOT_CONFIRMED: "Confirm her plan with her first: it has changed or was never confirmed.",
    Why.SHE_CONTACTS_US: "Wait for her: she asked to be the one who makes contact.",
    Why.NOT_SAID_SAFE: "No: she has not said that this is safe.",
    Why.NO_ADDRESS: "No: there is no number or address for it.",
    Why.NO_MESSAGE: "No: leave no message.",
    Why.NOT_SAYING_WHO: "No: do not say who is calling.",
    Why.SAFE: "Safe now.",
}


def sentence(why: Why, plan: Plan | None, rule: Rule | None) -> str:
    """The decision in words."""
    if why is Why.LAPSED and plan and plan.confirmed_on:
        return f"Confirm again first: she last confirmed her plan on {day(plan.confirmed_on)}."
    if why is Why.NOT_NOW and rule:
        return f"Not now. Safe: {hours(rule)}."
    if why is Why.CHECK_FIRST and rule:
        return f"Only when: {rule.condition}"
    if why is Why.SAFE and rule and rule.until_time:
        return f"Safe now, until {clock.spoken(rule.until_time)}."
    return _PLAIN[why]


def rule(said: Rule | None) -> str:
    """What she said about a route: no, yes, or only when."""
    if said is None or said.answer is RouteAnswer.NO:
        return "no"
    if said.answer is RouteAnswer.YES:
        return "yes"
    limited = said.weekdays != EVERY_DAY or said.from_time or said.until_time
    parts = [hours(said) if limited else "", said.condition or ""]
    return f"only when: {'; '.join(filter(None, parts))}"


def hours(rule: Rule) -> str:
    """When a route is safe: "Mondays to Fridays, 10am to 3pm"."""
    times = _times(rule.from_time, rule.until_time)
    return f"{_days(sorted(rule.weekdays))}{f', {times}' if times else ''}"


def day(on: date) -> str:
    """A day in words: 3 June 2026."""
    return f"{on.day} {on:%B %Y}"


def _days(chosen: list[int]) -> str:
    if len(chosen) == len(EVERY_DAY):
        return "every day"
    first, last = chosen[0], chosen[-1]
    if len(chosen) > 2 and chosen == list(range(first, last + 1)):  # noqa: PLR2004 - from three on
        return f"{DAYS[first]} to {DAYS[last]}"
    *before, final = (DAYS[one] for one in chosen)
    return f"{', '.join(before)} and {final}" if before else final


def _times(begins: time | None, ends: time | None) -> str:
    if begins and ends:
        return f"{clock.spoken(begins)} to {clock.spoken(ends)}"
    if begins:
        return f"from {clock.spoken(begins)}"
    return f"until {clock.spoken(ends)}" if ends else ""
