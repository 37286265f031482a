"""The house that a demonstration is written into: what every part of it is written with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Intervention
from services.demo.cast import Cast
from services.demo.chance import Chance
from services.demo.courses import Scribe
from services.demo.referred import Referrals
from services.demo.runs import Run
from services.demo.sink import Sink
from services.demo.staff import Staff


@dataclass(frozen=True, slots=True)
class House:
    """What every part of the programme is written with."""

    db: Session
    sink: Sink
    seed: int
    today: date
    staff: Staff

    def chance(self, what: str) -> Chance:
        """Chance of its own for each part, so that one part does not move the others."""
        return Chance(f"{self.seed} {what}")

    def cast(self, runs: Sequence[Run], wanted: int) -> Cast:
        seated = sum(len(run.seats) * run.people for run in runs)
        return Cast(
            self.sink, self.chance("cast"), self.chance("said"),
            people=wanted, seated=seated, today=self.today,
        )  # fmt: skip

    def referrals(self) -> Referrals:
        offered = self.db.scalars(select(Intervention.id).order_by(Intervention.position)).all()
        made = Referrals(self.sink, self.chance("referrals"), self.staff, offered, self.today)
        made.partners()
        return made

    def scribe(self, cast: Cast, referrals: Referrals) -> Scribe:
        return Scribe(
            self.sink, self.chance("courses"), self.staff.facilitators,
            referrals=referrals, born=cast.born, today=self.today,
        )  # fmt: skip
