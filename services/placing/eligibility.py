"""Whether a volunteer may take something on: every rule that can say no, asked in one place.

Each rule is a function of its own module, asked for many volunteers at once, so a list and a rota
cost as many queries as there are rules. Whom she must not meet is not among them: that answer
explains nothing, these say what to do (services/placing/placing.py).
"""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy.orm import Session

from models import PlacementRole, Stage, Volunteer
from services.placing.obstacles import Found, Obstacle, Rule, Task
from services.placing.placing import NOT_HERE
from services.volunteers.availability.limits import within_her_limits
from services.volunteers.own_time import histories
from services.volunteers.own_time.readiness import not_yet
from services.volunteers.support.kept import support_is_kept
from services.volunteers.training.eligible import courses_in_date
from services.volunteers.vetting.agreed import decided_for_her
from services.volunteers.vetting.eligible import checked_for_children

# Who may be placed, and as what. In every other stage: with no group.
ROLES_IN_STAGE = {
    Stage.SHADOWING: (PlacementRole.SHADOWING,),
    Stage.ACTIVE: tuple(PlacementRole),
}
# The rule whose reason is sealed: it reads like somebody whom she must not meet.
SEALED = "not_here"


def stage_allows(_db: Session, volunteers: Sequence[Volunteer], task: Task) -> Found:
    """She is placed while shadowing, to shadow, and while active, as anything."""
    found: Found = {}
    for one in volunteers:
        allowed = ROLES_IN_STAGE.get(one.stage, ())
        if not allowed:
            says = "A volunteer can be placed while she is shadowing or active. Move her first."
            found[one.id] = [Obstacle("stage", "stage", says)]
        elif task.role not in allowed:
            says = "While she is shadowing, choose the role “shadowing”."
            found[one.id] = [Obstacle("stage", "role", says)]
    return found


def own_time_allows(db: Session, volunteers: Sequence[Volunteer], task: Task) -> Found:
    """She is ready by the rules, as far as it is known; what nobody knows stops nothing.

    The sentence is the one for a group that is not right for her: why is sealed.
    """
    return {
        number: [Obstacle(SEALED, "group", NOT_HERE)]
        for number, found in histories.standing(db, volunteers, task.starts_on).items()
        if not_yet(found)
    }


# Whatever she takes on, be it a group or a single session.
ABOUT_HER: tuple[Rule, ...] = (
    stage_allows,
    own_time_allows,
    checked_for_children,
    decided_for_her,
    courses_in_date,
    support_is_kept,
)
RULES: tuple[Rule, ...] = (*ABOUT_HER, within_her_limits)


def obstacles(
    db: Session, volunteers: Sequence[Volunteer], task: Task, rules: Sequence[Rule] | None = None
) -> Found:
    """What stands against each of these volunteers, by her number; nothing for who may do it.

    A rota asks `ABOUT_HER` alone: how much she takes on is counted there session by session.
    """
    found: Found = defaultdict(list)
    for rule in RULES if rules is None else rules:
        for number, against in rule(db, volunteers, task).items():
            found[number] += against
    return found


__all__ = ["ABOUT_HER", "ROLES_IN_STAGE", "RULES", "Found", "Obstacle", "Rule", "Task", "obstacles"]
