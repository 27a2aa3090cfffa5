"""What happens to the chain, in which order: drawn from a seed, which replays it.

Each part of the plan goes on beside the others, as faults do. A step that hurts a service is followed by the next one
only after the service has gone on.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

_SAYING = ("outbox.before_insert", "outbox.after_insert", "outbox.after_commit")
_SENDING = (
    "relay.after_claim",
    "relay.mid_batch",
    "relay.after_publish",
    "relay.after_confirm",
    "relay.before_mark_commit",
)
_RECEIVING = ("receive.before_commit", "receive.after_commit", "receive.after_ack")
_HANDLING = ("lane.in_handler", "lane.before_commit", "lane.after_commit")
_LEASE = ("lease.after_acquire", "lease.before_release")

POINTS = {
    "first": (*_SAYING, *_SENDING, *_LEASE),
    "second": (
        *_SAYING,
        *_SENDING,
        *_RECEIVING,
        *_HANDLING,
        "lane.before_note",
        "due.before_commit",
        *_LEASE,
    ),
    "third": (*_RECEIVING, *_HANDLING, *_LEASE),
}
# all services in one process, and nobody to acknowledge to
EMBEDDED_POINTS = tuple(
    dict.fromkeys(point for points in POINTS.values() for point in points if point not in _RECEIVING[1:])
)
ONCE = {
    "lease.after_acquire",
    "lease.before_release",
    "lane.before_note",
    "due.before_commit",
    "outbox.after_commit",
}


@dataclass(frozen=True)
class Step:
    """Wait `pause` seconds, then do `act`, more closely said by `detail`."""

    pause: float
    act: str
    detail: tuple = ()


@dataclass(frozen=True)
class Size:
    """How much of everything a plan holds."""

    visits: int  # how often each failpoint of a service is visited; 0: `samples` of them once
    samples: int
    kills: int  # at random moments, for each service
    freezes: int
    cuts: int  # and freezes, delays, strandings of connections
    crashes: int  # of each kind of server
    injections: int


SHORT = Size(visits=0, samples=2, kills=1, freezes=1, cuts=2, crashes=1, injections=2)
LONG = Size(visits=2, samples=0, kills=14, freezes=3, cuts=40, crashes=5, injections=40)


def service_steps(seed: int, service: str, points: Sequence[str], size: Size, replicas: int) -> list[Step]:
    """What happens to the processes of one service."""
    draw = random.Random(f"{seed}-{service}")
    visited = list(points) * size.visits if size.visits else draw.sample(points, size.samples)
    steps = [Step(0, "kill at", (point, 1 if point in ONCE else draw.randint(1, 5))) for point in visited]
    steps += [Step(draw.uniform(0, 1.5), "kill", (draw.randrange(replicas),)) for _ in range(size.kills)]
    steps += [
        Step(0, "freeze", (draw.randrange(replicas), round(draw.uniform(5, 7), 2)))
        for _ in range(size.freezes)
    ]
    steps += [Step(0, "restart")] * max(1, size.freezes // 2)
    draw.shuffle(steps)
    return steps


def network_steps(seed: int, size: Size) -> list[Step]:
    """What happens to connections."""
    draw = random.Random(f"{seed}-network")
    acts = ("cut", "freeze", "strand", "delay")
    return [
        Step(
            round(draw.uniform(1.0, 4.0), 2),
            draw.choice(acts),
            (draw.choice(("broker", "databases")), round(draw.uniform(0.5, 4.0), 2)),
        )
        for _ in range(size.cuts)
    ]


def server_steps(seed: int, size: Size) -> list[Step]:
    """What happens to the servers."""
    draw = random.Random(f"{seed}-servers")
    steps = [
        Step(round(draw.uniform(3, 15), 2), act)
        for act in ("restart broker", "kill broker", "restart databases")
        for _ in range(size.crashes)
    ]
    draw.shuffle(steps)
    return steps


def message_steps(seed: int, size: Size) -> list[Step]:
    """What somebody else puts into the queues."""
    draw = random.Random(f"{seed}-messages")
    steps = []
    for number in range(size.injections):
        act = "repeat" if number % 2 else "spoil"
        steps.append(Step(round(draw.uniform(1, 5), 2), act, (draw.randrange(2**31),)))
    return steps
