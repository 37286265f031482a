"""Who may do what, and which rows each role may see. The one table that decides."""

import enum
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, false, select, true

from models import Facilitation, Group, GroupSession, Person, Place, Role
from services.errors import NotPermittedError


class Permission(enum.Enum):
    """One thing somebody may be allowed to do; the value finishes "you may …"."""

    SEE_TODAY = "see what is due today"
    READ_VOLUNTEERS = "see survivor volunteers"
    EDIT_VOLUNTEERS = "change a survivor volunteer's record"
    READ_GROUPS = "see groups and their sessions"
    EDIT_GROUPS = "make and change groups"
    READ_PEOPLE = "see participants"
    EDIT_PEOPLE = "add participants and give them places"
    READ_ALERTS = "see participants' alerts"
    TAKE_REGISTER = "take the register"
    READ_FEEDBACK = "see what participants said"
    RECORD_MEASURES = "record measures"
    READ_OUTCOMES = "see outcomes in total"
    READ_AUDIT = "see the audit log"
    MANAGE_ACCOUNTS = "manage accounts"
    MANAGE_SETTINGS = "change the settings"


P = Permission
ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.COORDINATOR: frozenset(
        {
            P.SEE_TODAY,
            P.READ_VOLUNTEERS,
            P.EDIT_VOLUNTEERS,
            P.READ_GROUPS,
            P.EDIT_GROUPS,
            P.READ_PEOPLE,
            P.EDIT_PEOPLE,
        }
    ),
    Role.FACILITATOR: frozenset(
        {
            P.SEE_TODAY,
            P.READ_GROUPS,
            P.READ_PEOPLE,
            P.READ_ALERTS,
            P.TAKE_REGISTER,
            P.READ_FEEDBACK,
            P.RECORD_MEASURES,
        }
    ),
    Role.LEAD: frozenset({P.SEE_TODAY, P.READ_GROUPS, P.EDIT_GROUPS, P.READ_OUTCOMES}),
    Role.ADMINISTRATOR: frozenset({P.READ_AUDIT, P.MANAGE_ACCOUNTS, P.MANAGE_SETTINGS}),
    Role.EVALUATOR: frozenset({P.READ_OUTCOMES}),
    # The compartment for work with people who harm opens nothing on a survivor (design §4.4).
    Role.ENGAGE_WORKER: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody signed in, as the database knows her in this very run."""

    account_id: int
    ref: str
    username: str
    name: str
    role: Role

    def may(self, permission: Permission) -> bool:
        """Whether her role allows it."""
        return permission in ROLE_PERMISSIONS[self.role]

    def require(self, permission: Permission) -> None:
        """The first line of every service function. Raises NotPermittedError."""
        if not self.may(permission):
            raise NotPermittedError(permission.value)


def visible_groups(actor: Actor) -> ColumnElement[bool]:
    """The groups this person may see: a facilitator her own, coordinator and lead all."""
    if not actor.may(P.READ_GROUPS):
        return false()
    if actor.role is Role.FACILITATOR:
        return Group.id.in_(own_group_ids(actor))
    return true()


def visible_sessions(actor: Actor) -> ColumnElement[bool]:
    """The sessions this person may see: those of the groups she may see."""
    if not actor.may(P.READ_GROUPS):
        return false()
    if actor.role is Role.FACILITATOR:
        return GroupSession.group_id.in_(own_group_ids(actor))
    return true()


def visible_places(actor: Actor) -> ColumnElement[bool]:
    """The places, and so the people by name, this person may see."""
    if not actor.may(P.READ_PEOPLE):
        return false()
    if actor.role is Role.FACILITATOR:
        return Place.group_id.in_(own_group_ids(actor))
    return true()


def visible_people(actor: Actor) -> ColumnElement[bool]:
    """The participants this person may see by name."""
    if not actor.may(P.READ_PEOPLE):
        return false()
    if actor.role is Role.FACILITATOR:
        return Person.id.in_(select(Place.person_id).where(visible_places(actor)))
    return true()


def visible_volunteers(actor: Actor) -> ColumnElement[bool]:
    """The survivor volunteers this person may see: a coordinator all, nobody else any."""
    return true() if actor.may(P.READ_VOLUNTEERS) else false()


def own_group_ids(actor: Actor) -> Select[int]:
    """The numbers of the groups this person facilitates, as a subquery."""
    return select(Facilitation.group_id).where(Facilitation.account_id == actor.account_id)
