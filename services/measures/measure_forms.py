"""Which measure forms a reader means: somebody's, of one measure, by one respondent."""

from sqlalchemy import ColumnElement

from models import MeasureForm, Place, Respondent
from services.permissions import Actor
from services.visibility import visible_places


def those_of(
    actor: Actor, place_ref: str, key: str, respondent: Respondent
) -> tuple[ColumnElement[bool], ...]:
    """At every point, of a place she may see; the forms are joined to their places."""
    return (
        Place.ref == place_ref,
        visible_places(actor),
        MeasureForm.measure == key,
        MeasureForm.respondent == respondent,
    )
