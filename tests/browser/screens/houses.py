"""The houses pictures are taken in: full, new, and not begun; of a new one, every screen."""

from collections.abc import Callable

from models import Role
from services import organisation
from services.accounts import accounts
from services.accounts.accounts import AccountDraft
from services.db import transaction
from services.demo import PASSWORD
from services.organisation import OrganisationSettings
from services.permissions import ROLE_PERMISSIONS
from tests.browser.screens.recipe import Screen
from tests.browser.site import manage
from tests.conftest import environment
from ui import navigation
from ui.components import words


def _new_house(database: str) -> None:
    with environment(database), transaction() as db:
        organisation.start(db, OrganisationSettings(name="Juniper House"))
        for role in Role:
            draft = AccountDraft(
                username=role.value,
                display_name=words.label(role.value),
                password=PASSWORD,
                role=role,
            )
            accounts.create_from_console(db, draft)


HOUSES: dict[str, Callable[[str], None]] = {
    "demonstration": lambda database: manage(database, "demo", "--seed", "1"),
    "none": lambda _database: None,
    "new": _new_house,
}

SCREENS = tuple(
    Screen(f"new-{screen.address}-{role.value}", role.value, f"/{screen.address}", house="new")
    for role, permissions in ROLE_PERMISSIONS.items()
    for screen in navigation.SCREENS
    if screen.permission in permissions
)
