"""`jiushu contracts`: what the services say to each other, as documents; and that nobody breaks it unnoticed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from shared.application import Definition
from shared.contracts import compatibility
from shared.contracts.documents import Participant
from shared.contracts.documents.asyncapi import asyncapi
from shared.contracts.documents.catalogue import catalogue
from shared.contracts.documents.json_schema import ENVELOPE, data_schema, feed_schema
from shared.contracts.registry import Event, load_contracts
from shared.plugins import PluginBroken
from shared.suite import service_class, service_names
from shared.web.api import Api
from shared.web.common import all_apis
from shared.web.rights import rights_page

app = typer.Typer(help="事件契约 the contracts of all events", no_args_is_help=True)
errors = Console(stderr=True, soft_wrap=True)

SAMPLES = Path("tests/contract/samples")
DOCUMENTS = Path("docs/contracts")
Samples = Annotated[Path, typer.Argument(help="the frozen samples of the last release")]


@app.command()
def export(
    directory: Annotated[Path, typer.Argument(help="where to write")] = DOCUMENTS,
    samples: Annotated[Path, typer.Option(help="where examples are taken from, if it is there")] = SAMPLES,
) -> None:
    """Write the catalogue, AsyncAPI 3.0, a JSON Schema for each type, and who may do what."""
    examples = compatibility.readable(samples, load_contracts())
    try:
        written = documents(all_events(), participants(), examples)
        for name, text in written.items():
            (directory / name).parent.mkdir(parents=True, exist_ok=True)
            (directory / name).write_text(text, encoding="utf-8")
    except PluginBroken as broken:
        errors.print(f"[red]{escape(str(broken))}[/]")
        raise typer.Exit(2) from None
    except OSError as error:
        errors.print(f"[red]写不了 {directory}：{error.strerror} (cannot write there)[/]")
        raise typer.Exit(2) from None
    print(f"{directory}: {len(written)} 份文档 documents")


@app.command()
def check(samples: Samples = SAMPLES) -> None:
    """Read the last release's samples with today's contracts; 1 where a promise is broken."""
    found = compatibility.compare(_existing(samples), load_contracts())
    for name in found.new:
        print(f"{name}：新类型，尚无样例 new, without a sample")
    for broken in found.broken:
        errors.print(f"[red]{escape(str(broken))}[/]")
    if found.broken:
        errors.print(
            "不能保持的改动要成为新版本，与旧版本并存 (what cannot be kept becomes a new version: ….v2)"
        )
        raise typer.Exit(1)
    print("契约与上次发布兼容 (compatible with the last release)")


@app.command()
def freeze(samples: Samples = SAMPLES) -> None:
    """At a release: freeze today's schemas beside the samples, after `check` has found nothing broken."""
    check(samples)
    frozen = compatibility.freeze(samples, load_contracts())
    print(f"{samples}: {len(frozen)} 种已冻结 frozen")


def all_events() -> list[type[Event]]:
    """All events, those of one owner together, in the order of their declaration."""
    return sorted(load_contracts().values(), key=lambda event: event.owner())


def participants() -> list[Participant]:
    """All installed services."""
    definitions = [service_class(name).definition for name in service_names()]
    return [
        Participant(one.name, one.title, {heard.contract.type: heard.kind for heard in one.hears})
        for one in definitions
    ]


def documents(
    events: Sequence[type[Event]], services: Sequence[Participant], examples: Mapping[str, Any]
) -> dict[str, str]:
    """All documents as text, by their path."""
    return {
        "README.md": catalogue(events, services),
        "roles.md": rights_page([_with_doors(one.name) for one in services]),
        "asyncapi.json": _json(asyncapi(events, services, examples)),
        "schemas/envelope.json": _json(ENVELOPE),
        **{f"schemas/{event.type}.json": _json(data_schema(event)) for event in events},
        **{f"feed/{event.type}.json": _json(schema) for event, schema in _public(events)},
    }


def _with_doors(service: str) -> tuple[Definition, Sequence[Api]]:
    definition = service_class(service).definition
    return definition, all_apis(definition)


def _public(events: Sequence[type[Event]]) -> Iterator[tuple[type[Event], dict[str, Any]]]:
    for event in events:
        schema = feed_schema(event)
        if schema is not None:
            yield event, schema


def _json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _existing(directory: Path) -> Path:
    if not directory.is_dir():
        errors.print(
            f"[red]没有目录 {directory}：请给出样例所在目录 (no such folder; name that of the samples)[/]"
        )
        raise typer.Exit(2)
    return directory
