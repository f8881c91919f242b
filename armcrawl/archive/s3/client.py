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
from armcrawl.errors import ArchiveAwayError, ArchiveError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEME = "s3://"
NEEDED = "An archive in S3 needs obstore and boto3: install armcrawl[s3] (in a checkout: `make extras`)."
# Whoever takes no connection in five seconds is away; a block of 1 MB takes a second on a slow line, a file of 1 GB
# some minutes. What fails is tried again for ten seconds: a run's report reads three pages, and may take a minute.
CONNECT, READ, PUT = timedelta(seconds=5), timedelta(seconds=20), timedelta(minutes=15)
AGAIN, TIMES = timedelta(seconds=10), 5
NO_BUCKET = "There is no bucket of {place}: make it, or name another with --archive; AWS_ENDPOINT_URL names its server."
CODE = re.compile(r"<Code>(\w{1,60})</Code>")
STATUS = re.compile(r"status code: (\d{3})")
# What servers call credentials that they do not know, and those that may not do it.
UNKNOWN = ("InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken", "InvalidClientTokenId")
# What servers say that know no versions, as Garage.
WITHOUT_VERSIONS = ("NotImplemented", "501", "MethodNotAllowed", "405")
ELSEWHERE = ("PermanentRedirect", "AuthorizationHeaderMalformed", "301")
# Half of the credentials, or where a machine in a cloud is asked for its own.
MISSING = re.compile(r"Missing(?:AccessKeyId|SecretAccessKey)|/latest/")


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
    """Turn the library's errors into ArchiveAwayError; FileNotFoundError goes through.

    Their texts are never told: they hold requests and answers as they were sent.
    """
    obstore = module()
    try:
        yield
    except obstore.exceptions.BaseError as error:
        raise ArchiveAwayError(_sentence(place, what, str(error))) from None


def _sentence(place: str, what: str, text: str) -> str:
    found = CODE.search(text) or STATUS.search(text)
    code = found[1] if found else ""
    if code == "NoSuchBucket":
        return NO_BUCKET.format(place=place)
    if MISSING.search(text) and not config.has_aws_credentials():
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
    """Delete an object with all its versions, which obstore does not know.

    Raises ArchiveAwayError, and ArchiveError where some are there still.
    """
    try:
        import boto3
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError, ClientError
    except ImportError as error:
        raise UsageError(NEEDED) from error
    options = Config(s3={"addressing_style": "path"}, request_checksum_calculation="when_required")
    address = f"{SCHEME}{bucket}/{key}"
    try:
        s3 = boto3.client("s3", region_name=config.aws_region(), config=options)
        versions = _versions(s3, bucket, key)
        for version in versions or ():
            s3.delete_object(Bucket=bucket, Key=key, VersionId=version)
        if versions is None:
            s3.delete_object(Bucket=bucket, Key=key)
        elif _versions(s3, bucket, key):
            raise ArchiveError(f"Versions of {address} were deleted, and are still there.")
    except ClientError as error:
        raise ArchiveAwayError(_sentence(address, "be deleted", f"<Code>{_code(error)}</Code>")) from None
    except BotoCoreError:
        raise ArchiveAwayError(_sentence(address, "be deleted", "")) from None


def _versions(s3: Any, bucket: str, key: str) -> list[str] | None:
    """Return the versions of an object, with the marks that it was deleted; None where the server knows no versions."""
    found = list[str]()
    try:
        for some in s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=key):
            for one in (*some.get("Versions", ()), *some.get("DeleteMarkers", ())):
                if one["Key"] == key:
                    found.append(one["VersionId"])
    except s3.exceptions.ClientError as error:
        if _code(error) in WITHOUT_VERSIONS:
            return None
        raise
    return found


def _code(error: Any) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))
