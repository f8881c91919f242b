"""Commands start as forks of a process that has imported what they need: that saves two seconds each.

A fork runs `armcrawl` as `python -m armcrawl` does: in its own process, folder and environment, with its
own standard streams, to its own exit code. The workers that it starts are forks as well: what it takes for Python
is a program that asks for one (INTERPRETER), and that is Python for whatever else it is asked.
"""

from __future__ import annotations

import atexit
import fcntl
import gc
import json
import os
import re
import resource
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from multiprocessing.spawn import set_executable, spawn_main
from pathlib import Path
from pkgutil import walk_packages
from threading import Thread
from typing import TYPE_CHECKING, Any, NoReturn

from armcrawl.processes import child, pool
from armcrawl.russian.dates import read_date
from armcrawl.russian.tags import canonical_tag
from armcrawl.sample.articles import load_sample
from armcrawl.sites.known import forget_sites
from tests.compiled import share_compiled
from tests.warming import warm

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

# What most commands import in the end: all modules of these packages, and some of others. Nothing here may start a
# thread, choose Twisted's reactor, or keep the standard streams of its import.
PACKAGES = (
    *(
        "armcrawl.cli",
        "armcrawl.reporting",
        "armcrawl.jobs",
        "armcrawl.crawling",
        "armcrawl.discovery",
        "armcrawl.discovery.sighted",
        "armcrawl.store",
        "armcrawl.archive",
        "armcrawl.refining",
    ),
    *("pipelines", "scrapy.downloadermiddlewares", "scrapy.spidermiddlewares"),
)
# They choose the reactor.
SCRAPY_COMMANDS = "armcrawl.crawling.commands"
MODULES = (
    *("armcrawl.settings", "armcrawl.reading.response", "armcrawl.analysis.search"),
    *("psycopg", "sqlalchemy.dialects.sqlite"),
    *("sqlalchemy.dialects.postgresql.psycopg", "scrapy.commands.crawl", "scrapy.squeues", "scrapy.pqueues"),
    *("scrapy.extensions.closespider", "scrapy.extensions.corestats", "scrapy.extensions.logcount"),
    *("scrapy.extensions.logstats", "scrapy.extensions.memusage", "scrapy.extensions.spiderstate"),
    *("scrapy.extensions.throttle", "scrapy.dupefilters", "scrapy.robotstxt", "scrapy.statscollectors"),
    *("scrapy.logformatter", "scrapy.utils.engine"),
)
# A tag, as those of the sample, and a text that only dateparser may take for a date: the dictionary of Russian and
# dateparser's tables are loaded, and names read, once and for all forks.
WORD, DATE = "заводы", "Арматура 2016"
# Starts in a hundredth of a second. It lives as long as the fork: who kills it kills that, which sees it gone.
INTERPRETER = """#!{python} -IS
import os, sys
is_of_pool = sys.argv[-1] == "--multiprocessing-fork"
if sys.argv[1:3] != ["-m", "armcrawl.processes.child"] and not is_of_pool:
    os.execv({python!r}, [{python!r}, *sys.argv[1:]])
streams = [0, 1, 2]
for name in os.listdir("/proc/self/fd") if is_of_pool else ():
    if int(name) > 2 and os.path.exists("/proc/self/fd/" + name):
        streams.append(int(name))
import ctypes, json, resource, socket
ctypes.CDLL(None).prctl(1, 9)
connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
connection.connect({address!r})
told = {{"worker": sys.argv[-2:] if is_of_pool else True, "folder": os.getcwd(), "environment": dict(os.environ)}}
told |= {{"streams": streams, "room": resource.getrlimit(resource.RLIMIT_FSIZE)}}
socket.send_fds(connection, [json.dumps(told).encode()], streams)
for stream in streams:
    os.close(stream)
connection.recv(100)
os._exit(int(connection.recv(100)) & 255)
"""
# Longer than any import takes.
START_SECONDS = 60
MAX_MESSAGE_LENGTH = 1 << 20
# The three standard streams, and what a process of a pool has to hear from it: five pipes.
MAX_STREAMS = 32
PIPE = re.compile(r"(\w+)=(\d+)")
# Above all that a process has open.
HIGH = 200


