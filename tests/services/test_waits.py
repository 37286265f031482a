"""What Today says waits, before a list is read: as much as each list then shows."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Account, FormState, Place, PlaceState, ReferralForm, Role
from services import clock, demo, waits
from services.accounts import sign_ins
from services.db import reading, transaction
from services.errors import NotPermittedError
from services.permissions import Actor
from services.places import offers
from services.plans import plan_view
from services.referrals import referral_forms
from services.registers import debriefs
from services.safe_contact import due as contact
from services.volunteers.applications import inbox
from services.volunteers.contribution import settling, thanking
from services.volunteers.rota import loose_ends
from services.volunteers.support import due as support
from services.volunteers.support import heard
from services.volunteers.training import standing
from services.volunteers.vetting import due as vetting
from services.waits import Kind
from tests.conftest import Clock

LISTS: dict[Kind, Callable[[Session, Actor], Any]] = {
    Kind.FORMS: referral_forms.to_check,
    Kind.APPLICATIONS: inbox.to_check,
    Kind.ROTA: loose_ends.all_of_them,
    Kind.OFFERS: offers.standing,
    Kind.HEARD: heard.news,
    Kind.SUPPORT: partial(support.overdue, on_today=True),
    Kind.EXPENSES: settling.waiting,
    Kind.THANKS: thanking.to_thank,
    Kind.DEBRIEFS: debriefs.undone,
    Kind.CONTACT: contact.to_confirm,
    Kind.PLANS: plan_view.to_review,
    Kind.CHECKS: vetting.to_renew,
    Kind.TRAINING: standing.running_out,
}


@pytest.fixture
def demonstration(database: str, time_stands_still: Clock) -> Iterator[Session]:
    """The demonstration programme, in which something of nearly everything waits."""
    with transaction() as db:
        demo.fill(db, people=None, marks=None, today=clock.today())
    with reading() as db:
        yield db


def _somebody(db: Session, role: Role) -> Actor:
    of_the_role = select(Account).where(Account.role == role).order_by(Account.id).limit(1)
    return sign_ins.actor_of(db.scalars(of_the_role).one())


def test_as_much_is_said_to_wait_as_each_list_shows(demonstration: Session) -> None:
    seen = set()
    for role in (Role.COORDINATOR, Role.FACILITATOR, Role.LEAD):
        actor = _somebody(demonstration, role)
        counted = waits.counts(demonstration, actor)
        counted.pop(Kind.LAPSED_OFFERS, None)
        for kind, many in counted.items():
            assert many == len(LISTS[kind](demonstration, actor)), (role, kind)
            seen |= {kind} if many else set()
    assert len(seen) >= 9  # otherwise the demonstration has become too tidy to try this on


def test_of_what_she_may_not_act_on_she_is_told_nothing(demonstration: Session) -> None:
    lead = waits.counts(demonstration, _somebody(demonstration, Role.LEAD))
    facilitator = waits.counts(demonstration, _somebody(demonstration, Role.FACILITATOR))
    assert not {Kind.FORMS, Kind.OFFERS, Kind.CHECKS, Kind.CONTACT} & lead.keys()
    assert facilitator.keys() == {Kind.DEBRIEFS, Kind.CONTACT, Kind.PLANS}


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.EVALUATOR, Role.ENGAGE_WORKER])
def test_whoever_has_no_today_is_refused(database: str, role: Role) -> None:
    stranger = Actor(account_id=1, ref="nobody", username="nobody", name="Nobody", role=role)
    with reading() as db, pytest.raises(NotPermittedError):
        waits.counts(db, stranger)


def test_however_many_kinds_there_are_one_statement_counts_the_lists(
    demonstration: Session, count_queries: Callable[[], Any]
) -> None:
    facilitator = _somebody(demonstration, Role.FACILITATOR)
    waits.counts(demonstration, facilitator)
    with count_queries() as statements:
        waits.counts(demonstration, facilitator)
    assert len(statements) == 2  # and one for how long a contact plan holds


def test_an_offer_is_counted_as_lapsed_once_its_time_is_over(
    demonstration: Session, time_stands_still: Clock
) -> None:
    coordinator = _somebody(demonstration, Role.COORDINATOR)
    offered = select(Place.offered_until).where(
        Place.state == PlaceState.OFFERED, Place.offered_until.is_not(None)
    )
    assert demonstration.scalars(offered).all()
    before = waits.counts(demonstration, coordinator)[Kind.LAPSED_OFFERS]
    time_stands_still.go_on(days=60)
    after = waits.counts(demonstration, coordinator)
    assert before < after[Kind.LAPSED_OFFERS] == after[Kind.OFFERS]


def test_the_day_is_asked_for_each_time(demonstration: Session, time_stands_still: Clock) -> None:
    coordinator = _somebody(demonstration, Role.COORDINATOR)
    today = waits.counts(demonstration, coordinator)
    time_stands_still.go_on(days=80)
    later = waits.counts(demonstration, coordinator)
    assert later[Kind.TRAINING] > today[Kind.TRAINING]
    assert later[Kind.PLANS] > today[Kind.PLANS]
    assert demonstration.scalar(
        select(ReferralForm.id).where(ReferralForm.state == FormState.TO_CHECK).limit(1)
    ), "something must wait at all"
