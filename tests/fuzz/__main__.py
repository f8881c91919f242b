"""`make fuzz`: each target has its share of ARMCRAWL_FUZZ_SECONDS, and a new seed; `--replay` tries one input again."""

from __future__ import annotations

import argparse
import os
import secrets
import sys
from pathlib import Path

from tests.fuzz.campaign import problem_of, run
from tests.fuzz.targets import TARGETS

DEFAULT_SECONDS = 600.0


def main() -> int:
    """Fuzz, or replay; returns 1 where something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seed", type=int, default=None, help="as printed by an earlier campaign")
    parser.add_argument("--inputs", type=int, default=None, help="so many for each target, instead of a time")
    parser.add_argument("--artefacts", type=Path, default=Path("data/fuzz"), help="where failing inputs are saved")
    parser.add_argument("--replay", type=Path, default=None, metavar="FILE", help="try one saved input again")
    parser.add_argument("targets", nargs="*", default=[], choices=[*TARGETS, []])
    told = parser.parse_args()
    if told.replay is not None:
        return _replay(told.replay)
    seed = told.seed if told.seed is not None else secrets.randbelow(1 << 32)
    names = told.targets or list(TARGETS)
    seconds = float(os.environ.get("ARMCRAWL_FUZZ_SECONDS") or DEFAULT_SECONDS) / len(names)
    print(f"Seed {seed}.")
    found = 0
    for name in names:
        limits = {"inputs": told.inputs} if told.inputs is not None else {"seconds": seconds}
        outcome = run(name, seed, told.artefacts / f"{seed}" / name, **limits)
        print(f"{name}: {outcome.tried} inputs, {len(outcome.failures)} findings", flush=True)
        for path, problem in outcome.failures.items():
            print(f"  {problem}\n    python -m tests.fuzz --replay {path}", flush=True)
        found += len(outcome.failures)
    return int(found > 0)


def _replay(path: Path) -> int:
    problem = problem_of(TARGETS[path.name.partition("-")[0]], path.read_bytes())
    print(problem or "Nothing is wrong with it.")
    return int(problem is not None)


if __name__ == "__main__":
    sys.exit(main())
