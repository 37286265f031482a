"""Addresses that no screen has: led to where the shell says so, never to a white page."""

import pytest

from tests.public.server import Site


@pytest.mark.parametrize(
    ("address", "led_to"),
    [
        ("/groups/nothing", "/groups-nothing"),
        ("/a/b/c/?session=x", "/a-b-c"),
        ("/m/token/more", "/m-token-more"),
        ("/a//example.org", None),
    ],
)
def test_an_address_of_several_steps_is_led_back_to_one(
    site: Site, address: str, led_to: str | None
) -> None:
    answer = site.get(address)
    location = answer.headers.get("location", "")
    if led_to:
        assert (answer.status, location) == (307, led_to)
    assert "//" not in location


@pytest.mark.parametrize(
    "address",
    [
        "/groups",
        "/_stcore/health",
        "/groups/_stcore/health",  # must not be found, so that the page looks a step further up
        "/static/js/index.js",
        "/media/0123abc",
        "/healthz",
    ],
)
def test_what_streamlit_and_we_answer_ourselves_stays_as_it_is(site: Site, address: str) -> None:
    assert "location" not in site.get(address).headers
