"""PHQ-9 and GAD-7 read together by the rule of the NHS, and children's measures by CORC's."""

from collections import Counter
from dataclasses import dataclass

import pandas as pd
from sqlalchemy.orm import Session

from services.outcomes.verdicts_together import CORC, NHS, reads
from services.permissions import Actor, Permission
from services.tallies.shares import Share, is_large_enough, sees_small_numbers, share
from services.tallies.tallies import Kind
from services.tallies.tally_totals import several
from services.unchanged import while_unchanged

RULES = {
    NHS: (
        "PHQ-9 and GAD-7 together, as NHS Talking Therapies reads them: clear improvement where "
        "one falls reliably and neither rises reliably. In the clinical range is PHQ-9 at 10 or "
        "above, or GAD-7 at 8 or above; “recovered” is in it at the start and on neither at the "
        "end."
    ),
    CORC: (
        "A child’s measures together, as the Child Outcomes Research Consortium reads them: clear "
        "improvement where one improves reliably and none gets reliably worse. “Recovered” stands "
        "in quotation marks because crossing a line is not lived recovery."
    ),
}
_VERDICTS = {
    "improved": "Clear improvement",
    "unchanged": "About the same",
    "deteriorated": "Clear worsening",
}
_COLUMNS = ["verdict", "people", "label"]


@dataclass(frozen=True, slots=True)
class TogetherReport:
    """What one rule says of all who have every measure it needs; `verdicts`: verdict, people,
    label. The shares are of those in the clinical range at the start."""

    rule: str
    words: str
    people: int
    verdicts: pd.DataFrame
    recovered: Share
    reliably_recovered: Share

    @property
    def recovery(self) -> str:
        """How many recovered, of those who could."""
        if not self.recovered.of:
            return "Nobody was in the clinical range at the start, so nobody could recover."
        return (
            f"Of those in the clinical range at the start: “recovered” {self.recovered.words}; "
            f"with a clear improvement as well {self.reliably_recovered.words}."
        )


@while_unchanged
def together(
    db: Session, actor: Actor, *, programme: str | None = None, period: str | None = None
) -> tuple[TogetherReport, ...]:
    """One report for each rule that somebody's forms allow, without any that a few could be
    told from where the reader is not of the house."""
    actor.require(Permission.READ_OUTCOMES)
    kinds = (Kind.TOGETHER,)
    rows = several(db, actor, kinds, list(RULES), programme=programme, period=period)[kinds[0]]
    found = [
        _report(rule, [(case, code, n) for key, case, code, n in rows if key == rule])
        for rule in RULES
    ]
    shown = [one for one in found if one.people]
    return tuple(one for one in shown if sees_small_numbers(actor) or _is_large(one))


def _report(rule: str, rows: list[tuple[int, int, int]]) -> TogetherReport:
    changes: Counter[str] = Counter()
    cases = recovered = reliably = 0
    for was_case, code, people in rows:
        change, has_recovered = reads(code)
        changes[change] += people
        cases += people * was_case
        recovered += people * has_recovered
        reliably += people * (has_recovered and change == "improved")
    parts = [(words, share(changes[key], changes.total())) for key, words in _VERDICTS.items()]
    return TogetherReport(
        rule=rule,
        words=RULES[rule],
        people=changes.total(),
        verdicts=pd.DataFrame([(w, p.count, p.words) for w, p in parts], columns=_COLUMNS),
        recovered=share(recovered, cases),
        reliably_recovered=share(reliably, cases),
    )


def _is_large(one: TogetherReport) -> bool:
    shares = (one.recovered, one.reliably_recovered)
    difference = one.recovered.count - one.reliably_recovered.count
    return (
        all(map(is_large_enough, one.verdicts["people"]))
        and all(is_large_enough(part.count, part.of) for part in shares)
        and (difference == 0 or is_large_enough(difference))
    )
