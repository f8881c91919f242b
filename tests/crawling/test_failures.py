"""Why a request failed, in words for people."""

from __future__ import annotations

from armcrawl.crawling.downloading.failures import failure_sentence


def test_a_transfer_coding_that_is_not_known_is_named() -> None:
    said = failure_sentence(KeyError(b"gzip, \x1b[2Jchunked"))
    assert said == "the answer is sent in a transfer coding that is not known: gzip, \N{REPLACEMENT CHARACTER}[2Jchunked"
