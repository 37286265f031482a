"""What is said of a measure, complete for every one; and a wording file to be filled in."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from services.definitions import DefinitionError
from services.measures.measure_facts import blank_wording, directory, facts
from services.measures.measure_library import measure, measures
from services.measures.measure_wording import with_wording


def said(key: str) -> dict[str, str]:
    return {fact.about: fact.said for fact in facts(measure(key))}


@pytest.mark.parametrize("key", measures())
def test_of_every_measure_it_is_said_whose_it_is_and_how_its_answers_count(key: str) -> None:
    found = said(key)
    assert found["Licence"] == measure(key).licence
    assert found["Stands beneath the form"] == measure(key).attribution_line
    assert {"For", "Ages", "Answered by", "Questions", "Comes to", "Words", "Left out"} <= set(
        found
    )
    assert "None" not in " ".join(found.values()).replace("None;", "")


def test_numbers_stand_with_their_sources() -> None:
    core = said("core10")
    assert core["A change is clear"] == "from 6 points on (Barkham and others 2013)"
    assert core["Comes to"] == "0 to 40, ten times the mean of the answers; lower is better"
    assert core["Action the same day"].startswith("item 6 (plans to end own life)")
    assert "Nobody has published" in said("steps")["A change is clear"]


def test_the_list_says_in_whose_words_a_form_is(licensed: Callable[..., None]) -> None:
    licensed("gad7")
    words = dict(zip(directory()["ref"], directory()["words"], strict=True))
    assert words["steps"] == "Our own"
    assert words["gad7"] == "Yours, by permission"
    assert (words["core10"], words["swemwbs"]) == ("Topics only", "None: a total from paper")
    assert "Permission 12 of 2026" in said("gad7")["Words"]


def test_a_wording_that_could_not_be_used_says_why(licensed: Callable[..., None]) -> None:
    licensed("gad7", items={1: "Only one?"})
    assert "gad7.yaml, field items: needs the items 1 to 7" in said("gad7")["Words"]


@pytest.mark.parametrize("key", [key for key, form in measures().items() if not form.text_included])
def test_a_blank_wording_file_is_taken_once_it_is_filled_in(key: str, tmp_path: Path) -> None:
    path = tmp_path / f"{key}.yaml"
    path.write_text(blank_wording(measure(key)), encoding="utf-8")
    with pytest.raises(DefinitionError, match="registration_reference"):
        with_wording(measure(key), tmp_path)

    given = yaml.safe_load(path.read_text(encoding="utf-8"))
    given |= {"registration_reference": "No. 12", "items": dict.fromkeys(given["items"], "Words?")}
    path.write_text(yaml.safe_dump(given), encoding="utf-8")
    assert with_wording(measure(key), tmp_path).text_included
