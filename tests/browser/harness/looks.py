"""What tests of components look for on the page."""

import time
from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Dialog, Page

NAMES = ("Ada", "Bea", "Cora", "Dilys", "Esme", "<img", "Grace", "Hana", "Ines")


def eventually(look: Callable[[], object], wanted: object, seconds: float = 20) -> None:
    """Waits until `look()` gives what is wanted; the failure shows what it gave last."""
    until = time.monotonic() + seconds
    while (seen := look()) != wanted and time.monotonic() < until:
        time.sleep(0.05)
    assert seen == wanted


def leaving(page: Page) -> list[str]:
    """What the browser asks when she leaves; she always says yes."""
    asked: list[str] = []

    def reply(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", reply)
    return asked


def faults(page: Page) -> list[str]:
    """What axe finds inside components (it names a place in a shadow root by a list)."""
    return [
        f"{fault['id']}: {node['html']}"
        for fault in Axe().run(page).response["violations"]
        for node in fault["nodes"]
        if isinstance(node["target"][0], list)
    ]
