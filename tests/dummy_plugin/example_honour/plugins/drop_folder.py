"""交换目录 One file per message in a folder that an SMS gateway empties."""

from __future__ import annotations

import json
import os
from pathlib import Path

from services.notify.use_cases.delivery import OutgoingMessage, PermanentFailure, Receipt, TemporaryFailure

FOLDER = "EXAMPLE_DROP_FOLDER"


class DropFolder:
    """The file is called like the message, so that a second attempt replaces the first."""

    api = 1

    def deliver(self, message: OutgoingMessage) -> Receipt:
        """Readable by the service's own user only: it holds an address."""
        if not message.address:
            raise PermanentFailure("no address")
        if not os.environ.get(FOLDER):
            raise TemporaryFailure(f"{FOLDER} is not set")
        body = {"to": message.address, "title": message.title, "text": message.text}
        target = Path(os.environ[FOLDER]) / f"{message.message_ref}.json"
        try:
            _write(target, json.dumps(body, ensure_ascii=False).encode())
        except OSError as error:
            raise TemporaryFailure(f"{FOLDER} cannot be written: {error.strerror}") from error
        return Receipt(target.name)


def _write(target: Path, content: bytes) -> None:
    """All of it under its name, or nothing: the gateway never reads half a file."""
    partial = target.with_suffix(".part")
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    partial.replace(target)
