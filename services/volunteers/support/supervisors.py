"""Who supervises a volunteer: naming her supervisor, and never in a circle."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from models import Account, Organisation, SupervisorAbsence, Volunteer, VolunteerSupport
from services import audit, clock
from services.accounts import colleagues
from services.errors import ConflictError, InvalidInputError
from services.permissions import Actor, Permission
from services.visibility import visible_support
from services.volunteers.finding import find_volunteer
from services.volunteers.support import circles
from services.volunteers.support import rhythm as rules
from services.volunteers.support.facts import Helper, facts_of
from services.volunteers.support.rhythm import Kind, State
from services.volunteers.support.settings import rhythm_of

HERSELF = "Nobody supervises herself. Choose a colleague."
CIRCLE = (
    "They would supervise each other in a circle, and nobody would look on from outside. Choose a "
    "colleague she does not supervise."
)
WHILE_AWAY = (
    "While this colleague is away, she or somebody she supervises stands in. Change who stands in "
    "first."
)


@dataclass(frozen=True, slots=True)
class DueView:
    """One thing a volunteer is owed, from which day on, and how that stands today."""

    kind: Kind
    due_on: date
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportView:
    """Who supports a volunteer and what is due. `is_hers_to_read`: the notes open to the reader."""

    supervisor_ref: str | None
    supervisor: str | None
    stand_in: str | None  # today
    stand_in_until: date | None
    own_account_ref: str | None
    due: tuple[DueView, ...]
    is_hers_to_read: bool
    version: int


def of_volunteer(db: Session, actor: Actor, volunteer_ref: str) -> SupportView:
    """A volunteer's support, for any coordinator; nothing of what was said."""
    actor.require(Permission.READ_VOLUNTEERS)
    volunteer = find_volunteer(db, actor, volunteer_ref)
    supervisor, own, stand_in = aliased(Account), aliased(Account), aliased(Account)
    today = clock.today()
    query = (
        select(
            VolunteerSupport.version, supervisor.ref, supervisor.display_name, supervisor.is_active,
            own.ref, stand_in.display_name, SupervisorAbsence.ends_on,
        )
        .outerjoin(supervisor, supervisor.id == VolunteerSupport.supervisor_id)
        .outerjoin(own, own.id == VolunteerSupport.own_account_id)
        .outerjoin(
            SupervisorAbsence,
            (SupervisorAbsence.account_id == supervisor.id)
            & (SupervisorAbsence.starts_on <= today)
            & (SupervisorAbsence.ends_on >= today),
        )
        .outerjoin(stand_in, stand_in.id == SupervisorAbsence.stand_in_id)
        .where(VolunteerSupport.volunteer_id == volunteer.id)
    )  # fmt: skip
    nobody = (0, None, None, None, None, None, None)
    version, ref, name, is_open, own_ref, standing_in, until = db.execute(query).first() or nobody
    return SupportView(
        supervisor_ref=ref if is_open else None,
        supervisor=name if is_open else None,
        stand_in=standing_in if is_open else None,
        stand_in_until=until if is_open else None,
        own_account_ref=own_ref,
        due=due_to(db, [volunteer]).get(volunteer.id, ()),
        is_hers_to_read=_may_read(db, actor, volunteer),
        version=version,
    )


def choices(db: Session, actor: Actor) -> dict[str, str]:
    """Who can supervise: reference to name."""
    actor.require(Permission.EDIT_VOLUNTEERS)
    return colleagues.who_may(db, Permission.SUPERVISE)


def accounts(db: Session, actor: Actor) -> dict[str, str]:
    """The open accounts one of which may be hers: reference to name."""
    actor.require(Permission.EDIT_VOLUNTEERS)
    query = select(Account.ref, Account.display_name).where(Account.is_active)
    return dict(sorted(db.execute(query), key=lambda pair: pair[1].casefold()))


def name(
    db: Session,
    actor: Actor,
    volunteer_ref: str,
    *,
    supervisor_ref: str,
    own_account_ref: str | None,
    version: int,
) -> None:
    """Name a volunteer's supervisor, and her own account if she has one.

    Raises InvalidInputError for herself or a circle, ConflictError when changed since `version`.
    """
    actor.require(Permission.EDIT_VOLUNTEERS)
    volunteer = find_volunteer(db, actor, volunteer_ref)
    # Held: of two who name each other's supervisor at once, the second sees the first.
    db.execute(select(Organisation.id).with_for_update())
    kept = db.scalar(select(VolunteerSupport).where(VolunteerSupport.volunteer_id == volunteer.id))
    if (kept.version if kept else 0) != version:
        raise ConflictError(
            "Somebody else changed her supervisor meanwhile. Look at it, then change it if needed."
        )
    supervisor = colleagues.chosen(db, supervisor_ref, Permission.SUPERVISE, field="supervisor")
    own = _own_account(db, volunteer, own_account_ref)
    _refuse_circle(db, volunteer, supervisor.id, own)
    if kept is None:
        kept = VolunteerSupport(volunteer_id=volunteer.id)
        db.add(kept)
    kept.supervisor_id, kept.own_account_id = supervisor.id, own
    audit.record(
        db, actor, "support.supervisor_named", f"volunteer:{volunteer_ref}",
        supervisor=supervisor.ref,
    )  # fmt: skip


def _own_account(db: Session, volunteer: Volunteer, ref: str | None) -> int | None:
    if ref is None:
        return None
    account = db.scalar(select(Account).where(Account.ref == ref, Account.is_active))
    if account is None:
        raise InvalidInputError({"own_account": "Choose an account from the list: it is open."})
    taken = select(VolunteerSupport.id).where(
        VolunteerSupport.own_account_id == account.id,
        VolunteerSupport.volunteer_id != volunteer.id,
    )
    if db.scalar(taken) is not None:
        raise InvalidInputError(
            {"own_account": "This account is another volunteer's. Choose hers, or none."}
        )
    return account.id


def _refuse_circle(db: Session, volunteer: Volunteer, supervisor: int, own: int | None) -> None:
    if own is None:
        return
    if supervisor == own:
        raise InvalidInputError({"supervisor": HERSELF})
    standing_in = circles.stand_ins(db)
    others = circles.supervised_by(db, but=volunteer.id)
    answered_by = circles.answered_by(others, standing_in)
    if circles.leads_back([supervisor], own, answered_by):
        raise InvalidInputError({"supervisor": CIRCLE})
    if circles.leads_back(standing_in.get(supervisor, ()), own, answered_by):
        raise InvalidInputError({"supervisor": WHILE_AWAY})


def due_to(db: Session, volunteers: Sequence[Helper]) -> dict[int, tuple[DueView, ...]]:
    """What each is owed, the one with most harm first. A step of other services, as above."""
    rhythm, today = rhythm_of(db), clock.today()
    found: dict[int, tuple[DueView, ...]] = {}
    for number, facts in facts_of(db, volunteers).items():
        owed = [(one, rules.state(one, rhythm, today)) for one in rules.owed(rhythm, facts)]
        owed.sort(key=lambda pair: rules.harm(*pair))
        found[number] = tuple(DueView(one.kind, one.due_on, stands) for one, stands in owed)
    return found


def _may_read(db: Session, actor: Actor, volunteer: Volunteer) -> bool:
    query = select(VolunteerSupport.id).where(
        VolunteerSupport.volunteer_id == volunteer.id, visible_support(actor)
    )
    return db.scalar(query) is not None
