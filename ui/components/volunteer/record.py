"""One survivor volunteer's page, in parts."""

from services.permissions import Actor, Permission
from services.volunteers.volunteers import VolunteerSummary
from ui.components.parts import Part, draw_parts
from ui.components.volunteer import (
    availability,
    checks,
    contribution,
    overview,
    own_time,
    reaching,
    support,
    training,
)

PARTS: tuple[Part[VolunteerSummary], ...] = (
    Part("overview", "Overview", Permission.READ_VOLUNTEERS, overview.draw),
    Part("reaching", "Reaching her", Permission.READ_VOLUNTEERS, reaching.draw),
    Part("readiness", "Readiness", Permission.KEEP_CONFLICTS, own_time.draw),
    Part("checks", "Checks", Permission.KEEP_CHECKS, checks.draw),
    Part("training", "Training", Permission.KEEP_TRAINING, training.draw),
    Part("support", "Support", Permission.READ_VOLUNTEERS, support.draw),
    Part("availability", "Availability", Permission.READ_VOLUNTEERS, availability.draw),
    Part("contribution", "Hours and expenses", Permission.SETTLE_EXPENSES, contribution.draw),
)


def draw_volunteer(actor: Actor, one: VolunteerSummary) -> None:
    """The heading, and the part she chose."""
    overview.heading(one)
    draw_parts(actor, one, PARTS)
