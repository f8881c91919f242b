"""Counts articles whose date is missing, unreadable or impossible, or otherwise than feeds and listings say."""

from pipelines.stage import CountingStage


class DatesPipeline(CountingStage):
    """Counts articles whose date is missing, unreadable or impossible, or otherwise than feeds and listings say."""

    subjects = ("date", "title")
