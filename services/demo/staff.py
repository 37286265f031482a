"""The accounts one can sign in with: of every role, and facilitators for the larger sizes."""

from dataclasses import dataclass
from datetime import datetime

from models import Account, Role
from services.accounts.accounts import hash_password
from services.demo.chance import Chance
from services.demo.sink import Sink

PASSWORD = "demonstration-only"  # noqa: S105 - of invented people, printed for everybody


@dataclass(frozen=True, slots=True)
class Staff:
    """Who is who, by the number of her account."""

    coordinator: int
    supervisors: tuple[int, ...]  # of survivor volunteers: the coordinators and the lead
    lead: int
    administrator: int
    facilitators: tuple[int, ...]
    volunteer: int  # who has an account of her own


NAMED = (  # user name, name, role
    ("coordinator", "Orla Lanternhollow", Role.COORDINATOR),
    ("coordinator2", "Pia Marblewick", Role.COORDINATOR),
    ("facilitator", "Mina Fennelcroft", Role.FACILITATOR),
    ("facilitator2", "Joss Copperthwaite", Role.FACILITATOR),
    ("lead", "Tess Ribbonwick", Role.LEAD),
    ("administrator", "Ada Kettlemoss", Role.ADMINISTRATOR),
    ("evaluator", "Ruth Thimblegate", Role.EVALUATOR),
    ("engage", "Ines Velvetdown", Role.ENGAGE_WORKER),
    ("volunteer", "Fern Thistlemoor", Role.VOLUNTEER),
)


def hire(sink: Sink, chance: Chance, facilitators: int, *, at: datetime) -> Staff:
    """Make the accounts, all with the same password, so many of them facilitators'."""
    more = (
        (f"facilitator{number}", f"{chance.word('woman')} {chance.word('surname')}")
        for number in range(3, facilitators + 1)
    )
    accounts = (*NAMED, *((username, name, Role.FACILITATOR) for username, name in more))
    hashed = hash_password(PASSWORD)
    numbers = {
        username: sink.add(
            Account,
            ref=chance.ref(),
            username=username,
            display_name=name,
            password_hash=hashed,
            role=role,
            sessions_valid_from=at,
            created_at=at,
        )
        for username, name, role in accounts
    }
    return Staff(
        coordinator=numbers["coordinator"],
        supervisors=(numbers["coordinator"], numbers["coordinator2"], numbers["lead"]),
        lead=numbers["lead"],
        administrator=numbers["administrator"],
        facilitators=tuple(
            numbers[username] for username, _name, role in accounts if role is Role.FACILITATOR
        ),
        volunteer=numbers["volunteer"],
    )
