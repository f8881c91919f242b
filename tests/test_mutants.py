"""A mutant fits the program, or says why it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.conftest import TOP
from tests.mutants.mutant import Mutant
from tests.mutants.rules import MUTANTS

if TYPE_CHECKING:
    from pathlib import Path


def mutant(source: str, *tests: str) -> Mutant:
    return Mutant("rule.py", source, "1", "A rule.", tests)


def test_a_mutant_whose_rule_was_rewritten_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "rule.py").write_text("LIMIT = 3\n", encoding="utf-8")
    assert mutant("3").fault(tmp_path) is None
    assert mutant("4").fault(tmp_path) == "rule.py has '4' 0 times"


def test_a_mutant_that_fits_two_places_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "rule.py").write_text("LIMIT = 3\nOTHER = 3\n", encoding="utf-8")
    assert mutant("3").fault(tmp_path) == "rule.py has '3' 2 times"


def test_a_mutant_whose_tests_have_gone_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "rule.py").write_text("LIMIT = 3\n", encoding="utf-8")
    assert mutant("3", "tests/test_gone.py").fault(tmp_path) == "there is no tests/test_gone.py"


def test_every_mutant_fits_the_program_as_it_is() -> None:
    assert [fault for one in MUTANTS if (fault := one.fault(TOP))] == []
