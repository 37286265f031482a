"""What a programme is, and those that ship, each described by one file in data/programmes."""

from functools import cache
from math import ceil
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from services.attendance import COMPLETION_SHARE, sessions_to_complete
from services.config import DATA
from services.definitions import Definition, Keyed, read_folder
from services.measures.measure_definition import Respondent
from services.measures.measure_library import measures
from services.programmes.completion import Required

FOLDER = DATA / "programmes"

Audience = Literal["adults", "children", "parents and children"]
Point = Literal["start", "middle", "end", "follow_up"]
# How parents and children meet in one session of a pair of groups, as models.SessionShape has it.
Shape = Literal["together", "apart", "in_turns"]


class ScheduledMeasure(Definition):
    """A measure a programme takes: about whom, answered by whom, and when."""

    measure: str
    about: Literal["adult", "child"]
    respondent: Respondent
    points: tuple[Point, ...] = Field(min_length=1)


class ProgrammeTemplate(Keyed):
    """Everything the programme's groups start from; each run may then differ."""

    key: str = Field(max_length=40)
    version: int = Field(default=1, ge=1)  # counted where it is kept: programmes.py
    title: str = Field(min_length=2, max_length=80)
    summary: str
    modelled_on: str
    audience: Audience
    age_min: int = Field(ge=0)  # of the children where there are children, else of the adults
    age_max: int | None
    kind: Literal["closed", "rolling", "open"]
    sessions: int = Field(ge=1, le=200)
    minutes: int = Field(ge=1, le=600)
    capacity: int = Field(ge=1, le=60)
    capacity_counts: Literal["people", "families"] = "people"
    minimum: int = Field(ge=1)
    staff: int = Field(ge=2)  # never fewer than two adults
    children_per_adult: int | None = Field(default=None, ge=1)
    cutoff_week: int | None = Field(ge=1)  # the last week to join; none for rolling groups
    follow_up_weeks: int | None = Field(ge=1)  # from the last session to the meeting after it
    completion_share: float = Field(default=COMPLETION_SHARE, gt=0, le=1)
    topics: tuple[str, ...]
    # One for each session where parents and children meet in two groups at once; else empty.
    shapes: tuple[Shape, ...] = ()
    measures: tuple[ScheduledMeasure, ...]

    @property
    def staff_of_half(self) -> int:
        """Adults in charge in each of two linked groups: `staff` says how many are in both rooms,
        and nobody is alone in either."""
        return max(2, ceil(self.staff / 2))

    @property
    def topics_to_complete(self) -> int | None:
        """In a rolling group, how many topics are to be covered, over any number of rounds."""
        return len(self.topics) if self.kind == "rolling" else None

    @property
    def to_complete(self) -> Required:
        """What completes a run that offers every session."""
        if self.topics_to_complete is not None:
            return Required.of_topics(self.topics_to_complete)
        return Required(sessions_to_complete(self.sessions, self.completion_share), self.sessions)

    @property
    def goes_round(self) -> bool:
        """Whether its topics may come round again in one group: not where it is closed, or
        parents and children meet as it says."""
        return self.kind != "closed" and not self.is_for_a_pair

    @property
    def is_for_a_pair(self) -> bool:
        """Whether it runs as two linked groups: the parents' and the children's."""
        return bool(self.shapes)

    @model_validator(mode="before")
    @classmethod
    def _rolling_asks_for_all(cls, said: Any) -> Any:
        """A rolling group is completed by each topic once, whatever share was written down."""
        is_rolling = isinstance(said, dict) and said.get("kind") == "rolling"
        return {**said, "completion_share": 1.0} if is_rolling else said

    @model_validator(mode="after")
    def _parts_fit(self) -> Self:
        if len(set(self.topics)) != self.sessions:
            raise ValueError(f"write {self.sessions} different topics, one for each session")
        if (self.cutoff_week is None) != (self.kind != "closed"):
            raise ValueError("a last week to join is needed for a closed group, and only there")
        if self.minimum > self.capacity:
            raise ValueError("it cannot take more people to begin than there are places")
        if self.children_per_adult is None and self.audience != "adults":
            raise ValueError("say how many children there may be to an adult, as children come")
        if self.shapes and self.audience != "parents and children":
            raise ValueError("only a programme for parents and children has two groups at once")
        if len(self.shapes) not in (0, self.sessions):
            raise ValueError(
                "say of each session whether parents and children are together or apart"
            )
        for entry in self.measures:
            _check_measure(self, entry)
        return self


def shipped() -> dict[str, ProgrammeTemplate]:
    """Every programme that ships by its key, in alphabetical order of the keys."""
    return dict(_library())


@cache
def _library() -> dict[str, ProgrammeTemplate]:
    return read_folder(FOLDER, ProgrammeTemplate)


def _check_measure(programme: ProgrammeTemplate, entry: ScheduledMeasure) -> None:
    known = measures().get(entry.measure)
    if known is None:
        raise ValueError(f"there is no measure {entry.measure}")
    if entry.respondent not in known.respondents:
        raise ValueError(f"{known.short_title} has no form for {entry.respondent} to fill in")
    too_young = entry.about == "child" and programme.age_min < known.age_min
    if too_young or (entry.about == "adult" and known.age_max is not None):
        raise ValueError(f"{known.short_title} is not meant for people of this age")
