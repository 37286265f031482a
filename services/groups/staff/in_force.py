"""Which facilitations count: those of the group's own, and those that stand in for some days."""

from sqlalchemy import ColumnElement, or_

from models import Facilitation
from services import clock
from services.short_lists import each_time


def runs_now() -> ColumnElement[bool]:
    """Those that have not ended: whoever runs the group, or is to stand in."""
    ends = Facilitation.ends_on
    return or_(ends.is_(None), ends >= each_time(ends, clock.today))
