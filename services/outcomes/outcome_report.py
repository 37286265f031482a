"""All that is said about one measure, and as much of it as may be told outside the house. Pure."""

from dataclasses import dataclass, replace

import pandas as pd

from services.measures.measure_definition import Measure
from services.outcomes import outcome_pairs
from services.outcomes.outcome_change import Change, Pairs
from services.outcomes.outcome_missing import Missing
from services.outcomes.outcome_pairs import Crossing
from services.tallies.shares import WITHHELD, is_large_enough


@dataclass(frozen=True, slots=True)
class Outcomes:
    """All that can be said about one measure; frames are empty where nothing can.

    flow: see `outcome_flow`. spread and verdicts: see `outcome_change`. crossing and ranks: see
    `outcome_pairs`; so too paths and before_after, which are worked out from `counted` once they
    are looked at. notes belong beside the figures.
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
    form: Measure
    counted: Pairs
    crossing: Crossing | None
    ranks: str

    @property
    def paths(self) -> pd.DataFrame:
        """Everybody's start and end."""
        return outcome_pairs.paths(self.counted, self.form)

    @property
    def before_after(self) -> pd.DataFrame:
        """The same people's scores before and after."""
        return outcome_pairs.before_after(self.counted, self.form)

    @property
    def in_short(self) -> str:
        """Who is in every figure of change: to stand beside each of them."""
        last = self.flow[self.flow["step"] == "Start and end form"]["label"]
        return "" if last.empty else f"{last.iloc[0]}."

    @property
    def flow_in_words(self) -> str:
        """What the chart of the flow shows, for whom it is read aloud."""
        return "The way to both forms. " + ". ".join(self.flow["label"]) + "."

    @property
    def change_in_words(self) -> str:
        """What the chart of changes shows, for whom it is read aloud."""
        rows = zip(self.verdicts["verdict"], self.verdicts["label"], strict=True)
        parts = [f"{verdict}: {label}" for verdict, label in rows]
        mean = [self.change.words] if self.change else []
        return f"{self.title}: how scores changed. " + ". ".join([*mean, *parts]) + "."


def for_outsiders(found: Outcomes) -> Outcomes:
    """The same without whatever rests on few people; a breakdown goes whole or not at all."""
    found = replace(found, flow=found.flow.assign(lost=""))  # reasons are few people each
    flow_stays = all(
        is_large_enough(people, of)
        for people, of in found.flow[["people", "of"]].dropna().itertuples(index=False)
    ) and _may_be_missed(found.missing)
    enough = found.pairs is not None and is_large_enough(found.pairs)
    bars_stay = enough and all(map(is_large_enough, found.spread["people"]))
    verdicts_stay = enough and all(map(is_large_enough, found.verdicts["people"]))
    return replace(
        found,
        flow=found.flow if flow_stays else found.flow.iloc[:0],
        pairs=found.pairs if enough else None,
        spread=found.spread if bars_stay else found.spread.iloc[:0],
        verdicts=found.verdicts if verdicts_stay else found.verdicts.iloc[:0],
        missing=_for_few(found.missing) if flow_stays else None,
        # Lines of one person each, and bars at the edges of a scale, tell of single people.
        counted=(),
        crossing=found.crossing if enough and _is_wide(found.crossing) else None,
        ranks="",
        notes=(*found.notes, WITHHELD),
    )


def _may_be_missed(one: Missing | None) -> bool:
    """Whether those without an end form may be told: the flow gives them away as a difference."""
    return one is None or not one.without_end or is_large_enough(one.without_end)


def _for_few(one: Missing | None) -> Missing | None:
    """The same without its ages, as soon as one of them is of few people."""
    if one is None:
        return None
    one = replace(one, changed=0)
    counts = one.ages[["with_end", "without_end"]].to_numpy().ravel()
    return one if all(map(is_large_enough, counts)) else replace(one, ages=one.ages.iloc[:0])


def _is_wide(one: Crossing | None) -> bool:
    """Whether each of the four ways there are from start to end is one of many people."""
    if one is None:
        return False
    stayed_in = one.before.count - one.out
    ways = (one.out, one.into, stayed_in, one.before.of - stayed_in - one.out - one.into)
    recovered = one.recovered
    return all(map(is_large_enough, ways)) and (
        recovered is None or is_large_enough(recovered.count, recovered.of)
    )
