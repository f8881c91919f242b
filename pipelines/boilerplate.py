"""Counts what was repaired in the text of articles, from decoding to boilerplate."""

from pipelines.stage import CountingStage


class BoilerplatePipeline(CountingStage):
    """Counts what was repaired in the text of articles, from decoding to boilerplate."""

    subjects = ("decoding", "charset", "body", "lead", "attribution")
