"""The measures' files: complete, true to their own examples, and refused plainly when broken."""

import math
import re
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from models import measures as forms
from services.definitions import DefinitionError, read_keyed
from services.measures.measure_definition import Measure, Respondent
from services.measures.measure_draft import takes_items
from services.measures.measure_library import FOLDER, measure, measures, wording_fault
from services.measures.measure_result import change_in_words
from services.measures.measure_wording import WORDINGS, with_wording
from services.scoring import score

KEYS = sorted(path.stem for path in FOLDER.glob("*.yaml"))
Broken = dict[str, Any]


@pytest.fixture
def broken(tmp_path: Path) -> Callable[[str, Callable[[Broken], object]], Path]:
    """A copy of a measure's file with one thing wrong in it."""

    def write(key: str, spoil: Callable[[Broken], object]) -> Path:
        content = yaml.safe_load((FOLDER / f"{key}.yaml").read_text(encoding="utf-8"))
        spoil(content)
        path = tmp_path / f"{key}.yaml"
        path.write_text(yaml.safe_dump(content), encoding="utf-8")
        return path

    return write


# --- The files that ship -------------------------------------------------------------------


@pytest.mark.parametrize("key", KEYS)
def test_every_file_scores_its_own_worked_example(key: str) -> None:
    example = measure(key).worked_example

    found = score(key, example.answers)

    assert found.total == example.total
    assert found.subscales == example.subscales
    assert found.band == example.band
    assert found.missing == example.missing
    assert found.scored


@pytest.mark.parametrize("key", KEYS)
def test_the_worked_example_tells_answers_apart(key: str) -> None:
    answers = [value for value in measure(key).worked_example.answers.values() if value is not None]

    assert len(set(answers)) > 1


def test_the_measures_named_in_the_design_are_all_there() -> None:
    wanted = "phq9 gad7 core10 ypcore wemwbs swemwbs rosenberg sdq ors kidscreen10 bpses eesc gbo"

    more = {"steps", "cors", "srs", "csrs", "gsrs", "my_star", "empowerment_star"}

    assert {*wanted.split()} | more <= set(measures())


def test_only_our_own_measure_ships_its_wording() -> None:
    assert [key for key, found in measures().items() if found.text_included] == ["steps"]


def test_a_figure_nobody_published_says_so_wherever_it_stands() -> None:
    unsure = {
        key: [one.named_source for one in figures if one and not one.confirmed]
        for key, found in measures().items()
        if (figures := (*found.cutoffs, found.reliability, found.sd, found.reliable_change))
    }
    assert {key for key, sources in unsure.items() if sources} == {"ors", "cors"}
    assert all("not confirmed" in source for sources in unsure.values() for source in sources)
    assert not any("confirm" in path.read_text() for path in FOLDER.glob("*.yaml") if path.stem
                   not in {"ors", "cors"})  # fmt: skip
    said = change_in_words(measure("ors"), 10.0, 20.0, items=4)
    assert "not confirmed by a publication" in said[-1]


@pytest.mark.parametrize("key", KEYS)
def test_every_measure_says_whose_it_is_and_how_it_may_be_used(key: str) -> None:
    found = measure(key)

    assert found.licence
    assert found.attribution_line
    assert found.registration_reference is None  # the charity fills it in


def test_what_may_only_be_entered_as_scores_says_so() -> None:
    scores = {key for key, found in measures().items() if found.entry_without_licence == "scores"}

    assert {"sdq", "sdq_impact", "ors", "cors", "srs", "parq_short", "pacs"} <= scores
    assert {"wemwbs", "swemwbs"} <= scores
    assert {"steps", "gbo", "core10"}.isdisjoint(scores)


@pytest.mark.parametrize("key", ["pcc", "pcp"])
def test_what_a_sheet_we_have_not_got_turns_round_is_never_entered_by_items(key: str) -> None:
    permitted = measure(key).model_copy(update={"registration_reference": "A-1"})

    assert not takes_items(permitted)


def test_forms_that_can_show_an_immediate_risk_name_the_item() -> None:
    risks = {key: [risk.number for risk in found.risk_items] for key, found in measures().items()}

    assert {key: items for key, items in risks.items() if items} == {
        "phq9": [9],
        "core10": [6],
        "ypcore": [4],
    }


@pytest.mark.parametrize(
    ("key", "cutoff", "points"),
    [
        ("phq9", 10, 6),
        ("gad7", 8, 4),
        ("core10", 11, 6),
        ("wemwbs", 40, 8),
        ("swemwbs", 18, 3),
        ("rosenberg", None, 5),
        ("sdq", 17, 7),
        ("ors", 25, 6),
        ("cors", 32, 6),
        ("gbo", None, 2.45),
        ("ypcore", None, None),
        ("kidscreen10", None, None),
        ("eesc", None, None),
        ("bpses", None, None),
        ("steps", None, None),
    ],
)
def test_thresholds_and_reliable_change_are_those_published(
    key: str, cutoff: float | None, points: float | None
) -> None:
    found = measure(key)

    assert (found.cutoff.value if found.cutoff else None) == cutoff
    assert (found.reliable_change.points if found.reliable_change else None) == points


