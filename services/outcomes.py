"""Whether people get better: the way from enrolling to two forms, and the change between them.

Everything comes from kept counts (`services.tallies`), so a page costs the same at any size.
"""

from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache

import pandas as pd
from sqlalchemy.orm import Session

from models import Respondent
from services import programmes
from services.errors import NotFoundError
from services.measure_counts import STEPS
from services.measure_definition import Measure
from services.measure_library import measures
from services.measure_words import answered_by
from services.outcome_change import (
    Change,
    change,
    has_rule,
    mean_of,
    movements,
    rule_in_words,
    spread,
    verdicts,
)
from services.permissions import Actor, Permission
from services.shares import (
    CARE,
    CARE_BELOW,
    MEANS_FROM,
    WITHHELD,
    is_large_enough,
    sees_small_numbers,
    share,
)
from services.tallies import Kind
from services.tally_totals import totals

NOT_CAUSED = (
    "Scores before and after do not show what brought a change about: people often feel better "
    "with time, on waiting lists too."
)
NOTHING_YET = (
    "No measures have been recorded yet. Facilitators record them under Measures; what they "
    "show appears here once there are start forms."
)
NO_PAIRS = (
    "Nobody has this measure at the start and at the end yet, so nothing can be said about "
    "change. End forms are due from a week before the last session."
)
FEW_PAIRS = (
    f"Fewer than {MEANS_FROM} people have both forms, so no mean is shown: one person more or "
    "less would move it too far."
)
FAMILIES = (
    "Enrolled counts parents and children together, while a form is asked of only some of them."
)


@dataclass(frozen=True, slots=True)
class Missing:
    """Those with a start form and no end form beside those with both, by their start score.

    Means are None below ten people.
    """

    with_end: int
    without_end: int
    start_mean_with_end: float | None
    start_mean_without_end: float | None

    @property
    def words(self) -> str:
        """Who is missing, and whether they began differently."""
        if not self.without_end:
            return "Everybody with a start form has an end form too."
        people = "person has" if self.without_end == 1 else "people have"
        sentence = (
            f"{self.without_end:,} {people} a start form and no end form, some because their "
            "group is still running."
        )
        if self.start_mean_with_end is None or self.start_mean_without_end is None:
            return f"{sentence} They are too few to say whether they began differently."
        return (
            f"{sentence} At the start their mean was {self.start_mean_without_end:.1f}, that of "
            f"the {self.with_end:,} with both forms {self.start_mean_with_end:.1f}."
        )


@dataclass(frozen=True, slots=True)
class Outcomes:
    """All that can be said about one measure; frames are empty where nothing can.

    flow: step, people, of, share, low, high (95% Wilson), label, in the order people take.
    spread and verdicts: see `services.outcome_change`. notes belong beside the figures.
    """

    title: str
    flow: pd.DataFrame
    pairs: int | None
    change: Change | None
    spread: pd.DataFrame
    verdicts: pd.DataFrame
    has_rule: bool
    rule: str
    missing: Missing | None
    notes: tuple[str, ...]

    @property
    def flow_in_words(self) -> str:
        """What the chart of the flow shows, for whom it is read aloud."""
        return "From enrolling to both forms. " + ". ".join(self.flow["label"]) + "."

    @property
    def change_in_words(self) -> str:
        """What the chart of changes shows, for whom it is read aloud."""
        rows = zip(self.verdicts["verdict"], self.verdicts["label"], strict=True)
        parts = [f"{verdict}: {label}" for verdict, label in rows]
        mean = [self.change.words] if self.change else []
        return f"{self.title}: how scores changed. " + ". ".join([*mean, *parts]) + "."


def choices(db: Session, actor: Actor) -> dict[str, str]:
    """The measures somebody has a start form of, the most used first: key to words.

    The Talking and Feelings Steps have a page of their own and no verdicts.
    """
    actor.require(Permission.READ_OUTCOMES)
    used = sorted(totals(db, actor, Kind.START, "key"), key=lambda row: row[1], reverse=True)
    known = measures()
    return {
        key: _title(*_parts(key))
        for key, _ in used
        if key.split(":")[0] in known and not key.startswith(f"{STEPS}:")
    }


def report(db: Session, actor: Actor, key: str, *, programme: str | None = None) -> Outcomes:
    """One measure as one respondent answered it (`swemwbs:self`), in one programme or in all.

    Raises NotFoundError for a measure there is no description of. An evaluator may not name a
    programme, and sees nothing that rests on fewer than ten people (`services.shares`).
    """
    actor.require(Permission.READ_OUTCOMES)
    _parts(key)
    places = totals(db, actor, Kind.PLACE, "key", programme=programme)
    starts = totals(db, actor, Kind.START, "first", key=key, programme=programme)
    pairs = totals(db, actor, Kind.PAIR, "first", "second", key=key, programme=programme)
    worked_out = _worked_out(key, tuple(places), tuple(starts), tuple(pairs))
    found = replace(worked_out, notes=_notes(db, worked_out.pairs or 0, programme))
    return found if sees_small_numbers(actor) else _for_outsiders(found)


