"""Printed dates became dates: those that did not, and what feeds and listings say otherwise, are counted."""

from pipelines.stage import CountingStage


class DatesPipeline(CountingStage):
    """Printed dates became dates: those that did not, and what feeds and listings say otherwise, are counted."""

    subjects = ("date", "title")
