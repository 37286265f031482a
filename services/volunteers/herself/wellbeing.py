"""How a volunteer is, in her own words; stepping back, and coming back, at once and privately."""

from sqlalchemy.orm import Session

from models import Stage
from services import clock
from services.errors import ConflictError
from services.permissions import Actor, Permission
from services.volunteers import stages
from services.volunteers.herself.record import MAY_STEP_BACK, find, returns_to
from services.volunteers.support.recording import CheckInDraft, keep_check_in

MEANWHILE = "Your record was changed meanwhile. Look at it again here, and choose once more."


def check_in(db: Session, actor: Actor, *, heaviness: int, words: str = "") -> str:
    """Keep how heavy it feels today and her own words, for her supervisor alone.

    It does not stand for being asked: what her supervisor owes her stays owed.
    """
    actor.require(Permission.OWN_VOLUNTEERING)
    draft = CheckInDraft(on=clock.today(), heaviness=heaviness, words=words)
    return keep_check_in(db, find(db, actor), actor, draft)


def step_back(db: Session, actor: Actor, *, version: int) -> int:
    """Pause, at once and without a reason; gives back how many shifts to come were freed."""
    actor.require(Permission.OWN_VOLUNTEERING)
    volunteer = find(db, actor, lock=True)
    if volunteer.version != version or volunteer.stage not in MAY_STEP_BACK:
        raise ConflictError(MEANWHILE)
    return stages.carry_out(db, volunteer, actor, Stage.STEPPED_BACK, version=version)


def come_back(db: Session, actor: Actor, *, version: int) -> Stage:
    """Return to the stage she left by herself, and give that back; nothing is taken on by it."""
    actor.require(Permission.OWN_VOLUNTEERING)
    volunteer = find(db, actor, lock=True)
    if volunteer.version != version:
        raise ConflictError(MEANWHILE)
    before = returns_to(db, volunteer, actor)
    if before is None:
        raise ConflictError("Talk to your coordinator first: she brings you back from here.")
    stages.carry_out(db, volunteer, actor, before, version=version)
    return before
