"""The command line, as the tests run it."""

from tests.conftest import armcrawl

__all__ = ["armcrawl"]
