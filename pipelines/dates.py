"""Printed dates become dates."""

from pipelines.stage import RefiningStage


class DatesPipeline(RefiningStage):
    """Printed dates become dates."""

    stage = "dates"
