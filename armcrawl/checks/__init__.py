"""Whether a site's pages still look as they did in earlier runs: pure functions from observations to breaches."""

from __future__ import annotations

from armcrawl.checks.bounds import judge_bounds
from armcrawl.checks.breaches import Breach, plainest
from armcrawl.checks.effort import Effort, breach_from_json, judge_effort
from armcrawl.checks.joining import AddressSeen, ClusterSeen, DaySeen, doubt_of_addresses, doubts_of, unjudged_of
from armcrawl.checks.judging import Judgement, judge, judge_new, unjudged
from armcrawl.checks.observing import Observation, Seen, seen_of
from armcrawl.checks.pictures import Accepted, Distribution, History, picture_of

__all__ = [
    "Accepted",
    "AddressSeen",
    "Breach",
    "ClusterSeen",
    "DaySeen",
    "Distribution",
    "Effort",
    "History",
    "Judgement",
    "Observation",
    "Seen",
    "breach_from_json",
    "doubt_of_addresses",
    "doubts_of",
    "judge",
    "judge_bounds",
    "judge_effort",
    "judge_new",
    "picture_of",
    "plainest",
    "seen_of",
    "unjudged",
    "unjudged_of",
]
