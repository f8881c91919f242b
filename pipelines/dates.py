"""Printed dates became dates: those that did not are counted."""

from pipelines.stage import CountingStage


class DatesPipeline(CountingStage):
    """Printed dates became dates: those that did not are counted."""

    subjects = ("date",)
