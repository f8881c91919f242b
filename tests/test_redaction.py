"""What must not be told is not told, and the rest stays as it was."""

from __future__ import annotations

import pytest

from armcrawl.redaction import all_without_secrets, tellable, without_secrets


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("postgresql://me:geheim@db.example.org/x", "postgresql://me:***@db.example.org/x"),
        ("postgresql+psycopg://me:a:b@c@db/x", "postgresql+psycopg://me:***@db/x"),
        ("postgresql://db/x?user=me&password=geheim&port=1", "postgresql://db/x?user=me&password=***&port=1"),
        (
            "postgresql://db/x?options=-c%20a.b%3Dgeheim&sslmode=require",
            "postgresql://db/x?options=***&sslmode=require",
        ),
        ("the proxy http://me:geheim@proxy:3128 is away", "the proxy http://***@proxy:3128 is away"),
        ("https://ghp_geheim@mirror.example.org/", "https://***@mirror.example.org/"),
        ("GET https://x.org/a?access_token=geheim&page=2", "GET https://x.org/a?access_token=***&page=2"),
        ("{'Proxy-Authorization': [b'Basic Z2VoZWlt']}", "{'Proxy-Authorization': [b'***']}"),
        ("Authorization: Bearer geheim", "Authorization: ***"),
        ("host=db password='geheim' user=me", "host=db password='***' user=me"),
        ("X-Api-Key: geheim", "X-Api-Key: ***"),
        ("leads to //me:geheim@x.example/a", "leads to //***@x.example/a"),
        ("https://x.org/a?sid=geheim&key=geheim#jwt=geheim", "https://x.org/a?sid=***&key=***#jwt=***"),
    ],
)
def test_passwords_and_tokens_are_hidden(said: str, told: str) -> None:
    assert without_secrets(said) == told


@pytest.mark.parametrize(
    "said",
    [
        "https://armtorg.ru/news/9911?from=main",
        "sqlite:///data/armcrawl.db",
        "Пишите на info@armtorg.ru: у нас 2 секрета, и оба в тексте.",
        "postgresql://armcrawl@db.example.org/armcrawl",
        "attribution: «Пресс-служба завода»; 12:30, а/я 5@",
        "https://example.org/2016/05/31: a page of @armtorg",
    ],
)
def test_what_is_no_secret_stays(said: str) -> None:
    assert without_secrets(said) == said


def test_secrets_are_found_in_what_json_holds() -> None:
    told = {"arguments": {"origin": "http://me:geheim@x", "ids": [1, "a?token=geheim"]}, "n": 2.5, "none": None}
    assert "geheim" not in str(all_without_secrets(told))
    assert all_without_secrets(told)["n"] == 2.5


def test_what_a_stranger_said_steers_no_terminal_and_tells_no_secret() -> None:
    said = "leads to ftp://me:geheim@x/\x1b]0;x\x07\x9b31m\u202e\u2066\u061c\r\n next"
    told = tellable(said)
    assert told == "leads to ftp://me:***@x/\ufffd]0;x\ufffd\ufffd31m\ufffd\ufffd\ufffd\ufffd next"
    assert tellable(told) == told
