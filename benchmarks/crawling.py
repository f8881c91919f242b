"""The crawl against a bare Scrapy spider, and its memory over many pages."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from benchmarks.report import Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGES = 3_000
ROUNDS = 3
LEAST_RATE = 0.55
LONGEST_BLOCK_MS = 50
MEMORY_PAGES = 20_000
MOST_MEMORY_MB = 250
# The peak of the last quarter against that of the second: more is growth.
MOST_GROWTH = 1.1


@contextmanager
def server(number: int) -> Iterator[str]:
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.server", str(number)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.kill()


def command(kind: str, url: str, number: int, database: str) -> list[str]:
    return [sys.executable, "-m", "benchmarks.child", kind, url, str(number), database]


def rate() -> list[Figure]:
    """Compare pages a second, in turns, so that a busy machine hurts both alike."""
    ratios, blocks = [], []
    with server(PAGES) as url, TemporaryDirectory() as folder:
        for turn in range(ROUNDS):
            rates = {}
            for kind in ("bare", "ours"):
                done = subprocess.run(
                    command(kind, url, PAGES, f"sqlite:///{folder}/{turn}.db"),
                    capture_output=True,
                    text=True,
                    check=True,
                )
                result = json.loads(done.stdout.splitlines()[-1])
                rates[kind] = result["pages"] / result["seconds"]
                if kind == "ours":
                    blocks.append(result["longest_block_ms"])
            print(f"  bare Scrapy {rates['bare']:.0f} pages/s, armcrawl {rates['ours']:.0f} pages/s, {blocks[-1]} ms")
            ratios.append(rates["ours"] / rates["bare"])
    return [
        Figure("crawl rate against a bare Scrapy spider", median(ratios), LEAST_RATE, at_least=True),
        Figure("longest block of the reactor, ms", median(blocks), LONGEST_BLOCK_MS),
    ]


def memory() -> list[Figure]:
    """Watch a long crawl's memory, its child processes included."""
    samples: list[float] = []
    with server(MEMORY_PAGES) as url, TemporaryDirectory() as folder:
        crawl = subprocess.Popen(
            command("ours", url, MEMORY_PAGES, f"sqlite:///{folder}/memory.db"), stdout=subprocess.PIPE, text=True
        )
        while crawl.poll() is None:
            samples.append(sum(resident_mb(process) for process in family(crawl.pid)))
            time.sleep(0.5)
        crawl.communicate()
    quarter = len(samples) // 4
    growth = max(samples[3 * quarter :]) / max(samples[quarter : 2 * quarter])
    return [
        Figure(f"memory of a crawl of {MEMORY_PAGES:,} pages, MB", max(samples), MOST_MEMORY_MB),
        Figure("its last quarter's peak against its second's", growth, MOST_GROWTH),
    ]


def family(pid: int) -> Iterator[int]:
    """Yield a process and all that it started."""
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return
    for child in children:
        yield from family(int(child))


def resident_mb(pid: int) -> float:
    """Return the memory that a process holds, in MB (shared pages count for each process)."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    lines = [line for line in status.splitlines() if line.startswith("VmRSS")]
    return int(lines[0].split()[1]) / 1024 if lines else 0.0
