"""Which facilitations count: those of the group's own, and those that stand in for some days."""

from sqlalchemy import ColumnElement, or_

from models import Facilitation
from services import clock


def runs_now() -> ColumnElement[bool]:
    """Those that have not ended: whoever runs the group, or is to stand in."""
    return or_(Facilitation.ends_on.is_(None), Facilitation.ends_on >= clock.today())
