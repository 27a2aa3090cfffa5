"""What a command says where a database refuses: the way out depends on why."""

from __future__ import annotations

import pytest
import typer
from sqlalchemy.exc import OperationalError

from shared.cli.refusals import clear_refusals


@pytest.mark.parametrize(
    ("said", "way_out"),
    [
        ('FATAL:  password authentication failed for user "grid"', "deploy/secrets"),
        ("no such table: outbox", "jiushu migrate"),
    ],
)
def test_what_a_database_refuses_is_said_with_the_way_out(capsys, said, way_out):
    with pytest.raises(typer.Exit) as ended, clear_refusals():
        raise OperationalError("select 1", {}, Exception(said))
    assert ended.value.exit_code == 1
    shown = capsys.readouterr().err
    assert said in shown.replace("\n", " ")
    assert way_out in shown
    assert ("migrate" in shown) == (way_out == "jiushu migrate")
