"""A demonstration programme of any size that looks like life and is plainly invented.

One generator serves every size: the same eight groups at different stages, and as many years of
history before them as it takes. Rows go in bulk, because a history cannot be made through the
services, which know only today; counts are made with the services' own functions.
"""

from services.demo.filling import NAME, DemoSummary, accounts, fill
from services.demo.staff import PASSWORD

__all__ = ["NAME", "PASSWORD", "DemoSummary", "accounts", "fill"]
