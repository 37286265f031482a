"""A frame of rows, with the types its columns are given."""

import pandas as pd

from services.frames import typed

COLUMNS, TYPES = ("who", "days"), {"days": "Int64"}


def test_a_column_with_a_gap_keeps_whole_numbers() -> None:
    found = typed([("Ada", 3), ("Bea", None)], COLUMNS, {"days": "Int64"})
    wanted = pd.DataFrame([("Ada", 3), ("Bea", None)], columns=COLUMNS).astype(TYPES)
    pd.testing.assert_frame_equal(found, wanted)
    assert found["days"].tolist() == [3, pd.NA]


def test_without_a_row_the_columns_are_there_with_their_types() -> None:
    found = typed([], COLUMNS, {"days": "Int64"})
    pd.testing.assert_frame_equal(found, pd.DataFrame([], columns=COLUMNS).astype(TYPES))
