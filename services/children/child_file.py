"""One child's steps for the child's own file: a picture and rows of one person, kept in the house.

Nothing here could be hidden and still say anything, so it never goes the way of figures that
leave: whoever works with the child may keep it, and each time is in the audit log.
"""

from sqlalchemy.orm import Session

from services import audit, clock
from services.children import child_over_time
from services.children.child_steps import PRACTICE_TOOL
from services.permissions import Actor, Permission
from services.reports.parts import Chart, footer_lines
from services.reports.single import TakenOut

_COLUMNS = {"on": "Day", "strand": "Strand", "view": "View", "point": "When", "label": "Step"}


def for_file(db: Session, actor: Actor, person_ref: str, *, place: str | None = None) -> TakenOut:
    """The child's path as a picture and rows, without a name; the reference says whose it is."""
    actor.require(Permission.RECORD_MEASURES)
    found = child_over_time.of_child(db, actor, person_ref, place=place)
    audit.record(db, actor, "steps.kept_for_file", f"person:{person_ref}", rows=len(found.forms))
    rows = found.forms[list(_COLUMNS)].astype("string").fillna("")
    return TakenOut(
        Chart("child_over_time_whole", found.chart, found.in_words),
        tuple(_COLUMNS.values()),
        tuple(rows.itertuples(index=False, name=None)),
        footer_lines(
            f"Talking and Feelings Steps of the child {found.code}; made on "
            f"{clock.today():%d/%m/%Y}.",
            "For the child’s own file: about one person, and not to be passed on.",
            PRACTICE_TOOL,
        ),
    )