@pytest.mark.parametrize("key", ["phq9", "gad7", "core10", "wemwbs", "swemwbs", "rosenberg", "sdq"])
def test_reliable_change_follows_from_the_published_figures(key: str) -> None:
    found = measure(key)
    assert found.sd is not None
    assert found.reliability is not None
    assert found.reliable_change is not None
    assert found.reliable_change.criterion is not None

    noise = found.sd.value * math.sqrt(2 * (1 - found.reliability.value))

    assert found.reliable_change.points == math.ceil(found.reliable_change.criterion * noise)
    assert found.reliable_change.inclusive


def test_scores_that_run_down_are_known_from_those_that_run_up() -> None:
    better = {key: found.higher_is_better for key, found in measures().items()}

    assert {key for key, up in better.items() if up is None} == {"cprs_short"}
    assert {key for key, up in better.items() if up} == {
        *("wemwbs", "swemwbs", "rosenberg", "ors", "cors", "srs", "csrs", "gsrs"),
        *("my_star", "empowerment_star"),
        *("kidscreen10", "bpses", "pacs", "pcc", "pcp", "gbo", "steps"),
    }


def test_the_steps_ship_with_their_anchors() -> None:
    options = measure("steps").options

    assert options.not_seen == "Not seen"
    assert list(options.labels) == [0, 1, 2, 3, 4]
    assert options.labels[0] == "Not yet"
    assert options.labels[4] == "By themselves and in new places"


def test_the_other_printing_of_the_self_esteem_scale_leads_to_the_same_items() -> None:
    orders = measure("rosenberg").orders

    assert orders["1965"] == {number: number for number in range(1, 11)}
    assert list(orders["alternative"].values()) == [7, 3, 9, 4, 5, 10, 1, 8, 6, 2]
    assert list(orders["alternative"]) == list(range(1, 11))


def test_respondents_are_the_same_as_in_the_records() -> None:
    assert set(typing.get_args(Respondent)) == {who.value for who in forms.Respondent}


# --- The library ---------------------------------------------------------------------------


def test_the_library_cannot_be_changed_from_outside() -> None:
    measures().pop("phq9")

    assert measure("phq9").short_title == "PHQ-9"
    with pytest.raises(ValidationError, match="frozen"):
        measure("phq9").version = 2  # type: ignore[misc]


def test_an_unknown_measure_is_answered_with_those_there_are() -> None:
    with pytest.raises(ValueError, match=r"no measure called 'phq'\. Choose one of: bpses, core10"):
        measure("phq")


# --- Broken files --------------------------------------------------------------------------


def _last_items_reversed(content: Broken) -> None:
    content["items"][-1], content["items"][-2] = content["items"][-2], content["items"][-1]


@pytest.mark.parametrize(
    ("key", "spoil", "sentence"),
    [
        ("phq9", lambda c: c.pop("title"), "phq9.yaml, field title: Field required."),
        (
            "phq9",
            lambda c: c["items"][2].update(topic=""),
            "phq9.yaml, field items.2.topic: String should have at least 2 characters.",
        ),
        (
            "phq9",
            lambda c: c.update(colour="red"),
            "phq9.yaml, field colour: Extra inputs are not permitted.",
        ),
        ("phq9", lambda c: c.update(key="phq"), "phq9.yaml, field key: must be phq9"),
        ("phq9", _last_items_reversed, "phq9.yaml: items must be numbered from 1 without gaps."),
        (
            "phq9",
            lambda c: c["risk_items"][0].update(number=10),
            "phq9.yaml: risk_items names item 10",
        ),
        (
            "phq9",
            lambda c: c["bands"][1].update(low=6),
            "phq9.yaml: bands must cover the whole range",
        ),
        (
            "phq9",
            lambda c: c["bands"][1].update(low=4),
            "phq9.yaml: bands must cover the whole range",
        ),
        ("phq9", lambda c: c["bands"].pop(), "phq9.yaml: bands must cover the whole range"),
        (
            "sdq",
            lambda c: c["respondent_bands"]["self"].pop(0),
            "sdq.yaml: bands must cover the whole range",
        ),
        ("phq9", lambda c: c["range"].update(high=28), "phq9.yaml: range does not follow"),
        ("phq9", lambda c: c.update(range=None), "phq9.yaml: range does not follow"),
        ("phq9", lambda c: c["missing"].pop("at_most"), "phq9.yaml: missing.at_most is needed"),
        ("swemwbs", lambda c: c["total"]["table"].pop(20), "swemwbs.yaml: total.table must hold"),
        (
            "swemwbs",
            lambda c: c["missing"].update(at_most=1),
            "swemwbs.yaml: total.table must hold every raw score of a complete form.",
        ),
        ("sdq", lambda c: c["total"]["of"].append("mood"), "sdq.yaml: total.of must name"),
        ("sdq", lambda c: c["total"].pop("of"), "sdq.yaml: total.of must name"),
        (
            "sdq",
            lambda c: c["items"][0].update(subscale="mood"),
            "sdq.yaml: subscales must be exactly those the items belong to.",
        ),
        (
            "sdq",
            lambda c: c["subscales"][0].update(at_least=6),
            "sdq.yaml: subscales.emotional.at_least is more than its 5 items.",
        ),
        (
            "sdq",
            lambda c: c["subscales"][0].update(range={"low": 0, "high": 8}),
            "sdq.yaml: subscales.emotional.range does not follow from its items.",
        ),
        (
            "rosenberg",
            lambda c: c["orders"]["alternative"].update({1: 2}),
            "rosenberg.yaml: orders.alternative must name every item once on each side.",
        ),
        (
            "sdq_impact",
            lambda c: c["options"]["worth"].pop(3),
            "sdq_impact.yaml: options.worth must say what every answer is worth.",
        ),
    ],
)
def test_a_broken_file_is_named_with_the_field(
    broken: Callable[[str, Callable[[Broken], object]], Path],
    key: str,
    spoil: Callable[[Broken], object],
    sentence: str,
) -> None:
    with pytest.raises(DefinitionError) as refusal:
        read_keyed(broken(key, spoil), Measure)

    assert str(refusal.value).startswith(sentence)