@dataclass(frozen=True)
class Finished:
    """A command that ended."""

    code: int
    out: str
    err: str


class Started:
    """A command that runs; it has what tests need of subprocess.Popen. It is killed when nobody holds it any more."""

    def __init__(self, address: str, told: Mapping[str, Any], stdin: str | None = None) -> None:
        self.arguments: list[str] = told["arguments"]
        self.returncode: int | None = None
        self.out, self.err = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # noqa: SIM115 - until it has ended
        self.connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.connection.settimeout(START_SECONDS)
        self.connection.connect(address)
        with tempfile.TemporaryFile() as given:
            given.write((stdin or "").encode())
            given.seek(0)
            streams = [given.fileno(), self.out.fileno(), self.err.fileno()]
            socket.send_fds(self.connection, [json.dumps(told).encode()], streams)
        self.pid = int(self.connection.recv(MAX_MESSAGE_LENGTH))

    def poll(self) -> int | None:
        """Return the exit code, None while the command runs."""
        return self._ended(0)

    def send_signal(self, number: int) -> None:
        """Send a signal, unless the command has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Send SIGKILL."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Send SIGTERM."""
        self.send_signal(signal.SIGTERM)

    def printed(self) -> str:
        """Return what has come over standard error so far."""
        return os.pread(self.err.fileno(), MAX_MESSAGE_LENGTH, 0).decode(errors="replace")

    def communicate(self, timeout: float) -> tuple[str, str]:
        """Wait for the end, and return what was printed; raises TimeoutExpired, with it, if that takes too long."""
        code = self._ended(timeout)
        if code is None:
            self.kill()
        printed = []
        for stream in (self.out, self.err):
            stream.seek(0)
            printed.append(stream.read().decode())
            stream.close()
        if code is None:
            raise subprocess.TimeoutExpired(self.arguments, timeout, *printed)
        return printed[0], printed[1]

    def _ended(self, seconds: float) -> int | None:
        if self.returncode is None:
            self.connection.settimeout(seconds)
            with suppress(TimeoutError, BlockingIOError):
                self.returncode = int(self.connection.recv(MAX_MESSAGE_LENGTH))
                self.connection.close()
        return self.returncode


class Forking:
    """Runs commands in forks of one process."""

    def __init__(self, address: str) -> None:
        self.address = address

    def start(
        self,
        arguments: Sequence[str],
        *,
        folder: Path,
        environment: Mapping[str, str],
        stdin: str | None = None,
        script: str | None = None,
    ) -> Started:
        """Start `armcrawl` with arguments, or a script."""
        told = {"arguments": list(arguments), "folder": str(folder), "environment": dict(environment)}
        return Started(self.address, told | {"script": script}, stdin)

    def run(
        self,
        arguments: Sequence[str],
        *,
        folder: Path,
        environment: Mapping[str, str],
        timeout: float,
        stdin: str | None = None,
        script: str | None = None,
    ) -> Finished:
        """Run `armcrawl` with arguments, or a script, to its end; raises TimeoutExpired if it takes too long."""
        command = self.start(arguments, folder=folder, environment=environment, stdin=stdin, script=script)
        out, err = command.communicate(timeout)
        assert command.returncode is not None
        return Finished(command.returncode, out, err)


@contextmanager
def forking() -> Iterator[Forking]:
    """Start the process that forks; it ends with the block."""
    with tempfile.TemporaryDirectory() as folder:
        address = str(Path(folder) / "socket")
        command = [sys.executable, "-m", "tests.forking", address]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield Forking(address)
            process.kill()


def serve(address: str) -> NoReturn:
    """Fork for every connection, for ever."""
    for name in (*MODULES, *_modules_of(PACKAGES)):
        import_module(name)
    for tag in {tag.printed for article in load_sample().articles.values() for tag in article.tags} | {WORD}:
        canonical_tag(tag)
    read_date(DATE, datetime.now(UTC))
    share_compiled()
    warm()
    assert "twisted.internet.reactor" not in sys.modules, "a command chooses its own reactor"
    gc.freeze()
    interpreter = Path(address).with_name("python")
    interpreter.write_text(INTERPRETER.format(python=sys.executable, address=address), encoding="utf-8")
    interpreter.chmod(0o700)
    sys.executable = str(interpreter)
    set_executable(str(interpreter))
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listener.bind(address)
    listener.listen()
    print("ready", flush=True)  # noqa: T201 - the parent waits for it
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that attend to a connection
    while True:
        connection, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            _attend(connection)
        connection.close()


