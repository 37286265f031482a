"""A chart of one person, for that person's own file: a picture and rows that stay in the house.

Nothing of it could be hidden and still say anything, so it never goes the way of figures that
leave: whoever works with her may keep it, and each time is in the audit log. It is of one person
alone: of a child and her parent side by side, each goes into the file of its own.
"""

from collections.abc import Mapping

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Person
from services import audit, clock
from services.people import one_person
from services.permissions import Actor, Permission
from services.reports.parts import Chart, footer_lines
from services.reports.single import TakenOut


def of_person(
    db: Session,
    actor: Actor,
    person_ref: str,
    chart: Chart,
    rows: pd.DataFrame,
    table: Mapping[str, str],
    *,
    about: str = "",
) -> TakenOut:
    """The chart as a picture, and its rows (`table`: column to heading), without a name.

    `chart.alt` says what it is, and her reference whose. Raises NotFoundError for somebody she may
    not know of.
    """
    actor.require(Permission.RECORD_MEASURES)
    (code,) = one_person.row(db, actor, person_ref, select(Person.code))
    written = rows[list(table)].astype("string").fillna("")
    audit.record(
        db, actor, "person.kept_for_file", f"person:{person_ref}", chart=chart.name, rows=len(rows)
    )
    return TakenOut(
        chart,
        tuple(table.values()),
        tuple(written.itertuples(index=False, name=None)),
        footer_lines(
            f"{chart.alt} of {code}; made on {clock.today():%d/%m/%Y}.",
            "For this person’s own file: about one person, and not to be passed on.",
            about,
        ),
    )
