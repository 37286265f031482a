"""The bench of the participants' form: what was refused is said, and reaches no goal."""

import pytest

from benchmarks.feedback import _A_LINK_TAKES, Asked, _say
from ui.public import feedback


def asked(*sent: int) -> list[Asked]:
    opened = [Asked("open", 5.0, 9_000, 200)] * len(sent)
    return [*opened, *(Asked("send", 8.0, 500, status) for status in sent)]


def test_a_rate_at_which_every_form_is_kept_reaches_the_goal() -> None:
    assert _say(asked(303, 303), staff=20)


def test_a_form_that_was_refused_is_counted_as_such_and_reaches_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert not _say(asked(303, 429), staff=20)
    assert "1 as they should be, 1 refused as too many at once, 0 wrong" in capsys.readouterr().out


def test_as_many_forms_are_sent_over_a_link_as_it_takes() -> None:
    assert feedback._pace._at_once == _A_LINK_TAKES
