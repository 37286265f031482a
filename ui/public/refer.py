"""The form through which professionals refer somebody."""

from services.plans import interventions
from services.referrals import referral_forms
from services.referrals.referral_form import SECTIONS
from ui.public.light_form import LightForm, Paces
from ui.public.pace import Pace

# A duty desk may send several in a row; a machine soon has to wait, and so do many machines.
_pace = Pace(at_once=10, per_second=1 / 30)
_pace_of_all = Pace(at_once=120, per_second=1 / 5)

FORM = LightForm(
    name="refer",
    closed="No referrals here now",
    sections=SECTIONS,
    own_words=("reason",),
    require_open=referral_forms.require_open,
    submit=referral_forms.submit,
    paces=lambda: Paces(one=_pace, all=_pace_of_all),
    offered=lambda db: {"wishes": interventions.choices(db)},
)
