"""One person's plan as it is shown: everything but numbers, addresses and code words."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from models import Account, ContactPlan, Person, Route
from services import clock
from services.people import one_person
from services.permissions import Actor, Permission
from services.safe_contact.asking import Reach, reach
from services.safe_contact.facts import Rule, Rules
from services.safe_contact.stored import as_plan, holds_days, rules_of, sharing_a_number


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanView:
    """Her plan, and what it comes to at this moment. Version 0: nothing is kept yet.

    `rules` has the routes somebody has asked her about; `has_address` there means one of its own.
    """

    version: int = 0
    reach: Reach
    rules: Rules
    holds_days: int
    name_to_use: str | None = None
    has_code_word: bool = False
    has_our_code_word: bool = False
    without_code_word: str | None = None
    who_else_sees: str | None = None
    withhold_number: bool = True
    she_contacts_us: bool = False
    note: str | None = None
    confirmed_on: date | None = None
    last_day: date | None = None
    confirmed_by: str | None = None
    suspended_at: datetime | None = None
    suspended_reason: str | None = None
    changed_by: str | None = None


def plan_of(db: Session, actor: Actor, person_ref: str) -> PlanView:
    """A person's plan and how she may be reached now.

    Raises NotFoundError for somebody this reader may not see.
    """
    actor.require(Permission.RECORD_CONTACT)
    confirmer, changer = aliased(Account), aliased(Account)
    query = (
        select(Person.id, holds_days(), ContactPlan, confirmer.display_name, changer.display_name)
        .outerjoin(ContactPlan, ContactPlan.person_id == Person.id)
        .outerjoin(confirmer, confirmer.id == ContactPlan.confirmed_by_id)
        .outerjoin(changer, changer.id == ContactPlan.changed_by_id)
    )
    person, days, kept, confirmed_by, changed_by = one_person.row(db, actor, person_ref, query)
    return _view(rules_of(db, [person]).get(person, {}), days, kept, confirmed_by, changed_by)


def _view(
    rules: dict[Route, Rule],
    days: int,
    kept: ContactPlan | None,
    confirmed_by: str | None,
    changed_by: str | None,
) -> PlanView:
    plan = None if kept is None else as_plan(kept, holds_days=days)
    standing = reach(plan, sharing_a_number(rules), clock.now())
    if kept is None or plan is None:
        return PlanView(reach=standing, rules=rules, holds_days=days)
    return PlanView(
        version=kept.version,
        reach=standing,
        rules=rules,
        holds_days=days,
        name_to_use=kept.name_to_use,
        has_code_word=kept.code_word is not None,
        has_our_code_word=kept.our_code_word is not None,
        without_code_word=kept.without_code_word,
        who_else_sees=kept.who_else_sees,
        withhold_number=kept.withhold_number,
        she_contacts_us=kept.she_contacts_us,
        note=kept.note,
        confirmed_on=kept.confirmed_on,
        last_day=plan.last_day,
        confirmed_by=confirmed_by,
        suspended_at=kept.suspended_at,
        suspended_reason=kept.suspended_reason,
        changed_by=changed_by,
    )
