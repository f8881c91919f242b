"""What happens to articles after they appeared, and what the truth says of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from armcrawl.items import Outcome
from armcrawl.sample.press.articles import SECTION, SITE
from armcrawl.sample.press.chronicle import Chronicle
from armcrawl.sites import PageKey
from tests.sample.press.moments import NOW, moscow

if TYPE_CHECKING:
    from datetime import datetime

    from armcrawl.sample.press.portal import PressPortal
    from armcrawl.sample.press.truth import PressTruth

MOVED = "biichane-nauchilis-lit-troiniki-bez-pribylei"
WELDED = "svarka-pod-vodoi-bez-vodolaza-robot-zavaril-svishch-na-diukere"
NIGHT_SHIFT = "nochnaia-smena-bez-mastera-chem-konchilsia-opyt-onego-zatvora"
RETITLED = "v-labinske-sobrali-kran-kotoryi-otkryvaetsia-ot-nazhatiia-paltsa"


def truth(press: PressPortal, slug: str, moment: datetime = NOW) -> PressTruth:
    return press.truth(moment)[PageKey(SITE.name, SECTION, slug)]


def test_an_article_is_unknown_before_it_appears(press: PressPortal) -> None:
    keys = press.truth(moscow("2024-05-14 12:39"))
    assert PageKey(SITE.name, SECTION, MOVED) not in keys
    assert press.respond(f"/zavody/{MOVED}/", moscow("2024-05-14 12:39")).status == 404
    assert press.respond(f"/zavody/{MOVED}/", moscow("2024-05-14 12:41")).status == 200


def test_an_article_that_moves_keeps_its_key_and_its_old_address_leads_to_the_new_one(press: PressPortal) -> None:
    before, after = truth(press, MOVED, moscow("2024-05-20 10:00")), truth(press, MOVED)
    assert (before.rubric, after.rubric) == ("zavody", "tehnologii")
    assert before.key == after.key
    assert after.former_addresses == (before.address,)
    answer = press.respond(f"/zavody/{MOVED}/", NOW)
    assert (answer.status, answer.location) == (301, f"/tehnologii/{MOVED}/")


def test_an_article_that_moves_back_leads_from_where_it_was(press: PressPortal) -> None:
    slug = "studenty-na-stende-kak-vuzy-zavoevali-vystavku-nasosov"
    assert truth(press, slug).rubric == "vystavki"
    assert press.respond(f"/tehnologii/{slug}/", NOW).location == f"/vystavki/{slug}/"
    assert truth(press, slug).former_addresses == (f"{SITE.home}tehnologii/{slug}/",)


def test_a_title_is_changed_and_the_address_stays(press: PressPortal) -> None:
    before, after = truth(press, RETITLED, moscow("2025-03-18 20:00")), truth(press, RETITLED)
    assert before.title != after.title
    assert before.address == after.address


def test_a_removed_article_answers_410_and_is_in_no_list(press: PressPortal) -> None:
    assert truth(press, NIGHT_SHIFT).outcome is Outcome.GONE
    assert press.respond(f"/zavody/{NIGHT_SHIFT}/", NOW).status == 410
    sitemap = press.respond("/sitemap-3.xml", NOW).body.decode()
    assert NIGHT_SHIFT not in sitemap
    assert NIGHT_SHIFT in press.respond("/sitemap-3.xml", moscow("2026-10-01 10:00")).body.decode()


def test_a_removed_article_comes_back_with_its_old_day(press: PressPortal) -> None:
    assert truth(press, WELDED, moscow("2025-05-10 10:00")).outcome is Outcome.MISSING
    back = truth(press, WELDED)
    assert (back.outcome, back.day) == (Outcome.STORED, date(2025, 4, 29))
    assert back.changed_at == moscow("2025-05-26 09:20")


def test_what_is_stored_is_what_answers(press: PressPortal) -> None:
    statuses = {Outcome.STORED: 200, Outcome.MISSING: 404, Outcome.GONE: 410}
    for known in press.truth(NOW).values():
        path = known.address.removeprefix(SITE.home.rstrip("/"))
        assert press.respond(path, NOW).status == statuses[known.outcome], known.address


def test_months_are_the_same_whether_they_are_lived_through_or_asked_for_at_once() -> None:
    end = moscow("2026-03-01 12:00")
    lived = Chronicle(date(2026, 1, 1))
    for number in range(59, -1, -1):
        lived.at(end - timedelta(days=number))
    at_once = Chronicle(date(2026, 1, 1)).at(end)
    assert lived.at(end).standings == at_once.standings


@pytest.mark.parametrize("what", ["moved", "title", "added", "replaced", "removed", "returned"])
def test_a_year_has_events_of_every_kind(what: str) -> None:
    chronicle = Chronicle(date(2025, 11, 23))
    chronicle.at(NOW)
    events = [event for history in chronicle.histories.values() for event in history.events]
    assert len([event for event in events if getattr(event, what)]) >= 3


def test_what_came_and_went_between_two_looks_is_not_known(press: PressPortal) -> None:
    key = PageKey(SITE.name, SECTION, WELDED)
    nights = [moscow("2025-04-28 02:00"), moscow("2025-05-10 02:00")]
    assert key not in press.seen(nights)
    assert press.seen([*nights, NOW])[key].outcome is Outcome.STORED


def test_what_was_seen_is_known_as_it_last_stood(press: PressPortal) -> None:
    key = PageKey(SITE.name, SECTION, NIGHT_SHIFT)
    nights = [moscow("2026-09-16 02:00"), moscow("2026-10-06 02:00")]
    known = press.seen(nights)[key]
    assert known.outcome is Outcome.GONE
    assert known.paragraphs == truth(press, NIGHT_SHIFT, nights[0]).paragraphs
