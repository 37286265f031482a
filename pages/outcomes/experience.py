"""How people found the groups: their answers over time, what they wrote about, and quotes."""

import streamlit as st

from services.db import reading
from services.feedback import experience, quotes
from services.permissions import Permission
from services.tallies.shares import WITHHELD, sees_small_numbers
from ui import charts
from ui.auth import require
from ui.components import chart
from ui.components.outcomes.programme_filter import programme_filter

actor = require(Permission.READ_OUTCOMES)

st.title("Experience")

# --- Filters -----------------------------------------------------------------------------
with reading() as db:
    asked = experience.questions(db, actor)
if not asked:
    st.info(experience.NOTHING_YET if sees_small_numbers(actor) else WITHHELD)
    st.stop()
which, of = st.columns(2)
question = which.selectbox(
    "Question",
    list(asked),
    format_func=lambda key: asked[key],
    key="experience_question",
    bind="query-params",
)
with of:
    programme = programme_filter(actor, key="experience_programme")
with reading() as db:
    found = experience.of_question(db, actor, question, programme=programme)
    may_quote = actor.may(Permission.READ_QUOTES)
    said = quotes.usable(db, actor, programme=programme) if may_quote else ()

# --- Over time ---------------------------------------------------------------------------
if found.forms:
    st.metric("Forms given in, of all who came to a session", found.forms.percent)
    st.caption(f"{found.forms.words_of('attendances')}. {experience.HOW_COUNTED}")
st.header("Over time")
st.write(f"Share who chose {found.good}.")
if found.quarters.empty:
    st.info(experience.TOO_FEW if sees_small_numbers(actor) else WITHHELD)
elif len(found.quarters) == 1:
    one = found.quarters.iloc[0]
    st.write(f"{one['quarter']}: {one['answered']}; forms: {one['forms']}.")
    st.caption("One quarter alone does not show whether anything changed.")
else:
    chart.show(
        charts.answers_over_time(),
        found.quarters,
        alt=found.in_words,
        table={"quarter": "Groups that began in", "answered": "Answered so", "forms": "Forms"},
        figure=f"answers:{question}",
    )
    if found.left_out:
        st.caption(f"Quarters left out, because too few answered: {found.left_out}.")
if found.same_people:
    st.write(found.same_people.words)

# --- What they wrote about ---------------------------------------------------------------
st.header("What people wrote about")
if found.themes.empty:
    st.info("Themes appear once enough texts have been put to them, on the feedback of a session.")
else:
    chart.show(
        charts.themes_written_about(),
        found.themes,
        alt=found.themes_in_words,
        table={"theme": "Theme", "label": "Texts, of those with a theme"},
        caption=f"{found.themed:,} of {found.written:,} texts have a theme; a text may have more "
        "than one. Which ones were read, and how, is the judgement of those who read them.",
    )

# --- In their words ----------------------------------------------------------------------
if may_quote:
    st.header("In their own words")
    st.write("Each with a yes that holds now. Ask here again before you use one.")
    if not said:
        st.info("No quotes yet. Facilitators choose them on the feedback of a session.")
    for quote in said:
        # As plain text: what somebody typed must never become part of the page.
        st.container(border=True).text(f"“{quote.words}”")
