"""How much waits for somebody, kind by kind: what Today can say before she asks to see a list."""

import enum
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeAlias

from sqlalchemy import Select, func, literal, select
from sqlalchemy.orm import Session

from models import ReferralForm, VolunteerApplication
from services.permissions import Actor
from services.permissions import Permission as P
from services.places import offers
from services.plans import plan_view
from services.public_forms import sent_forms
from services.registers import debriefs
from services.safe_contact import due as contact
from services.short_lists import once
from services.unchanged import while_unchanged
from services.volunteers.contribution import settling, thanking
from services.volunteers.rota import loose_ends
from services.volunteers.support import due as support
from services.volunteers.support import heard
from services.volunteers.training import standing
from services.volunteers.vetting import due as vetting

_Lists: TypeAlias = tuple[Select[*tuple[Any, ...]], ...]


class Kind(enum.Enum):
    """What can wait for somebody to act on."""

    FORMS = "referral forms to check"
    APPLICATIONS = "applications to check"
    ROTA = "places in the rota to look to"
    OFFERS = "offers to be answered"
    LAPSED_OFFERS = "offers to pass on"
    HEARD = "heard from volunteers"
    SUPPORT = "support due to volunteers"
    EXPENSES = "expenses to settle"
    THANKS = "volunteers to thank"
    DEBRIEFS = "debriefs to record"
    CONTACT = "contact plans to confirm"
    PLANS = "plans to review"
    CHECKS = "checks to renew"
    TRAINING = "training to refresh"


@while_unchanged
def counts(db: Session, actor: Actor) -> dict[Kind, int]:
    """How many wait of each kind she may act on, 50 at the most of each list.

    Lists are counted in one statement, whatever their number; what is due by a rhythm, or depends
    on what a session needs, cannot be counted by the database and is reckoned.
    """
    actor.require(P.SEE_TODAY)
    asked = contact.oldest(db) if actor.may(P.RECORD_CONTACT) else {}
    kinds, statement = _counting(actor)
    found = dict(zip(kinds, db.execute(statement, asked).one(), strict=True)) if kinds else {}
    reckoned = {
        kind: reckon(db, actor)
        for kind, (permission, reckon) in _RECKONED.items()
        if actor.may(permission)
    }
    return found | reckoned


@once
def _counting(actor: Actor) -> tuple[list[Kind], Select[*tuple[Any, ...]]]:
    lists = {
        kind: made(actor) for kind, (permission, made) in _LISTED.items() if actor.may(permission)
    }
    return list(lists), select(*map(_many, lists.values()))


def _many(lists: _Lists) -> Any:
    first, *others = map(_count, lists)
    return sum(others, start=first)


def _count(query: Select[*tuple[Any, ...]]) -> Any:
    rows = query.with_only_columns(literal(1), maintain_column_froms=True).subquery()
    return select(func.count()).select_from(rows).scalar_subquery()


def _one(made: Callable[[Actor], Select[*tuple[Any, ...]]], actor: Actor) -> _Lists:
    return (made(actor),)


_LISTED: Mapping[Kind, tuple[P, Callable[[Actor], _Lists]]] = {
    Kind.FORMS: (P.EDIT_REFERRALS, lambda _actor: (sent_forms.to_check(ReferralForm),)),
    Kind.APPLICATIONS: (
        P.EDIT_VOLUNTEERS,
        lambda _actor: (sent_forms.to_check(VolunteerApplication),),
    ),
    Kind.OFFERS: (P.EDIT_PEOPLE, partial(_one, offers.standing_select)),
    Kind.LAPSED_OFFERS: (P.EDIT_PEOPLE, partial(_one, offers.lapsed_select)),
    Kind.HEARD: (P.SUPERVISE, heard.news_selects),
    Kind.EXPENSES: (P.SETTLE_EXPENSES, partial(_one, settling.waiting_select)),
    Kind.THANKS: (P.EDIT_VOLUNTEERS, partial(_one, thanking.to_thank_select)),
    Kind.DEBRIEFS: (P.READ_PEOPLE, partial(_one, debriefs.undone_select)),
    Kind.CONTACT: (P.RECORD_CONTACT, partial(_one, contact.to_confirm_select)),
    Kind.PLANS: (P.READ_PLANS, partial(_one, plan_view.to_review_select)),
    Kind.TRAINING: (P.KEEP_TRAINING, partial(_one, standing.running_out_select)),
}
_RECKONED: Mapping[Kind, tuple[P, Callable[[Session, Actor], int]]] = {
    Kind.ROTA: (P.PLAN_ROTA, loose_ends.count),
    Kind.SUPPORT: (P.SUPERVISE, support.overdue_count),
    Kind.CHECKS: (P.KEEP_CHECKS, vetting.to_renew_count),
}
