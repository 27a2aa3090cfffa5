"""How the command line reaches the running services: over HTTP, as everybody else."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

import requests
import typer
from rich.console import Console

from shared.access.tokens import Tokens
from shared.cli.operator import operator
from shared.settings import Settings

errors = Console(stderr=True)
TIMEOUT_SECONDS = 10


def base_url() -> str:
    """Where the services are: `JIUSHU_URL`, else the address that `jiushu run` would use here."""
    settings = Settings.load("cli")
    return os.environ.get("JIUSHU_URL", f"http://{settings.http_host}:{settings.http_port}")


def _token(role: str) -> str:
    """The bearer's own (`JIUSHU_TOKEN`, where a provider issues them), else one made with the local key."""
    given = os.environ.get("JIUSHU_TOKEN")
    if given:
        return given
    tokens = Tokens.from_file(Settings.load("cli").token_key_file)
    return tokens.issue(operator(), role, valid=timedelta(minutes=5))


def call(method: str, path: str, body: dict[str, Any] | None = None, *, role: str = "admin") -> Any:
    """One request, as an administrator unless told otherwise; ends the command with the reason where it is refused."""
    token = _token(role)
    try:
        response = requests.request(
            method,
            base_url() + path,
            json=body,
            headers={"Authorization": f"Bearer {token}"},
            timeout=TIMEOUT_SECONDS,
        )
    except requests.RequestException:
        errors.print(f"[red]{base_url()} 没有应答 (nothing answers there; is `jiushu run` up? JIUSHU_URL)[/]")
        raise typer.Exit(1) from None
    try:
        answer = response.json()
    except ValueError:
        errors.print(f"[red]{base_url()}: {response.status_code}, not JSON[/]")
        raise typer.Exit(1) from None
    if not response.ok:
        errors.print(f"{answer.get('title')} {answer.get('detail', '')}", style="red", markup=False)
        raise typer.Exit(1)
    return answer
