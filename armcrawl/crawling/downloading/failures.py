"""Why a request failed, in words for people: Scrapy and Twisted name their errors for programmers."""

from __future__ import annotations

from OpenSSL import SSL
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from service_identity import VerificationError
from twisted.internet.error import ConnectError, ConnectionDone, ConnectionLost
from twisted.web._newclient import ParseError

from armcrawl.processes.worker import WorkerCrashError
from armcrawl.reading.decoding import UndecodableError
from armcrawl.redaction import tellable

PLAIN_WORDS: dict[type[BaseException], str] = {
    ResponseDataLossError: "the answer was cut off",
    DownloadTimeoutError: "no answer in time",
    DownloadConnectionRefusedError: "the connection was refused",
    CannotResolveHostError: "there is no such host",
    ConnectionDone: "the connection was closed without an answer",
    ConnectionLost: "the connection was lost",
    ParseError: "the answer is no HTTP",
    VerificationError: "the server's certificate is for another host",
}
UNTRUSTED = "the server's certificate is not trusted: it has expired, or nobody known has signed it"


def failure_sentence(error: BaseException) -> str:
    """Return why a request failed, in a few words; what the server said in them is harmless."""
    said = tellable(str(error)).rstrip(".")
    if isinstance(error, (IgnoreRequest, UndecodableError)):
        return said
    if isinstance(error, DownloadCancelledError) and "larger than" in said:
        return "the answer is larger than any page"
    # Twisted gives its reasons for a failed download in a list.
    reasons = [failure.value for failure in getattr(error.__cause__, "reasons", ())]
    for reason in (error, *reasons):
        if words := _plain_words(reason):
            return words
    # The list itself is for programmers.
    error = next(iter(reasons), error)
    said = tellable(str(error)).rstrip(".")
    name = type(error).__name__.removesuffix("Error")
    return f"{name}: {said}" if said else name


def _plain_words(error: BaseException) -> str | None:
    """Return what is said of an error that is known; None of any other."""
    if isinstance(error, SSL.Error):
        # OpenSSL's own words are the last of three in each of its errors.
        told = [str(one[-1]) for one in (error.args[0] if error.args and isinstance(error.args[0], list) else ())]
        return UNTRUSTED if "certificate verify failed" in told else f"no TLS: {', '.join(told) or 'it was broken off'}"
    if isinstance(error, KeyError) and error.args and isinstance(error.args[0], bytes):
        # Twisted looks for it among those that it knows: https://www.rfc-editor.org/rfc/rfc9112#name-transfer-codings
        return f"the answer is sent in a transfer coding that is not known: {tellable(error.args[0].decode('latin-1'))}"
    if isinstance(error, ConnectError) and type(error) not in PLAIN_WORDS:
        return f"no connection could be made ({error.osError or type(error).__name__})"
    return PLAIN_WORDS.get(type(error))


def unreadable_because(error: Exception) -> str:
    """Return why a page could not be read, for its quarantine."""
    crashed = isinstance(error, WorkerCrashError)
    return "the page crashes its reader" if crashed else f"the reader failed: {failure_sentence(error)}"
