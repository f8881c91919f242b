"""What is told of an entity is what one finds who reads every article."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from armcrawl.analysis.portraits import UnknownNameError, portrait
from armcrawl.analysis.trends import Asked, SeriesKind, trends
from armcrawl.errors import UsageError
from armcrawl.items import Tag
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.queries import entity_mentions
from armcrawl.store.queries.entity_mentions import MIN_TOGETHER
from tests.conftest import attributed
from tests.store.conftest import stored

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from tests.store.conftest import Ask

WHOLE = 60
# The tags of the article with a number, and whether it names the source.
CITY, STEEL, RARE, COMMON = "Кунгур", "литьё", "редкий тег", "задвижки"


def tags_of(number: int) -> tuple[str, ...]:
    """Return tags: one in all articles, one in every third, one mostly beside it, one that is there but twice."""
    return (
        COMMON,
        *((CITY if number % 2 else "Кунгура",) if number % 3 == 0 else ()),
        *((STEEL,) if number % 6 == 0 or number % 20 == 1 else ()),
        *((RARE,) if number in (6, 12) else ()),
        *(("АйБиТех",) if number == 5 else ()),
    )


@pytest.fixture
def filled(engine: Engine) -> Engine:
    pages = [
        stored(
            number,
            date_text="2014 год" if number == WHOLE else f"{number % 27 + 1} мая {2015 + number % 2}",
            title=f"Заметка {number}",
            paragraphs=(f"Сведения под номером {number}.",),
            tags=tuple(map(Tag, tags_of(number))),
            attribution=attributed("Источник: АйБиТех", "АйБиТех") if number % 4 == 0 else None,
        )
        for number in range(1, WHOLE + 1)
    ]
    write_batch(engine, pages, None)
    return engine


def test_companions_stand_beside_an_entity_more_often_than_elsewhere(filled: Engine) -> None:
    beside = [number for number in range(1, WHOLE + 1) if number % 3 == 0]
    naive = Counter(tag for number in beside for tag in tags_of(number))
    everywhere = Counter(tag for number in range(1, WHOLE + 1) for tag in tags_of(number))
    lift = (naive[STEEL] / len(beside)) / (everywhere[STEEL] / WHOLE)
    [one] = portrait(filled, CITY).companions
    assert (one.name, one.together, one.articles) == (STEEL, naive[STEEL], everywhere[STEEL])
    assert one.lift == pytest.approx(lift)
    assert naive[RARE] < MIN_TOGETHER, "it would stand there most often of all"


def test_two_entities_tell_the_same_of_each_other_whether_they_are_tags_or_sources(engine: Engine) -> None:
    plant, vega = attributed("Источник: АйБиТех", "АйБиТех"), (Tag("стенды"),)
    pages = [
        stored(
            number,
            title=f"Заметка {number}",
            paragraphs=(f"Сведения под номером {number}.",),
            tags=(*(vega if number <= 5 else ()), *((Tag("АйБиТех"),) if number in (1, 2, 6) else ())),
            attribution=plant if number in (2, 3, 4) else None,
        )
        for number in range(1, 21)
    ]
    write_batch(engine, pages, None)
    [one], [other] = portrait(engine, "стенды").companions, portrait(engine, "АйБиТех").companions
    assert (one.name, one.together, one.articles) == ("АйБиТех", 4, 5)
    assert (other.name, other.together, other.articles) == ("стенды", 4, 5)
    assert one.lift == other.lift == pytest.approx((4 / 5) / (5 / 20))


def test_an_entity_is_told_by_its_forms_months_ends_sources_and_newest_articles(filled: Engine, ask: Ask) -> None:
    found = portrait(filled, "Кунгура")
    keys = [f"armtorg/news/{number}" for number in range(3, WHOLE + 1, 3)]
    days: dict[str, str] = dict(ask("SELECT key, published_on FROM v_articles"))
    newest = sorted(keys, key=lambda key: (days[key], int(key.rpartition("/")[2])), reverse=True)
    assert {(form.form, form.used_as, form.times) for form in found.forms} == {
        (CITY, "tag", 10),
        ("Кунгура", "tag", 10),
    }
    assert found.months.months == Counter(days[key][:7] for key in keys if key != f"armtorg/news/{WHOLE}")
    assert found.months.years == {"2014": 1}
    assert [article.key for article in found.newest] == newest[:10]
    assert found.first is not None
    assert found.last is not None
    assert (found.first.key, found.last.key) == (newest[-1], newest[0])
    assert [(source.name, source.articles) for source in found.sources] == [("АйБиТех", 5)]


def test_of_a_name_in_many_articles_the_newest_are_read_for_companions(
    filled: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("armcrawl.analysis.portraits.MAX_READ", 4)
    found = portrait(filled, CITY)
    assert (found.read, found.months.total) == (4, 20)
    assert all(one.together <= found.read for one in found.companions)


def test_an_entity_that_is_no_tag_of_its_own_is_no_companion_of_itself(filled: Engine) -> None:
    assert "АйБиТех" not in {one.name for one in portrait(filled, "АйБиТех").companions}


def test_an_unknown_name_is_one_sentence(filled: Engine) -> None:
    with pytest.raises(UnknownNameError, match=r"^Имени «Нигде» в базе нет"):
        portrait(filled, "Нигде")


def test_a_name_of_several_names_their_keys(filled: Engine, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [number for (number,) in ask("SELECT id FROM entities WHERE name IN ('Кунгур', 'литьё')")]
    monkeypatch.setattr("armcrawl.analysis.portraits.entities_called", lambda *_: ids)
    with pytest.raises(UsageError, match=r"^Имён «К» несколько: назовите одно его ключом, «кунгур» или «литье»\.$"):
        portrait(filled, "К")


def test_trends_count_what_a_search_finds_and_what_names_an_entity(filled: Engine) -> None:
    asked = [Asked(SeriesKind.WORDS, "заметка"), Asked(SeriesKind.ENTITY, CITY), Asked(SeriesKind.SOURCE, "АйБиТех")]
    found = trends(filled, asked, "2015-05", "2015-12")
    assert found.months == ["2015-05"]
    odd_days = [number for number in range(1, WHOLE) if number % 2 == 0]
    counts = [len(odd_days), sum(n % 3 == 0 for n in odd_days), sum(n % 4 == 0 for n in odd_days)]
    assert [one.found.months.get("2015-05", 0) for one in found.series] == counts
    shares = [found.per_thousand(one, "2015-05") for one in found.series]
    assert shares == [pytest.approx(1000 * count / len(odd_days)) for count in counts]


def test_a_trend_has_its_empty_months_and_no_share_where_nothing_was_printed(filled: Engine) -> None:
    found = trends(filled, [Asked(SeriesKind.ENTITY, CITY)])
    assert (found.months[0], found.months[-1], len(found.months)) == ("2015-05", "2016-05", 13)
    assert found.per_thousand(found.series[0], "2015-09") is None


def test_by_year_each_has_its_months_and_what_is_dated_by_it_alone(filled: Engine) -> None:
    found = trends(filled, [Asked(SeriesKind.ENTITY, CITY)])
    years = found.by_year()
    assert years.months == ["2014", "2015", "2016"]
    assert years.whole.months["2014"] == 1
    assert years.series[0].found.months == {"2014": 1, "2015": 9, "2016": 10}
    assert years.per_thousand(years.series[0], "2015") == found.per_thousand(found.series[0], "2015-05")


def test_words_that_make_no_search_are_one_sentence(filled: Engine) -> None:
    with pytest.raises(UsageError, match=r"^Поиск не понимает «-кран»"):
        trends(filled, [Asked(SeriesKind.WORDS, "-кран")])


def test_companions_are_the_same_however_many_are_compared_at_least(
    filled: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entity_mentions, "MAX_COMPARED", 2)
    assert [one.name for one in portrait(filled, CITY).companions] == [STEEL]
