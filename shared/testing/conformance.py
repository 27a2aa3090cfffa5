"""Suites that authors run against what they plug in. A suite is a pytest class: inherit from it, name what is to be
tested, and its tests are yours.

    class TestHonour(ServiceConformance):
        service = HonourService

The suites of a service's own points are in its `plugins/conformance.py`, on top of `PluginConformance`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import MetaData

from shared.application import Definition
from shared.contracts.registry import load_contracts
from shared.persistence.database import Database
from shared.persistence.migrate import migrate
from shared.persistence.tables import kernel
from shared.plugins import must_keep
from shared.suite import as_service
from shared.testing.harness import ServiceUnderTest

CHINESE = re.compile(r"[\u4e00-\u9fff]")


# tables that no code declares: Alembic's own, and FTS5's
BESIDE = re.compile("^alembic_version|_words_index(_|$)")


class PluginConformance:
    """What holds for a plugin of any point. Say how it is made: `def make(self): return MyRule()`."""

    protocol: ClassVar[type]

    def make(self) -> Any:
        """The plugin, as its entry point would give it."""
        raise NotImplementedError

    def test_the_registry_takes_it(self) -> None:
        """It says the api, and has the Protocol's verbs with the Protocol's parameters."""
        must_keep(self.protocol, self.make())


class ServiceConformance:
    """What holds for every service, ours and any sixth. Set `service` to its nameko class."""

    service: ClassVar[Any]

    @property
    def definition(self) -> Definition:
        """The service's rooms."""
        definition: Definition = self.service.definition
        return definition

    def test_the_registry_takes_it(self) -> None:
        """Its class, its definition and its entry point have one name."""
        as_service(self.service.name, self.service)

    def test_migrations_lead_to_the_tables_that_the_code_uses(self, tmp_path: Path) -> None:
        """On SQLite; and migrating again changes nothing."""
        database = Database(f"sqlite:///{tmp_path}/x.db")
        for _ in range(2):
            migrate(database, self.definition.migrations, self.definition.name)
        both = MetaData()
        for table in (*kernel.sorted_tables, *self.definition.metadata.sorted_tables):
            table.to_metadata(both)
        with database.engine.connect() as connection:
            options = {"include_name": lambda name, kind, parents: not BESIDE.search(name or "")}
            differences = compare_metadata(MigrationContext.configure(connection, opts=options), both)
        database.dispose()
        assert differences == [], f"migrations and tables differ: {differences}"

    def test_its_events_say_when_they_are_sent_and_when_not_with_their_chinese_names(self) -> None:
        """In the docstrings of its contracts."""
        for event in load_contracts().values():
            if event.owner() == self.definition.name:
                text = " ".join((event.__doc__ or "").split())
                assert CHINESE.search(text), f"{event.type}: the Chinese term is missing"
                assert "Sent when:" in text, f"{event.type}: 'Sent when: …' is missing"
                assert "Not sent when:" in text, f"{event.type}: 'Not sent when: …' is missing"

    def test_it_listens_only_to_what_exists_and_never_to_itself(self) -> None:
        """Each contract is found through an entry point of `jiushu.contracts`."""
        for subscription in self.definition.subscriptions:
            contract = subscription.contract
            assert contract.type in load_contracts(), f"{contract.type} has no entry point"
            assert contract.owner() != self.definition.name, f"{contract.type} is its own event"

    def test_whatever_it_copies_of_an_aggregate_carries_the_same_facts(self) -> None:
        """A copy is replaced as a whole: what the first event brings and a later one does not would be lost."""
        first: dict[str, Any] = {}
        for contract in (
            heard.contract
            for heard in self.definition.subscriptions
            if heard.kind == "copy" and not heard.is_end
        ):
            known = first.setdefault(contract.aggregate(), contract)
            lost = set(known().fields) - set(contract().fields)
            assert not lost, f"{contract.type} lacks {sorted(lost)}, which {known.type} brings"

    def test_no_endpoint_answers_without_a_token_unless_it_says_that_it_is_public(self) -> None:
        """`roles=None` says so."""
        service = ServiceUnderTest(self.definition)
        for method, path, public in self._endpoints():
            status = service.anonymous(method, path).status_code
            assert (status == 401) != public, f"{method} {path} answered {status} without a token"

    def test_nonsense_is_refused_without_a_server_error_and_nothing_is_written(self) -> None:
        """Broken JSON, empty bodies, unknown ids and wrong queries get a 4xx or an answer."""
        service = ServiceUnderTest(self.definition)
        before = service.snapshot()
        for method, path, _public in self._endpoints():
            for body in (b"{", b"{}", b"null", b'{"a": "\\u0000"}'):
                for role in ("street", "admin"):
                    answer = service.raw(method, f"{path}?nix=1", body, role=role)
                    assert answer.status_code < 500, f"{method} {path} with {body!r}: {answer.text}"
        assert service.snapshot() == before

    def _endpoints(self) -> Iterator[tuple[str, str, bool]]:
        for endpoint in self.definition.api.endpoints:
            yield endpoint.method, re.sub(r"{\w+}", "x", endpoint.path), endpoint.roles is None
