"""The pages as a person uses them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import PHONE, expect, keep
from tests.press import EDITED, FIRST, HOSTILE, LONG, REGULATOR, REPRINT

if TYPE_CHECKING:
    from playwright.sync_api import Page

PAGES = {
    "trends": "/trends?q=задвижка&q=завод&entity=Кунгур&source=Вестник арматурщика",
    "trends-fault": "/trends?q=-а",
    "entity": "/entity/кунгур",
    "cluster": f"/cluster/armtorg/news/{FIRST}",
    "compare": f"/compare?one=armtorg/news/{FIRST}&other=armtorg/news/{REPRINT}",
    "home": "/",
    "search": "/search?q=регуляторов давления",
    "articles": "/search",
    "found": "/search?q=задвижки&year=2014&year=2015&-tag=Кунгур&since=март 2014&once=1",
    "found-nothing": "/search?q=задвижки&tag=Кунгура два",
    "article": f"/article/armtorg/news/{EDITED}",
    "hostile": f"/article/armtorg/news/{HOSTILE}",
    "data": "/press",
    "view": "/press/v_articles?count=section&section=news&size=5",
    "tags": "/press/v_article_tags?size=5",
    "row": "/press/runs?id=1",
    "query": "/press/tag_over_time?tag=задвижек",
    "sql": "/press?sql=SELECT title, key FROM v_articles WHERE key IN (found(:words))&words=задвижки",
    "refused": "/press?sql=SELEKT 1",
    "nowhere": "/article/armtorg/news/999",
}
# To draw a picture of a whole page takes longer than to test it.
KEPT_OF_PHONE = ("home", "articles", "found", "article", "trends", "entity", "cluster", "compare", "view", "sql")
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}


def test_a_search_finds_other_forms_of_the_words(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Искать в статьях").fill("регуляторов давления")
    page.get_by_role("button", name="Найти").click()
    first = page.locator(".hits li").first
    expect(first.get_by_role("heading")).to_have_text("Регулятор давления прошёл приёмку")
    expect(first.locator("mark").first).to_have_text("Регулятор")


def test_facets_narrow_what_is_found_and_can_be_taken_off(page: Page) -> None:
    page.goto("/search?q=задвижки")
    found = page.get_by_role("status")
    expect(found).to_contain_text("Найдено: 48")
    page.get_by_role("region", name="Год").get_by_role("link", name="2015", exact=True).click()
    expect(found).to_contain_text("Найдено: 24")
    page.get_by_role("region", name="Раздел").get_by_role("link", name="Статьи", exact=True).click()
    expect(found).to_contain_text("Найдено: 8")
    page.get_by_role("region", name="Тег", exact=True).get_by_role("link", name="Кроме: тег Кунгур").click()
    expect(found).to_contain_text("Найдено: 4")
    page.get_by_role("list", name="Выбрано").get_by_role("link", name="Снять: год 2015").click()
    expect(found).to_contain_text("Найдено: 8")
    page.get_by_label("Искать в статьях").fill("завод")
    page.get_by_role("button", name="Найти").click()
    expect(page.get_by_role("list", name="Выбрано").get_by_role("link")).to_have_count(3)
    expect(found).to_contain_text("Найдено: 8")


def test_a_bar_narrows_to_its_month(page: Page) -> None:
    page.goto("/search?q=задвижки")
    page.get_by_role("link", name="2014-03: 2").click()
    expect(page.get_by_role("status")).to_contain_text("Найдено: 2")
    expect(page.get_by_label("с", exact=True)).to_have_value("2014-03-01")
    expect(page.get_by_label("по", exact=True)).to_have_value("2014-03-31")


def test_days_order_and_copies_are_chosen_by_the_keyboard(page: Page) -> None:
    page.goto("/search?q=стенд")
    page.get_by_label("с", exact=True).focus()
    page.keyboard.type("июнь 2016")
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(page.get_by_label("копии один раз")).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Найдено: 1, копии один раз")
    expect(page.locator(".hits li")).to_have_count(1)


def test_months_are_reached_without_a_mouse(page: Page) -> None:
    page.goto("/search?q=задвижки")
    page.get_by_text("По месяцам числами").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="2015-12", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Найдено: 2")


def test_an_article_reads_like_one(page: Page) -> None:
    page.goto("/search?q=задвижек 57")
    page.get_by_role("link", name="57 задвижек").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Завод выпустил 57 задвижек")
    expect(page.locator("time").first).to_have_text(re.compile(r"2015-12-\d\d"))
    expect(page.locator(".text p").first).to_contain_text("За месяц собрано 57 задвижек")
    page.get_by_role("link", name="Вестник арматурщика").click()
    page.get_by_role("link", name="Все статьи").click()
    expect(page.get_by_role("status")).to_contain_text("Найдено: 48")


def test_a_tag_of_an_article_leads_to_all_that_have_it(page: Page) -> None:
    page.goto("/article/armtorg/news/3")
    page.get_by_role("list", name="Теги").get_by_role("link", name="Кунгур").click()
    page.get_by_role("link", name="Все статьи").click()
    expect(page.get_by_role("status")).to_contain_text("Найдено: 24")


def test_a_revision_shows_what_was_added_and_taken_away(page: Page) -> None:
    page.goto(f"/article/armtorg/news/{EDITED}")
    newest = page.locator("#version-2")
    expect(newest.locator("del").first).to_have_text("три")
    expect(newest.locator("ins").first).to_have_text("четыре")
    expect(newest.locator("ins").last).to_have_text("Пуск намечен на осень.")


def test_a_reprint_names_who_was_first(page: Page) -> None:
    page.goto(f"/article/armtorg/news/{REPRINT}")
    same = page.locator(".cluster")
    expect(same).to_contain_text(f"Первой вышла armtorg/news/{FIRST}")
    same.get_by_role("link", name=f"armtorg/news/{FIRST}").first.click()
    expect(page.locator(".cluster")).to_contain_text("Эта статья вышла первой")


def test_charts_are_drawn(page: Page) -> None:
    page.goto("/")
    months = page.get_by_role("img", name="Статьи по месяцам и разделам")
    boxes = [box for bar in months.locator("rect:not(.hover)").all() if (box := bar.bounding_box())]
    assert len(boxes) > 40
    assert all(box["width"] > 1 and box["height"] > 1 for box in boxes)
    expect(page.get_by_role("img", name="Доля перепечаток по годам")).to_be_visible()
    expect(page.get_by_role("region", name="Последние запуски").get_by_role("row")).to_have_count(2)


def test_a_query_takes_its_parameters_from_a_form(page: Page) -> None:
    page.goto("/press")
    page.get_by_role("link", name="Кого упоминают вместе").click()
    page.get_by_label("tag").fill("Кунгура")
    page.get_by_role("button", name="Выполнить").click()
    expect(page.locator("table.rows tbody tr").first).to_contain_text("задвижки")


def test_a_ready_query_can_be_changed_and_asked_again(page: Page) -> None:
    page.goto("/press/tag_over_time?tag=задвижек")
    page.get_by_text("SQL этого запроса").click()
    page.get_by_role("link", name="Изменить").click()
    expect(page.get_by_label("tag")).to_have_value("задвижек")
    expect(page.locator("table.rows tbody tr")).to_have_count(24)


def test_a_view_is_narrowed_sorted_and_read_on_by_hand(page: Page) -> None:
    page.goto("/press/v_articles")
    page.get_by_text("Отобрать строки").click()
    page.get_by_label("Столбец", exact=True).select_option("section")
    page.get_by_label("Значение", exact=True).fill("articles")
    page.get_by_label("Посчитать значения столбца").select_option("published_on")
    page.get_by_role("button", name="Показать").click()
    expect(page.get_by_role("status")).to_contain_text("Строк: 16")
    expect(page.get_by_role("region", name="Значения столбца published_on").get_by_role("listitem")).to_have_count(16)
    page.get_by_role("columnheader", name="title").get_by_role("link").click()
    expect(page.get_by_role("columnheader", name="title")).to_have_attribute("aria-sort", "ascending")
    page.get_by_role("link", name="Вся строка 1", exact=True).click()
    expect(page.locator("dl.row")).to_contain_text("Завод выпустил 10 задвижек")
    page.goto("/press/v_articles?sort=published_on&falling=1")
    page.get_by_role("link", name="дальше").click()
    expect(page.locator("table.rows tbody tr")).to_have_count(4)


@pytest.mark.parametrize(
    "path",
    [
        *(f"/article/armtorg/news/{number}" for number in (HOSTILE, LONG)),
        "/search?tag=тег",
        "/search?q=<script>window.hacked=6</script>",
        f"/press/v_articles?key=armtorg/news/{HOSTILE}",
        f"/press/v_article_tags?key=armtorg/news/{HOSTILE}&count=tag",
        "/press/v_articles?title=<script>window.hacked=9</script>",
        "/press?sql=SELECT '<script>window.hacked=7</script>' AS \"<script>window.hacked=8</script>\"",
    ],
)
def test_no_text_is_executed(page: Page, path: str) -> None:
    page.goto(path)
    assert page.evaluate("window.hacked") is None
    assert page.locator("main script, main iframe, main img, main a[href^='javascript']").count() == 0


def test_a_hostile_title_is_shown_as_it_is_written(page: Page) -> None:
    page.goto(f"/article/armtorg/news/{HOSTILE}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("<script>window.hacked = 1</script>")
    expect(page.locator(".text p").first).to_contain_text("До \N{REPLACEMENT CHARACTER} и после")


@pytest.mark.parametrize("name", PAGES)
def test_nothing_hinders_people_who_see_little_or_use_no_mouse(page: Page, name: str) -> None:
    page.goto(PAGES[name])
    keep(page, name)
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("name", PAGES)
def test_a_telephone_shows_a_page_without_scrolling_aside(phone: Page, name: str) -> None:
    phone.goto(PAGES[name])
    if name in KEPT_OF_PHONE:
        keep(phone, f"{name}-phone")
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def test_a_search_needs_no_mouse(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="К содержанию")).to_be_focused()
    for _ in range(5):
        page.keyboard.press("Tab")
    box = page.get_by_label("Искать в статьях")
    expect(box).to_be_focused()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.type("приёмка регулятора")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search**")
    expect(page.locator(".hits h2 a")).to_have_attribute("href", f"/article/armtorg/news/{REGULATOR}")