@lru_cache(maxsize=64)
def _worked_out(
    key: str,
    places: tuple[tuple[str, int], ...],
    starts: tuple[tuple[int, int], ...],
    pairs: tuple[tuple[int, int, int], ...],
) -> Outcomes:
    """Remembered, since the same counts come back with every click until a form is saved."""
    form, respondent = _parts(key)
    began = Counter(dict(starts))
    both: Counter[int] = Counter()
    for start, _, people in pairs:
        both[start] += people
    moved, mean = movements(pairs, form), change(pairs, form)
    return Outcomes(
        title=_title(form, respondent),
        flow=_flow(dict(places), began.total(), both.total()),
        pairs=both.total(),
        change=mean,
        spread=spread(moved, form, mean),
        verdicts=verdicts(moved, form),
        has_rule=has_rule(form),
        rule=rule_in_words(form),
        missing=_missing(began, both),
        notes=(),
    )


def _parts(key: str) -> tuple[Measure, Respondent]:
    name, _, respondent = key.partition(":")
    found = measures().get(name)
    if found is None or respondent not in {view.value for view in Respondent}:
        raise NotFoundError("measure")
    return found, Respondent(respondent)


def _title(form: Measure, respondent: Respondent) -> str:
    return f"{form.short_title}, {answered_by(respondent)}"


def _flow(reached: dict[str, int], with_start: int, with_both: int) -> pd.DataFrame:
    """The way from enrolling to both forms; each step says of whom it is a share (domain §3.4)."""
    enrolled, started = reached.get("enrolled", 0), reached.get("started", 0)
    steps = (
        ("Started", started, enrolled, "enrolled"),
        ("Completed", reached.get("completed", 0), started, "who started"),
        ("Start form", with_start, enrolled, "enrolled"),
        ("Start and end form", with_both, started, "who started"),
    )
    rows: list[tuple[object, ...]] = [
        ("Enrolled", enrolled, None, None, None, None, f"{enrolled:,} enrolled")
    ]
    for step, people, of, of_words in steps:
        part = share(people, of)
        label = f"{step}: {part.words_of(of_words)}"
        rows.append((step, people, of, part.share, part.low, part.high, label))
    columns = ["step", "people", "of", "share", "low", "high", "label"]
    return pd.DataFrame(rows if enrolled or with_start else [], columns=columns)


def _missing(starts: Counter[int], both: Counter[int]) -> Missing:
    """Whether those without an end form began differently (domain §3.4)."""
    alone = starts - both
    return Missing(
        with_end=both.total(),
        without_end=alone.total(),
        start_mean_with_end=mean_of(both),
        start_mean_without_end=mean_of(alone),
    )


def _notes(db: Session, paired: int, programme: str | None) -> tuple[str, ...]:
    chosen = [one for key, one in programmes.newest(db).items() if programme in (None, key)]
    with_families = any(one.audience == "parents and children" for one in chosen)
    notes = (
        (NO_PAIRS, paired == 0),
        (FEW_PAIRS, 0 < paired < MEANS_FROM),
        (CARE, MEANS_FROM <= paired < CARE_BELOW),
        (FAMILIES, with_families),
        (NOT_CAUSED, paired > 0),
    )
    return tuple(sentence for sentence, applies in notes if applies)


def _for_outsiders(found: Outcomes) -> Outcomes:
    """The same without whatever rests on few people; a breakdown goes whole or not at all."""
    flow_stays = all(
        is_large_enough(people, of)
        for people, of in found.flow[["people", "of"]].dropna().itertuples(index=False)
    )
    enough = found.pairs is not None and is_large_enough(found.pairs)
    bars_stay = enough and all(map(is_large_enough, found.spread["people"]))
    verdicts_stay = enough and all(map(is_large_enough, found.verdicts["people"]))
    return replace(
        found,
        flow=found.flow if flow_stays else found.flow.iloc[:0],
        pairs=found.pairs if enough else None,
        spread=found.spread if bars_stay else found.spread.iloc[:0],
        verdicts=found.verdicts if verdicts_stay else found.verdicts.iloc[:0],
        missing=found.missing if flow_stays else None,
        notes=(*found.notes, WITHHELD),
    )
