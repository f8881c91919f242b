"""Every article gets its fingerprint; nothing is ever dropped."""

from pipelines.stage import RefiningStage


class DedupePipeline(RefiningStage):
    """Every article gets its fingerprint; nothing is ever dropped."""

    stage = "dedupe"
