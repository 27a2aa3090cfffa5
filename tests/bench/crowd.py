"""consultation on 127.0.0.1, as deployed, on a day of 2024 on which a review is open.

Settings: `database`, `port`, `key` (of tokens), `now` (seconds).
"""

from __future__ import annotations

from shared.suite import patch

patch()

from datetime import UTC, datetime  # noqa: E402

from services.consultation.service import DEFINITION  # noqa: E402
from shared.access.tokens import Tokens  # noqa: E402
from shared.application import Application  # noqa: E402
from shared.kernel.clock import FixedClock  # noqa: E402
from shared.persistence.database import Database  # noqa: E402
from shared.web.common import all_apis  # noqa: E402
from shared.web.listener import Listener  # noqa: E402
from shared.web.wsgi import Door  # noqa: E402
from tests.bench import child  # noqa: E402


def main() -> None:
    told = child.settings()
    clock = FixedClock(datetime.fromtimestamp(told["now"], UTC))
    application = Application(DEFINITION, Database(told["database"]), clock, "110112010")
    listener = Listener("127.0.0.1", told["port"])
    listener.add("consultation", Door(application, Tokens(told["key"]), all_apis(DEFINITION)))
    child.wait_for_go()
    child.wait_for_the_end()
    listener.close()


if __name__ == "__main__":
    main()
