"""The promise under fire: whatever is killed, frozen, cut or repeated, the ledger agrees in the end.

`make test` plays a short plan, `make faults` a long one; both print the seed, and JIUSHU_FAULTS_SEED replays it.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.faults import plan


def test_nothing_is_lost_doubled_or_misordered_on_rabbitmq_and_postgresql(distributed, seed, size, is_long):
    parts = {
        service.name: plan.service_steps(
            seed, service.name, plan.POINTS[service.name], size, len(service.replicas)
        )
        for service in distributed.fleet.services.values()
    }
    parts |= {
        "network": plan.network_steps(seed, size),
        "servers": plan.server_steps(seed, size),
        "messages": plan.message_steps(seed, size),
    }
    report = judged(distributed, parts)
    if is_long:
        assert report.kills >= 200
        every_point = {point for points in plan.POINTS.values() for point in points}
        assert every_point <= set(report.counts), "a failpoint was never reached"


def test_nothing_is_lost_doubled_or_misordered_on_the_embedded_bus(embedded, seed, size):
    alone = replace(size, freezes=0)  # there is nobody to take over
    report = judged(embedded, {"all": plan.service_steps(seed, "all", plan.EMBEDDED_POINTS, alone, 1)})
    assert report.kills


def judged(campaign, parts):
    """The report, printed; a campaign whose ledger does not agree fails with it."""
    print(
        f"\nseed {campaign.report.seed} (JIUSHU_FAULTS_SEED={campaign.report.seed} replays the plan)",
        flush=True,
    )
    try:
        report = campaign.run(parts)
    except BaseException:
        print(campaign.fleet.logs())
        raise
    print(report)
    if report.wrong:
        pytest.fail(f"{report}\n{campaign.fleet.logs()}")
    return report
