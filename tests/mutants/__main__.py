"""Change one rule after another in a copy of the project, and see whether a quick test fails.

Exit 0 if every mutant was killed. Each is first met by the tests that are named for it, then, if these pass, by all
quick ones: `python -m tests.mutants [-j PROCESSES] [WORD ...]`, with words only those whose file or rule has one of
them.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from shutil import copytree, ignore_patterns
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.mutants.rules import MUTANTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.mutants.mutant import Mutant

TOP = Path(__file__).parents[2]
# The tests of `make test-quick`.
QUICK = ("-m", "unit or store")
# Ten times what all quick tests take on two cores: a mutant that never ends is noticed, too.
MAX_SECONDS = 900
PASSED, FAILED = 0, 1
# A test's name without its parameters.
FIRST_FAILURE = re.compile(r"^(?:FAILED|ERROR) ([^\s\[]+)", re.MULTILINE)
# What a test needs that is not installed: all of the project, but for what is made.
LEFT_OUT = ignore_patterns(".*", "__pycache__", "*.egg-info", "*.db*", "*-archive*", "bench*.json")


class Copy:
    """A copy of the project, in which one rule at a time is another one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "armcrawl"
        copytree(TOP, self.folder, ignore=LEFT_OUT)
        # A name in the copy wins over the installed one, in the processes that tests start as well. Compiled files
        # are told from their source by size and second, which a mutant may share: so none are written.
        own = {"PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1"}
        self.environment = os.environ | own

    def tested(self, tests: Sequence[str], *arguments: str) -> tuple[int, str]:
        """Run tests up to the first failure; return pytest's status, and the test that failed or what was said."""
        # That a mutant is another text than its rule is no test of the rule.
        left_out = "--ignore=tests/test_mutants.py"
        options = ("-x", "-q", "-p", "no:cacheprovider", "--tb=no", left_out, *QUICK, *arguments)
        command = [sys.executable, "-m", "pytest", *options, *tests]
        try:
            done = subprocess.run(
                command,
                cwd=self.folder,
                env=self.environment,
                capture_output=True,
                text=True,
                timeout=MAX_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return FAILED, f"no end within {MAX_SECONDS} seconds"
        failure = FIRST_FAILURE.search(done.stdout)
        return done.returncode, failure[1] if failure else (done.stdout + done.stderr)[-2000:]

    def judge(self, mutant: Mutant) -> tuple[str, str]:
        """Return `killed`, `survived` or `error`, and by what."""
        file = self.folder / mutant.file
        text = file.read_text(encoding="utf-8")
        file.write_text(mutant.applied(text), encoding="utf-8")
        try:
            compile(file.read_bytes(), file, "exec")
            status, said = self.tested(mutant.tests, "-n", "0")
            if status == PASSED:
                status, said = self.tested(())
        except SyntaxError as error:
            return "error", f"what the mutant makes is no Python: {error}"
        finally:
            file.write_text(text, encoding="utf-8")
        if status == PASSED:
            return "survived", "every quick test passed"
        return ("killed" if status == FAILED else "error"), said


def main() -> None:
    """Print what became of each mutant; exit 1 if one survived, or could not be made."""
    parser = ArgumentParser(prog="python -m tests.mutants")
    parser.add_argument(
        "-j", type=int, default=len(os.sched_getaffinity(0)), dest="processes", help="so many at a time"
    )
    parser.add_argument("words", nargs="*", metavar="WORD", help="only mutants whose file or rule has one of these")
    given = parser.parse_args()
    wanted = [one for one in MUTANTS if not given.words or any(word in one.file + one.rule for word in given.words)]
    if not wanted:
        parser.error(f"no mutant's file or rule has {' or '.join(given.words)}")
    if faults := [fault for one in wanted if (fault := one.fault(TOP))]:
        sys.exit("\n".join(["These mutants are out of date:", *faults]))
    with TemporaryDirectory(prefix="armcrawl-mutants-") as folder:
        copies: SimpleQueue[Copy] = SimpleQueue()
        for number in range(given.processes):
            copies.put(Copy(Path(folder) / str(number)))
        judged = list(_judged(copies, wanted, given.processes))
        _check_killers(copies.get(), {said for verdict, said in judged if verdict == "killed" and "::" in said})
    verdicts = Counter(verdict for verdict, _ in judged)
    print(f"{len(wanted)} mutants: {', '.join(f'{number} {verdict}' for verdict, number in verdicts.items())}.")
    sys.exit(verdicts["killed"] != len(wanted))


def _check_killers(unchanged: Copy, tests: set[str]) -> None:
    """Exit if a test that killed a mutant fails without one as well."""
    status, said = unchanged.tested(sorted(tests)) if tests else (PASSED, "")
    if status != PASSED:
        sys.exit(f"A test fails without a mutant, so it kills none: {said}")


def _judged(copies: SimpleQueue[Copy], mutants: Sequence[Mutant], processes: int) -> Iterator[tuple[str, str]]:
    """Judge all mutants, so many at a time; print and yield verdicts and what they are by, in their order."""

    def judge(mutant: Mutant) -> tuple[str, str, float]:
        copy, before = copies.get(), time.monotonic()
        try:
            return *copy.judge(mutant), time.monotonic() - before
        finally:
            copies.put(copy)

    with ThreadPoolExecutor(processes) as pool:
        for mutant, (verdict, said, seconds) in zip(mutants, pool.map(judge, mutants), strict=True):
            print(f"{verdict:8} {seconds:4.0f} s  {mutant.file}: {mutant.rule}\n                 {said}", flush=True)
            yield verdict, said


if __name__ == "__main__":
    main()
