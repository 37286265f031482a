"""Whether people get better: the way from enrolling to two forms, and the change between them.

Everything comes from kept counts (`services.tallies`), so a page costs the same at any size.
"""

from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Point, Respondent, Tally
from services.errors import NotFoundError
from services.measures.measure_counts import POINT_NUMBERS, STEPS
from services.measures.measure_definition import Measure
from services.measures.measure_library import measures
from services.measures.measure_words import answered_by
from services.outcomes.outcome_change import (
    change,
    has_rule,
    movements,
    rule_in_words,
    spread,
    verdicts,
)
from services.outcomes.outcome_flow import Forms, Referred, flow, referred, why_not_given
from services.outcomes.outcome_missing import missing
from services.outcomes.outcome_pairs import crossing, ranks, ranks_in_words
from services.outcomes.outcome_report import Outcomes, for_outsiders
from services.outcomes.outcome_waiting import WhileWaiting, while_waiting
from services.permissions import Actor, Permission
from services.programmes import programmes
from services.tallies.quarters import choices_from
from services.tallies.shares import (
    CARE,
    CARE_BELOW,
    MEANS_FROM,
    SHOWN_INSIDE_FROM,
    is_large_enough,
    sees_small_numbers,
)
from services.tallies.tallies import Kind
from services.tallies.tally_totals import several, totals
from services.unchanged import while_unchanged

_Rows = tuple[tuple[int, int, int], ...]

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
FEW_SCORES = (
    f"Fewer than {SHOWN_INSIDE_FROM} people have both forms, so only how many changed clearly is "
    "shown: what each of them scored stands in her own record."
)
NEW_VERSION = (
    "Their start form is of one version of the measure and their end form of another; two versions "
    "are never compared."
)
ONE_PROGRAMME = (
    "A referral names no programme, so for one programme the way begins with a place in it."
)
REFERRALS = (
    "Referrals are counted by the day they came and places by the day the group began, so they are "
    "not the same people: some have two places, or came without a referral."
)
FAMILIES = (
    "Enrolled counts parents and children together, while a form is asked of only some of them."
)


@while_unchanged
def choices(db: Session, actor: Actor) -> dict[str, str]:
    """The measures somebody has a start form of, the most used first: key to words.

    The Talking and Feelings Steps have a page of their own and no verdicts.
    """
    actor.require(Permission.READ_OUTCOMES)
    used = sorted(totals(db, actor, Kind.START, "key"), key=lambda row: row[1], reverse=True)
    known = measures()
    return {
        key: title_of(key)
        for key, _ in used
        if key.split(":")[0] in known and not key.startswith(f"{STEPS}:")
    }


@while_unchanged
def periods(db: Session, actor: Actor) -> dict[str, str]:
    """The years and quarters in which groups began, the newest first: key to words."""
    actor.require(Permission.READ_OUTCOMES)
    query = select(Tally.period).where(Tally.kind == Kind.PLACE.value, Tally.count > 0).distinct()
    return choices_from(db.scalars(query))


@while_unchanged
def report(
    db: Session, actor: Actor, key: str, *, programme: str | None = None, period: str | None = None
) -> Outcomes:
    """One measure as one respondent answered it (`swemwbs:self`), in one programme or in all.

    `period` is a year or a quarter (`services.tallies.periods`): groups that began in it, whenever
    their forms were filled in. Raises NotFoundError for a measure there is no description of. An
    evaluator may name neither a programme nor a period, and sees nothing that rests on fewer than
    ten people (`services.tallies.shares`).
    """
    actor.require(Permission.READ_OUTCOMES)
    parts_of(key)
    base = ":".join(key.split(":")[:2])
    keys = [*_MILESTONES, *{key, base}]
    found = several(db, actor, _KINDS, keys, programme=programme, period=period)
    came = referred(db, actor, period=period) if programme is None else None
    counted = _Counted(
        **{
            name: tuple(row[1:] for row in found[kind] if row[0] == (base if of_base else key))
            for name, (kind, of_base) in _SOURCES.items()
        }
    )
    reached = tuple((name, n) for name, _first, _second, n in found[Kind.PLACE])
    worked_out = _worked_out(key, came, reached, counted)
    notes = _notes(
        db, actor, worked_out.pairs or 0, programme, counted.versions, came.people if came else 0
    )
    whole = replace(worked_out, notes=notes)
    return whole if sees_small_numbers(actor) else for_outsiders(whole)


@while_unchanged
def waited(
    db: Session, actor: Actor, key: str, *, programme: str | None = None, period: str | None = None
) -> WhileWaiting:
    """Change while people waited for a place beside change in the groups.

    Raises what `report` raises.
    """
    actor.require(Permission.READ_OUTCOMES)
    form, *_ = parts_of(key)
    pairs = several(db, actor, (Kind.PAIR,), [key], programme=programme, period=period)[Kind.PAIR]
    in_groups = change([row[1:] for row in pairs], form)
    return while_waiting(db, actor, key, form, in_groups, programme=programme, period=period)


