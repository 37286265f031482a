"""Every screen of the programme, one line each: where it is, what it is called, who may open it."""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from functools import cache, partial
from itertools import groupby
from urllib.parse import urlsplit

import streamlit as st

from services.permissions import Actor
from services.permissions import Permission as P
from ui.messages import flash


@dataclass(frozen=True, slots=True)
class Screen:
    """One page script, from the menu's point of view."""

    section: str
    file: str
    title: str
    icon: str
    address: str
    permission: P


SCREENS = (
    Screen("Home", "home/today.py", "Today", "today", "today", P.SEE_TODAY),
    Screen(
        "My volunteering",
        "volunteers/mine.py",
        "My volunteering",
        "volunteer_activism",
        "my-volunteering",
        P.OWN_VOLUNTEERING,
    ),
    Screen("Groups", "groups/groups.py", "Groups", "groups", "groups", P.READ_GROUPS),
    Screen("Groups", "groups/calendar.py", "Calendar", "calendar_month", "calendar", P.READ_GROUPS),
    Screen("Groups", "groups/cover.py", "Cover", "health_and_safety", "cover", P.KEEP_COVER),
    Screen(
        "Groups", "groups/programmes.py", "Programmes", "menu_book", "programmes", P.READ_GROUPS
    ),
    Screen("Groups", "groups/register.py", "Register", "checklist", "register", P.TAKE_REGISTER),
    Screen("Groups", "groups/feedback.py", "Feedback", "forum", "feedback", P.READ_FEEDBACK),
    Screen("Groups", "groups/forms.py", "Forms", "quiz", "forms", P.EDIT_FORMS),
    Screen("Groups", "groups/measures.py", "Measures", "straighten", "measures", P.RECORD_MEASURES),
    Screen(
        "Groups",
        "groups/child_steps.py",
        "Children’s steps",
        "stairs",
        "steps",
        P.READ_CHILD_STEPS,
    ),
    Screen(
        "People", "people/participants.py", "Participants", "person", "participants", P.READ_PEOPLE
    ),
    Screen(
        "People", "people/duplicates.py", "Duplicates", "join_inner", "duplicates", P.MERGE_PEOPLE
    ),
    Screen(
        "People", "people/conflicts.py", "Kept apart", "group_off", "conflicts", P.KEEP_CONFLICTS
    ),
    Screen("People", "people/concerns.py", "Concerns", "report", "concerns", P.RAISE_CONCERNS),
    Screen("People", "people/referrals.py", "Referrals", "inbox", "referrals", P.READ_REFERRALS),
    Screen(
        "People",
        "volunteers/volunteers.py",
        "Volunteers",
        "volunteer_activism",
        "volunteers",
        P.READ_VOLUNTEERS,
    ),
    Screen(
        "People",
        "volunteers/supervision.py",
        "Supervision",
        "supervisor_account",
        "supervision",
        P.SUPERVISE,
    ),
    Screen("People", "volunteers/training.py", "Training", "school", "training", P.KEEP_TRAINING),
    Screen("People", "volunteers/rota.py", "Rota", "event_available", "rota", P.READ_ROTA),
    Screen(
        "Outcomes", "outcomes/outcomes.py", "Outcomes", "monitoring", "outcomes", P.READ_OUTCOMES
    ),
    Screen(
        "Outcomes", "outcomes/children.py", "Children", "child_care", "children", P.READ_OUTCOMES
    ),
    Screen(
        "Outcomes",
        "outcomes/attendance.py",
        "Attendance",
        "bar_chart",
        "attendance",
        P.READ_OUTCOMES,
    ),
    Screen(
        "Outcomes", "outcomes/experience.py", "Experience", "forum", "experience", P.READ_OUTCOMES
    ),
    Screen(
        "Outcomes", "outcomes/reach.py", "Who we reach", "diversity_3", "reach", P.READ_OUTCOMES
    ),
    Screen(
        "Outcomes",
        "outcomes/waiting_times.py",
        "Waiting times",
        "hourglass",
        "waiting-times",
        P.READ_WAITING_TIMES,
    ),
    Screen(
        "Outcomes",
        "outcomes/workforce.py",
        "Workforce",
        "diversity_1",
        "workforce",
        P.READ_WORKFORCE,
    ),
    Screen("Reports", "reports/reports.py", "Reports", "summarize", "reports", P.MAKE_REPORTS),
    Screen(
        "Administration",
        "admin/accounts.py",
        "Accounts",
        "manage_accounts",
        "accounts",
        P.MANAGE_ACCOUNTS,
    ),
    Screen(
        "Administration", "admin/settings.py", "Settings", "settings", "settings", P.MANAGE_SETTINGS
    ),
    Screen(
        "Administration", "admin/imports.py", "Imports", "upload_file", "imports", P.IMPORT_RECORDS
    ),
    Screen("Administration", "admin/audit.py", "Audit log", "history", "audit", P.READ_AUDIT),
)


_LOST = "navigation_lost"
NO_SUCH_PAGE = "There is no page at this address, or it is not one of yours. Choose from the menu."


def open_menu(actor: Actor) -> st.Page:
    """The menu of what she may open, and the page she asked for."""
    pages = {screen: _page(screen) for screen in SCREENS if actor.may(screen.permission)}
    home = st.Page(partial(_begin, pages), title="Alongside", default=True, visibility="hidden")
    sections = {
        section: [pages[screen] for screen in screens]
        for section, screens in groupby(pages, key=lambda screen: screen.section)
    }
    # Whole: a menu that hides some of its entries sends people to look for them elsewhere.
    return st.navigation({"": [home], **sections}, expanded=True)


def _begin(pages: dict[Screen, st.Page]) -> None:
    """Her first page. Whoever asked for another, which is not there for her, is told so."""
    if st.session_state.pop(_LOST, False) or _asked_for():
        flash(NO_SUCH_PAGE, icon=":material/explore_off:")
    hers = [screen for screen in pages if screen.permission is not P.RAISE_CONCERNS]
    st.switch_page(pages[next(iter(hers or pages))])


def closed_menu(answer: Callable[[], None]) -> st.Page:
    """The same addresses, all answered by the sign-in screen: a link outlives signing in.

    One that leads nowhere does not, since the browser is led to the start; that is remembered.
    """
    if _asked_for() not in ("", *(screen.address for screen in SCREENS)):
        st.session_state[_LOST] = True
    pages = [st.Page(answer, title="Sign in", url_path=screen.address) for screen in SCREENS]
    # The start page has no address of its own, so it stands beside the others.
    home = st.Page(answer, title="Sign in", default=True)
    return st.navigation([home, *pages], position="hidden")


def _asked_for() -> str:
    """The address in the browser, without what stands before and behind it."""
    return urlsplit(st.context.url or "").path.strip("/")


def file_of(address: str) -> str:
    """The script behind an address, for links from one page to another."""
    return next(_path(screen) for screen in SCREENS if screen.address == address)


def _page(screen: Screen) -> st.Page:
    """A page of this run: the one opened is marked, so that nobody may share it."""
    return copy(_made(screen))


@cache
def _made(screen: Screen) -> st.Page:
    """The page as it is for everybody: looking for its file takes as long as a query."""
    return st.Page(
        _path(screen),
        title=screen.title,
        icon=f":material/{screen.icon}:",
        url_path=screen.address,
    )


def _path(screen: Screen) -> str:
    return f"../pages/{screen.file}"
