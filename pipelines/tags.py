"""Printed tags get names, keys and slugs."""

from pipelines.stage import RefiningStage


class TagsPipeline(RefiningStage):
    """Printed tags get names, keys and slugs."""

    stage = "tags"
