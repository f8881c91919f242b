"""A quick round of what `make fuzz` does for ten minutes: a fixed seed, so that it never fails by chance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fuzz.campaign import run
from tests.fuzz.pages import paragraphs, shows_prose

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


@pytest.mark.parametrize(
    ("around", "is_seen"),
    [
        ("<div>{}</div>", True),
        ("<html lang=ru style='display:none'><p>{}", False),
        ("<body hidden><p>{}", False),
        ("<nav><nav><p>{}</nav></nav>", False),
        ("<nav><nav>Меню</nav></nav><p>{}", True),
    ],
)
def test_prose_is_what_no_element_around_it_hides(around: str, *, is_seen: bool) -> None:
    text = "<p>".join(paragraphs()[:3])
    assert shows_prose(around.format(text).encode(), None) is is_seen
