"""A wake-up between threads of one process. Losing one costs latency only: everybody polls as well."""

from __future__ import annotations

import threading

# who has nothing to do looks less and less often; work of the same process wakes it at once
POLL_SECONDS, LONGEST_POLL_SECONDS = 0.1, 0.8


class Signal:
    """Set by who has work for somebody, waited for by who does it."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def set(self) -> None:
        """There is work."""
        self._event.set()

    def wait(self, timeout: float = POLL_SECONDS) -> None:
        """Until there is work, or the time has passed."""
        self._event.wait(timeout)
        self._event.clear()
