"""Boilerplate and repetitions are removed from the paragraphs, and an attribution among them becomes a field."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from armcrawl.refining.full_text import compare_with_feed
from armcrawl.russian.attribution import read_attribution_line
from armcrawl.russian.citations import find_citation
from armcrawl.russian.phrases import Phrase, phrase_of, speaker_of, speakers
from armcrawl.russian.typography import normal_form

if TYPE_CHECKING:
    from collections.abc import Sequence

    from armcrawl.items import Article, Attribution
    from armcrawl.refining.context import Context

# Paragraphs in which a source of the article is searched for: those named further down are only quoted.
FIRST_PARAGRAPHS = 3
# Phrases that are never a paragraph of an article, wherever a page has them.
NEVER_TEXT = frozenset({Phrase.CALL, Phrase.CREDIT, Phrase.LEGAL, Phrase.READ_ALSO, Phrase.RELATED})


def strip_boilerplate(article: Article, context: Context) -> Article:
    """Return the article with clean paragraphs; each repair is noted.

    A first paragraph that equals the title or a later paragraph is removed. If the last paragraph is an attribution, it
    is removed too, and used unless the article has one. An article without any gets the source that its first
    paragraphs cite. What a feed has as the full text is then the witness of the body.
    """
    talking = speakers(article.paragraphs)
    paragraphs = [
        text for text in article.paragraphs if phrase_of(text) not in NEVER_TEXT or speaker_of(text) in talking
    ]
    notes = ["body/boilerplate_removed"] if len(paragraphs) < len(article.paragraphs) else []
    attribution = article.attribution
    if paragraphs and (last := read_attribution_line(paragraphs[-1], own_names=context.own_names)):
        paragraphs.pop()
        attribution = attribution or last
        notes.append("attribution/taken_from_body")
    if attribution is None and (attribution := _cited(paragraphs[:FIRST_PARAGRAPHS], context.own_names)):
        notes.append("attribution/cited_in_text")
    lead = None
    while repetition := _repetition(paragraphs, article.title):
        if repetition == "lead/repeats_paragraph":
            lead = lead or paragraphs[0]
        paragraphs = paragraphs[1:]
        notes.append(repetition)
    lead = lead or (paragraphs[0] if paragraphs else None)
    notes_now = (*article.notes, *notes)
    clean = replace(article, paragraphs=tuple(paragraphs), lead=lead, attribution=attribution, notes=notes_now)
    told = context.announced.text if context.announced is not None else None
    return clean if told is None else compare_with_feed(clean, told)


def _cited(paragraphs: Sequence[str], own_names: tuple[str, ...]) -> Attribution | None:
    """Return the first source that the paragraphs cite («..., сообщает пресс-служба завода»), or None."""
    return next(filter(None, (find_citation(text, own_names) for text in paragraphs)), None)


def _repetition(paragraphs: Sequence[str], title: str) -> str | None:
    """Return the note on what the first paragraph repeats, or None."""
    if _repeats_title(paragraphs, title):
        return "lead/repeats_title"
    return "lead/repeats_paragraph" if _repeats_later(paragraphs) else None


def _repeats_title(paragraphs: Sequence[str], title: str) -> bool:
    return bool(paragraphs) and normal_form(paragraphs[0]).rstrip(". ") == normal_form(title).rstrip(". ")


def _repeats_later(paragraphs: Sequence[str]) -> bool:
    if len(paragraphs) < 2:
        return False
    first = normal_form(paragraphs[0])
    return any(first == normal_form(later) for later in paragraphs[1:])
