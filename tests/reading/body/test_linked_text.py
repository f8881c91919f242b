"""A heading, an item or a sentence amid the text that is a link to another site is text; what leads on is none."""

from __future__ import annotations

import pytest

from tests.reading.body.test_parted_text import FOUR, HEAD, ONE, THREE, TWO, article

FIRMS = (("1. Затворы Камы", "https://kama.example/"), ("2. Литьё Перми", "https://litie.example/o-zavode/"))


@pytest.mark.parametrize("form", ["<h3><a href='{}'>{}</a></h3>", "<h3 class='h'><a href='{}'><b>{}</b></a></h3>"])
@pytest.mark.parametrize("around", ["{}", "<div class='text'>{}</div>"])
def test_the_headings_of_a_rating_that_lead_to_those_it_names_are_text(form: str, around: str) -> None:
    heads = [form.format(address, name) for name, address in FIRMS]
    html = HEAD + around.format(f"<p>{ONE}</p>{heads[0]}<p>{TWO}</p>{heads[1]}<p>{THREE}</p>")
    assert article(html).paragraphs == (ONE, FIRMS[0][0], TWO, FIRMS[1][0], THREE)


@pytest.mark.parametrize("list_of", ["<ul>{}</ul>", "<ul class='l'>{}</ul>", "<ol><li>Пермь</li>{}</ol>"])
def test_a_list_of_firms_that_are_links_is_text(list_of: str) -> None:
    items = "".join(f"<li><a href='{address}'>{name}</a></li>" for name, address in FIRMS)
    names = tuple(name for name, _ in FIRMS)
    found = article(f"{HEAD}<p>{ONE}</p><p>{TWO}</p>{list_of.format(items)}<p>{THREE}</p>")
    assert found.paragraphs == (ONE, TWO, *(["Пермь"] if "Пермь" in list_of else []), *names, THREE)


@pytest.mark.parametrize("paragraph", ["<p><a href='{}'>{}</a></p>", "<a href='{}'><p>{}</p></a>"])
def test_a_sentence_that_is_a_link_to_its_source_is_text(paragraph: str) -> None:
    html = f"{HEAD}<p>{ONE}</p>{paragraph.format('https://kama.example/n/7', TWO)}<p>{THREE}</p>"
    found = article(html)
    assert found.paragraphs == (ONE, TWO, THREE)
    assert [link.address for link in found.links] == ["https://kama.example/n/7"]


@pytest.mark.parametrize(
    "leading",
    [
        "<h3><a href='/novosti/7/'>В Перми открыли стенд для затворов</a></h3>",
        f"<p><a href='/novosti/7/'>{FOUR}</a></p>",
        "<ul><li><a href='/novosti/7/'>В Перми открыли стенд</a><li><a href='/novosti/8/'>На Каме ледоход</a></ul>",
        "<p><a href='https://kama.example/buy'>Купить затвор</a></p>",
        "<div class='banner'><a href='https://ads.example/'>Затворы со склада за один день.</a></div>",
        "<ul><li><a href='https://vk.com/share?u=1'>ВКонтакте</a><li><a href='https://t.me/kama'>Наш канал</a></ul>",
        "<p><a href='https://kama.example/n/7'>Читайте также: на Каме начался ледоход.</a></p>",
    ],
)
def test_what_leads_on_amid_the_text_is_none(leading: str) -> None:
    assert article(f"{HEAD}<p>{ONE}</p><p>{TWO}</p>{leading}<p>{THREE}</p>").paragraphs == (ONE, TWO, THREE)


def test_links_below_the_text_are_none() -> None:
    items = "".join(f"<li><a href='{address}'>{name}</a></li>" for name, address in FIRMS)
    found = article(f"{HEAD}<p>{ONE}</p><p>{TWO}</p><h3>Партнёры</h3><ul>{items}</ul>")
    assert found.paragraphs == (ONE, TWO)
