"""The steps that tests of safe-contact plans share."""

from typing import Any

from sqlalchemy.orm import Session

from models import Person, RouteAnswer
from services.permissions import Actor
from services.safe_contact import plans, view
from services.safe_contact.drafts import PlanDraft

YES, NO, ONLY_WHEN = RouteAnswer.YES, RouteAnswer.NO, RouteAnswer.ONLY_WHEN
NUMBER = "07700 900111"


def details(db: Session, actor: Actor, person: Person, **fields: Any) -> None:
    """Save what holds for every route as it stands on the screen now."""
    draft = PlanDraft(**fields)
    plans.save(db, actor, person.ref, draft, version=version(db, actor, person))


def confirm(db: Session, actor: Actor, person: Person) -> None:
    plans.confirm(db, actor, person.ref, version=version(db, actor, person))


def version(db: Session, actor: Actor, person: Person) -> int:
    return view.plan_of(db, actor, person.ref).version
