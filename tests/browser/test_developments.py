"""Trends, entities, clusters and similar articles as a person uses them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.conftest import expect
from tests.press import FIRST, REPRINT

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_words_and_names_are_compared_by_month_without_a_script_or_a_mouse(page: Page) -> None:
    page.goto("/trends")
    page.get_by_label("Слова", exact=True).focus()
    page.keyboard.type("задвижка")
    page.keyboard.press("Enter")
    page.keyboard.type("стенд")
    page.keyboard.press("Tab")
    page.keyboard.type("Кунгура")
    for _ in range(4):
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Показать")).to_be_focused()
    page.keyboard.press("Enter")
    legend = page.locator(".legend li")
    expect(legend).to_have_count(3)
    expect(legend.nth(0)).to_contain_text("задвижка статей: 48")
    expect(legend.nth(2)).to_contain_text("Кунгур статей: 24")


def test_a_figure_leads_to_the_articles_that_it_counts(page: Page) -> None:
    page.goto("/trends?q=задвижка")
    row = page.get_by_role("row", name="2015-12")
    expect(row.get_by_role("link")).to_have_text("2")
    row.get_by_role("link").click()
    expect(page.get_by_role("status")).to_contain_text("Найдено: 2")


def test_a_point_of_a_line_leads_to_the_articles_that_it_counts(page: Page) -> None:
    page.goto("/trends?source=Вестник арматурщика")
    absolute = page.get_by_role("group", name="Статей за месяц")
    point = absolute.get_by_role("link", name="Вестник арматурщика, 2014-03: 2")
    absolute.scroll_into_view_if_needed()
    # A point is a stroke around nothing, which has no size of its own.
    page.mouse.click(*point.evaluate("at => [at.getBoundingClientRect().x, at.getBoundingClientRect().y]"))
    expect(page.get_by_role("status")).to_contain_text("Найдено: 2")


def test_an_entity_tells_who_stands_beside_it_and_leads_to_its_articles(page: Page) -> None:
    page.goto("/entity/Кунгура")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Кунгур")
    assert page.url.endswith("/entity/%D0%BA%D1%83%D0%BD%D0%B3%D1%83%D1%80")
    expect(page.get_by_role("region", name="Кто об этом пишет")).to_contain_text("Вестник арматурщика")
    page.get_by_role("link", name="Сравнить по месяцам").click()
    expect(page.locator(".legend")).to_contain_text("Кунгур")


def test_a_cluster_tells_who_was_first_and_what_the_others_changed(page: Page) -> None:
    page.goto(f"/article/armtorg/news/{REPRINT}")
    page.get_by_role("link", name="Кто, когда и с какими правками").click()
    table = page.get_by_role("region", name="Кто и когда напечатал")
    expect(table.get_by_role("row").nth(1)).to_contain_text("первая")
    expect(table.get_by_role("row").nth(2)).to_contain_text("вышла в более поздний день")
    expect(page.locator("main")).to_contain_text("Заголовок и текст те же.")


def test_similar_articles_stand_side_by_side_with_their_passages_marked(page: Page) -> None:
    page.goto(f"/article/armtorg/news/{REPRINT}")
    page.locator(".similar").get_by_role("link", name="Рядом").click()
    expect(page.locator(".lead")).to_contain_text("Один и тот же текст")
    expect(page.locator(".side").first.locator("mark").first).to_contain_text("Стенд в Кунгуре")
    page.get_by_role("link", name="Общее место 1 в другой статье").first.click()
    assert page.url.endswith("#b-1")
    expect(page.locator(".side").last.get_by_role("heading")).to_have_text(f"armtorg/news/{FIRST}")


def test_a_search_leads_to_its_trend_and_to_the_names_that_it_is_about(page: Page) -> None:
    page.goto("/search?q=задвижка&tag=Кунгур")
    page.get_by_role("link", name="Эти слова по месяцам").click()
    expect(page.locator(".legend")).to_contain_text("задвижка статей: 48")
    page.go_back()
    page.get_by_role("link", name="Об имени Кунгур").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Кунгур")
    page.go_back()
    page.locator(".hits").get_by_role("link", name="Вестник арматурщика").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Вестник арматурщика")
