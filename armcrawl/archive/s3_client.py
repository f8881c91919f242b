"""S3 itself: the libraries, as far as they are installed, and their errors as sentences without secrets.

Credentials and endpoint come from the usual variables (AWS_ACCESS_KEY_ID, AWS_ENDPOINT_URL …), which both libraries
read themselves.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from armcrawl import config
from armcrawl.errors import ArchiveError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

NEEDED = "An archive in S3 needs obstore and boto3: install armcrawl[s3] (in a checkout: `make extras`)."
# Whoever does not answer in ten seconds is away; a block of 1 MB takes a second on a slow line, a file of 1 GB some
# minutes. What fails is tried again for half a minute, which a server needs that is started anew.
CONNECT, READ, PUT = timedelta(seconds=10), timedelta(seconds=60), timedelta(minutes=15)
AGAIN, TIMES = timedelta(seconds=30), 5
NO_BUCKET = "There is no bucket of {place}: make it, or name another with --archive; AWS_ENDPOINT_URL names its server."
CODE = re.compile(r"<Code>(\w{1,60})</Code>")
STATUS = re.compile(r"status code: (\d{3})")
# What servers call credentials that they do not know, and those that may not do it.
UNKNOWN = ("InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken", "InvalidClientTokenId")
ELSEWHERE = ("PermanentRedirect", "AuthorizationHeaderMalformed", "301")
INSTANCE = "169.254."


def module() -> Any:
    """Return obstore; raises UsageError where it is not installed."""
    try:
        import obstore
        import obstore.exceptions
    except ImportError as error:
        raise UsageError(NEEDED) from error
    return obstore


@lru_cache(maxsize=8)
def store(bucket: str, prefix: str, timeout: timedelta = READ) -> Any:
    """Return obstore's client of a bucket, one in each process; an answer that takes longer is given up."""
    module()
    from obstore.store import S3Store

    return S3Store(
        bucket,
        prefix=prefix or None,
        client_options={"allow_http": True, "connect_timeout": CONNECT, "timeout": timeout},
        retry_config={"max_retries": TIMES, "retry_timeout": AGAIN},
    )


@contextmanager
def telling(place: str, what: str) -> Iterator[None]:
    """Turn the library's errors into ArchiveError; FileNotFoundError goes through.

    Their texts are never told: they hold requests and answers as they were sent.
    """
    obstore = module()
    try:
        yield
    except obstore.exceptions.BaseError as error:
        raise ArchiveError(_sentence(place, what, str(error))) from None


def _sentence(place: str, what: str, text: str) -> str:
    found = CODE.search(text) or STATUS.search(text)
    code = found[1] if found else ""
    if code == "NoSuchBucket":
        return NO_BUCKET.format(place=place)
    if INSTANCE in text and not config.has_aws_credentials():
        return f"{place} cannot {what}: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
    if code in UNKNOWN:
        return f"{place} cannot {what}: the server does not take the credentials of AWS_ACCESS_KEY_ID ({code})."
    if code in ELSEWHERE:
        return f"{place} cannot {what}: its bucket is in another region, name that in AWS_REGION ({code})."
    if code in {"AccessDenied", "403", "401"}:
        return f"{place} cannot {what}: who has the key of AWS_ACCESS_KEY_ID may not do it ({code})."
    said = f"it answers {code}" if code else "no answer"
    return f"{place} cannot {what}: {said}; see whether AWS_ENDPOINT_URL names a server that runs."


def delete_versions(bucket: str, key: str) -> None:
    """Delete an object with all its versions; raises ArchiveError. obstore knows no versions, so this is boto3's."""
    try:
        import boto3
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError, ClientError
    except ImportError as error:
        raise UsageError(NEEDED) from error
    options = Config(s3={"addressing_style": "path"}, request_checksum_calculation="when_required")
    try:
        client = boto3.client("s3", region_name=config.aws_region(), config=options)
        for version in _versions(client, bucket, key):
            client.delete_object(Bucket=bucket, Key=key, VersionId=version)
        if _versions(client, bucket, key):
            raise ArchiveError(f"Versions of {bucket}/{key} were deleted, and are still there.")
    except ClientError as error:
        answer = error.response
        code = answer.get("Error", {}).get("Code") or answer.get("ResponseMetadata", {}).get("HTTPStatusCode", "")
        raise ArchiveError(_sentence(f"{bucket}/{key}", "be deleted", f"<Code>{code}</Code>")) from None
    except BotoCoreError:
        raise ArchiveError(_sentence(f"{bucket}/{key}", "be deleted", "")) from None


def _versions(client: Any, bucket: str, key: str) -> list[str]:
    """Return the versions of an object, and the marks that it was deleted, which are versions as well."""
    found = list[str]()
    for some in client.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=key):
        for one in (*some.get("Versions", ()), *some.get("DeleteMarkers", ())):
            if one["Key"] == key:
                found.append(one["VersionId"])
    return found
