"""A server of S3 on loopback, with versions: moto's, behind what checks keys and breaks connections as it is told."""

from __future__ import annotations

import logging
import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

KEY, SECRET = "AKIATESTKEY", "correct-horse-battery"
BUCKET = "pages"
REFUSED = b"<Error><Code>InvalidAccessKeyId</Code><Message>no such key</Message></Error>"
UNKNOWN = b"<Error><Code>NotImplemented</Code><Message>no versions</Message></Error>"
FORBIDDEN = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"


@dataclass(slots=True)
class S3:
    """A running server with one bucket; `is_away` cuts all connections, `breaks` those for WARC files by a method."""

    port: int
    bucket: str = BUCKET
    is_away: bool = False
    is_read_only: bool = False
    knows_versions: bool = True
    breaks: tuple[str, str] | None = None  # method, and when: before or after it is carried out
    requests: list[tuple[str, str, str]] = field(default_factory=list)  # method, path, range

    @property
    def environment(self) -> dict[str, str]:
        """What names the server, and opens it."""
        return {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}",
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_REGION": "us-east-1",
        }

    @property
    def client(self) -> Any:
        """A client of another make than the one that is tested."""
        return boto3.client(
            "s3",
            region_name="us-east-1",
            endpoint_url=f"http://127.0.0.1:{self.port}",
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
            config=Config(s3={"addressing_style": "path"}),
        )

    def objects(self) -> dict[str, bytes]:
        """Return all objects of the bucket."""
        client = self.client
        found = client.list_objects_v2(Bucket=self.bucket).get("Contents", ())
        return {one["Key"]: client.get_object(Bucket=self.bucket, Key=one["Key"])["Body"].read() for one in found}

    def empty(self) -> None:
        """Work again, and delete all that is in the bucket."""
        self.is_away, self.is_read_only, self.knows_versions, self.breaks = False, False, True, None
        client = self.client
        found = client.list_object_versions(Bucket=self.bucket)
        for one in (*found.get("Versions", ()), *found.get("DeleteMarkers", ())):
            client.delete_object(Bucket=self.bucket, Key=one["Key"], VersionId=one["VersionId"])
        self.requests.clear()

    def versions(self, key: str) -> int:
        """Return how many versions there are of an object, marks of deletion as well."""
        found = self.client.list_object_versions(Bucket=self.bucket, Prefix=key)
        return len(found.get("Versions", ())) + len(found.get("DeleteMarkers", ()))


class _Gate:
    """Stands before moto's application."""

    def __init__(self) -> None:
        self.server: S3 | None = None
        self.inner = DomainDispatcherApplication(create_backend_app)

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        server, method = self.server, environ["REQUEST_METHOD"]
        assert server is not None
        breaks = server.breaks if environ["PATH_INFO"].endswith(".warc.gz") else None
        if server.is_away or breaks == (method, "before"):
            return _cut(environ)
        server.requests.append((method, environ["PATH_INFO"], environ.get("HTTP_RANGE", "")))
        if f"Credential={KEY}/" not in environ.get("HTTP_AUTHORIZATION", ""):
            return _refuse(environ, start, REFUSED)
        if server.is_read_only and method in {"PUT", "POST", "DELETE"}:
            return _refuse(environ, start, FORBIDDEN)
        if not server.knows_versions and environ["QUERY_STRING"].startswith("versions"):
            return _refuse(environ, start, UNKNOWN, "501 Not Implemented")
        answer: Iterable[bytes] = self.inner(environ, start)
        if breaks == (method, "after"):
            list(answer)
            return _cut(environ)
        return answer


def _refuse(
    environ: dict[str, Any], start: Callable[..., Any], body: bytes, status: str = "403 Forbidden"
) -> Iterable[bytes]:
    environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    start(status, [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))])
    return [body]


def _cut(environ: dict[str, Any]) -> Iterable[bytes]:
    """Cut the connection in the middle of the exchange."""
    environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    raise ConnectionAbortedError


@contextmanager
def s3_server(bucket: str = BUCKET, *, is_versioned: bool = True) -> Iterator[S3]:
    """Serve an empty bucket; all servers of a process know the buckets of the others."""
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    gate = _Gate()
    server = make_server("127.0.0.1", 0, gate, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    made = gate.server = S3(server.server_port, bucket)
    try:
        made.client.create_bucket(Bucket=bucket)
        if is_versioned:
            made.client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        made.requests.clear()
        yield made
    finally:
        made.empty()
        made.client.delete_bucket(Bucket=bucket)
        server.shutdown()
        thread.join()
        server.server_close()
