"""What people read for a point, a view and a reason (domain §7)."""

from models import Outcome, PersonKind, Point, Respondent

POINTS = {
    Point.START: "Start",
    Point.MIDDLE: "Middle",
    Point.END: "End",
    Point.FOLLOW_UP: "Follow-up",
}
OUTCOMES = {
    Outcome.ANSWERED: "Filled in",
    Outcome.DECLINED: "Declined",
    Outcome.NOT_TODAY: "Not appropriate today",
    Outcome.NO_TIME: "Ran out of time",
    Outcome.NOT_OFFERED: "Not offered",
}
# Whose view of a child's steps: short, to stand beside a line.
VIEWS = {
    Respondent.SELF: "Child",
    Respondent.PARENT: "Parent or carer",
    Respondent.PRACTITIONER: "Practitioner",
}
_ANSWERED_BY = {
    Respondent.SELF: "own answers",
    Respondent.PARENT: "parent’s or carer’s answers",
    Respondent.PRACTITIONER: "practitioner’s answers",
}


def answered_by(respondent: Respondent, about: PersonKind | None = None) -> str:
    """Whose answers a form holds; about a child, its own are called the child's."""
    if respondent is Respondent.SELF and about is PersonKind.CHILD:
        return "child’s own answers"
    return _ANSWERED_BY[respondent]
