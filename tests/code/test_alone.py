"""Any page can be the first one that is opened: what it imports needs nothing imported before."""

import ast
import json
import subprocess
import sys

from tests.code.source import ROOT

_EACH_FIRST = """
import importlib, json, sys
faults = []
for page, names in json.loads(sys.argv[1]).items():
    for known in [one for one in sys.modules if one == "ui" or one.startswith("ui.")]:
        del sys.modules[known]
    try:
        for name in names:
            importlib.import_module(name)
    except ImportError as fault:
        faults.append(f"{page}: {fault}")
print("\\n".join(faults))
"""


def test_no_page_depends_on_which_was_opened_before() -> None:
    files = sorted((ROOT / "pages").rglob("*.py"))
    pages = {str(file.relative_to(ROOT)): _imports(file.read_text()) for file in files}
    command = [sys.executable, "-c", _EACH_FIRST, json.dumps(pages)]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert said.returncode == 0, said.stderr
    assert said.stdout.strip() == ""


def _imports(text: str) -> list[str]:
    """The modules of ours that a page imports from, in its order."""
    found = (node.module for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom))
    return [name for name in found if name and name.startswith("ui.")]
