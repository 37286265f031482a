"""Whether and how somebody may be contacted safely: her plan, the decision, the contact log."""

from services.safe_contact.asking import Reach, may_we, reachable
from services.safe_contact.decision import decide
from services.safe_contact.facts import Answer, Why

__all__ = ["Answer", "Reach", "Why", "decide", "may_we", "reachable"]
