"""The family part of a participant's page, and keeping a colleague out of the record."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from models import Family, Kinship, Person, PersonKind, Professional, ProfessionalKind, Relation
from services.db import reading, transaction
from services.people import kinships, people, professionals, record_locks
from services.people.kinships import KinshipDraft
from services.people.people import PersonDraft
from services.people.professionals import ProfessionalDraft
from services.registers import registers
from tests.make import make_group, make_person, make_place, session_of
from tests.pages.conftest import OpenPage, Somebody, form_key


@pytest.fixture
def dana(somebody: Somebody) -> str:
    """A mother in Ben's group, with a child Kit in her family; her reference."""
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        person = make_person(db, amina)
        family = people.summary(db, amina, person.ref).family_ref
        draft = PersonDraft(kind=PersonKind.CHILD, first_name="Kit", last_name="Okoro")
        people.add_to_family(db, amina, family, draft)
        make_place(db, amina, make_group(db, amina, [ben]), person)
        return person.ref


def test_a_person_alone_is_told_what_comes_next(open_page: OpenPage, somebody: Somebody) -> None:
    amina = somebody("amina")
    with transaction() as db:
        ref = make_person(db, amina).ref

    page = _part(open_page, "amina", ref, "family")

    assert page.info[0].value.endswith("Add relatives below.")
    assert page.info[1].value == "None yet. Add a school, social worker or others below."


def test_somebody_added_here_opens_at_how_she_may_be_reached(
    open_page: OpenPage, dana: str
) -> None:
    page = _part(open_page, "amina", dana, "family")
    page.text_input(form_key("first_name", _family(dana))).set_value("Pip")
    page.text_input(form_key("last_name", _family(dana))).set_value("Okoro")
    _press(page, "Add to the family")

    assert not page.exception
    assert page.title[0].value == "Pip Okoro"
    assert page.button_group("part").value == "contact"


def test_the_way_back_leads_from_any_part_to_the_list(open_page: OpenPage, dana: str) -> None:
    page = _part(open_page, "amina", dana, "family")
    page.button("back_to_list").click().run()

    assert not page.exception
    assert page.title[0].value == "Participants"


def test_a_coordinator_says_who_is_what_to_whom(open_page: OpenPage, dana: str) -> None:
    page = _part(open_page, "amina", dana, "family")

    page.selectbox(form_key("relative", dana)).select(_ref("Kit"))
    page.selectbox(form_key("relation", dana)).select("hers mother")
    page.checkbox(form_key("has_responsibility", dana)).check()
    page.text_input(form_key("note", dana)).input("Residence order")
    _press(page, "Save")

    assert not page.exception
    (row,) = page.dataframe[0].value.to_dict("records")
    assert (row["name"], row["relation"]) == ("Kit Okoro", "Child, as the mother")
    assert (row["responsibility"], row["note"]) == ("Yes", "Residence order")


def test_a_carer_of_another_family_is_found_by_her_reference(
    open_page: OpenPage, somebody: Somebody, dana: str
) -> None:
    amina = somebody("amina")
    with transaction() as db:
        code = make_person(db, amina, "Ines", "Rowe").code
    page = _part(open_page, "amina", dana, "family")

    page.text_input(form_key("code", dana)).input("nobody")
    page.selectbox(form_key("relation", dana)).select("theirs grandparent")
    _press(page, "Save")
    assert page.error[0].value.startswith("There is nobody with this reference.")

    page.text_input(form_key("code", dana)).input(code.lower())
    _press(page, "Save")

    shown = page.dataframe[0].value.set_index("name")
    assert shown.loc["Ines Rowe", "relation"] == "Grandparent"
    assert shown.loc["Ines Rowe", "family"] == "Another family"


