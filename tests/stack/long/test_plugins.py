"""A stranger's channel in the stack, by an image or by a folder, as docs/operating/plugins.md says it."""

from __future__ import annotations

import json
import re
import shutil
import sys

import pytest
import yaml

from shared.demo import deliberation as acts
from shared.demo import neighbourhood
from tests.stack.conftest import DEPLOY

PAGE = (DEPLOY.parent / "docs" / "operating" / "plugins.md").read_text(encoding="utf-8")
BY_IMAGE, BY_FOLDER = (yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL))
FOLDER = DEPLOY / "plugins"


@pytest.fixture(scope="module")
def wheel(stack, tmp_path_factory):
    """The stranger's distribution."""
    wheels = tmp_path_factory.mktemp("wheels")
    source = tmp_path_factory.mktemp("source") / "plugin"
    shutil.copytree(DEPLOY.parent / "tests" / "dummy_plugin", source)
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    stack.run(*pip, "--wheel-dir", str(wheels), str(source))
    (made,) = wheels.glob("*.whl")
    return made


@pytest.fixture
def by_image(stack, wheel):
    """An image of the site's own."""
    build = ["docker", "build", "--file", str(DEPLOY / "plugins.Dockerfile"), "--build-arg", "SERVICE=notify"]
    stack.run(*build, "--tag", "jiushu/notify:site", str(wheel.parent))
    yield BY_IMAGE
    stack.run("docker", "image", "rm", "--force", "jiushu/notify:site")


@pytest.fixture
def by_folder(stack, wheel):
    """A folder beside the configuration."""
    assert not FOLDER.exists(), f"{FOLDER} is the site's own"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(FOLDER)]
    stack.run(*pip, str(wheel))
    yield BY_FOLDER
    shutil.rmtree(FOLDER)


@pytest.mark.parametrize("way", ["by_image", "by_folder"])
def test_a_stranger_s_channel_reaches_a_resident(stack, way, request):
    overriding = request.getfixturevalue(way)
    with stack.overridden(**overriding):
        listed = stack.inside("notify", "jiushu", "plugins", "list", check=False)
        assert re.search(r"drop_folder.*可用", listed), listed
        stack.inside("notify", "jiushu", "check", "--quiet", "notify")
        stage = stack.stage()
        street, code = neighbourhood.street(stage), neighbourhood.free_code(stage)
        estate = neighbourhood.estate(
            stage, street, name="插件", code=code, owners=1, area_dm2=1, spot="广场"
        )
        resident = neighbourhood.resident(stage, "演示居民", 10 * int(code) + 9, estate.doors[0])
        acts.report(stage, "演示居民", resident, estate.spot, "路灯不亮")
        message = acts.await_message(stage, "it is delivered", resident, ":reported")
        dropped = stack.inside("notify", "cat", f"/var/lib/jiushu/{message['id']}.json")
        assert json.loads(dropped)["text"] == message["text"]
    assert "drop_folder" not in stack.inside("notify", "jiushu", "plugins", "list", check=False)