def test_a_file_that_is_not_yaml_is_named_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "phq9.yaml"
    path.write_text("key: phq9\ntitle: one: two\n", encoding="utf-8")

    with pytest.raises(DefinitionError, match=r"phq9\.yaml is not valid YAML: .* line 2"):
        read_keyed(path, Measure)


def test_an_empty_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "phq9.yaml"
    path.write_text("", encoding="utf-8")

    with pytest.raises(DefinitionError, match=r"^phq9\.yaml: "):
        read_keyed(path, Measure)


# --- Wording a charity is licensed to use ------------------------------------------------


def write_wording(folder: Path, key: str = "gad7", **more: object) -> None:
    """A wording file, invented."""
    facts = {
        "registration_reference": "Permission 12 of 2026",
        "items": {number: f"Invented question {number}?" for number in range(1, 8)},
        "options": {0: "Never", 3: "Always"},
        **more,
    }
    (folder / f"{key}.yaml").write_text(yaml.safe_dump(facts), encoding="utf-8")


def test_no_wording_ships_and_a_form_shows_our_own_labels(tmp_path: Path) -> None:
    assert not list(WORDINGS.glob("*.yaml"))
    form = measure("gad7")
    assert with_wording(form, tmp_path) is form


def test_a_licensed_wording_is_shown_instead_and_scores_the_same(tmp_path: Path) -> None:
    write_wording(tmp_path)
    ours, theirs = measure("gad7"), with_wording(measure("gad7"), tmp_path)

    assert theirs.items[0].topic == "Invented question 1?"
    assert (theirs.options.labels[0], theirs.registration_reference) == (
        "Never",
        "Permission 12 of 2026",
    )
    assert [item.reverse for item in theirs.items] == [item.reverse for item in ours.items]
    assert (theirs.total, theirs.bands) == (ours.total, ours.bands)


def test_a_form_of_scores_is_entered_by_item_once_it_is_licensed(tmp_path: Path) -> None:
    write_wording(tmp_path, "swemwbs", options={})

    assert not takes_items(measure("swemwbs"))
    assert takes_items(with_wording(measure("swemwbs"), tmp_path))


def test_a_wording_that_cannot_be_used_keeps_no_other_form_from_being_recorded(
    licensed: Callable[..., None],
) -> None:
    licensed("gad7", items={1: "Only one?"})
    licensed("phq9")

    assert measure("gad7").items[0].topic == "Nerves"
    assert measure("phq9").text_included
    assert "gad7.yaml, field items" in (wording_fault("gad7") or "")
    assert wording_fault("phq9") is None


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"items": {1: "Only one?"}}, "gad7.yaml, field items: needs the items 1 to 7"),
        ({"options": {4: "More"}}, "gad7.yaml, field options: the answers are 0 to 3"),
        ({"registration_reference": ""}, "gad7.yaml, field registration_reference"),
        ({"licence": "x"}, "gad7.yaml, field licence"),
    ],
)
def test_a_wording_that_does_not_fit_its_form_is_named_plainly(
    tmp_path: Path, change: dict[str, object], sentence: str
) -> None:
    write_wording(tmp_path, **change)

    with pytest.raises(DefinitionError, match=re.escape(sentence)):
        with_wording(measure("gad7"), tmp_path)
