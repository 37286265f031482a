"""The stages a survivor volunteer moves through, forward or back, and what became of each move."""

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Account, Stage, StageChange, Volunteer
from services import audit, clock
from services.errors import ConflictError, InvalidInputError, NotFoundError
from services.permissions import Actor, Permission, visible_volunteers

MAX_REASON = 500


def pipeline(db: Session, actor: Actor) -> pd.DataFrame:
    """How many volunteers are in each stage, in the stages' order: stage, volunteers."""
    actor.require(Permission.READ_VOLUNTEERS)
    query = (
        select(Volunteer.stage, func.count())
        .where(visible_volunteers(actor))
        .group_by(Volunteer.stage)
    )
    found = dict(db.execute(query).all())
    rows = [(stage.value, found.get(stage, 0)) for stage in Stage]
    return pd.DataFrame(rows, columns=["stage", "volunteers"])


def move(
    db: Session, actor: Actor, volunteer_ref: str, to: Stage, *, version: int, reason: str = ""
) -> None:
    """Move a volunteer to any other stage. Her placements stay as they are.

    Raises ConflictError when somebody else has moved her since `version`.
    """
    actor.require(Permission.EDIT_VOLUNTEERS)
    reason = reason.strip()
    if len(reason) > MAX_REASON:
        raise InvalidInputError({"reason": f"Shorten the reason to {MAX_REASON} letters."})
    volunteer = _held(db, actor, volunteer_ref)
    if volunteer.version != version:
        raise _moved_meanwhile(db, volunteer)
    if volunteer.stage is to:
        raise InvalidInputError({"stage": "She is in this stage already. Choose another one."})
    before, volunteer.stage = volunteer.stage, to
    volunteer.stage_since = clock.today()
    change = StageChange(
        volunteer_id=volunteer.id,
        from_stage=before,
        to_stage=to,
        changed_on=volunteer.stage_since,
        account_id=actor.account_id,
        reason=reason or None,
    )
    db.add(change)
    # Which stage stays out of the log: stepping back is between her and her coordinator.
    audit.record(db, actor, "volunteer.moved", f"volunteer:{volunteer_ref}")


def history(db: Session, actor: Actor, volunteer_ref: str) -> pd.DataFrame:
    """A volunteer's moves, the latest first: on, before (None at first), after, by, reason."""
    actor.require(Permission.READ_VOLUNTEERS)
    query = (
        select(
            StageChange.changed_on,
            StageChange.from_stage,
            StageChange.to_stage,
            Account.display_name,
            StageChange.reason,
        )
        .join(Volunteer, Volunteer.id == StageChange.volunteer_id)
        .join(Account, Account.id == StageChange.account_id)
        .where(Volunteer.ref == volunteer_ref, visible_volunteers(actor))
        .order_by(StageChange.id.desc())
    )
    rows = [
        (on, before.value if before else None, after.value, by, reason)
        for on, before, after, by, reason in db.execute(query)
    ]
    return pd.DataFrame(rows, columns=["on", "before", "after", "by", "reason"])


def _held(db: Session, actor: Actor, ref: str) -> Volunteer:
    """The volunteer, held until the transaction ends: of two moves the second sees the first."""
    query = select(Volunteer).where(Volunteer.ref == ref, visible_volunteers(actor))
    volunteer = db.scalar(query.with_for_update())
    if volunteer is None:
        raise NotFoundError("volunteer")
    return volunteer


def _moved_meanwhile(db: Session, volunteer: Volunteer) -> ConflictError:
    query = (
        select(StageChange.to_stage, StageChange.changed_on, Account.display_name)
        .join(Account, Account.id == StageChange.account_id)
        .where(StageChange.volunteer_id == volunteer.id)
        .order_by(StageChange.id.desc())
        .limit(1)
    )
    to, on, by = db.execute(query).one()
    stage = to.value.replace("_", " ")
    return ConflictError(
        f"Meanwhile {by} moved this volunteer to “{stage}”, on {on.day} {on:%B %Y}, so your move "
        "was not made. Look at the history, and move her again if it is still right.",
        theirs=to.value,
    )
