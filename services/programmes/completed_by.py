"""What completes a run, and how far a place has come of it: the one place that decides.

Of a rolling group each topic once, over any number of rounds and in whichever of the programme's
groups; of any other so many of its sessions, by coming or by catching up (domain §1.5).
"""

from sqlalchemy import ColumnElement, case, func

from models import Group, Place
from services.programmes.completion import Required

# For a query of places and groups: what the run asks for, and what the place has covered of it.
COLUMNS = (
    func.coalesce(Group.topics_to_complete, Group.sessions_to_complete),
    case((Group.topics_to_complete.is_(None), Place.covered), else_=Place.topics_covered),
)


def required(group: Group) -> Required:
    """What a run asks for."""
    if group.topics_to_complete is None:
        return Required(group.sessions_to_complete, group.sessions_offered)
    return Required.of_topics(group.topics_to_complete)


def reached(group: Group, covered: int, topics_covered: int) -> int:
    """How much of it somebody has covered, from the sums kept with her place."""
    return covered if group.topics_to_complete is None else topics_covered


def has_completed(place: Place, group: Group) -> bool:
    """Whether a place covers all that the run asks for."""
    needed = required(group).needed
    return reached(group, place.covered, place.topics_covered) >= needed


def beyond() -> ColumnElement[int]:
    """The same in a query: by how much a place has covered more; 0 or more has completed."""
    needed, done = COLUMNS
    return done - needed
