"""Which facilitations count on a day: those of the group's own, and those that stand in then."""

from datetime import date

from sqlalchemy import ColumnElement, and_, or_

from models import Facilitation
from services import clock


def runs_now() -> ColumnElement[bool]:
    """Those that have not ended: whoever runs the group, or is to stand in."""
    return or_(Facilitation.ends_on.is_(None), Facilitation.ends_on >= clock.today())


def runs_on(day: date) -> ColumnElement[bool]:
    """Those that hold on one day."""
    return and_(
        or_(Facilitation.starts_on.is_(None), Facilitation.starts_on <= day),
        or_(Facilitation.ends_on.is_(None), Facilitation.ends_on >= day),
    )
