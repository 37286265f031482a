"""The shell: first run, signing in, the idle lock, and what each role may open."""

from types import SimpleNamespace

import pytest
from sqlalchemy import delete, text, update
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from models import Account, Role, SignIn
from services import organisation, schema
from services.accounts import accounts
from services.accounts.accounts import AccountDraft
from services.db import engine, transaction
from services.organisation import OrganisationSettings
from services.permissions import ROLE_PERMISSIONS
from tests.code.source import ROOT
from tests.conftest import Clock
from tests.make import PASSWORD
from tests.pages.conftest import LIMIT_SECONDS, ROLES, OpenPage, Somebody
from ui import auth, navigation, startup
from ui.navigation import SCREENS

PAGES = sorted((ROOT / "pages").rglob("*.py"))


@pytest.fixture
def shell(database: str, time_stands_still: Clock) -> AppTest:
    """The programme as a browser meets it that nobody has signed in to."""
    startup.prepare.cache_clear()
    return AppTest.from_file(ROOT / "ui" / "shell.py", default_timeout=LIMIT_SECONDS)


def sign_in(shell: AppTest, username: str, password: str = PASSWORD) -> AppTest:
    shell.run()
    shell.text_input("auth_username").input(username)
    shell.text_input("auth_password").input(password)
    return shell.button[0].click().run()


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.stem)
def test_a_page_opened_without_the_shell_asks_to_sign_in_and_shows_nothing(
    file: object, database: str
) -> None:
    page = AppTest.from_file(str(file), default_timeout=LIMIT_SECONDS).run()

    assert [info.value for info in page.info] == ["Please sign in to see this page."]
    assert not page.title
    assert not page.dataframe


@pytest.mark.parametrize("username", ["amina", "ben", "leila", "ada", "vik", "erin"])
def test_every_page_of_her_menu_opens_and_no_other(open_page: OpenPage, username: str) -> None:
    allowed = ROLE_PERMISSIONS[ROLES[username]]
    for screen in SCREENS:
        if screen.permission in allowed:
            page = open_page(screen.address, username)
            assert not page.exception, screen.address
            assert page.title, screen.address
        else:
            with pytest.raises(ValueError, match="navigation"):
                open_page(screen.address, username)


def test_whoever_has_nothing_else_here_begins_where_concerns_are_raised(
    shell: AppTest, somebody: Somebody
) -> None:
    somebody("erin")

    page = sign_in(shell, "erin")

    assert page.title[0].value == "Concerns"


def test_the_right_password_opens_the_first_page_of_the_menu(
    shell: AppTest, somebody: Somebody
) -> None:
    somebody("amina")

    page = sign_in(shell, " Amina ")

    assert not page.exception
    assert page.sidebar.button[0].label == "Sign out"


def test_a_wrong_password_says_what_to_do_and_not_which_part_was_wrong(
    shell: AppTest, somebody: Somebody
) -> None:
    somebody("amina")

    known = sign_in(shell, "amina", "not the password").error[0].value
    unknown = sign_in(shell, "nobody", "not the password").error[0].value

    assert known == unknown == auth.WRONG_NOTICE


def test_five_wrong_passwords_lock_the_account_even_for_the_right_one(
    shell: AppTest, somebody: Somebody
) -> None:
    somebody("amina")
    for _ in range(accounts.MAX_ATTEMPTS):
        sign_in(shell, "amina", "not the password")

    assert sign_in(shell, "amina").error[0].value == auth.WRONG_NOTICE


def test_a_second_sign_in_in_one_tab_writes_its_own_cookie_until_that_is_written(
    shell: AppTest,
    somebody: Somebody,
    time_stands_still: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    somebody("amina")
    keys: list[str] = []
    manager = SimpleNamespace(set=lambda *_what, key, **_more: keys.append(key))
    model = SimpleNamespace(cookie_model=SimpleNamespace(cookie_manager=manager))
    monkeypatch.setattr(auth, "_cookies", lambda: model)
    sign_in(shell, "amina")
    first = set(keys)
    with transaction() as db:
        db.execute(delete(SignIn))  # ended behind her back
    time_stands_still.go_on(minutes=1)

    sign_in(shell, "amina")

    # Of the first Streamlit may still know that it was written, and the second never would be.
    assert set(keys) - first


def test_an_overlong_password_is_simply_wrong(shell: AppTest, somebody: Somebody) -> None:
    somebody("amina")

    assert sign_in(shell, "amina", "x" * 500).error[0].value == auth.WRONG_NOTICE


def test_signing_out_ends_the_session_for_good(open_page: OpenPage) -> None:
    page = open_page("today", "ben")

    page.sidebar.button("sign_out").click().run()

    assert page.info[0].value == auth.LEFT_NOTICE
    assert not page.dataframe


def test_an_account_that_is_closed_is_out_at_the_next_click(
    open_page: OpenPage, somebody: Somebody
) -> None:
    page = open_page("today", "ben")
    ada, ben = somebody("ada"), somebody("ben")
    with transaction() as db:
        accounts.close(db, ada, ben.ref)

    page.run()

    assert page.info[0].value == auth.ENDED_NOTICE


def test_an_idle_screen_is_locked_on_the_server_as_well(
    open_page: OpenPage, time_stands_still: Clock
) -> None:
    page = open_page("today", "ben")
    time_stands_still.go_on(minutes=10, seconds=1)

    page.run()

    assert page.info[0].value == auth.IDLE_NOTICE


def test_each_click_keeps_her_signed_in(open_page: OpenPage, time_stands_still: Clock) -> None:
    page = open_page("today", "ben")
    for _ in range(3):
        time_stands_still.go_on(minutes=6)
        page.run()

    assert page.title[0].value == "Today"


def test_a_role_changed_since_counts_at_the_next_click(
    open_page: OpenPage, somebody: Somebody
) -> None:
    page = open_page("today", "ben")
    with transaction() as db:
        db.execute(update(Account).values(role=Role.EVALUATOR))

    page.run()

    assert "Today" not in [title.value for title in page.title]


def test_a_database_behind_the_code_says_so_and_shows_nothing_else(shell: AppTest) -> None:
    with engine().begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))

    page = shell.run()

    assert "services.manage init" in page.error[0].value
    assert not page.text_input


