"""The tables of Alongside, one module an aggregate."""

from models.account import Account, Role, SignIn
from models.audit import AuditEntry, AuditHead
from models.base import Base, new_ref
from models.feedback import FeedbackAnswer, FeedbackLink
from models.groups import (
    CURRENT_PLACES,
    SEATED_PLACES,
    Facilitation,
    Group,
    GroupSession,
    GroupState,
    Place,
    PlaceState,
    SessionState,
)
from models.measures import MeasureForm, Outcome, Point, Respondent
from models.organisation import KEY_CHECK, Organisation
from models.people import Family, Person, PersonKind, PersonToken
from models.registers import AppliedTap, Mark, SessionNote
from models.tallies import Tally
from models.volunteers import (
    Placement,
    PlacementRole,
    Stage,
    StageChange,
    Volunteer,
    VolunteerToken,
)

__all__ = [
    "CURRENT_PLACES",
    "KEY_CHECK",
    "SEATED_PLACES",
    "Account",
    "AppliedTap",
    "AuditEntry",
    "AuditHead",
    "Base",
    "Facilitation",
    "Family",
    "FeedbackAnswer",
    "FeedbackLink",
    "Group",
    "GroupSession",
    "GroupState",
    "Mark",
    "MeasureForm",
    "Organisation",
    "Outcome",
    "Person",
    "PersonKind",
    "PersonToken",
    "Place",
    "PlaceState",
    "Placement",
    "PlacementRole",
    "Point",
    "Respondent",
    "Role",
    "SessionNote",
    "SessionState",
    "SignIn",
    "Stage",
    "StageChange",
    "Tally",
    "Volunteer",
    "VolunteerToken",
    "new_ref",
]
