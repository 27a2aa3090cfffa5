"""An installation from the bundle, with nothing to fetch from anywhere. The last: afterwards the stack is another."""

from __future__ import annotations

from tests.stack.conftest import DEPLOY


def test_a_bundle_installs_where_there_is_nothing_to_fetch_and_plays_chain_1(stack, tmp_path):
    bundle = tmp_path / "bundle"
    stack.run(str(DEPLOY / "bundle.sh"), str(bundle), JIUSHU_AS_BUILT="yes")
    stack.compose("down", "--volumes", "--timeout", "5")
    images = (bundle / "images").read_text(encoding="utf-8").split()
    stack.run("docker", "image", "rm", "--force", *images)

    stack.run(str(bundle / "install.sh"))
    stack.wait_until_ready()
    operator = [
        "docker",
        "compose",
        "--file",
        str(bundle / "deploy" / "compose.yml"),
        "run",
        "--rm",
        "-T",
        "operator",
    ]
    assert "全链贯通" in stack.run(*operator, "smoke", "http://front:8080")

    (bundle / "install.sh").write_text((bundle / "install.sh").read_text() + "\n", encoding="utf-8")
    assert "FAILED" in stack.run(str(bundle / "install.sh"), check=False), (
        "what was changed is found before it runs"
    )
