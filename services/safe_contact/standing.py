"""A safe-contact plan as its forms change it, without decrypting a number or a code word."""

from datetime import time
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, func, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, Session, defer

from models import ContactPlan, ContactRoute, Person, Route, RouteAnswer
from services.people import one_person
from services.permissions import Actor, Permission
from services.safe_contact.drafts import PlanDraft, RouteDraft
from services.versions import Standing, Value, Values

_KEPT = "kept:"  # what stands for a secret: another whenever it is written anew
_ENDS_IN = 24  # letters of a cipher text that no two have in common
_TEXTS = ("name_to_use", "without_code_word", "who_else_sees", "note")
_SECRETS = ("code_word", "our_code_word")
_MARKS = ("withhold_number", "she_contacts_us")


def of_route(db: Session, actor: Actor, person_ref: str, route: Route) -> Standing:
    """One route: address (never itself), rule, may_leave_message, may_say_who.

    A rule is one field: answer, weekdays, from, until, condition.
    """
    actor.require(Permission.RECORD_CONTACT)
    query: Select[*tuple[Any, ...]] = (
        select(ContactPlan.version, ContactRoute, _mark(ContactRoute.address))
        .select_from(Person)
        .outerjoin(ContactPlan, ContactPlan.person_id == Person.id)
        .outerjoin(
            ContactRoute, (ContactRoute.person_id == Person.id) & (ContactRoute.route == route)
        )
        .options(defer(ContactRoute.address, raiseload=True))
    )
    version, kept, address = one_person.row(db, actor, person_ref, query)
    said = _NOT_ASKED if kept is None else _said(kept)
    return Standing(version or 0, {"address": address, **said})


def of_plan(db: Session, actor: Actor, person_ref: str) -> Standing:
    """What holds for every route, the code words never themselves."""
    actor.require(Permission.RECORD_CONTACT)
    query: Select[*tuple[Any, ...]] = (
        select(ContactPlan, *(_mark(getattr(ContactPlan, field)) for field in _SECRETS))
        .select_from(Person)
        .outerjoin(ContactPlan, ContactPlan.person_id == Person.id)
        .options(*(defer(getattr(ContactPlan, field), raiseload=True) for field in _SECRETS))
    )
    kept, *secrets = one_person.row(db, actor, person_ref, query)
    stands = PlanDraft() if kept is None else kept
    values: dict[str, Value] = {field: getattr(stands, field) or "" for field in _TEXTS}
    values |= {field: getattr(stands, field) for field in _MARKS}
    values |= dict(zip(_SECRETS, secrets, strict=True))
    return Standing(0 if kept is None else kept.version, values)


def route_draft(route: Route, values: Values) -> RouteDraft:
    """The fields of a route as they are kept; an address left out stays as it is."""
    answer, weekdays, begins, ends, condition = _rule(values["rule"])
    return RouteDraft(
        route=route,
        answer=RouteAnswer(answer),
        address=_new(values.get("address")),
        weekdays=[int(day) for day in str(weekdays)],
        from_time=begins if isinstance(begins, time) else None,
        until_time=ends if isinstance(ends, time) else None,
        condition=str(condition),
        may_leave_message=bool(values.get("may_leave_message")),
        may_say_who=bool(values.get("may_say_who")),
    )


def plan_draft(values: Values) -> PlanDraft:
    """What holds for every route as it is kept; a code word left out stays as it is."""
    texts = {field: str(values[field]) for field in _TEXTS}
    secrets = {field: _new(values.get(field)) for field in _SECRETS}
    marks = {field: bool(values[field]) for field in _MARKS}
    return PlanDraft(**texts, **secrets, **marks)  # type: ignore[arg-type] # each of its own kind


def is_secret(value: Value) -> bool:
    """Whether this stands for something that is kept and not shown."""
    return isinstance(value, str) and value.startswith(_KEPT)


def _mark(secret: InstrumentedAttribute[str | None]) -> ColumnElement[str]:
    """What stands for a secret in a form; nothing where none is kept."""
    cipher = type_coerce(secret, Text)
    ending = func.substr(cipher, func.length(cipher) - _ENDS_IN)
    return func.coalesce(_KEPT + ending, "")


def _new(value: Value) -> str | None:
    return None if value is None or is_secret(value) else str(value)


_NOT_ASKED: Values = {
    "rule": (RouteAnswer.NO.value, "", None, None, ""),
    "may_leave_message": False,
    "may_say_who": False,
}


def _said(kept: ContactRoute) -> Values:
    condition = kept.condition or ""
    return {
        "rule": (
            kept.answer.value, kept.weekdays or "", kept.from_time, kept.until_time, condition
        ),
        "may_leave_message": kept.may_leave_message,
        "may_say_who": kept.may_say_who,
    }  # fmt: skip


def _rule(value: Value) -> tuple[str | time | None, ...]:
    if not isinstance(value, tuple):
        raise TypeError("What she said of a route is several values in one field.")
    return value
