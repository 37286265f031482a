"""Accounts and sign-ins: locked after wrong tries, ended at once, idle ones locked."""

from dataclasses import replace
from datetime import timedelta

import bcrypt
import pytest
from sqlalchemy.orm import Session

from models import Role
from services.accounts import accounts, sign_ins
from services.accounts.accounts import AccountDraft
from services.accounts.sign_ins import Standing
from services.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from services.organisation import OrganisationSettings
from services.permissions import Actor
from tests.conftest import Clock
from tests.make import PASSWORD

EXPIRES = 1_800_000_000.25
NEW = AccountDraft(
    username="fern.lee", display_name="Fern Lee", password="rivers run to seas", role=Role.LEAD
)


def may_enter(db: Session, username: str, password: str = PASSWORD) -> bool:
    stored = accounts.password_hash_for(db, username)
    return bcrypt.checkpw(password.encode(), stored.encode())


def test_the_right_password_fits_and_no_other(db: Session, ben: Actor) -> None:
    assert may_enter(db, "ben")
    assert not may_enter(db, "ben", "another one entirely")
    assert not may_enter(db, "nobody")


def test_five_wrong_tries_lock_an_account_for_a_quarter_of_an_hour(
    db: Session, ben: Actor, time_stands_still: Clock
) -> None:
    for _ in range(accounts.MAX_ATTEMPTS):
        assert may_enter(db, "ben")
        accounts.record_failure(db, "ben")

    assert not may_enter(db, "ben")
    time_stands_still.go_on(minutes=15, seconds=1)
    assert may_enter(db, "ben")


def test_a_success_forgets_earlier_wrong_tries(db: Session, ben: Actor) -> None:
    for _ in range(4):
        accounts.record_failure(db, "ben")
    sign_ins.begin(db, "ben", EXPIRES)
    for _ in range(4):
        accounts.record_failure(db, "ben")

    assert may_enter(db, "ben")


def test_a_wrong_name_is_noted_without_keeping_what_was_typed(db: Session, ada: Actor) -> None:
    from services import audit

    accounts.record_failure(db, "my secret password")

    assert audit.recent(db, ada)["subject"].iloc[0] == "account:unknown"


def test_a_new_account_can_sign_in(db: Session, ada: Actor) -> None:
    accounts.create(db, ada, NEW)

    assert may_enter(db, "fern.lee", NEW.password)
    assert accounts.directory(db, ada).set_index("username").loc["fern.lee", "name"] == "Fern Lee"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"username": "Fern"}, "username"),
        ({"username": "x"}, "username"),
        ({"username": "a b c"}, "username"),
        ({"display_name": " "}, "display_name"),
        ({"password": "short"}, "password"),
        ({"password": "é" * 40}, "password"),
        ({"password": " spaces at both ends "}, "password"),
    ],
)
def test_an_account_that_cannot_be_is_refused_at_its_field(
    db: Session, ada: Actor, change: dict[str, str], field: str
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        accounts.create(db, ada, replace(NEW, **change))  # type: ignore[arg-type]
    assert list(caught.value.problems) == [field]


def test_a_user_name_is_taken_once(db: Session, ada: Actor) -> None:
    with pytest.raises(InvalidInputError, match="taken"), db.begin_nested():
        accounts.create(db, ada, replace(NEW, username="ada"))


def test_the_first_administrator_is_made_once(db: Session, ada: Actor) -> None:
    with pytest.raises(ConflictError):
        accounts.set_up(db, OrganisationSettings(name="Harbour House"), NEW)


@pytest.mark.parametrize("who", ["amina", "ben", "leila", "vik", "erin"])
def test_only_an_administrator_manages_accounts(
    db: Session, ada: Actor, who: str, request: pytest.FixtureRequest
) -> None:
    stranger = request.getfixturevalue(who)
    for act in (
        lambda: accounts.create(db, stranger, NEW),
        lambda: accounts.close(db, stranger, ada.ref),
        lambda: accounts.reopen(db, stranger, ada.ref),
        lambda: accounts.set_password(db, stranger, ada.ref, NEW.password),
        lambda: accounts.directory(db, stranger),
    ):
        with pytest.raises(NotPermittedError):
            act()


def test_everybody_may_change_her_own_password(db: Session, ben: Actor) -> None:
    accounts.set_password(db, ben, ben.ref, NEW.password)

    assert may_enter(db, "ben", NEW.password)


def test_an_unknown_account_is_not_found(db: Session, ada: Actor) -> None:
    with pytest.raises(NotFoundError):
        accounts.close(db, ada, "nobody")
    with pytest.raises(ConflictError):
        accounts.close(db, ada, ada.ref)


def test_a_signed_in_browser_is_known_again(db: Session, ben: Actor) -> None:
    sign_ins.begin(db, "ben", EXPIRES)

    visitor = sign_ins.visitor(db, "ben", EXPIRES)

    assert (visitor.standing, visitor.actor) == (Standing.VALID, ben)


@pytest.mark.parametrize("change", ["close", "password"])
def test_closing_an_account_or_a_new_password_ends_open_sessions(
    db: Session, ada: Actor, ben: Actor, change: str, time_stands_still: Clock
) -> None:
    sign_ins.begin(db, "ben", EXPIRES)
    time_stands_still.go_on(seconds=1)

    if change == "close":
        accounts.close(db, ada, ben.ref)
    else:
        accounts.set_password(db, ada, ben.ref, NEW.password)

    assert sign_ins.visitor(db, "ben", EXPIRES).standing is Standing.ENDED


def test_signing_out_makes_the_cookie_worthless_wherever_it_is(db: Session, ben: Actor) -> None:
    sign_ins.begin(db, "ben", EXPIRES)
    sign_ins.begin(db, "ben", EXPIRES + 1)

    sign_ins.end(db, ben, EXPIRES)

    assert sign_ins.visitor(db, "ben", EXPIRES).standing is Standing.ENDED
    assert sign_ins.visitor(db, "ben", EXPIRES + 1).standing is Standing.VALID


def test_an_idle_browser_is_locked_and_a_busy_one_is_not(
    db: Session, ben: Actor, time_stands_still: Clock
) -> None:
    sign_ins.begin(db, "ben", EXPIRES)
    time_stands_still.go_on(minutes=9)
    sign_ins.seen(db, "ben", EXPIRES)
    time_stands_still.go_on(minutes=9)
    assert sign_ins.visitor(db, "ben", EXPIRES).standing is Standing.VALID

    time_stands_still.go_on(minutes=2)

    assert sign_ins.visitor(db, "ben", EXPIRES).standing is Standing.IDLE


def test_a_sign_in_lasts_half_a_day_however_busy(
    db: Session, ben: Actor, time_stands_still: Clock
) -> None:
    sign_ins.begin(db, "ben", EXPIRES)
    time_stands_still.moment += sign_ins.LASTS + timedelta(seconds=1)
    sign_ins.seen(db, "ben", EXPIRES)

    assert sign_ins.visitor(db, "ben", EXPIRES).standing is Standing.ENDED


def test_a_cookie_nobody_was_given_is_worth_nothing(db: Session, ben: Actor) -> None:
    assert sign_ins.visitor(db, "ben", EXPIRES).actor is None
