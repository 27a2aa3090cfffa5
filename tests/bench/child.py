"""What the measured processes have in common: their settings, when they begin, and when they end."""

from __future__ import annotations

import json
import signal
import sys
import time
from typing import Any


def settings() -> dict[str, Any]:
    """What the run has told this process."""
    told: dict[str, Any] = json.loads(sys.argv[1])
    return told


def wait_for_go() -> None:
    """All is imported and prepared: say so, and begin when the run says so."""
    signal.signal(signal.SIGTERM, lambda *_: _ended.append(True))
    print("ready", flush=True)
    sys.stdin.readline()


def wait_for_the_end() -> None:
    """Until SIGTERM."""
    while not _ended:
        time.sleep(0.05)


_ended: list[bool] = []
