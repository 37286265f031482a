"""Partners and the people there, on screen."""

from services.db import reading, transaction
from services.referrals import agencies, agency_workers
from services.referrals.agencies import AgencyDraft
from services.referrals.agency_workers import WorkerDraft
from tests.make import make_agency
from tests.pages.conftest import OpenPage, Somebody, form_key, press, unfold


def test_a_partner_is_added_changed_and_closed(open_page: OpenPage) -> None:
    page = open_page("referrals", "amina")
    page.button_group("show").set_value("partners").run()
    page.text_input(form_key("name")).input("Harbour Advice")
    page.selectbox(form_key("kind")).select("charity")
    press(page, "Add")
    assert page.title[0].value == "Harbour Advice"

    ref = page.query_params["partner"]
    unfold(page, "change_partner")
    page.text_input(form_key("phone", ref if isinstance(ref, str) else ref[0], 1)).input(
        "01632 960111"
    )
    press(page, "Save")
    assert page.text[0].value == "Phone: 01632 960111"

    press(page, "Close this partner")
    assert "closed" in page.caption[0].value


def test_people_at_a_partner_are_added_and_changed(open_page: OpenPage, somebody: Somebody) -> None:
    amina = somebody("amina")
    with transaction() as db:
        ref = make_agency(db, amina)
    page = open_page("referrals", "amina", partner=ref)
    page.text_input(form_key("name", f"worker{ref}")).input("Wren Tull")
    press(page, "Add")
    assert page.dataframe[0].value["name"].tolist() == ["Wren Tull"]

    unfold(page, "change_worker")
    page.selectbox(form_key("worker_choice", ref, 1)).select_index(0).run()
    page.checkbox[0].uncheck()
    press(page, "Save")
    with reading() as db:
        assert agency_workers.of_agency(db, amina, ref)["is_active"].tolist() == [False]


def test_two_who_change_one_partner_or_its_worker_choose_between_their_versions(
    open_page: OpenPage, somebody: Somebody
) -> None:
    amina, zora = somebody("amina"), somebody("zora")
    with transaction() as db:
        ref = make_agency(db, amina)
        worker = agency_workers.add(db, amina, ref, WorkerDraft(name="Wren Tull"))
    page = open_page("referrals", "amina", partner=ref)
    for key in ("change_partner", "change_worker"):
        unfold(page, key)
    page.selectbox(form_key("worker_choice", ref)).select_index(0).run()
    with transaction() as db:
        hers = WorkerDraft(name="Wren Tull", phone="01632 960222")
        agency_workers.change(db, zora, worker, hers, active=True, version=1)

    page.checkbox(form_key("works", worker)).uncheck()
    press(page, "Save")
    assert page.radio(f"choose_{worker}_works").value == "mine"
    press(page, "Save what I chose")
    with transaction() as db:
        theirs = AgencyDraft(name="Harbour Advice", kind="charity", phone="01632 960111")
        agencies.change(db, zora, ref, theirs, version=1)
    page.text_input(form_key("name", ref, 1)).input("Harbour Aid")
    press(page, "Save")
    press(page, "Save what I chose")

    with reading() as db:
        kept = agency_workers.of_agency(db, amina, ref).iloc[0]
        assert (kept["phone"], kept["is_active"]) == ("01632 960222", False)
        partner = agencies.summary(db, amina, ref)
        assert (partner.name, partner.phone) == ("Harbour Aid", "01632 960111")


def test_a_facilitator_reads_partners_and_changes_none(
    open_page: OpenPage, somebody: Somebody
) -> None:
    amina = somebody("amina")
    with transaction() as db:
        ref = make_agency(db, amina)
        assert agencies.choices(db, amina)
    page = open_page("referrals", "ben", partner=ref)
    assert page.title[0].value == "Harbour Advice"
    assert not page.text_input
