"""The full text that a feed has is a witness of the body."""

from __future__ import annotations

from armcrawl.items import Article, Evidence
from armcrawl.refining.full_text import compare_with_feed

FIRST = "Завод «Вентиль» пустил в Кургане цех шаровых кранов большого диаметра."
SECOND = "Линию собрали за девять месяцев, на ней работают сорок человек."
THIRD = "До конца года здесь выпустят две тысячи изделий для северных месторождений."
READ = Article("Новый цех", (FIRST, SECOND), evidence={"body": Evidence("container")})


def test_a_text_that_was_read_whole_agrees() -> None:
    typed = FIRST.replace("«", '"').replace("»", '"')
    found = compare_with_feed(READ, f"{typed}\n{SECOND}")
    assert found.evidence["body"].agrees is True
    assert found.notes == ()


def test_a_paragraph_that_was_not_read_is_noted() -> None:
    found = compare_with_feed(READ, f"{FIRST}\n{SECOND}\n{THIRD}")
    assert found.evidence["body"].agrees is False
    assert found.notes == ("body/feed_has_more",)


def test_a_call_to_subscribe_below_a_text_is_no_loss() -> None:
    found = compare_with_feed(READ, f"{FIRST}\n{SECOND}\nЧитайте нас")
    assert found.notes == ()
