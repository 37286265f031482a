"""Scripts of components: fetched once from an address of their own, small in every message."""

import pytest

from tests.public.server import Site
from ui.components.scripts import ADDRESS, SERVED, loader


@pytest.mark.parametrize("file", SERVED)
def test_a_script_may_be_kept_for_a_year(site: Site, file: str) -> None:
    answer = site.get(ADDRESS + file)
    assert (answer.status, answer.text) == (200, SERVED[file])
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize("file", ["register-0000000000000000.js", "register.py", "%2e%2e%2fapp.py"])
def test_any_other_address_answers_with_nothing(site: Site, file: str) -> None:
    assert site.get(ADDRESS + file).status == 404


@pytest.mark.parametrize("file", SERVED)
def test_what_is_sent_with_every_change_is_only_the_address(file: str) -> None:
    component = file.rpartition("-")[0]
    assert ADDRESS + file in loader(component)
    assert len(loader(component)) < 200
