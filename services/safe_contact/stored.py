"""Reading what is known about reaching people, without decrypting a number or a code word."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from sqlalchemy import Label, Row, select
from sqlalchemy.orm import Session

from models import ContactPlan, ContactRoute, Organisation, Person, Route
from services.permissions import Actor, Permission
from services.safe_contact.facts import BY_PHONE, EVERY_DAY, Plan, Rule, Rules
from services.visibility import visible_people


def holds_days() -> Label[int]:
    """For a query: how many days a confirmation holds here."""
    return select(Organisation.contact_days).scalar_subquery().label("holds_days")


_PLAN = (
    ContactPlan.id.label("plan"),
    holds_days(),
    ContactPlan.confirmed_on,
    ContactPlan.suspended_at.is_not(None).label("is_suspended"),
    ContactPlan.she_contacts_us,
    ContactPlan.name_to_use,
    ContactPlan.withhold_number,
    ContactPlan.code_word.is_not(None).label("has_code_word"),
)
_RULE = (
    ContactRoute.answer,
    ContactRoute.address.is_not(None).label("has_address"),
    ContactRoute.weekdays,
    ContactRoute.from_time,
    ContactRoute.until_time,
    ContactRoute.condition,
    ContactRoute.may_leave_message,
    ContactRoute.may_say_who,
)


def kept(
    db: Session, actor: Actor, person_refs: Collection[str]
) -> dict[str, tuple[Plan | None, Rules]]:
    """The plan and the rules of each of these people whom this reader may see.

    Two statements whatever their number.
    """
    actor.require(Permission.RECORD_CONTACT)
    query = (
        select(Person.id, Person.ref, *_PLAN)
        .outerjoin(ContactPlan, ContactPlan.person_id == Person.id)
        .where(Person.ref.in_(person_refs), visible_people(actor))
    )
    people = db.execute(query).all()
    rules = rules_of(db, [row.id for row in people])
    return {row.ref: (_plan(row), sharing_a_number(rules.get(row.id, {}))) for row in people}


def rules_of(db: Session, person_ids: Collection[int]) -> dict[int, dict[Route, Rule]]:
    """What each of these people said of her routes, with the addresses of their own."""
    query = select(ContactRoute.person_id, ContactRoute.route, *_RULE)
    found: defaultdict[int, dict[Route, Rule]] = defaultdict(dict)
    for row in db.execute(query.where(ContactRoute.person_id.in_(person_ids))):
        found[row.person_id][row.route] = _rule(row)
    return found


def sharing_a_number(rules: dict[Route, Rule]) -> Rules:
    """The number kept for calls is the one for texts too, unless they have their own."""
    if not (Route.CALL in rules and rules[Route.CALL].has_address):
        return rules
    shared = {
        route: replace(rules[route], has_address=True) for route in BY_PHONE if route in rules
    }
    return {**rules, **shared}


def as_plan(kept: ContactPlan, *, holds_days: int) -> Plan:
    """A plan that was read whole, as the decision wants it."""
    return Plan(
        confirmed_on=kept.confirmed_on,
        holds_days=holds_days,
        is_suspended=kept.suspended_at is not None,
        she_contacts_us=kept.she_contacts_us,
        name_to_use=kept.name_to_use,
        withhold_number=kept.withhold_number,
        has_code_word=kept.code_word is not None,
    )


def _days_of(stored: str | None) -> frozenset[int]:
    """The weekdays a stored route names; none named is every day."""
    return frozenset(map(int, stored)) if stored else EVERY_DAY


def _plan(row: Row[*tuple[Any, ...]]) -> Plan | None:
    values = row._asdict()
    for name in ("id", "ref"):
        del values[name]
    return Plan(**values) if values.pop("plan") is not None else None


def _rule(row: Row[*tuple[Any, ...]]) -> Rule:
    values = row._asdict()
    for name in ("person_id", "route"):
        del values[name]
    return Rule(**{**values, "weekdays": _days_of(values["weekdays"])})
