"""The map of services/ in its first module names everything there is, and nothing else."""

import re

import services
from tests.code.source import ROOT


def test_the_map_of_services_names_each_once() -> None:
    drawn = re.findall(r"^ {4}(.+?)(?:  .*)?$", services.__doc__ or "", re.MULTILINE)
    named = sorted(name for line in drawn for name in line.split())
    there = sorted(
        path.stem
        for path in (ROOT / "services").iterdir()
        if path.stem != "__init__" and (path.suffix == ".py" or (path / "__init__.py").exists())
    )
    assert named == there
