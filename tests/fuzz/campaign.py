"""A campaign: inputs are tried in a process of their own, so that nothing they do can end it or go unseen."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
import traceback
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from tests.conftest import TOP
from tests.fuzz.targets import TARGETS

if TYPE_CHECKING:
    from tests.fuzz.targets import Target

# As a reader of pages may take: what needs more is a finding.
MEMORY_BYTES = 2 << 30
# Longer than any target allows an input; only what hangs outside Python takes so long.
HANG_SECONDS = 900
CURRENT = "current"


@dataclass(slots=True)
class Outcome:
    """How many inputs were tried, and the files of those that failed with the last line of why."""

    tried: int = 0
    failures: dict[Path, str] = field(default_factory=dict)


def run(name: str, seed: int, folder: Path, *, seconds: float | None = None, inputs: int | None = None) -> Outcome:
    """Try inputs of one target until time or their number is up; failing ones are saved in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    outcome = Outcome()
    end = time.monotonic() + seconds if seconds is not None else None
    start = 0
    while (inputs is None or start < inputs) and (end is None or time.monotonic() < end):
        left = end - time.monotonic() if end is not None else None
        told = {"target": name, "seed": seed, "start": start, "inputs": inputs, "seconds": left, "folder": str(folder)}
        start, problem = _one_child(told, folder)
        outcome.tried = start
        if problem is not None:
            _save(folder, name, (folder / CURRENT).read_bytes(), problem)
    for path in sorted(folder.glob(f"{name}-*.txt")):
        outcome.failures[path.with_suffix(".input")] = path.read_text(encoding="utf-8").strip().rpartition("\n")[2]
    return outcome


def _one_child(told: dict[str, Any], folder: Path) -> tuple[int, str | None]:
    """Run a child until it ends; returns the number of the next input, and how the child died, if it did."""
    progress = folder / "progress"
    progress.write_text(str(told["start"]), encoding="ascii")
    child = subprocess.Popen([sys.executable, "-m", "tests.fuzz.campaign", json.dumps(told)], cwd=TOP)
    last, since = "", time.monotonic()
    while child.poll() is None:
        now = progress.read_text(encoding="ascii")
        if now != last:
            last, since = now, time.monotonic()
        if time.monotonic() - since > HANG_SECONDS:
            child.kill()
        time.sleep(0.05)
    done = int(progress.read_text(encoding="ascii"))
    if child.returncode == 0:
        return done, None
    if child.returncode > 0:
        raise RuntimeError(f"fuzzing itself failed, see above: {told}")
    return done + 1, f"the process was killed by signal {-child.returncode} (9: it hung for {HANG_SECONDS} s)"


def serve(told: dict[str, Any]) -> None:
    """Try inputs in this process: input n is made from the seed and n, so that any of them can be made again."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    folder, target, number = Path(told["folder"]), TARGETS[told["target"]], told["start"]
    inputs, seconds = told["inputs"], told["seconds"]
    end = time.monotonic() + seconds if seconds is not None else None
    while (inputs is None or number < inputs) and (end is None or time.monotonic() < end):
        data = target.generate(Random(f"{told['seed']}/{number}"))
        # Were it to kill this process, the parent would find it here.
        (folder / CURRENT).write_bytes(data)
        if problem := problem_of(target, data):
            _save(folder, target.name, data, problem)
        number += 1
        _replace(folder / "progress", str(number))


def problem_of(target: Target, data: bytes) -> str | None:
    """Return what is wrong with an input, with the traceback, or None."""
    try:
        target.examine(data)
    except Exception:  # noqa: BLE001 - whatever comes up is the finding
        return traceback.format_exc()
    return None


def _save(folder: Path, name: str, data: bytes, problem: str) -> None:
    path = folder / f"{name}-{blake2b(data, digest_size=6).hexdigest()}.input"
    path.write_bytes(data)
    path.with_suffix(".txt").write_text(problem, encoding="utf-8", errors="backslashreplace")


def _replace(path: Path, text: str) -> None:
    """Write a file so that nobody finds it half written."""
    beside = path.with_suffix(".new")
    beside.write_text(text, encoding="ascii")
    os.replace(beside, path)  # noqa: PTH105 - Path.replace is this very call


if __name__ == "__main__":
    serve(json.loads(sys.argv[1]))
