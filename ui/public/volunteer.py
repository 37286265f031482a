"""The form through which somebody offers to volunteer."""

from services.volunteers.applications import form, inbox
from ui.public.light_form import LightForm, Paces
from ui.public.pace import Pace

# One person sends one; a library's or a refuge's machines share an address.
_pace = Pace(at_once=5, per_second=1 / 60)
_pace_of_all = Pace(at_once=60, per_second=1 / 10)

FORM = LightForm(
    name="volunteer",
    closed="No applications here now",
    sections=form.SECTIONS,
    own_words=("why", form.HARD_TO_MEET),
    require_open=inbox.require_open,
    submit=inbox.submit,
    paces=lambda: Paces(one=_pace, all=_pace_of_all),
)
