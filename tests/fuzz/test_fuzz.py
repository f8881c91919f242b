"""A quick round of what `make fuzz` does for ten minutes: a fixed seed, so that it never fails by chance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fuzz.campaign import run

if TYPE_CHECKING:
    from pathlib import Path

SEED = 20161
# Together some twenty seconds of one core.
INPUTS = {"pages": 100, "dates": 400, "archives": 40, "arguments": 15}


@pytest.mark.parametrize(("target", "inputs"), INPUTS.items())
def test_no_input_does_anything_but_what_is_promised(target: str, inputs: int, tmp_path: Path) -> None:
    outcome = run(target, SEED, tmp_path, inputs=inputs)
    assert outcome.failures == {}
    assert outcome.tried == inputs
