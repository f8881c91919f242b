"""How far something is, in words."""

from __future__ import annotations

import pytest

from armcrawl.reporting.progress import how_far


@pytest.mark.parametrize(
    ("done", "total", "minutes", "limit", "told"),
    [
        (137, 3000, 137 / 29, 0, "137 of ~3,000 pages, 29 a minute, 1 h 39 min left"),
        (137, None, 137 / 29, 0, "137 pages, 29 a minute"),
        (0, 3000, 1, 0, "0 of ~3,000 pages, 0 a minute"),
        (0, None, 0, 0, "0 pages, 0 a minute"),
        (12, 10, 1, 0, "12 of ~12 pages, 12 a minute, 0 min left"),
        (300, 30_000, 10, 240, "300 of ~30,000 pages, 30 a minute, 3 h 50 min left of the time that it may take"),
        (300, 1_000, 10, 240, "300 of ~1,000 pages, 30 a minute, 23 min left"),
    ],
)
def test_what_is_known_is_told(done: int, total: int | None, minutes: float, limit: float, told: str) -> None:
    assert how_far(done, total, "pages", 60 * minutes, 60 * limit) == told
