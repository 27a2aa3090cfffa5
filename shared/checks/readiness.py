"""Whether a running service can do its work now (就绪): the quick ones of the checks, asked every few seconds."""

from __future__ import annotations

from concurrent.futures import Future
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from sqlalchemy.exc import SQLAlchemyError

from shared.checks import broker, database, migrations
from shared.checks.finding import Finding, Level
from shared.checks.patience import NoAnswer, ask, waited_for
from shared.persistence.database import DatabaseAway

if TYPE_CHECKING:
    from shared.application import Application

# of the service's database, which must answer within these seconds
DATABASE = (migrations.migrations,)
SECONDS = 2.0

_asked: WeakKeyDictionary[Application, Future[list[Finding]]] = WeakKeyDictionary()


def obstacles(application: Application) -> list[Finding]:
    """What keeps the service from doing its work, as `jiushu check` would say it; empty where it is ready."""
    findings = _of_database(application)
    if not application.transport_is_up():
        findings.append(broker.away(application.transport_trouble()))
    return [finding for finding in findings if finding.level is Level.WRONG]


def _of_database(application: Application) -> list[Finding]:
    try:
        findings: list[Finding] = waited_for(_answer(application), SECONDS)
        return findings.copy()
    except NoAnswer:
        return [database.silent(SECONDS)]
    except (SQLAlchemyError, DatabaseAway) as error:
        return [database.refused(error)]


def _answer(application: Application) -> Future[list[Finding]]:
    """One question at a time: while a frozen database owes an answer, everybody waits for that one, so that
    readiness does not use up the service's connections."""
    answer = _asked.get(application)
    if answer is None or answer.done():
        answer = _asked[application] = ask(lambda: _look(application))
    return answer


def _look(application: Application) -> list[Finding]:
    with application.database.reading() as session:
        return [finding for look in DATABASE for finding in look(session, application.definition)]
