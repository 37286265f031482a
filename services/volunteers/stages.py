"""The stages a survivor volunteer moves through, forward or back, and what became of each move."""

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Account, Stage, StageChange, Volunteer
from services import audit, clock
from services.errors import ConflictError, InvalidInputError
from services.permissions import Actor, Permission
from services.places.leaving_reasons import moving_on_reasons
from services.unchanged import while_unchanged
from services.visibility import visible_volunteers
from services.volunteers.finding import find_volunteer
from services.volunteers.rota import shifts

MAX_REASON = 500
AWAY = (Stage.STEPPED_BACK, Stage.MOVED_ON)  # whoever is in one takes nothing on


@while_unchanged
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
    db: Session,
    actor: Actor,
    volunteer_ref: str,
    to: Stage,
    *,
    version: int,
    reason: str = "",
    because: str | None = None,
) -> int:
    """Move a volunteer to any other stage; gives back how many sessions she was to come to are
    open again, since she steps back or moves on. Her placements stay as they are.

    `because` is a key of the list of reasons to move on. What was agreed as her next step is done
    with it. Raises ConflictError when somebody else has moved her since `version`.
    """
    actor.require(Permission.EDIT_VOLUNTEERS)
    volunteer = find_volunteer(db, actor, volunteer_ref, lock=True)
    return carry_out(db, volunteer, actor, to, version=version, reason=reason, because=because)


def carry_out(
    db: Session,
    volunteer: Volunteer,
    actor: Actor,
    to: Stage,
    *,
    version: int,
    reason: str = "",
    because: str | None = None,
) -> int:
    """A move of one who was found and is held. A step of other services, which have asked."""
    reason = reason.strip()
    _check(to, reason, because)
    if volunteer.version != version:
        raise _moved_meanwhile(db, volunteer)
    if volunteer.stage is to:
        raise InvalidInputError({"stage": "She is in this stage already. Choose another one."})
    before, volunteer.stage = volunteer.stage, to
    volunteer.stage_since = clock.today()
    volunteer.next_step = volunteer.next_step_by = None
    change = StageChange(
        volunteer_id=volunteer.id,
        from_stage=before,
        to_stage=to,
        changed_on=volunteer.stage_since,
        account_id=actor.account_id,
        because=because,
        reason=reason or None,
    )
    db.add(change)
    freed = shifts.free_all(db, volunteer, actor) if to in AWAY else 0
    # Which stage stays out of the log: stepping back is between her and her coordinator.
    audit.record(db, actor, "volunteer.moved", f"volunteer:{volunteer.ref}")
    return freed


def come_back(db: Session, actor: Actor, volunteer_ref: str, *, version: int) -> Stage:
    """Bring a volunteer who has stepped back to the stage she came from, and give that back."""
    actor.require(Permission.EDIT_VOLUNTEERS)
    query = (
        select(StageChange.from_stage)
        .join(Volunteer, Volunteer.id == StageChange.volunteer_id)
        .where(
            Volunteer.ref == volunteer_ref,
            visible_volunteers(actor),
            Volunteer.stage == Stage.STEPPED_BACK,
            StageChange.to_stage == Stage.STEPPED_BACK,
        )
        .order_by(StageChange.id.desc())
        .limit(1)
    )
    before = db.scalar(query)
    if before is None:
        raise ConflictError("Choose the stage that fits her above: where she was is not known.")
    move(db, actor, volunteer_ref, before, version=version)
    return before


@while_unchanged
def history(db: Session, actor: Actor, volunteer_ref: str) -> pd.DataFrame:
    """A volunteer's moves, the latest first: on, before (None at first), after, by, because (in
    words), reason."""
    actor.require(Permission.READ_VOLUNTEERS)
    query = (
        select(
            StageChange.changed_on,
            StageChange.from_stage,
            StageChange.to_stage,
            Account.display_name,
            StageChange.because,
            StageChange.reason,
        )
        .join(Volunteer, Volunteer.id == StageChange.volunteer_id)
        .join(Account, Account.id == StageChange.account_id)
        .where(Volunteer.ref == volunteer_ref, visible_volunteers(actor))
        .order_by(StageChange.id.desc())
    )
    reasons = moving_on_reasons()
    rows = [
        (on, before.value if before else None, after.value, by, reasons.get(key or "", ""), reason)
        for on, before, after, by, key, reason in db.execute(query)
    ]
    return pd.DataFrame(rows, columns=["on", "before", "after", "by", "because", "reason"])


def _check(to: Stage, reason: str, because: str | None) -> None:
    problems: dict[str, str] = {}
    if len(reason) > MAX_REASON:
        problems["reason"] = f"Shorten the reason to {MAX_REASON} letters."
    if because is not None and because not in moving_on_reasons():
        problems["because"] = "Choose a reason from the list."
    elif because is not None and to is not Stage.MOVED_ON:
        problems["because"] = "A reason from this list is for moving on only. Choose none."
    if problems:
        raise InvalidInputError(problems)


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
