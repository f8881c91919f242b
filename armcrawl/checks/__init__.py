"""Whether what a site shows still is what it used to show: pure, from observations of pages to breaches."""

from __future__ import annotations

from armcrawl.checks.judging import Breach, judge, judge_new
from armcrawl.checks.observing import Observation, Picture, picture_of

__all__ = ["Breach", "Observation", "Picture", "judge", "judge_new", "picture_of"]
