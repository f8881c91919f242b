"""The command line, as the tests run it."""

from tests.conftest import armcrawl, forks

__all__ = ["armcrawl", "forks"]
