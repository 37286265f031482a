"""The record that is a volunteer's own, and whom she can ring."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from models import Account, Stage, StageChange, SupervisorAbsence, Volunteer, VolunteerSupport
from services import clock
from services.errors import NotFoundError
from services.permissions import Actor, Permission
from services.unchanged import while_unchanged
from services.visibility import visible_to_herself

# From these she may step back by herself, and to them she returns.
MAY_STEP_BACK = frozenset(Stage) - {Stage.STEPPED_BACK, Stage.MOVED_ON}


@dataclass(frozen=True, slots=True, kw_only=True)
class Herself:
    """What she sees of herself; colleagues by their first names. `returns_to` is the stage she
    goes back to, where it was she who stepped back."""

    ref: str
    first_name: str
    stage: str
    returns_to: str | None
    may_step_back: bool
    supervisor: str | None
    stand_in: str | None  # today
    stand_in_until: date | None
    version: int


@while_unchanged
def summary(db: Session, actor: Actor) -> Herself | None:
    """Her own record; None while nobody has joined it to her account."""
    actor.require(Permission.OWN_VOLUNTEERING)
    one = db.scalar(select(Volunteer).where(visible_to_herself(actor)))
    if one is None:
        return None
    back = returns_to(db, one, actor)
    supervisor, stand_in, until = _whom_to_ring(db, one)
    return Herself(
        ref=one.ref,
        first_name=one.first_name,
        stage=one.stage.value,
        returns_to=back.value if back else None,
        may_step_back=one.stage in MAY_STEP_BACK,
        supervisor=supervisor,
        stand_in=stand_in,
        stand_in_until=until,
        version=one.version,
    )


def find(db: Session, actor: Actor, *, lock: bool = False) -> Volunteer:
    """Her own record, held until the transaction ends if asked. A step of the services here."""
    actor.require(Permission.OWN_VOLUNTEERING)
    query = select(Volunteer).where(visible_to_herself(actor))
    volunteer = db.scalar(query.with_for_update() if lock else query)
    if volunteer is None:
        raise NotFoundError("record")
    return volunteer


def returns_to(db: Session, volunteer: Volunteer, actor: Actor) -> Stage | None:
    """The stage she left when she stepped back by herself.

    Where a colleague moved her it is None: then the two of them talk first.
    """
    if volunteer.stage is not Stage.STEPPED_BACK:
        return None
    query = (
        select(StageChange)
        .where(StageChange.volunteer_id == volunteer.id)
        .order_by(StageChange.id.desc())
        .limit(1)
    )
    last = db.scalar(query)
    was_she = last is not None and last.account_id == actor.account_id
    return last.from_stage if last is not None and was_she else None


def _whom_to_ring(db: Session, volunteer: Volunteer) -> tuple[str | None, str | None, date | None]:
    supervisor, stand_in = aliased(Account), aliased(Account)
    today = clock.today()
    query = (
        select(supervisor.display_name, stand_in.display_name, SupervisorAbsence.ends_on)
        .select_from(VolunteerSupport)
        .join(supervisor, supervisor.id == VolunteerSupport.supervisor_id)
        .outerjoin(
            SupervisorAbsence,
            (SupervisorAbsence.account_id == supervisor.id)
            & (SupervisorAbsence.starts_on <= today)
            & (SupervisorAbsence.ends_on >= today),
        )
        .outerjoin(stand_in, stand_in.id == SupervisorAbsence.stand_in_id)
        .where(VolunteerSupport.volunteer_id == volunteer.id, supervisor.is_active)
    )
    row = db.execute(query).first()
    if row is None:
        return None, None, None
    name, standing_in, until = row
    return _first(name), _first(standing_in), until


def _first(name: str | None) -> str | None:
    return name.split()[0] if name else None
