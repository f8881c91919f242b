"""Quiet nights raise no alarm, and breakages are seen in time: a few of both here, all in the soak."""

from __future__ import annotations

import os

import pytest

from tests.guard.breakages import BREAKAGES
from tests.guard.nights import KINDS, Kind
from tests.guard.trying import QUIET_NIGHTS, Seen, is_hidden, quiet_nights, until_seen

# Fresh ones: `ARMCRAWL_TEST_SEED=7 make soak` takes 7 to 11.
FIRST_SEED = int(os.environ.get("ARMCRAWL_TEST_SEED", "101"))
SEEDS = range(FIRST_SEED, FIRST_SEED + 5)
# Nights, and breakages of every kind, that take seconds.
FEW_NIGHTS = 12
FEW_BREAKAGES = [one for one in BREAKAGES if one.name in {"the date is gone", "the logo as title", "the tags are gone"}]


def by_name(kind: Kind) -> str:
    return kind.name


@pytest.mark.parametrize("kind", KINDS, ids=by_name)
def test_some_quiet_nights_raise_no_alarm(kind: Kind) -> None:
    assert quiet_nights(kind, 1, FEW_NIGHTS).alarms == []


@pytest.mark.parametrize("kind", [KINDS[1], KINDS[4]], ids=by_name)
def test_some_breakages_are_seen_in_time(kind: Kind) -> None:
    found = until_seen(kind, 1, FEW_BREAKAGES, FEW_NIGHTS)
    assert {name: seen for name, seen in found.items() if not seen.is_in_time} == {}


@pytest.mark.soak
@pytest.mark.parametrize("kind", KINDS, ids=by_name)
def test_at_most_one_quiet_night_in_a_thousand_raises_an_alarm(kind: Kind) -> None:
    found = [quiet_nights(kind, seed, QUIET_NIGHTS) for seed in SEEDS]
    alarms = [alarm for one in found for alarm in one.alarms]
    assert 1000 * len(alarms) <= sum(one.nights for one in found), alarms


@pytest.mark.soak
@pytest.mark.parametrize("kind", KINDS, ids=by_name)
def test_every_breakage_is_seen_in_time(kind: Kind) -> None:
    found = until_seen(kind, FIRST_SEED, BREAKAGES)
    late: dict[str, Seen] = {
        one.name: found[one.name]
        for one in BREAKAGES
        if not (found[one.name].is_in_time or is_hidden(one, kind) or not found[one.name].affected)
    }
    assert late == {}
