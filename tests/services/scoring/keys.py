"""The keys of domain §2.2 to §2.6 written down here again, and forms to score."""

from collections.abc import Mapping

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from services.measures.measure_definition import Measure
from services.measures.measure_library import measures

Answers = dict[int, float | None]

LIBRARY = measures()

# A slow machine is not a fault in what is tested.
CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

# Items, lowest and highest answer, lowest and highest total (domain §2.2).
SHAPES = {
    "phq9": (9, 0, 3, 0, 27),
    "gad7": (7, 0, 3, 0, 21),
    "core10": (10, 0, 4, 0, 40),
    "ypcore": (10, 0, 4, 0, 40),
    "wemwbs": (14, 1, 5, 14, 70),
    "swemwbs": (7, 1, 5, 7, 35),
    "rosenberg": (10, 0, 3, 0, 30),
    "sdq": (25, 0, 2, 0, 40),
    "sdq_impact": (5, 0, 3, 0, 10),
    "ors": (4, 0, 10, 0, 40),
    "cors": (4, 0, 10, 0, 40),
    "srs": (4, 0, 10, 0, 40),
    "csrs": (4, 0, 10, 0, 40),
    "gsrs": (4, 0, 10, 0, 40),
    "my_star": (8, 1, 5, 1, 5),
    "empowerment_star": (9, 1, 5, 1, 5),
    "kidscreen10": (10, 1, 5, 10, 50),
    "bpses": (5, 1, 5, 5, 25),
    "parq_short": (24, 1, 4, 24, 96),
    "cprs_short": (15, 1, 5, None, None),
    "pacs": (20, 1, 5, 20, 100),
    "pcc": (10, 1, 5, 1, 5),
    "pcp": (20, 1, 5, 1, 5),
    "eesc": (16, 1, 5, 16, 80),
    "mmf": (16, 0, 2, None, None),
    "gbo": (3, 0, 10, 0, 10),
    "steps": (8, 0, 4, 0, 4),
}
REVERSED = {
    "core10": {2, 3},
    "ypcore": {3, 5, 10},
    "rosenberg": {2, 5, 6, 8, 9},
    "sdq": {7, 11, 14, 21, 25},
    "kidscreen10": {3, 4},
    "parq_short": {1, 3, 9, 12, 13, 17, 19, 22, 24},
    "pacs": {2, 4, 5, 10, 11, 12, 15, 18, 19, 20},
    "mmf": {15},
}

# How many answers may be missing before there is no total (domain §2.2, "Missing items").
MOST_MISSING = {
    "phq9": 1,
    "gad7": 1,
    "core10": 1,
    "ypcore": 1,
    "wemwbs": 3,
    "swemwbs": 0,
    "rosenberg": 2,
    "sdq_impact": 1,
    "ors": 0,
    "cors": 0,
    "srs": 0,
    "csrs": 0,
    "gsrs": 0,
    "my_star": 1,
    "empowerment_star": 1,
    "kidscreen10": 2,
    "bpses": 1,
    "parq_short": 4,
    "pacs": 4,
    "pcc": 2,
    "pcp": 4,
    "eesc": 3,
    "gbo": 2,
    "steps": 2,
}


def every(key: str, value: float) -> Answers:
    """The same answer to each item of a measure."""
    return dict.fromkeys(range(1, SHAPES[key][0] + 1), value)


def summing_to(key: str, total: int, answered: int | None = None) -> Answers:
    """Answers to the first items that add up to a raw sum; the rest are left out."""
    items, low, high, *_ = SHAPES[key]
    numbers = range(1, (answered or items) + 1)
    answers: Answers = dict.fromkeys(numbers, low)
    left = total - low * len(numbers)
    for number in numbers:
        extra = min(left, high - low)
        answers[number] = low + extra
        left -= extra
    assert left == 0
    return answers


def turned(key: str, answers: Mapping[int, float | None]) -> Answers:
    """The same person's answers with the reversed items turned round by hand."""
    _, low, high, *_ = SHAPES[key]
    flip = REVERSED.get(key, set())
    return {
        number: low + high - value if number in flip and value is not None else value
        for number, value in answers.items()
    }


@st.composite
def scorable(draw: st.DrawFn, keys: tuple[str, ...]) -> tuple[Measure, Answers]:
    """A measure and a form with no more gaps than its total allows."""
    key = draw(st.sampled_from(keys))
    items, low, high, *_ = SHAPES[key]
    most = MOST_MISSING.get(key, 0)
    gaps = draw(st.sets(st.integers(1, items), max_size=most))
    numbers = [number for number in range(1, items + 1) if number not in gaps]
    answers = st.fixed_dictionaries({number: st.integers(low, high) for number in numbers})
    return LIBRARY[key], dict(draw(answers))