def test_a_relation_is_changed_and_taken_back(
    open_page: OpenPage, somebody: Somebody, dana: str
) -> None:
    kit = _ref("Kit")
    _relate(somebody, dana, kit, Relation.GUARDIAN)
    page = _part(open_page, "amina", dana, "family")

    page.selectbox(form_key("kin", dana)).select(kit).run()
    page.selectbox(form_key("relation", dana + kit)).select("hers foster_carer")
    _press(page, "Save", last=True)
    assert page.dataframe[0].value["relation"].tolist() == ["Foster child"]

    page.selectbox(form_key("kin", dana, 1)).select(kit).run()
    _press(page, "Take it back")
    with reading() as db:
        assert db.scalars(select(Kinship.id)).all() == []


def test_a_relation_somebody_changed_meanwhile_is_told(
    open_page: OpenPage, somebody: Somebody, dana: str
) -> None:
    kit = _ref("Kit")
    _relate(somebody, dana, kit, Relation.GUARDIAN)
    page = _part(open_page, "amina", dana, "family")
    page.selectbox(form_key("kin", dana)).select(kit).run()
    zora = somebody("zora")
    with transaction() as db:
        draft = KinshipDraft(person_ref=dana, relative_ref=kit, relation=Relation.MOTHER)
        kinships.change(db, zora, draft, version=1)

    _press(page, "Take it back")
    assert "Somebody else changed this" in page.error[0].value

    page.text_input(form_key("note", dana + kit)).input("Court order")
    _press(page, "Save", last=True)
    relation = page.radio(f"choose_{dana}{kit}_relation")
    assert (relation.value, relation.options[1]) == ("theirs", "There now: Child, as the mother")
    assert page.radio(f"choose_{dana}{kit}_note").value == "mine"
    _press(page, "Save what I chose")

    with reading() as db:
        kept = db.scalars(select(Kinship)).one()
        assert (kept.relation, kept.note) == (Relation.MOTHER, "Court order")


def test_a_relation_taken_back_while_its_form_was_open_is_told(
    open_page: OpenPage, somebody: Somebody, dana: str
) -> None:
    kit = _ref("Kit")
    _relate(somebody, dana, kit, Relation.GUARDIAN)
    page = _part(open_page, "amina", dana, "family")
    page.selectbox(form_key("kin", dana)).select(kit).run()
    zora = somebody("zora")
    with transaction() as db:
        kinships.remove(db, zora, dana, kit, version=1)

    _press(page, "Save", last=True)

    assert "Somebody else took away what you had open" in page.warning[0].value


def test_two_who_change_one_school_both_see_what_each_wrote(
    open_page: OpenPage, somebody: Somebody, dana: str
) -> None:
    zora, family = somebody("zora"), _family(dana)
    school = ProfessionalDraft(kind=ProfessionalKind.SCHOOL, organisation="Bramble Primary")
    with transaction() as db:
        ref = professionals.add(db, zora, family, school)
    page = _part(open_page, "amina", dana, "family")
    page.selectbox(form_key("professional_choice", family)).select(ref).run()
    with transaction() as db:
        theirs = replace(school, name="Ms Fern", kind=ProfessionalKind.NURSERY)
        professionals.change(db, zora, ref, theirs, version=1)

    page.text_input(form_key("name", ref)).input("Mr Fern")
    _press(page, "Save", last=True)
    assert page.radio(f"choose_{ref}_kind").options == ["Yours: School", "There now: Nursery"]
    page.radio(f"choose_{ref}_name").set_value("mine")
    _press(page, "Save what I chose")

    with reading() as db:
        kept = db.scalars(select(Professional)).one()
        assert (kept.kind, kept.name) == (ProfessionalKind.NURSERY, "Mr Fern")


