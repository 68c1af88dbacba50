"""Many readers at once: `tests.benchmarks.serve` in small."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks.serve import measure

# What a round may add once the first has loaded everything, in MB: noise of the allocator is a few.
_FLAT = 30


def test_each_of_many_readers_is_answered_or_told_to_come_again(shared_home: Path) -> None:
    rounds = measure(shared_home, requests=40, rounds=3, waiting=10, real=False)
    for one_round in rounds:
        assert not one_round.lost, one_round.why
        assert one_round.answered + one_round.refused == 40
        assert one_round.answered >= 10
    assert sum(one_round.refused for one_round in rounds) > 0
    assert rounds[-1].megabytes - rounds[0].megabytes < _FLAT
