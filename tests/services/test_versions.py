"""Two versions of one record, compared field by field."""

from hypothesis import given
from hypothesis import strategies as st

from services.versions import Values, differences

FIELDS = ("first_name", "alert", "language")
RECORD = st.fixed_dictionaries({field: st.sampled_from((None, "a", "b", "c")) for field in FIELDS})


@given(seen=RECORD, mine=RECORD, theirs=RECORD)
def test_every_difference_and_nothing_else_is_shown(
    seen: Values, mine: Values, theirs: Values
) -> None:
    found = {one.field for one in differences(seen, mine, theirs)}

    assert found == {field for field in FIELDS if mine[field] != theirs[field]}


@given(seen=RECORD, mine=RECORD, theirs=RECORD)
def test_a_difference_was_made_by_her_or_by_them_and_is_open_where_both_changed(
    seen: Values, mine: Values, theirs: Values
) -> None:
    for one in differences(seen, mine, theirs):
        assert one.changed_by_me or one.changed_by_them
        if not one.is_open:
            changed = one.mine if one.changed_by_me else one.theirs
            assert one.likely == changed != seen[one.field]
