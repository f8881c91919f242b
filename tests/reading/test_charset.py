"""Bytes become text: what is declared, what the bytes themselves say, and what is no text at all."""

from __future__ import annotations

import pytest

from armcrawl.items import Article, NotAnArticle, Reason
from armcrawl.reading.charset import CYRILLIC, Decoded, decode
from armcrawl.reading.page import read_page
from tests.conftest import FETCHED_AT

URL = "https://zadvizhka.example/news/412/"
TITLE = "Насосная станция в Шуе получила новые задвижки"
SENTENCES = (
    "Восемь стальных задвижек поставили на станции за одну ночь, чтобы не оставлять город без воды.",
    "Старые прослужили почти полвека, и открыть их полностью уже не мог никто из слесарей.",
    "Следующей осенью так же обновят арматуру на двух водозаборах, обещают в управлении.",
)


def html(head: str = "", *, is_loud: bool = False) -> str:
    body = "".join(f"<p>{sentence.upper() if is_loud else sentence}</p>" for sentence in SENTENCES)
    return f"<html><head>{head}<title>{TITLE}</title></head><body><h1>{TITLE}</h1>{body}</body></html>"


def meta(charset: str) -> str:
    return f"<meta http-equiv=Content-Type content='text/html; charset={charset}'>"


def spoilt(body: bytes) -> str | None:
    result = read_page(body, URL, FETCHED_AT).result
    if isinstance(result, Article):
        return None
    assert isinstance(result, NotAnArticle)
    assert result.reason is Reason.GARBLED
    return result.detail


@pytest.mark.parametrize("charset", CYRILLIC)
@pytest.mark.parametrize("is_loud", [True, False])
def test_an_undeclared_cyrillic_charset_is_told_by_its_letters(charset: str, is_loud: bool) -> None:
    text = html(is_loud=is_loud)
    assert decode(text.encode(charset)) == Decoded(text, charset)


@pytest.mark.parametrize("charset", ["koi8-r", "windows-1251", "cp866"])
def test_the_encoding_of_an_xml_prolog_is_read(charset: str) -> None:
    text = f'<?xml version="1.0" encoding="{charset}"?><html><title>Цех</title></html>'
    assert decode(text.encode(charset)).text == text


@pytest.mark.parametrize("default", ["ISO-8859-1", "windows-1252", "us-ascii"])
@pytest.mark.parametrize("charset", ["cp1251", "koi8-r", "utf-8"])
@pytest.mark.parametrize("has_meta", [True, False])
def test_a_latin_default_of_the_server_is_no_evidence(default: str, charset: str, has_meta: bool) -> None:
    text = html(meta(charset) if has_meta else "")
    found = decode(text.encode(charset), f"text/html; charset={default}")
    assert (found.text, found.charset) == (text, charset)


def test_a_page_that_is_latin_is_read_as_it_says() -> None:
    text = "<p>Größe und Öl für Männer</p>"
    assert decode(text.encode("latin-1"), "text/html; charset=ISO-8859-1").text == text


@pytest.mark.parametrize(
    ("declared", "charset"), [("windows-1251", "koi8-r"), ("koi8-r", "cp1251"), ("cp866", "cp1251")]
)
def test_letters_prove_a_declared_charset_wrong(declared: str, charset: str) -> None:
    text = html(meta(declared))
    assert decode(text.encode(charset)) == Decoded(text, charset, ("charset/misdeclared",))


@pytest.mark.parametrize("charset", ["cp1251", "koi8-r", "utf-8"])
def test_what_the_bytes_do_not_deny_is_believed(charset: str) -> None:
    text = "<title>Ъ</title>"
    assert decode(text.encode(charset), f"text/html; charset={charset}").text == text


@pytest.mark.parametrize("misread", ["cp1251", "latin-1", "cp1252"])
def test_a_page_that_was_encoded_twice_is_quarantined(misread: str) -> None:
    twice = html().encode().decode(misread, "replace").encode()
    assert spoilt(twice) == "the page was encoded twice"


@pytest.mark.parametrize(
    ("first", "second"), [("utf-8", "cp1251"), ("cp1251", "utf-8"), ("cp1251", "koi8-r"), ("utf-8", "koi8-r")]
)
def test_a_page_in_two_charsets_is_quarantined(first: str, second: str) -> None:
    head, middle, tail = html().partition(f"<p>{SENTENCES[1]}")
    assert spoilt(head.encode(first) + (middle + tail).encode(second)) == "the page is in two charsets"


@pytest.mark.parametrize("slip", ["«Рѕ» — так выглядит буква «о»".encode(), "Ёж".encode("cp1251"), b"\xd0"])
def test_a_slip_of_a_few_letters_spoils_no_page(slip: bytes) -> None:
    body = html().encode().replace(b"</body>", b"<p>" + slip + b"</p></body>")
    result = read_page(body, URL, FETCHED_AT).result
    assert isinstance(result, Article)
    assert result.title == TITLE
