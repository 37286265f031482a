"""Plans: one intervention for some or all of a family, made, changed and ended.

A family may have plans in any combination, and one open at a time for each intervention.
"""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from models import Account, Family, Person, Plan, PlanMember, new_ref
from services import audit, clock
from services.accounts import colleagues
from services.accounts.sign_ins import actor_of
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.people import one_person
from services.permissions import Actor, Permission
from services.plans import interventions
from services.plans.plan_draft import PlanDraft, member_problems, review_problems, text_problems
from services.versions import Standing, Value, Values, differences
from services.visibility import visible_people, visible_plans

_BETWEEN = " "  # references have no spaces in them


def make(db: Session, actor: Actor, person_ref: str, draft: PlanDraft) -> str:
    """Make a plan for the family of this person and give back its reference."""
    actor.require(Permission.EDIT_PLANS)
    draft.checked(today=clock.today())
    family = _held_family(db, actor, person_ref)
    (intervention,) = interventions.offered(db, [draft.intervention_ref])
    members = _members(db, actor, family.id, draft.member_refs)
    worker = _worker(db, draft.worker_ref, members)
    _refuse_twin(db, family.id, intervention.id)
    plan = Plan(
        ref=new_ref(),
        family_id=family.id,
        intervention_id=intervention.id,
        worker_id=worker.id,
        starts_on=draft.starts_on,
        review_on=draft.review_on,
        note=draft.note.strip() or None,
    )
    db.add(plan)
    db.flush()
    db.add_all(PlanMember(plan_id=plan.id, person_id=number) for number in members)
    audit.record(db, actor, "plan.made", f"family:{family.ref}", plan=plan.ref, people=len(members))
    return plan.ref


def details(db: Session, actor: Actor, plan_ref: str) -> Standing:
    """What may be changed of an open plan: worker, members, review_on, note."""
    actor.require(Permission.EDIT_PLANS)
    plan = db.scalar(select(Plan).where(Plan.ref == plan_ref, visible_plans(actor)))
    if plan is None:
        raise NotFoundError("plan")
    return Standing(plan.version, _values(db, actor, plan))


def change(db: Session, actor: Actor, plan_ref: str, mine: Values, *, seen: Standing) -> None:
    """Write worker, members, review day and note into a plan, if it stands as she saw it.

    Of the members only those she may see are hers to change. Raises ConflictError, with each
    field in which the two versions differ, when somebody else has changed it meanwhile.
    """
    actor.require(Permission.EDIT_PLANS)
    plan, family_ref = _held_plan(db, actor, plan_ref)
    tidy = {**mine, "note": str(mine["note"] or "").strip()}
    differing = differences(seen.values, tidy, _values(db, actor, plan))
    if plan.version != seen.version and differing:
        raise ConflictError(
            "Somebody else changed this plan while you had it open. Nothing of yours is lost: "
            "choose below what should stand.",
            differences=differing,
        )
    if not differing:
        return
    _write(db, actor, plan, tidy)
    changed = ", ".join(one.field for one in differing)
    audit.record(db, actor, "plan.changed", f"family:{family_ref}", plan=plan_ref, fields=changed)


def end(db: Session, actor: Actor, plan_ref: str, *, on: date, reason: str, version: int) -> None:
    """End a plan; `on` is its last day, today at the latest, or its first if that is later.

    Raises ConflictError when somebody else has changed it since `version`.
    """
    actor.require(Permission.EDIT_PLANS)
    plan, family_ref = _held_plan(db, actor, plan_ref)
    if plan.version != version:
        raise ConflictError(
            "Somebody else changed this plan while you had it open. Look at it again here, "
            "then end it if that is still right."
        )
    problems = text_problems("ending", reason)
    if not reason.strip():
        problems["ending"] = "Write in a few words how it ended."
    if not plan.starts_on <= on <= max(clock.today(), plan.starts_on):
        problems["ends_on"] = (
            f"Choose a day from {plan.starts_on:%d/%m/%Y}, its first, and not in the future."
        )
    if problems:
        raise InvalidInputError(problems)
    plan.ends_on, plan.ending = on, reason.strip()
    audit.record(db, actor, "plan.ended", f"family:{family_ref}", plan=plan_ref)


