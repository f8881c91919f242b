"""Printed tags got names, keys and slugs: doubts are counted."""

from pipelines.stage import CountingStage


class TagsPipeline(CountingStage):
    """Printed tags got names, keys and slugs: doubts are counted."""

    subjects = ("tags",)
