"""What has left the demonstration's house: two agreements for research, and charts taken out."""

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy.orm import Session

from models import Account, DataAgreement
from services import clock
from services.demo.chance import Chance
from services.demo.sink import Sink
from services.errors import InvalidInputError
from services.permissions import Actor
from services.reports import single

_YEAR = timedelta(days=365)
_AGREED = (  # project, with whom, begun so many years ago, for how many
    ("first-steps", "Fenmarsh University (invented)", 3, 2),
    ("steps-forward", "Lanternmoor University (invented)", 1, 3),
)
_TAKEN = ("attendance", "waits:contact")


def agree(sink: Sink, chance: Chance, *, by: int, today: date) -> None:
    """One agreement that has ended and one that stands."""
    for project, partner, ago, years in _AGREED:
        starts = today - ago * _YEAR
        sink.add(
            DataAgreement,
            ref=chance.ref(),
            project=project,
            partner=partner,
            starts_on=starts,
            ends_on=starts + years * _YEAR,
            secret=chance.randbytes(32).hex(),
            recorded_by_id=by,
            recorded_at=clock.start_of_day(starts) + timedelta(hours=10),
        )


def take_out(db: Session, lead: int, figures: Iterable[str] = _TAKEN) -> None:
    """Charts the lead has saved, by the same way as ever; where too few are behind one, none."""
    account = db.get_one(Account, lead)
    actor = Actor(account.id, account.ref, account.username, account.display_name, account.role)
    for figure in figures:
        try:
            single.take_out(db, actor, single.prepare(db, actor, figure))
        except InvalidInputError:
            continue
