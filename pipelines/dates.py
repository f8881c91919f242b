"""Counts the articles whose date is missing, unreadable or impossible."""

from pipelines.stage import CountingStage


class DatesPipeline(CountingStage):
    """Counts the articles whose date is missing, unreadable or impossible."""

    subjects = ("date",)
