"""The programmes' files: whole, and refused plainly when broken."""

import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from models import measures as forms
from services.definitions import DefinitionError, read_keyed
from services.programmes.programme_library import FOLDER, Point, ProgrammeTemplate, shipped

KEYS = sorted(path.stem for path in FOLDER.glob("*.yaml"))
Broken = dict[str, Any]


@pytest.mark.parametrize("key", KEYS)
def test_every_programme_has_one_topic_a_session(key: str) -> None:
    found = shipped()[key]

    assert len(found.topics) == found.sessions
    assert all(topic.strip() for topic in found.topics)


@pytest.mark.parametrize("key", KEYS)
def test_every_programme_takes_measures_at_the_start_and_the_end(key: str) -> None:
    for entry in shipped()[key].measures:
        assert {"start", "end"} <= set(entry.points)


@pytest.mark.parametrize("key", KEYS)
def test_every_programme_has_two_adults_and_enough_for_its_children(key: str) -> None:
    found = shipped()[key]

    assert found.staff >= 2
    if found.children_per_adult is not None:
        assert found.staff * found.children_per_adult >= found.capacity


# Kind, sessions, minutes, capacity, to complete: domain §1.1, and ours for the three of our own.
SHIPPED = {
    "ava_community_groups": ("closed", 12, 120, 8, 9),
    "coffee_craft_connect": ("open", 12, 120, 20, 9),
    "crush": ("closed", 10, 90, 8, 8),
    "dart": ("closed", 10, 120, 6, 8),
    "escape_the_trap": ("closed", 8, 90, 8, 6),
    "freedom_programme": ("rolling", 12, 120, 12, 12),
    "helping_hands": ("closed", 10, 60, 8, 8),
    "hope2recovery": ("closed", 6, 90, 10, 5),
    "kids_club": ("closed", 10, 60, 7, 8),
    "monkey_bob": ("open", 6, 30, 6, 5),
    "my_life": ("closed", 12, 120, 14, 9),
    "open_door": ("rolling", 11, 120, 12, 11),
    "own_my_life": ("closed", 12, 120, 15, 9),
    "pattern_changing": ("closed", 14, 120, 12, 11),
    "power_to_change": ("closed", 12, 120, 12, 9),
    "recovering_together": ("closed", 12, 90, 6, 9),
    "recovery_toolkit": ("closed", 12, 120, 12, 9),
    "side_by_side": ("closed", 10, 120, 6, 8),
    "steps_forward": ("closed", 12, 120, 12, 9),
    "talking_to_my_mum": ("closed", 8, 60, 1, 6),
    "turnaround": ("closed", 6, 90, 8, 5),
    "you_and_me_mum": ("closed", 10, 120, 12, 8),
}


def test_the_programmes_that_ship_have_the_shape_that_was_published() -> None:
    assert {
        key: (one.kind, one.sessions, one.minutes, one.capacity, one.to_complete.needed)
        for key, one in shipped().items()
    } == SHIPPED


def test_every_file_says_what_completes_as_it_is_read() -> None:
    for key, found in shipped().items():
        written = yaml.safe_load((FOLDER / f"{key}.yaml").read_text(encoding="utf-8"))
        assert written["completion_share"] == found.completion_share, key


@pytest.mark.parametrize(
    ("key", "ages"),
    [
        ("dart", (7, 14)),
        ("ava_community_groups", (4, 21)),
        ("kids_club", (6, 12)),
        ("turnaround", (7, 11)),
        ("helping_hands", (5, 11)),
        ("monkey_bob", (3, 7)),
        ("escape_the_trap", (12, 16)),
        ("crush", (13, 19)),
        ("side_by_side", (7, 11)),
        ("own_my_life", (18, None)),
    ],
)
def test_ages_are_those_published(key: str, ages: tuple[int, int | None]) -> None:
    assert (shipped()[key].age_min, shipped()[key].age_max) == ages


def test_who_may_join_until_when_and_when_they_meet_again() -> None:
    assert shipped()["own_my_life"].cutoff_week == 2
    assert shipped()["freedom_programme"].cutoff_week is None
    assert shipped()["pattern_changing"].follow_up_weeks == 5
    assert shipped()["coffee_craft_connect"].measures == ()


def test_points_are_the_same_as_in_the_records() -> None:
    assert set(typing.get_args(Point)) == {point.value for point in forms.Point}


def test_the_library_cannot_be_changed_from_outside() -> None:
    shipped().clear()

    assert shipped()["open_door"].title == "Open Door"


@pytest.mark.parametrize(
    ("key", "spoil", "sentence"),
    [
        (
            "steps_forward",
            lambda c: c["topics"].pop(),
            "steps_forward.yaml: write 12 different topics, one for each session.",
        ),
        (
            "steps_forward",
            lambda c: c["topics"].__setitem__(1, c["topics"][0]),
            "steps_forward.yaml: write 12 different topics",
        ),
        (
            "steps_forward",
            lambda c: c.update(cutoff_week=None),
            "steps_forward.yaml: a last week to join",
        ),
        ("open_door", lambda c: c.update(cutoff_week=2), "open_door.yaml: a last week to join"),
        (
            "open_door",
            lambda c: c.update(minimum=13),
            "open_door.yaml: it cannot take more",
        ),
        ("open_door", lambda c: c.update(key="door"), "open_door.yaml, field key: must be"),
        ("open_door", lambda c: c.update(staff=1), "open_door.yaml, field staff: "),
        ("crush", lambda c: c.update(completion_share=0), "crush.yaml, field completion_share"),
        (
            "side_by_side",
            lambda c: c.pop("children_per_adult"),
            "side_by_side.yaml: say how many children there may be to an adult, as children come.",
        ),
        (
            "open_door",
            lambda c: c["measures"][0].update(measure="swem"),
            "open_door.yaml: there is no measure swem.",
        ),
        (
            "open_door",
            lambda c: c["measures"][0].update(respondent="parent"),
            "open_door.yaml: SWEMWBS has no form for parent to fill in.",
        ),
        (
            "side_by_side",
            lambda c: c["measures"][3].update(measure="kidscreen10"),
            "side_by_side.yaml: KIDSCREEN-10 is not meant for people of this age.",
        ),
        (
            "steps_forward",
            lambda c: c["measures"][0].update(measure="ypcore"),
            "steps_forward.yaml: YP-CORE is not meant for people of this age.",
        ),
    ],
)
def test_a_broken_file_is_named_with_the_field(
    tmp_path: Path, key: str, spoil: Callable[[Broken], object], sentence: str
) -> None:
    content = yaml.safe_load((FOLDER / f"{key}.yaml").read_text(encoding="utf-8"))
    spoil(content)
    path = tmp_path / f"{key}.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")

    with pytest.raises(DefinitionError) as refusal:
        read_keyed(path, ProgrammeTemplate)

    assert str(refusal.value).startswith(sentence)
