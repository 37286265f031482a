"""A group's name, said aloud, and where it meets, which staff alone may read."""

from dataclasses import astuple, dataclass, fields
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from models import Group
from services import audit, clock
from services.errors import ConflictError, InvalidInputError
from services.groups import groups
from services.permissions import Actor, Permission
from services.placing import placing
from services.placing.areas import areas_in

MAX_CODE_NAME, MAX_VENUE, MAX_LINK = 60, 200, 500


@dataclass(frozen=True, slots=True, kw_only=True)
class WhereItMeets:
    """A group's name, venue and online link as they were filled in."""

    code_name: str
    venue: str = ""
    online_link: str = ""

    def problems(self) -> dict[str, str]:
        """A sentence for each field that cannot be used."""
        found: dict[str, str] = {}
        if not 2 <= len(self.code_name.strip()) <= MAX_CODE_NAME:  # noqa: PLR2004
            found["code_name"] = "Choose a code name of 2 to 60 letters, safe to say aloud."
        if len(self.venue.strip()) > MAX_VENUE:
            found["venue"] = f"Describe the venue in up to {MAX_VENUE} letters."
        if self.online_link.strip() and not _is_link(self.online_link.strip()):
            found["online_link"] = (
                "Copy the whole link, from https:// on, and nothing else, or leave it empty."
            )
        return found


def change(db: Session, actor: Actor, ref: str, now: WhereItMeets, *, version: int) -> None:
    """Call a group by another name, or let it meet elsewhere; calendars that follow it are told.

    Raises ConflictError when somebody else has changed the group since `version`, and
    InvalidInputError at `venue` where somebody of the group must not go, whoever that is.
    """
    actor.require(Permission.EDIT_GROUPS)
    if problems := now.problems():
        raise InvalidInputError(problems)
    group = groups.find(db, actor, ref, lock=True)
    if group.version != version:
        raise ConflictError("Somebody else changed this group while you had it open.")
    before = (group.code_name, group.venue or "", group.online_link or "")
    after = tuple(text.strip() for text in astuple(now))
    changed = [one.name for one, *both in zip(fields(now), before, after, strict=True)
               if both[0] != both[1]]  # fmt: skip
    if not changed:
        return
    _refuse_unsafe(db, group, now.venue)
    group.code_name, group.venue, group.online_link = after[0], after[1] or None, after[2] or None
    group.changed_at = clock.now()
    audit.record(db, actor, "group.where_changed", f"group:{ref}", changed=", ".join(changed))


def _refuse_unsafe(db: Session, group: Group, venue: str) -> None:
    """Nobody's group moves to where she must not go. An area it meets in already is no move: who
    must not go there stands on the sealed list, and a slip in the venue can still be put right."""
    added = areas_in(venue) - areas_in(group.venue or "")
    if added and placing.for_everybody(db, group.id, added) is placing.Answer.HARD:
        raise InvalidInputError({"venue": placing.NOT_THERE})


def _is_link(text: str) -> bool:
    """An address a browser opens and nothing else: it is shown as one, to be followed."""
    if len(text) > MAX_LINK or not text.isprintable() or set(text) & set(' <>"\\'):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname)
