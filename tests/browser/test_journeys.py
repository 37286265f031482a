"""What each role came to do, done as they would do it: by role and label, in a real browser."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from models import (
    Account,
    Group,
    GroupSession,
    PersonKind,
    Role,
    Volunteer,
    VolunteerSupport,
)
from services import clock
from services.accounts.sign_ins import actor_of
from services.db import transaction
from tests.browser.conftest import NAMES, ON_PHONE, Meeting, meet
from tests.browser.site import Person, Site
from tests.browser.test_keyboard import come_in
from tests.conftest import environment
from tests.make import make_actor, make_ready, session_of

pytestmark = pytest.mark.browser

MET_BY = "Mina Fennelcroft"


# --- The coordinator ----------------------------------------------------------------------


def test_a_coordinator_brings_a_volunteer_in_from_her_application_to_the_rota(
    visitor: Callable[..., Person], meeting: Meeting
) -> None:
    orla = visitor().open("/volunteers").sign_in("coordinator")
    orla.part("Applications to check", "page")
    name = orla.cell("Applications to check", "", 2).inner_text()
    orla.choose("Applications to check", name)
    orla.button("Accept it").click()
    expect(orla.text("Application since")).to_be_visible()

    orla.pick("Move to", "Shadowing")
    orla.button("Move").click()
    expect(orla.text("Shadowing since")).to_be_visible()
    expect(orla.row("Her moves from stage to stage", "Shadowing")).to_be_attached()
    orla.pick("Group", meeting.code_name)
    orla.button("Place her").click()
    expect(orla.row("Her placements", meeting.code_name)).to_contain_text("Shadowing")
    orla.button("Move").click()
    expect(orla.text("Active since")).to_be_visible()
    ref = re.search(r"volunteer=([^&]+)", orla.page.url)[1]
    _checked(orla)

    _trained(orla.site, ref)
    orla.open(f"/rota?session={_next_session(orla.site, meeting)}")
    orla.pick("Volunteer, the likeliest first", name)
    orla.button("Ask her").click()
    expect(orla.row("Who covers this session", name)).to_contain_text("asked, no answer yet")
    orla.open(f"/groups?group={meeting.group}")
    with_group = orla.row("Survivor volunteers with this group", name.split()[0])
    expect(with_group).to_be_attached()
    expect(with_group).not_to_contain_text(name.split()[-1])


def _checked(orla: Person) -> None:
    """A DBS check asked for, seen and decided on."""
    orla.part("Checks")
    orla.unfold("Ask for a check")
    orla.pick("What she will do", "Where there are children, always beside")
    orla.pick("Level", "Enhanced")
    orla.pick("With whom", "Children and adults")
    orla.button("Note that it was asked for today").click()
    expect(orla.row("Her DBS checks", "Enhanced")).to_be_attached()
    orla.unfold("Note that you have seen a certificate")
    orla.box("Number on the certificate").fill("001234567890")
    issued = orla.page.get_by_role("group", name="Issued on")
    issued.get_by_role("spinbutton").first.press_sequentially(f"{clock.today():%d%m%Y}")
    orla.button("I have seen the original").click()
    expect(orla.text("Decide on it next.")).to_be_visible()
    orla.unfold("Decide on a check")
    orla.pick("Decision", "She may volunteer")
    orla.box("Why, without what the certificate says").fill("Nothing stands against it.")
    orla.button("Decide").click()
    expect(orla.row("Her DBS checks", "She may volunteer")).to_be_attached()


def _trained(site: Site, volunteer: str) -> None:
    """Every course, in date: each takes a form of its own, which other tests fill in."""
    with environment(site.database), transaction() as db:
        one = db.query(Volunteer).filter_by(ref=volunteer).one()
        make_ready(db, actor_of(db.query(Account).filter_by(username="coordinator").one()), one)


def _next_session(site: Site, meeting: Meeting) -> str:
    with environment(site.database), transaction() as db:
        return session_of(db, db.query(Group).filter_by(ref=meeting.group).one(), 2).ref


def test_a_coordinator_makes_a_group_and_fills_it_up_to_the_waiting_list(
    visitor: Callable[..., Person],
) -> None:
    orla = visitor().open("/groups").sign_in("coordinator")
    orla.unfold("Make a new group")
    orla.pick("Programme", "Open Door")
    expect(orla.text("11 sessions of 120 minutes.")).to_be_visible()
    orla.pick("Facilitators; the first one leads", MET_BY)
    orla.box("Code name, safe to say aloud").fill("Winter robins")
    # In the evening, when her facilitator is not needed in another group.
    orla.page.get_by_role("spinbutton", name="hour, Starts at").press_sequentially("20")
    orla.page.get_by_role("spinbutton", name="Places").fill("2")
    orla.button("Show the dates").click()
    expect(orla.page.get_by_role("row").filter(has_text="8pm to 10pm")).to_have_count(11)
    orla.button("Make the group").click()
    expect(orla.heading("Winter robins")).to_be_visible()

    # One family name in a group is something to weigh: these three have their own.
    waiters = (("Wilma", "Ashdown"), ("Wanda", "Birchall"), ("Winnie", "Copsey"))
    for number, (first, last) in enumerate(waiters, 1):
        _add_family(orla, first, last)
        orla.page.get_by_role("link", name="Groups", exact=True).click()
        orla.choose("Groups", "Winter robins")
        _give_place(orla, f"{first} {last}")
        expect(orla.row("People in this group", first)).to_contain_text(
            "Has a place" if number <= 2 else "Waiting"
        )
    expect(orla.text("2 of 2")).to_be_visible()
    expect(orla.text("is number 1 on the waiting list: the group is full.")).to_be_visible()


def test_a_place_given_up_before_the_first_day_is_offered_to_whoever_waits(
    visitor: Callable[..., Person],
) -> None:
    orla = visitor().open("/groups").sign_in("coordinator")
    orla.choose("Groups", "maples")
    expect(orla.text("8 of 8")).to_be_visible()
    waiting = orla.row("People in this group", "Waiting")
    expect(waiting).to_have_count(2)
    leaves = orla.cell("People in this group", "Has a place", 1).inner_text()
    orla.pick("What do you want to do?", "End a place early")
    orla.pick("Whose", leaves)
    orla.button("End the place").click()

    expect(orla.text("The seat is offered to the next person who waits.")).to_be_visible()
    expect(waiting).to_have_count(1)
    expect(orla.text("8 of 8")).to_be_visible()

    offered = orla.row("People in this group", "Offered a seat until")
    expect(offered).to_have_count(2)
    says_yes = orla.cell("People in this group", "Offered a seat until", 1).inner_text()
    orla.pick("What do you want to do?", "Record an answer to an offer")
    orla.pick("Who answers", says_yes)
    orla.page.get_by_role("radio", name="Yes").check(force=True)
    orla.button("Record her answer").click()
    expect(orla.text("has a place.")).to_be_visible()
    expect(offered).to_have_count(1)


def test_a_coordinator_adds_a_whole_family(visitor: Callable[..., Person]) -> None:
    orla = visitor().open("/participants").sign_in("coordinator")
    _add_family(orla, "Petunia")
    orla.part("Family")
    orla.unfold("Add somebody to this family")
    orla.page.get_by_role("radio", name="Child").check(force=True)
    orla.box("First name").fill("Pip")
    orla.box("Last name").fill("Greenshank")
    orla.button("Add to the family").click()

    expect(orla.heading("Pip Greenshank")).to_be_visible()
    orla.part("Family")
    expect(orla.row("Family and carers", "Petunia Greenshank")).to_contain_text("Adult")
    orla.button("All participants").click()
    expect(orla.heading("Participants")).to_be_visible()
    assert "greenshank" not in orla.page.url.lower()


def _add_family(orla: Person, first: str, last: str = "Greenshank") -> None:
    orla.page.get_by_role("link", name="Participants", exact=True).click()
    expect(orla.heading("Participants")).to_be_visible()
    orla.unfold("Add a family")
    orla.box("First name").fill(first)
    orla.box("Last name").fill(last)
    orla.button("Add").click()
    expect(orla.heading(f"{first} {last}")).to_be_visible()


def _give_place(orla: Person, name: str) -> None:
    orla.pick("What do you want to do?", "Give a place")
    search = orla.box("Find a participant")
    search.fill(name)
    search.press("Enter")
    orla.page.get_by_role("radio", name=name).check(force=True)
    orla.button("Give a place").click()


# --- The survivor volunteer ---------------------------------------------------------------


def test_a_volunteer_asks_for_a_swap_and_the_first_yes_takes_it_over(
    site: Site, visitor: Callable[..., Person]
) -> None:
    """By the keyboard alone, but where somebody is chosen in a table, which is one picture.

    Stands before the journey in which she steps back: after it she has no session to give up.
    """
    fern = visitor().open()
    keys = come_in(fern, "volunteer")
    keys.go_to("I cannot come on ").press("Enter")
    expect(fern.button("Ask somebody to take this")).to_be_visible()
    fern.settled()
    keys.go_to("Ask somebody to take this").press("Enter")
    expect(fern.text("You have asked for somebody to take this.")).to_be_visible()

    orla = visitor().open("/today").sign_in("coordinator")
    orla.page.get_by_text(re.compile(r"^Places in the rota \(")).click()
    orla.choose("Places in the rota to look to", "Fern Thistlemoor asks for a swap")
    expect(orla.heading("Fern Thistlemoor asks somebody to take this")).to_be_visible()
    likeliest = orla.page.get_by_role("combobox", name="Who could take it")
    name = str(likeliest.input_value()).split(":")[0]
    orla.settled()
    orla.button("Ask her to take it").focus()
    orla.page.keyboard.press("Enter")
    expect(orla.row("Who covers this session", name)).to_contain_text("asked to take over")

    other = visitor().open()
    keys = come_in(other, _with_an_account(site, name))
    keys.go_to("Yes, I will come").press("Enter")
    expect(other.text("You are in the rota.")).to_be_visible()

    orla.page.reload()
    expect(orla.row("Who covers this session", name)).to_contain_text("said yes")
    expect(orla.row("Who covers this session", "Fern Thistlemoor")).to_have_count(0)
    fern.page.reload()
    expect(fern.text("Somebody else has taken this one.")).to_be_visible()


def test_a_volunteer_says_yes_gives_her_hours_tells_how_she_is_and_steps_back(
    visitor: Callable[..., Person],
) -> None:
    fern = visitor(**ON_PHONE).open().sign_in("volunteer")
    fern.button("Yes, I will come").first.tap()
    expect(fern.text("You are in the rota.")).to_be_visible()
    assert fern.page.evaluate("document.documentElement.scrollWidth") == 390

    fern.part("When I can come")
    fern.unfold("Add hours")
    fern.page.get_by_text("Sunday", exact=True).first.tap()
    fern.button("Add these hours").first.tap()
    expect(fern.text(re.compile("Sunday.*10am")).first).to_be_visible()

    fern.part("How I am")
    fern.page.get_by_text(re.compile("^How was ")).first.tap()
    expect(fern.text("I heard something hard").first).to_be_visible()
    fern.button("Tell my supervisor").first.tap()
    expect(fern.text("Your supervisor can read it.")).to_be_visible()
    fern.page.get_by_role("radio", name="3: some weight").check(force=True)
    fern.settled()
    fern.button("Tell my supervisor").last.tap()
    expect(fern.page.get_by_role("radio", name="3: some weight")).not_to_be_checked()

    fern.settled()
    fern.unfold("I would like to step back")
    expect(fern.button("Step back now")).to_be_visible()
    fern.settled()
    fern.button("Step back now").tap()
    expect(fern.text("You have stepped back.").first).to_be_visible()
    expect(fern.button("Come back")).to_be_visible()


def _with_an_account(site: Site, name: str) -> str:
    """Her user name, once she has an account of her own with the usual password."""
    username, first = "taker", name.split(maxsplit=1)[0]
    with environment(site.database), transaction() as db:
        fern = db.query(Account).filter_by(username="volunteer").one()
        own = make_actor(db, username, Role.VOLUNTEER)
        account = db.get_one(Account, own.account_id)
        account.password_hash = fern.password_hash
        one = next(one for one in db.query(Volunteer) if one.first_name == first)
        support = db.query(VolunteerSupport).filter_by(volunteer_id=one.id).one()
        support.own_account_id = own.account_id
    return username


# --- The facilitator ----------------------------------------------------------------------


def test_a_facilitator_takes_a_register_on_her_phone(
    visitor: Callable[..., Person], meeting: Meeting
) -> None:
    mina = visitor(**ON_PHONE).open().sign_in("facilitator")
    mina.choose("Sessions today", meeting.code_name)
    expect(mina.heading(meeting.code_name)).to_be_visible()
    for name, mark in zip(NAMES, ("Attended", "Arrived late", "Apologies"), strict=False):
        mina.mark(name, mark).tap()
        expect(mina.line(name).get_by_text("Saved", exact=True)).to_be_visible()
    mina.box("Your note on this session").fill("Ada spoke for the first time.")
    expect(mina.text(re.compile(r"Saved \d\d:\d\d"))).to_be_visible()
    assert mina.page.evaluate("document.documentElement.scrollWidth") == 390

    mina.page.reload()
    expect(mina.mark(NAMES[1], "Arrived late")).to_be_checked()
    expect(mina.text("3 of 6 marked")).to_be_visible()
    expect(mina.box("Your note on this session")).to_have_value("Ada spoke for the first time.")

    mina.button("Finish the register").tap()
    expect(mina.text("3 still without a mark")).to_be_visible()
    mina.button("Everyone attended").tap()
    expect(mina.text("All saved")).to_be_visible()
    mina.button("Finish the register").tap()
    expect(mina.text(f"Finished by {MET_BY}")).to_be_visible()


def test_a_register_nobody_finished_is_chased_until_it_is(visitor: Callable[..., Person]) -> None:
    mina = visitor().open("/today").sign_in("facilitator")
    mina.choose("Registers to finish", "kites")
    unmarked = mina.page.get_by_role("listitem").filter(has_text="Not marked yet")
    expect(unmarked.first).to_be_visible()
    while waiting := unmarked.count():
        absent = re.compile("Did not attend|Was not brought")  # an adult, or a child
        unmarked.first.get_by_role("radio", name=absent).click()
        expect(unmarked).to_have_count(waiting - 1)
    expect(mina.text("All saved")).to_be_visible()
    mina.button("Finish the register").click()
    expect(mina.text("Calls to make")).to_be_visible()

    mina.page.get_by_role("link", name="Today").click()
    expect(mina.heading("Sessions today")).to_be_visible()
    mina.settled()
    expect(mina.row("Registers to finish", "kites")).to_have_count(0)


@pytest.mark.parametrize("ref", ["_begins", "in__side", "ends_"])
def test_a_register_opens_whatever_letters_its_reference_has(
    site: Site, visitor: Callable[..., Person], meeting: Meeting, ref: str
) -> None:
    with environment(site.database), transaction() as db:
        db.query(GroupSession).filter_by(ref=meeting.session).one().ref = ref
    mina = visitor().open(f"/register?session={ref}").sign_in("facilitator")

    expect(mina.text("0 of 6 marked")).to_be_visible()
    expect(mina.box("Your note on this session")).to_be_visible()


def test_a_facilitator_records_a_childs_steps_as_three_people_see_them(
    site: Site, visitor: Callable[..., Person]
) -> None:
    parent, child = ("Nell Harebell", PersonKind.ADULT), ("Tom Harebell", PersonKind.CHILD)
    family = meet(site, programme="side_by_side", people=(parent, child))
    mina = visitor().open(f"/measures?group={family.group}").sign_in("facilitator")
    expect(mina.heading("Measures")).to_be_visible()
    mina.pick("Person", "Tom Harebell")
    for view in ("child’s own", "parent’s or carer’s", "practitioner’s"):
        mina.pick("Form", f"Steps, {view} answers, start")
        for item in mina.page.get_by_role("radiogroup", name=re.compile(r"^\d\. ")).all():
            item.get_by_role("radio", name="With some help").check(force=True)
        mina.button("Save").click()
        expect(mina.text(f"Tom Harebell · Steps, {view} answers, start:")).to_be_visible()

    expect(mina.heading("Steps so far")).to_be_visible()
    mina.unfold("The same as a table")
    steps = mina.page.get_by_role("gridcell", include_hidden=True)
    for view in ("Child", "Parent or carer", "Practitioner"):
        expect(steps.filter(has_text=re.compile(f"^{view}$")).first).to_be_attached()
    expect(mina.text("undefined")).to_have_count(0)


def test_the_menu_entry_of_an_open_record_goes_back_to_the_list(
    visitor: Callable[..., Person],
) -> None:
    orla = visitor().open("/groups").sign_in("coordinator")
    orla.choose("Groups", "maples")
    expect(orla.text("8 of 8")).to_be_visible()
    orla.page.get_by_role("link", name="Groups", exact=True).click()

    expect(orla.row("Groups", "maples")).to_be_attached()
    assert orla.page.url == orla.site.url + "/groups"


# --- The participant ----------------------------------------------------------------------


def test_three_participants_answer_without_scripts_and_the_facilitator_reads_it(
    visitor: Callable[..., Person], meeting: Meeting
) -> None:
    mina = visitor().open(f"/feedback?session={meeting.session}").sign_in("facilitator")
    address = mina.page.get_by_role("code").inner_text()
    for number in (1, 2, 3):
        _answer(visitor(**ON_PHONE, java_script_enabled=False), address, f"Wish {number}")
        mina.button("Look again").click()
        people = "1 person has" if number == 1 else f"{number} people have"
        expect(mina.text(f"{people} answered")).to_be_visible()
        expect(mina.text("Wish")).to_have_count(0 if number < 3 else 3)

    safe = mina.page.get_by_role("row").filter(has_text="Very safe")
    expect(safe.get_by_role("cell", name="3")).to_be_visible()


def _answer(somebody: Person, address: str, wish: str) -> None:
    page = somebody.page
    page.goto(address)
    page.get_by_role("link", name="Go on to the questions").tap()
    page.get_by_role("radio", name="Very safe").check()
    somebody.box("What is one thing we could change?").fill(wish)
    somebody.button("Send").tap()
    expect(somebody.heading("Thank you")).to_be_visible()


# --- The programme lead -------------------------------------------------------------------


def test_a_lead_sees_what_every_figure_rests_on(visitor: Callable[..., Person]) -> None:
    tess = visitor().open("/outcomes").sign_in("lead")
    expect(tess.text(re.compile(r"Mean at the start, n = \d+"))).to_be_visible()
    expect(tess.text("95% interval").first).to_be_visible()
    expect(tess.heading("Who is in these figures")).to_be_visible()
    # On a chart stand its data and the full screen: nothing takes it out of the house from there.
    tess.page.get_by_test_id("stVegaLiteChart").first.hover()
    tools = tess.page.get_by_test_id("stElementToolbar").first
    expect(tools.get_by_role("button", name="Show data")).to_be_visible()
    expect(tools.get_by_role("button")).to_have_count(2)
    tess.pick("Programme", "Steps Forward")
    tess.go_to("Outcomes")
    expect(tess.page.get_by_role("combobox", name="Programme")).to_have_value("Steps Forward")

    tess.page.get_by_role("link", name="Children", exact=True).click()
    expect(tess.heading("Each strand from start to end")).to_be_visible()
    expect(tess.text(re.compile(r"n = \d+")).first).to_be_visible()
    tess.page.get_by_role("link", name="Attendance", exact=True).click()
    expect(tess.text(re.compile(r"Live: [\d,]+ of [\d,]+"))).to_be_visible()
    expect(tess.text(re.compile(r"Content covered: [\d,]+ of [\d,]+"))).to_be_visible()


def test_a_lead_sees_totals_and_nobodys_name(visitor: Callable[..., Person]) -> None:
    tess = visitor().open("/participants").sign_in("lead")
    expect(tess.heading("Today")).to_be_visible()
    expect(tess.page.get_by_role("link", name="Participants")).to_have_count(0)


def test_a_coordinator_sees_what_stands_against_a_session_and_who_is_away(
    visitor: Callable[..., Person],
) -> None:
    orla = visitor().open("/cover").sign_in("coordinator")
    orla.choose("Sessions to come", "■")
    expect(orla.button("Open the group")).to_be_visible()
    expect(orla.page.get_by_text("Next:").first).to_be_visible()

    orla.unfold("Colleagues away")
    orla.pick("Who is away", "Mina")
    orla.button("Note it").click()
    expect(orla.text("Sessions on these days need somebody to stand in")).to_be_visible()

    orla.choose("Colleagues away", "Mina")
    orla.button("Mina Fennelcroft is not away then").click()
    expect(orla.text("She is no longer noted as away.")).to_be_visible()
    expect(orla.row("Colleagues away", "Mina")).to_have_count(0)
