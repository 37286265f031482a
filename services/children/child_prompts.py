"""Age bands of children, and what to look out for at each age: data/children/prompts.yaml."""

from datetime import date
from functools import cache

from pydantic import Field

from services.config import DATA
from services.definitions import Definition, read_definition
from services.places.fitting import age_on

FILE = DATA / "children" / "prompts.yaml"
UNKNOWN = "unknown"  # of a child whose date of birth nobody has recorded


class Band(Definition):
    """Children of about one age, with a prompt for each strand."""

    key: str = Field(max_length=10)
    label: str
    ages: str
    from_age: int = Field(ge=0)
    has_pictures: bool
    prompts: dict[str, str]


class Prompts(Definition):
    """What the file holds; the version is kept with each note."""

    version: int = Field(ge=1)
    bands: tuple[Band, ...] = Field(min_length=1)


@cache
def prompts() -> Prompts:
    """The file, read once."""
    return read_definition(FILE, Prompts)


def band_on(born: date | None, day: date) -> str:
    """The key of the band a child is in on a day; UNKNOWN without a date of birth."""
    age = age_on(born, day)
    if age is None:
        return UNKNOWN
    return [band.key for band in prompts().bands if band.from_age <= max(age, 0)][-1]


def band(key: str) -> Band:
    """The band; of an unknown age the one in the middle, whose words suit most."""
    bands = prompts().bands
    return next((one for one in bands if one.key == key), bands[len(bands) // 2])


def label(key: str) -> str:
    """What people read for a band."""
    return "Age not recorded" if key == UNKNOWN else band(key).label