def _modules_of(packages: Sequence[str]) -> Iterator[str]:
    for name in packages:
        yield name
        found = (module.name for module in walk_packages(import_module(name).__path__, f"{name}."))
        yield from (module for module in found if not module.startswith(SCRAPY_COMMANDS))


def _attend(connection: socket.socket) -> NoReturn:
    """Fork the command, and tell its process id and how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    message, streams, _, _ = socket.recv_fds(connection, MAX_MESSAGE_LENGTH, MAX_STREAMS)
    pid = os.fork()
    if pid == 0:
        connection.close()
        _command(json.loads(message), streams)
    connection.send(str(pid).encode())
    Thread(target=_kill_when_forsaken, args=(connection, pid), daemon=True).start()
    _, status = os.waitpid(pid, 0)
    with suppress(BrokenPipeError):
        connection.send(str(os.waitstatus_to_exitcode(status)).encode())
    os._exit(0)


def _kill_when_forsaken(connection: socket.socket, pid: int) -> None:
    """Kill a fork whose asker is gone; one that has ended by itself is no more."""
    with suppress(OSError):
        connection.recv(MAX_MESSAGE_LENGTH)
        os.kill(pid, signal.SIGKILL)


def _command(told: Mapping[str, Any], streams: Sequence[int]) -> NoReturn:
    """Be the command: take over its streams, folder, environment and arguments, and run it."""
    out_of_the_way = [fcntl.fcntl(stream, fcntl.F_DUPFD, HIGH) for stream in streams]
    os.closerange(3, HIGH)
    for number, stream in zip(told.get("streams", (0, 1, 2)), out_of_the_way, strict=True):
        os.dup2(stream, number)
        os.close(stream)
    sys.stdin, sys.stdout = open(0, encoding="utf-8", closefd=False), open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - for the whole process
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False, errors="backslashreplace", buffering=1)  # noqa: SIM115 - as above
    os.chdir(told["folder"])
    os.environ.clear()
    os.environ.update(told["environment"])
    forget_sites()
    if "room" in told:
        resource.setrlimit(resource.RLIMIT_FSIZE, told["room"])
    worker = told.get("worker")
    if worker is True:
        child.main()
        os._exit(0)
    if worker:
        _join_pool(*worker)
    os._exit(_run(told["arguments"], told["script"]))


def _join_pool(program: str, argument: str) -> NoReturn:
    """Be a process of `armcrawl.processes.pool`, whose program says by which pipes it hears from its parent."""
    # Whoever asked for this fork dies with its parent.
    vars(pool)["die_with"] = lambda _: None
    pipes = {name: int(number) for name, number in PIPE.findall(program)}
    sys.argv = ["-c", argument]
    code: object = 1
    try:
        spawn_main(**pipes)
    except SystemExit as error:
        code = error.code
    finally:
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 0)


def _run(arguments: Sequence[str], script: str | None) -> int:
    """Run the command and return its exit code, as the interpreter does at its end."""
    code: object = 0
    try:
        if script is None:
            sys.argv = ["armcrawl", *arguments]
            runpy.run_module("armcrawl", run_name="__main__", alter_sys=True)
        else:
            # A file, as processes that the command starts import it.
            path = Path("script.py").absolute()
            path.write_text(script, encoding="utf-8")
            sys.argv = [str(path), *arguments]
            runpy.run_path(str(path), run_name="__main__")
    except SystemExit as error:
        code = error.code
    except BaseException:  # noqa: BLE001 - what the interpreter would do
        traceback.print_exc()
        code = 1
    if isinstance(code, str):
        sys.stderr.write(f"{code}\n")
        code = 1
    atexit._run_exitfuncs()  # noqa: SLF001 - os._exit leaves them out
    sys.stdout.flush()
    sys.stderr.flush()
    return int(code) if isinstance(code, int) else 0


if __name__ == "__main__":
    serve(sys.argv[1])
