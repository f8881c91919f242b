"""Counts the doubts about tags."""

from pipelines.stage import CountingStage


class TagsPipeline(CountingStage):
    """Counts repeated, empty and doubtful tags, and labels without tags."""

    subjects = ("tags",)
