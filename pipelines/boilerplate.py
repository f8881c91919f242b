"""What a page prints around or twice inside its text was taken out: how often is counted."""

from pipelines.stage import CountingStage


class BoilerplatePipeline(CountingStage):
    """What a page prints around or twice inside its text was taken out: how often is counted."""

    subjects = ("decoding", "charset", "body", "lead", "attribution")