@dataclass(frozen=True, slots=True)
class _Counted:
    """The kept counts of one measure, each as rows of first, second and how many."""

    starts: _Rows
    pairs: _Rows
    sessions: _Rows
    alone: _Rows
    versions: _Rows
    not_given: _Rows
    ages: _Rows


# Of which kind each is, and whether it stands under the measure's key without a version.
_SOURCES = {
    "starts": (Kind.START, False),
    "pairs": (Kind.PAIR, False),
    "sessions": (Kind.SESSIONS, False),
    "alone": (Kind.ALONE, False),
    "versions": (Kind.NEW_VERSION, True),
    "not_given": (Kind.NOT_GIVEN, True),
    "ages": (Kind.AGE, False),
}
_KINDS = (Kind.PLACE, *(kind for kind, _of_base in _SOURCES.values()))
_MILESTONES = ("enrolled", "started", "completed", "left_early")


@lru_cache(maxsize=64)
def _worked_out(
    key: str,
    came: Referred | None,
    reached: tuple[tuple[str, int], ...],
    counted: _Counted,
) -> Outcomes:
    """Remembered, since the same counts come back with every click until a form is saved."""
    form, _respondent, version = parts_of(key)
    began = Counter({start: people for start, _none, people in counted.starts})
    both: Counter[int] = Counter()
    for start, _, people in counted.pairs:
        both[start] += people
    moved, mean = movements(counted.pairs, form), change(counted.pairs, form)
    told = counted.pairs if both.total() >= SHOWN_INSIDE_FROM else ()
    few = ranks(told, form)
    changed = sum(people for before, _after, people in counted.versions if before == version)
    attended = sum(people for _first, _second, people in counted.alone)
    return Outcomes(
        title=title_of(key),
        flow=flow(came, dict(reached), _forms(both, began.total(), counted.not_given)),
        pairs=both.total(),
        change=mean,
        spread=spread(movements(told, form), form, mean),
        verdicts=verdicts(moved, form),
        has_rule=has_rule(form),
        rule=rule_in_words(form),
        missing=missing(began, both, counted.sessions, attended, counted.ages, changed),
        notes=(),
        form=form,
        counted=told,
        crossing=crossing(told, form),
        ranks=ranks_in_words(few) if few else "",
    )


def parts_of(key: str) -> tuple[Measure, Respondent, int]:
    """The measure, who answered, and which version of the measure the forms are."""
    name, _, rest = key.partition(":")
    respondent, _, version = rest.partition(":")
    found = measures().get(name)
    is_known = respondent in {view.value for view in Respondent}
    if found is None or not is_known or not (version or "1").isdecimal():
        raise NotFoundError("measure")
    return found, Respondent(respondent), int(version or 1)


def title_of(key: str) -> str:
    """The measure, who answered, and the version where it is not the first."""
    form, respondent, version = parts_of(key)
    words = f"{form.short_title}, {answered_by(respondent)}"
    return words if version == 1 else f"{words}, version {version}"


def _forms(both: Counter[int], starts: int, not_given: _Rows) -> Forms:
    return Forms(
        start=starts,
        both=both.total(),
        no_start=why_not_given(not_given, POINT_NUMBERS[Point.START]),
        no_end=why_not_given(not_given, POINT_NUMBERS[Point.END]),
    )


def _notes(
    db: Session, actor: Actor, paired: int, programme: str | None, versions: _Rows, referrals: int
) -> tuple[str, ...]:
    chosen = [one for key, one in programmes.newest(db).items() if programme in (None, key)]
    with_families = any(one.audience == "parents and children" for one in chosen)
    changed = sum(people for _before, _after, people in versions)
    may_be_told = sees_small_numbers(actor) or is_large_enough(changed)
    left_out = f"{changed:,}" if may_be_told else "Some"
    notes = (
        (NO_PAIRS, paired == 0),
        (FEW_SCORES, 0 < paired < SHOWN_INSIDE_FROM),
        (FEW_PAIRS, SHOWN_INSIDE_FROM <= paired < MEANS_FROM),
        (CARE, MEANS_FROM <= paired < CARE_BELOW),
        (f"{left_out} with both forms are left out. {NEW_VERSION}", changed > 0),
        (FAMILIES, with_families),
        (ONE_PROGRAMME, programme is not None),
        (REFERRALS, programme is None and referrals > 0),
        (NOT_CAUSED, paired > 0),
    )
    return tuple(sentence for sentence, applies in notes if applies)
