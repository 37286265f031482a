"""Demonstrations that tests look at, and who looks."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Account
from services.accounts.sign_ins import actor_of
from services.permissions import Actor
from tests.conftest import NOW

TODAY = NOW.date()
LARGE = 12_000  # marks: enough for shares to come near what they are meant to be


def actor(db: Session, username: str) -> Actor:
    return actor_of(db.scalars(select(Account).where(Account.username == username)).one())
