"""Forward to the next release and back to the one before, under load, by the commands of docs/operating/upgrade.md.

The next release is this one with a migration more in both lines, made in a copy: the kernel's, for all five services,
and grid's own.
"""

from __future__ import annotations

import shutil
import time

import pytest

from shared.persistence import migrations as kernel_migrations
from shared.persistence.migrate import revisions
from shared.suite import service_class
from tests.stack.conftest import DEPLOY, NAMES
from tests.stack.load import traffic
from tests.stack.test_2_chain import play_chain_1

ROOT = DEPLOY.parent
LINES = {
    "kernel": ("shared/persistence/migrations", "outbox_messages", kernel_migrations),
    "grid": ("services/grid/migrations", "cases", service_class("grid").definition.migrations),
}
MIGRATION = '''"""What the next release adds."""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{before}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("{table}", sa.Column("praise", sa.String(20), nullable=False, server_default="thanks"))
'''


@pytest.fixture
def next_release(stack, tmp_path):
    """Images of the next release, tagged `next`; afterwards they and what they have added are gone."""
    for part in ("shared", "services", "lock"):
        shutil.copytree(
            ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info")
        )
    for folder, table, module in LINES.values():
        text = MIGRATION.format(before=revisions(module)[0], table=table)
        (tmp_path / folder / "versions" / "9999_add_praise.py").write_text(text, encoding="utf-8")
    images = {f"jiushu/{name}:next": name for name in NAMES} | {"jiushu/jobs:next": " ".join(NAMES)}
    for image, services in images.items():
        build = ["docker", "build", "--network", "host", "--file", str(DEPLOY / "Dockerfile")]
        stack.run(*build, "--build-arg", f"SERVICE={services}", "--tag", image, str(tmp_path))
    yield
    stack.run("docker", "image", "rm", "--force", *images)
    for name in NAMES:
        for line in ("kernel", name) if name in LINES else ("kernel",):
            _, table, module = LINES[line]
            stack.rows(name, f"ALTER TABLE {table} DROP COLUMN IF EXISTS praise")
            stack.rows(name, f"UPDATE alembic_version_{line} SET version_num = '{revisions(module)[0]}'")


def go(stack, version, load):
    """All services are that version's, while cases come in."""
    before = len(load.made)
    stack.run(str(DEPLOY / "roll.sh"), JIUSHU_VERSION=version)
    listed = stack.compose("ps", "--format", "{{.Service}} {{.Image}}").splitlines()
    running = dict(line.split() for line in listed)
    assert {name: running[name] for name in NAMES} == {name: f"jiushu/{name}:{version}" for name in NAMES}
    stack.wait_until_ready()
    assert len(load.made) > before


def test_the_stack_goes_to_the_next_release_and_back_under_load(stack, next_release):
    with traffic(stack) as load:
        time.sleep(5)
        go(stack, "next", load)
        assert stack.rows("grid", "SELECT version_num FROM alembic_version_grid") == [["9999"]]
        assert ["thanks"] in stack.rows("notify", "SELECT DISTINCT praise FROM outbox_messages")
        go(stack, "local", load)
        for service in NAMES:
            assert "数据库比程序新" in stack.inside(service, "jiushu", "check", "--quiet", service)
    load.assert_each_had_its_effect_once()
    play_chain_1(stack.stage())
    print(f"\nforward and back: {len(load.made)} cases; nobody waited longer than {load.longest:.1f} s")
