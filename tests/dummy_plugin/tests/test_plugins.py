"""The plugins keep what their points ask of everyone."""

from __future__ import annotations

import json

import pytest
from example_honour.plugins.drop_folder import FOLDER, DropFolder
from example_honour.plugins.two_thirds import TwoThirds

from services.consultation.domain.policies import Tally, Thresholds
from services.consultation.plugins.conformance import DecisionRuleConformance
from services.notify.plugins.conformance import MESSAGE, ChannelConformance


class TestTwoThirds(DecisionRuleConformance):
    def make(self):
        return TwoThirds()


class TestDropFolder(ChannelConformance):
    @pytest.fixture(autouse=True)
    def folder(self, monkeypatch, tmp_path):
        self.environment, self.tmp_path = monkeypatch, tmp_path

    def make(self):
        self.environment.setenv(FOLDER, str(self.tmp_path))
        return DropFolder()

    def make_away(self):
        self.environment.setenv(FOLDER, str(self.tmp_path / "unmounted"))
        return DropFolder()


@pytest.mark.parametrize(("approved", "passed"), [(5, False), (6, True)])
def test_two_thirds_of_nine_are_six(approved, passed):
    assert TwoThirds().decide("residents", Tally(10, 9, approved), Thresholds(50, 50)).passed is passed


def test_a_message_is_one_file_that_only_the_service_can_read(monkeypatch, tmp_path):
    monkeypatch.setenv(FOLDER, str(tmp_path))
    for _ in range(2):
        DropFolder().deliver(MESSAGE)
    (file,) = tmp_path.iterdir()
    assert json.loads(file.read_text(encoding="utf-8"))["to"] == MESSAGE.address
    assert file.stat().st_mode & 0o077 == 0
