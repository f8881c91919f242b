"""What a page prints around or twice inside its text is taken out."""

from pipelines.stage import RefiningStage


class BoilerplatePipeline(RefiningStage):
    """What a page prints around or twice inside its text is taken out."""

    stage = "boilerplate"