def test_a_school_is_added_changed_and_removed(open_page: OpenPage, dana: str) -> None:
    page = _part(open_page, "amina", dana, "family")
    family = _family(dana)

    page.selectbox(form_key("professional_kind", family)).select("school")
    page.text_input(form_key("organisation", family)).input("Bramble Primary")
    _press(page, "Add", last=True)
    assert page.dataframe[1].value["organisation"].tolist() == ["Bramble Primary"]

    with reading() as db:
        school = db.scalars(select(Professional.ref)).one()
    page.selectbox(form_key("professional_choice", family, 1)).select(school).run()
    page.text_input(form_key("name", school, 1)).input("Ms Fern")
    _press(page, "Save", last=True)
    assert page.dataframe[1].value["name"].tolist() == ["Ms Fern"]

    page.selectbox(form_key("professional_choice", family, 2)).select(school).run()
    _press(page, "Remove")
    assert len(page.dataframe) == 1


def test_a_facilitator_sees_and_changes_nothing(
    open_page: OpenPage, somebody: Somebody, dana: str
) -> None:
    amina, family = somebody("amina"), _family(dana)
    with transaction() as db:
        school = ProfessionalDraft(kind=ProfessionalKind.SCHOOL, organisation="Bramble Primary")
        professionals.add(db, amina, family, school)

    page = _part(open_page, "ben", dana, "family")

    assert page.dataframe[0].value["organisation"].tolist() == ["Bramble Primary"]
    assert not page.expander
    assert page.info[0].value.startswith("Nobody else is recorded that you may see.")


# --- Keeping a colleague out -------------------------------------------------------------


def test_a_coordinator_keeps_a_colleague_out_and_lets_her_in_again(
    open_page: OpenPage, somebody: Somebody, dana: str
) -> None:
    ben = somebody("ben")
    page = _part(open_page, "amina", dana, "details")

    page.selectbox(form_key("colleague", dana)).select(ben.ref)
    _press(page, "Keep her out")
    assert page.error[0].value == "Say why, in up to 500 letters."
    page.text_input(form_key("reason", dana)).input("They are neighbours")
    _press(page, "Keep her out")

    assert page.expander[0].label.endswith("· 1 kept out")
    assert open_page("participants", "ben", participant=dana).error

    page.selectbox(form_key("kept_out", dana, 1)).select(ben.ref)
    _press(page, "Let her in")
    assert not open_page("participants", "ben", participant=dana).error


def test_a_facilitator_is_offered_no_locks(open_page: OpenPage, dana: str) -> None:
    assert not _part(open_page, "ben", dana, "details").expander


def test_the_register_says_that_somebody_is_not_shown_and_not_who(
    open_page: OpenPage, somebody: Somebody
) -> None:
    amina, ben = somebody("amina"), somebody("ben")
    with transaction() as db:
        group = make_group(db, amina, [ben])
        person = make_person(db, amina, "Ines")
        make_place(db, amina, group, person)
        session = session_of(db, group, 3).ref
        record_locks.keep_out(db, amina, person.ref, ben.ref, reason="They are neighbours")
        assert registers.view(db, ben, session).unseen == 1

    page = open_page("register", "ben", session=session)

    assert "Expected as well, and not shown to you: 1." in page.caption[1].value
    assert not page.info
    assert "Ines" not in str(page.main)


def _part(open_page: OpenPage, username: str, ref: str, part: str) -> AppTest:
    page = open_page("participants", username, participant=ref)
    return page.button_group("part").set_value(part).run()


def _relate(somebody: Somebody, person: str, relative: str, relation: Relation) -> None:
    amina = somebody("amina")
    with transaction() as db:
        draft = KinshipDraft(person_ref=person, relative_ref=relative, relation=relation)
        kinships.add(db, amina, draft)


def _ref(first_name: str) -> str:
    with reading() as db:
        return next(one.ref for one in db.scalars(select(Person)) if one.first_name == first_name)


def _family(ref: str) -> str:
    with reading() as db:
        query = select(Family.ref).join(Person, Person.family_id == Family.id)
        return db.scalars(query.where(Person.ref == ref)).one()


def _press(page: AppTest, label: str, *, last: bool = False) -> None:
    buttons = [button for button in page.button if button.label == label]
    buttons[-1 if last else 0].click().run()