def test_the_first_visitor_sets_up_the_organisation(shell: AppTest) -> None:
    schema.downgrade(engine())
    schema.upgrade()
    page = shell.run()
    assert page.title[0].value == "Welcome to Alongside"

    for field, value in zip(
        page.text_input, ("Harbour House", "Ada Vale", "ada.vale", PASSWORD), strict=True
    ):
        field.input(value)
    page.button[0].click().run()

    assert not page.exception
    assert page.info[0].value == auth.BEGUN_NOTICE
    assert sign_in(page, "ada.vale").sidebar.button[0].label == "Sign out"


def test_a_mistake_on_the_first_run_is_said_and_nothing_is_half_made(shell: AppTest) -> None:
    schema.downgrade(engine())
    schema.upgrade()
    page = shell.run()

    page.button[0].click().run()

    assert len(page.error) == 4  # one at each field, all of them at once
    assert page.run().title[0].value == "Welcome to Alongside"


def test_a_second_press_on_the_first_run_finds_it_set_up(
    shell: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    schema.downgrade(engine())
    schema.upgrade()
    page = shell.run()
    for field, value in zip(
        page.text_input, ("Harbour House", "Ada Vale", "ada.vale", PASSWORD), strict=True
    ):
        field.input(value)
    zoe = AccountDraft(
        username="zoe", display_name="Zoe", password=PASSWORD, role=Role.ADMINISTRATOR
    )
    with transaction() as db:
        accounts.set_up(db, OrganisationSettings(name="Harbour House"), zoe)
    current, before = organisation.current, iter([None])  # she pressed before it was set up
    monkeypatch.setattr(organisation, "current", lambda db: next(before, current(db)))
    page.button[0].click().run()

    assert not page.exception
    assert [title.value for title in page.title] == ["Sign in"]


@pytest.mark.parametrize(
    ("address", "said"),
    [("/settings", [navigation.NO_SUCH_PAGE]), ("/nowhere", [navigation.NO_SUCH_PAGE]), ("/", [])],
)
def test_an_address_that_is_not_hers_is_said_and_leads_to_her_first_page(
    shell: AppTest,
    somebody: Somebody,
    monkeypatch: pytest.MonkeyPatch,
    address: str,
    said: list[str],
) -> None:
    somebody("ben")
    asked = property(lambda _self: f"http://house.example.org{address}")
    monkeypatch.setattr(ContextProxy, "url", asked)

    page = sign_in(shell, "ben")

    assert [toast.value for toast in page.toast] == said
    assert page.title[0].value == "Today"


def test_an_address_that_leads_nowhere_is_said_once_she_has_signed_in(
    shell: AppTest, somebody: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    somebody("ben")
    address = ["nowhere"]
    asked = property(lambda _self: f"http://house.example.org/{address[0]}")
    monkeypatch.setattr(ContextProxy, "url", asked)
    shell.run()
    address[0] = ""  # where the browser is led

    page = sign_in(shell, "ben")

    assert [toast.value for toast in page.toast] == [navigation.NO_SUCH_PAGE]


def test_a_new_administrator_begins_at_the_accounts_with_what_to_do_next(
    shell: AppTest, somebody: Somebody
) -> None:
    somebody("ada")
    page = sign_in(shell, "ada")
    assert page.title[0].value == "Accounts"
    assert page.info[0].value.startswith("Next: add an account")


def test_the_first_visitor_may_look_around_a_demonstration_and_clear_it(shell: AppTest) -> None:
    schema.downgrade(engine())
    schema.upgrade()
    page = shell.run()

    page.button[1].click().run(timeout=60)

    assert not page.exception
    assert "administrator" in page.dataframe[0].value.to_string()
