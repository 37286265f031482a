"""A term being filled in a thread of its own, so that a page can show how it goes and stop it."""

import threading

from services.volunteers.rota import terms
from services.volunteers.rota.search import Progress
from services.volunteers.rota.solve import SECONDS
from services.volunteers.rota.terms import Proposal, Term

# Two at a time would each take twice as long, and everybody else would wait for both.
_ONE_AT_A_TIME = threading.Lock()


class Running:
    """One filling: begun when made, and done once there is a proposal or it has failed."""

    def __init__(self, term: Term, *, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self.progress: Progress | None = None
        self.proposal: Proposal | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, args=(term,), daemon=True)
        self._thread.start()

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come; without a proposal it has failed."""
        return not self._thread.is_alive()

    def stop(self) -> None:
        """Be content with what has been found so far."""
        self._stop.set()

    def wait(self, seconds: float) -> None:
        """Give it so long to end."""
        self._thread.join(seconds)

    def _work(self, term: Term) -> None:
        with _ONE_AT_A_TIME:
            self.proposal = terms.propose(
                term, seconds=self.seconds, told=self._hear, stop=self._stop.is_set
            )

    def _hear(self, progress: Progress) -> None:
        self.progress = progress
