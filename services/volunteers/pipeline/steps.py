"""What was agreed with a survivor volunteer to come next, by when, and who looks after her."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy.orm import Session

from services import audit, clock
from services.accounts import colleagues
from services.errors import ConflictError, InvalidInputError
from services.permissions import Actor, Permission
from services.volunteers.finding import find_volunteer

MAX_STEP = 200
_FURTHEST = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStepDraft:
    """The next step as it was filled in; an empty one is what the stage says."""

    step: str = ""
    by: date | None = None
    owner_ref: str | None = None

    def checked(self) -> "NextStepDraft":
        """The same without stray spaces. Raises InvalidInputError with a sentence a field."""
        tidy = replace(self, step=self.step.strip())
        problems: dict[str, str] = {}
        if len(tidy.step) > MAX_STEP:
            problems["step"] = f"Shorten this to {MAX_STEP} letters; it has {len(tidy.step)}."
        if tidy.by and not tidy.step:
            problems["step"] = "Say what is to happen by that day."
        if tidy.by and not clock.today() <= tidy.by <= clock.today() + _FURTHEST:
            problems["by"] = "Choose a day from today to a year ahead."
        if problems:
            raise InvalidInputError(problems)
        return tidy


def owners(db: Session, actor: Actor) -> dict[str, str]:
    """Who may look after a volunteer: reference to name."""
    actor.require(Permission.READ_VOLUNTEERS)
    return colleagues.who_may(db, Permission.EDIT_VOLUNTEERS)


def agree(
    db: Session, actor: Actor, volunteer_ref: str, draft: NextStepDraft, *, version: int
) -> None:
    """Keep what comes next. Raises ConflictError when she was changed since `version`."""
    actor.require(Permission.EDIT_VOLUNTEERS)
    volunteer = find_volunteer(db, actor, volunteer_ref, lock=True)
    # A day that was agreed and has passed may stay, so that whatever else changes can be kept.
    stays = draft.by is not None and draft.by == volunteer.next_step_by
    draft = replace(replace(draft, by=None).checked(), by=draft.by) if stays else draft.checked()
    if volunteer.version != version:
        raise ConflictError(
            "Somebody else changed her record while you had it open. Look at her stage and next "
            "step now, and save again if yours is still right."
        )
    if draft.owner_ref is not None:
        owner = colleagues.chosen(db, draft.owner_ref, Permission.EDIT_VOLUNTEERS, field="owner")
        volunteer.owner_id = owner.id
    volunteer.next_step, volunteer.next_step_by = draft.step or None, draft.by
    audit.record(db, actor, "volunteer.next_step_agreed", f"volunteer:{volunteer_ref}")
