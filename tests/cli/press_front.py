"""The press portal on bad days, and with links to the twins of its articles."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import cycle
from typing import TYPE_CHECKING, Any

from armcrawl.sample.press.articles import RUBRICS
from armcrawl.sample.press.portal import HOST, MIRROR, PressPortal, PressResponse

if TYPE_CHECKING:
    from datetime import datetime

# On a bad day every so many answers are bad.
OFTEN = 5
LINK = re.compile(rf'href="(/(?:{"|".join(RUBRICS)})/[^/"?]+/)"')
TWINS = ("{path}", f"https://{MIRROR}{{path}}", "{path}amp/", f"http://{HOST}{{path}}?utm_source=lenta")


class Moody(PressPortal):
    """A portal whose `mood` is a wall, errors, pages that are cut, or feeds and sitemaps that are cut; "" is none."""

    mood = ""
    answers = 0

    def respond(self, target: str, moment: datetime, host: str = HOST) -> PressResponse:
        """Answer as the mood is."""
        answer = super().respond(target, moment, host)
        self.answers += 1
        is_bad = self.answers % OFTEN == 0 and not target.startswith("/robots")
        if self.mood == "wall":
            return PressResponse(403, b"Forbidden")
        if self.mood == "errors" and is_bad:
            return PressResponse(500, b"")
        if (self.mood == "cut" and is_bad) or (self.mood == "cut files" and target.endswith(".xml")):
            return replace(answer, body=answer.body[: len(answer.body) // 2])
        return answer


class Twinned(PressPortal):
    """A portal whose listings link to articles in turn plainly, on the mirror, as `/amp/`, and with a query."""

    def _page(self, template: str, visit: Any, status: int = 200, **values: Any) -> PressResponse:
        answer = super()._page(template, visit, status, **values)
        if template != "listing":
            return answer
        turns = cycle(TWINS)
        text = LINK.sub(lambda link: f'href="{next(turns).format(path=link[1])}"', answer.body.decode())
        return replace(answer, body=text.encode(), etag=None)
