"""One group's page in one reading: what it is, its sessions, its people, who helps there."""

from dataclasses import dataclass, replace

import pandas as pd
from sqlalchemy.orm import Session

from models import Group, PlaceState
from services import clock
from services.consents import consent_view
from services.groups import groups
from services.groups.groups import GroupSummary
from services.groups.pairs import view as pairs
from services.groups.pairs.view import OtherGroup
from services.permissions import Actor, Permission
from services.places import fitting, places, standing, transfers
from services.places.fitting import Standing
from services.places.standing import GroupFigures
from services.placing import placements
from services.programmes.completion import Prospect, TopicsOutlook
from services.unchanged import while_unchanged

# Who moved before her first day has not taken the place up.
_MAY_HAVE_MOVED = (PlaceState.TRANSFERRED.value, PlaceState.DECLINED.value)


@dataclass(frozen=True, slots=True)
class GroupPeople:
    """The people of a group, for those who may see them by name."""

    frame: pd.DataFrame  # as services.places.places.in_group gives it
    moved: dict[str, str]  # by place: from or to which other group
    prospects: dict[str, Prospect | TopicsOutlook]  # by place: whether she can still complete
    to_ask: frozenset[str]  # the people to be asked whether they want to take part

    @property
    def has_lapsed_offers(self) -> bool:
        """Whether an offer nobody answered has still to pass on."""
        return bool(self.frame["is_over"].any())


@dataclass(frozen=True, slots=True)
class GroupOverview:
    """Everything the page shows before anybody asks for more."""

    group: GroupSummary
    sessions: pd.DataFrame  # as services.groups.groups.sessions gives it
    figures: GroupFigures | None  # none before the group has begun
    people: GroupPeople | None  # none for those who may not see people by name
    needs: Standing
    other_half: OtherGroup | None  # where it is one of a pair
    volunteers: pd.DataFrame  # as services.placing.placements.in_group gives it


def read(db: Session, actor: Actor, ref: str) -> GroupOverview:
    """One group she may see. Raises NotFoundError."""
    actor.require(Permission.READ_GROUPS)
    figures, people = _so_far(db, actor, ref)
    return replace(_as_it_is(db, actor, ref), figures=figures, people=people)


@while_unchanged
def _as_it_is(db: Session, actor: Actor, ref: str) -> GroupOverview:
    """What no mark on a register changes: all but how far its people have come."""
    group, title = groups.with_title(db, actor, ref)
    return GroupOverview(
        group=groups.summed_up(db, group, title),
        sessions=groups.sessions(db, actor, ref),
        figures=None,
        people=None,
        needs=fitting.summed_up(db, group),
        other_half=pairs.beside(db, actor, group),
        volunteers=placements.in_group(db, actor, group),
    )


@while_unchanged
def _so_far(db: Session, actor: Actor, ref: str) -> tuple[GroupFigures | None, GroupPeople | None]:
    """How far its people have come, together and one by one."""
    group = groups.find(db, actor, ref)
    has_begun = group.starts_on <= clock.today()
    return (
        standing.figures(db, actor, group) if has_begun else None,
        _people(db, actor, group) if actor.may(Permission.READ_PEOPLE) else None,
    )


def _people(db: Session, actor: Actor, group: Group) -> GroupPeople:
    frame = places.in_group(db, actor, group.ref)
    has_moves = frame["has_moved"].any() or frame["state"].isin(_MAY_HAVE_MOVED).any()
    asks = actor.may(Permission.RECORD_CONSENT)
    return GroupPeople(
        frame=frame,
        moved=transfers.links(db, actor, group.ref) if has_moves else {},
        prospects=standing.prospects(db, actor, group),
        to_ask=consent_view.to_ask_in_group(db, actor, group.ref) if asks else frozenset(),
    )