def members_of(value: Value) -> list[str]:
    """The references in a plan's field `members`, as one value holds them."""
    return str(value or "").split()


def as_members(refs: Collection[str]) -> str:
    """References as the field `members` holds them: in one value, in one order."""
    return _BETWEEN.join(sorted(refs))


def _write(db: Session, actor: Actor, plan: Plan, mine: Values) -> None:
    refs, review_on = members_of(mine["members"]), mine["review_on"]
    if review_on is not None and not isinstance(review_on, date):
        raise TypeError("The day of a review is a date.")
    problems = (
        review_problems(review_on, plan.starts_on, today=clock.today())
        | member_problems(refs)
        | text_problems("note", str(mine["note"]))
    )
    if problems:
        raise InvalidInputError(problems)
    members = _members(db, actor, plan.family_id, refs)
    # Whom she may not see stays as it is: she cannot have meant to take anybody out.
    hers = select(Person.id).where(Person.family_id == plan.family_id, visible_people(actor))
    db.execute(
        delete(PlanMember).where(PlanMember.plan_id == plan.id, PlanMember.person_id.in_(hers))
    )
    db.add_all(PlanMember(plan_id=plan.id, person_id=number) for number in members)
    plan.worker_id = _worker(db, str(mine["worker"]), members).id
    plan.review_on, plan.note = review_on, str(mine["note"]) or None
    flag_modified(plan, "review_on")  # the members alone would leave the version as it was


def _values(db: Session, actor: Actor, plan: Plan) -> dict[str, Value]:
    query = (
        select(Person.ref)
        .join(PlanMember, PlanMember.person_id == Person.id)
        .where(PlanMember.plan_id == plan.id, visible_people(actor))
    )
    return {
        "worker": db.get_one(Account, plan.worker_id).ref,
        "members": as_members(list(db.scalars(query))),
        "review_on": plan.review_on,
        "note": plan.note or "",
    }


def _members(db: Session, actor: Actor, family_id: int, refs: Collection[str]) -> Sequence[int]:
    """The numbers of people of this family whom she may see."""
    query = select(Person.id).where(
        Person.ref.in_(refs), Person.family_id == family_id, visible_people(actor)
    )
    found = db.scalars(query.order_by(Person.id)).all()
    if len(found) < len(set(refs)):
        raise InvalidInputError({"members": "Choose from the people of this family."})
    return found


def _worker(db: Session, ref: str, members: Collection[int]) -> Account:
    """A colleague who may hold plans, and to whom at least one of these people is open."""
    account = colleagues.chosen(db, ref, Permission.READ_PLANS, field="worker")
    open_to_her = select(Person.id).where(Person.id.in_(members), visible_people(actor_of(account)))
    if db.scalar(open_to_her.limit(1)) is None:
        raise InvalidInputError(
            {
                "worker": "None of these people is open to her. Choose somebody who runs a "
                "group of theirs, or a coordinator."
            }
        )
    return account


def _refuse_twin(db: Session, family_id: int, intervention_id: int) -> None:
    query = select(Plan.id).where(
        Plan.family_id == family_id,
        Plan.intervention_id == intervention_id,
        Plan.ends_on.is_(None),
    )
    if db.scalar(query) is not None:
        raise ConflictError(
            "There is an open plan for this already. Change that one, or end it first."
        )


def _held_family(db: Session, actor: Actor, person_ref: str) -> Family:
    """The family, held until the transaction ends: one plan for an intervention at a time."""
    query = select(Family).join(Person, Person.family_id == Family.id).with_for_update(of=Family)
    (family,) = one_person.row(db, actor, person_ref, query)
    return family


def _held_plan(db: Session, actor: Actor, ref: str) -> tuple[Plan, str]:
    """An open plan as it stands now, held until the transaction ends, and its family."""
    query = (
        select(Plan, Family.ref)
        .join(Family, Family.id == Plan.family_id)
        .where(Plan.ref == ref, visible_plans(actor))
        .with_for_update(of=Plan)
    )
    row = db.execute(query.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFoundError("plan")
    if row[0].ends_on is not None:
        raise ConflictError("This plan has ended meanwhile. It stays in the list.")
    return row


__all__ = ["PlanDraft", "change", "details", "end", "make"]
