"""`python -m shared.cli` is `jiushu`."""

from shared.cli.main import app

app()
