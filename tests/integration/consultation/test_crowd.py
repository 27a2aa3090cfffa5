"""Two hundred who vote at the same moment, over HTTP, on PostgreSQL."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import func, select

from services.consultation.store.reviews import ballots
from tests.bench.ballots import VOTERS, Bench


def test_of_two_hundred_ballots_at_once_none_is_lost_none_doubled_and_nobody_is_turned_away(postgresql):
    bench = Bench(postgresql.new_database("crowd"))
    with bench.served() as port:
        journey, answers = bench.vote(port)
    assert Counter(status for status, _ in answers) == {201: VOTERS}
    with bench.database.reading() as session:
        kept = select(func.count(), func.count(ballots.c.voter_ref.distinct()))
        assert session.execute(kept).one() == (VOTERS, VOTERS)
    journey.ballot("expert-1", "professionals")
    verdict, _ = journey.close()["verdicts"]
    assert (verdict["on_roster"], verdict["voted"], verdict["approved"]) == (VOTERS, VOTERS, VOTERS)
    bench.close()
