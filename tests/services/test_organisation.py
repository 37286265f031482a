"""The organisation: begun once, changed by administrators, tied to its data key."""

from dataclasses import replace

import pytest
from cryptography.fernet import Fernet
from sqlalchemy.orm import Session

from models.encryption import use_keys
from services import organisation
from services.errors import ConflictError, InvalidInputError, NotPermittedError, SetupError
from services.organisation import OrganisationSettings
from services.permissions import Actor
from tests.conftest import DATA_KEY

PNG = b"\x89PNG\r\n\x1a\n" + b"picture"


def test_the_first_day_comes_once(db: Session) -> None:
    with pytest.raises(ConflictError, match="already"):
        organisation.start(db, OrganisationSettings(name="Another"))


def test_an_administrator_changes_the_settings(db: Session, ada: Actor) -> None:
    seen = organisation.to_edit(db, ada)

    organisation.save(db, ada, replace(seen, name=" Harbour ", idle_minutes=5, logo=PNG))

    found = organisation.to_edit(db, ada)
    assert (found.name, found.idle_minutes, found.logo) == ("Harbour", 5, PNG)


def test_a_stale_form_changes_nothing(db: Session, ada: Actor) -> None:
    seen = organisation.to_edit(db, ada)
    organisation.save(db, ada, replace(seen, name="First"))

    with pytest.raises(ConflictError):
        organisation.save(db, ada, replace(seen, name="Second"))

    assert organisation.to_edit(db, ada).name == "First"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"idle_minutes": 0}, "idle_minutes"),
        ({"feedback_days": 61}, "feedback_days"),
        ({"logo": b"<svg onload=alert(1)>"}, "logo"),
        ({"logo": PNG + b"x" * 300_000}, "logo"),
    ],
)
def test_settings_that_cannot_be_are_refused_at_their_field(
    db: Session, ada: Actor, change: dict[str, object], field: str
) -> None:
    seen = organisation.to_edit(db, ada)
    with pytest.raises(InvalidInputError) as caught:
        organisation.save(db, ada, replace(seen, **change))  # type: ignore[arg-type]
    assert list(caught.value.problems) == [field]


@pytest.mark.parametrize("who", ["amina", "ben", "leila", "vik", "erin"])
def test_nobody_else_changes_them(db: Session, who: str, request: pytest.FixtureRequest) -> None:
    actor = request.getfixturevalue(who)
    with pytest.raises(NotPermittedError):
        organisation.save(db, actor, OrganisationSettings(name="Mine"))


def test_a_programme_in_real_use_is_never_cleared(db: Session, ada: Actor) -> None:
    with pytest.raises(NotPermittedError, match="real use"):
        organisation.require_demonstration(db, ada)


def test_a_wrong_data_key_is_noticed_before_anything_is_read(db: Session) -> None:
    organisation.check_key(db)
    try:
        use_keys([Fernet.generate_key().decode()])
        with pytest.raises(SetupError, match="does not fit"):
            organisation.check_key(db)
    finally:
        use_keys([DATA_KEY])
