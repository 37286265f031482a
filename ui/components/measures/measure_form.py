"""One measure's form: nothing chosen beforehand, nothing lost by a mistake."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NoReturn

import pandas as pd
import streamlit as st

from models import Outcome, Point, Respondent
from services import clock
from services.db import reading, transaction
from services.errors import AppError, ConflictError, InvalidInputError
from services.measures import measures
from services.measures.immediate_risk import actions
from services.measures.measure_definition import Measure
from services.measures.measure_draft import MeasureDraft, blank_word, paper_range, takes_items
from services.measures.measure_library import measure
from services.measures.measure_words import OUTCOMES
from services.measures.measures import RecordedForm
from services.permissions import Actor
from ui.components.choose import show_rows
from ui.components.measures.faults import Faults
from ui.components.measures.measure_printing import choose_printing, how_to_read
from ui.components.measures.measure_tablet import tablet_part
from ui.components.measures.measure_typing import BLANK, typing
from ui.components.measures.risk_response import response_fields
from ui.components.words import literal
from ui.messages import show_error


def measure_form(actor: Actor, row: "pd.Series[Any]", called: Mapping[int, str]) -> bool:
    """Draw the form of one row of `measure_schedule.schedule`; whether it was saved just now.

    `called` has items by other words than the topics everybody is asked about: her own goals.

    The version she is looking at is remembered when the form is first drawn, so that somebody
    else's correction in between is shown to her and not overwritten.
    """
    form, key = measure(row["measure"]), _key(row)
    if f"{key}_taken_on" not in st.session_state:
        st.session_state[f"{key}_seen"] = int(row["version"])
    kept = _as_it_stands(actor, row) if row["version"] else None
    outcome = _outcome(key, kept)
    waits = bool(form.risk_items) and _waits(actor, row)
    printing, may_ask = None, True
    if outcome is Outcome.ANSWERED:
        printing, may_ask = choose_printing(form, key)
        if not may_ask:
            return False
        typing(form, key, printing)
        tablet_part(actor, row, _draft(row, taken_on=clock.today()), key)
    faults = Faults(st.session_state.pop(f"{key}_faults", {}))
    with st.form(f"{key}_form"):
        taken_on = _date(key, kept, faults)
        is_answered = outcome is Outcome.ANSWERED
        answers = _answers(form, key, printing, kept, faults, called) if is_answered else {}
        response = response_fields(key, faults) if waits else None
        # The form that opens after one is saved looks the same: whose it is stands at the button.
        st.caption(f"{literal(row['name'])}: {row['form']}")
        pressed = st.form_submit_button("Save", type="primary")
    st.caption(" ".join(filter(None, (form.note, form.attribution_line))))
    faults.show_others()
    if not pressed:
        return False
    if taken_on is None:
        _at_the_fields(key, {"taken_on": "Enter the date."})
    draft = _draft(
        row,
        outcome=outcome,
        taken_on=taken_on,
        version=st.session_state[f"{key}_seen"],
        response=response,
        **answers,
    )
    if not waits and _asks_for_action(actor, row, draft, kept):
        st.rerun()
    return _save(actor, row, draft)


def _draft(row: "pd.Series[Any]", **filled_in: Any) -> MeasureDraft:
    return MeasureDraft(
        measure=row["measure"],
        respondent=Respondent(row["respondent"]),
        point=Point(row["point"]),
        **filled_in,
    )


def _waits(actor: Actor, row: "pd.Series[Any]") -> bool:
    """Whether an answer given before asks for action, and nobody has said yet what was done."""
    with reading() as db:
        return actions.is_open(db, actor, row["place"], _draft(row, taken_on=clock.today()))


def _asks_for_action(
    actor: Actor, row: "pd.Series[Any]", draft: MeasureDraft, kept: RecordedForm | None
) -> bool:
    """Let the action wait on Today before anything else happens; whether there is one."""
    try:
        if not actions.needs_action(draft, kept.answers if kept else None):
            return False
        with transaction() as db:
            actions.open_action(db, actor, row["place"], draft)
    except AppError as error:
        show_error(error)
        return False
    else:
        return True


def _save(actor: Actor, row: "pd.Series[Any]", draft: MeasureDraft) -> bool:
    try:
        with transaction() as db:
            measures.record(db, actor, row["place"], draft)
    except InvalidInputError as error:
        _at_the_fields(_key(row), error.problems)
    except ConflictError as error:
        show_error(error)
        _show_theirs(actor, row)
    except AppError as error:
        show_error(error)
    else:
        return True
    return False


def _at_the_fields(key: str, problems: Mapping[str, str]) -> NoReturn:
    """In the run that follows, which has every field as she left it."""
    st.session_state[f"{key}_faults"] = dict(problems)
    st.rerun()


def _show_theirs(actor: Actor, row: "pd.Series[Any]") -> None:
    """What somebody else has saved meanwhile; from here on she has seen it."""
    theirs = _as_it_stands(actor, row)
    if theirs is None:
        return
    st.session_state[f"{_key(row)}_seen"] = theirs.version
    form = measure(row["measure"])
    lines = {item.topic: _word(form, theirs.answers.get(item.number)) for item in form.items}
    answers = pd.DataFrame({"Item": lines.keys(), "Answer": lines.values()})
    st.write(
        f"{OUTCOMES[theirs.outcome]}, {theirs.taken_on:%d/%m/%Y}, recorded by {theirs.recorded_by}"
    )
    if theirs.answers:
        show_rows(
            answers, {"Item": "Item", "Answer": "Answer"}, alt="The answers that stand there now"
        )


def _as_it_stands(actor: Actor, row: "pd.Series[Any]") -> RecordedForm | None:
    with reading() as db:
        return measures.recorded(
            db,
            actor,
            row["place"],
            row["measure"],
            Respondent(row["respondent"]),
            Point(row["point"]),
        )


def _outcome(key: str, kept: RecordedForm | None) -> Outcome:
    values = [outcome.value for outcome in Outcome]
    stands = kept.outcome if kept else Outcome.ANSWERED
    chosen = st.radio(
        "Was it filled in?",
        values,
        index=values.index(stands.value),
        format_func=lambda value: OUTCOMES[Outcome(value)],
        horizontal=True,
        key=f"{key}_outcome",
    )
    return Outcome(chosen)


def _date(key: str, kept: RecordedForm | None, faults: Faults) -> date | None:
    today = clock.today()
    stands = kept.taken_on if kept else today
    given: date | None = st.date_input(
        "Date",
        value=stands,
        max_value=max(today, stands),  # a day that came in wrong can be corrected, not only kept
        format="DD/MM/YYYY",
        key=f"{key}_taken_on",
        width=220,
    )
    faults.show("taken_on")
    return given


def _answers(
    form: Measure,
    key: str,
    printing: str | None,
    kept: RecordedForm | None,
    faults: Faults,
    called: Mapping[int, str],
) -> dict[str, Any]:
    """The fields for the answers, and what stands in them as arguments of the draft."""
    if not takes_items(form):
        low, high, decimals = paper_range(form)
        plain_sum = " (the plain sum; it is converted here)" if form.total.table else ""
        total = st.number_input(
            f"Total from the paper form{plain_sum}, {low} to {high}",
            value=kept.paper_total if kept else None,
            step=10.0**-decimals,
            format=f"%.{decimals}f",
            key=f"{key}_paper_total",
            width=400,
        )
        faults.show("paper_total")
        return {"paper_total": total}
    given: dict[int, float | None] = {}
    how_to_read(form, printing)
    for number, item in form.printed(printing).items():
        topic = literal(called[item.number]) if item.number in called else item.topic
        chosen = _item(form, item.number, f"{number}. {topic}", key, kept)
        faults.show(f"item_{item.number}")
        if chosen is not None:
            given[item.number] = None if chosen == BLANK else int(chosen)
    return {"answers": given}


def _item(
    form: Measure, number: int, label: str, key: str, kept: RecordedForm | None
) -> str | None:
    values = [str(n) for n in range(form.options.low, form.options.high + 1)] + [BLANK]
    index = None
    if kept and number in kept.answers:
        value = kept.answers[number]
        index = len(values) - 1 if value is None else int(value) - form.options.low
    return st.radio(
        label,
        values,
        index=index,
        format_func=lambda value: _word(form, None if value == BLANK else int(value)),
        horizontal=True,
        key=f"{key}_item_{number}",
    )


def _word(form: Measure, value: float | None) -> str:
    if value is None:
        return blank_word(form)
    return f"{value:g} {form.options.labels.get(int(value), '')}".rstrip()


def _key(row: "pd.Series[Any]") -> str:
    return "_".join(("measure", row["place"], row["measure"], row["respondent"], row["point"]))
