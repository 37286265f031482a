"""Two linked groups in a real browser: going from one half to the other and working there."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from models import Account, Group
from services.accounts.sign_ins import actor_of
from services.db import transaction
from tests.browser.site import Person, Site
from tests.conftest import environment
from tests.make import make_pair, session_of

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def boats(site: Site) -> tuple[Group, Group]:
    """The parents' and the children's half; one facilitator runs both."""
    with environment(site.database), transaction() as db:
        orla, mina = (
            actor_of(db.scalars(select(Account).where(Account.username == name)).one())
            for name in ("coordinator", "facilitator")
        )
        return make_pair(db, orla, mina, mina, despite="A colleague has the children")


def test_what_is_done_in_the_other_half_is_done_there(
    visitor: Callable[..., Person], boats: tuple[Group, Group]
) -> None:
    orla = visitor().open(f"/groups?group={boats[0].ref}").sign_in("coordinator")
    orla.text("Children's half").click()
    expect(orla.heading("Small boats")).to_be_visible()
    orla.pick("What do you want to do?", "Give a place")

    expect(orla.box("Find a participant")).to_be_visible()
    expect(orla.heading("Small boats")).to_be_visible()
    assert orla.page.url.endswith(f"/groups?group={boats[1].ref}")


def test_the_register_of_the_other_half_stays_on_screen(
    visitor: Callable[..., Person], site: Site, boats: tuple[Group, Group]
) -> None:
    with environment(site.database), transaction() as db:
        parents, children = (session_of(db, group).ref for group in boats)
    mina = visitor().open(f"/register?session={parents}").sign_in("facilitator")
    mina.text("Register of Small boats").click()
    expect(mina.heading("Small boats")).to_be_visible()
    mina.settled()
    mina.page.reload()

    expect(mina.heading("Small boats")).to_be_visible()
    assert mina.page.url.endswith(f"/register?session={children}")
