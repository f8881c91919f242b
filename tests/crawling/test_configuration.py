"""What a run is told to do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from armcrawl.crawling.configuration import RunConfiguration, configure
from armcrawl.errors import UsageError
from armcrawl.sites import site_named


def configured(**settings: Any) -> RunConfiguration:
    return configure("armtorg", {f"ARMCRAWL_{name.upper()}": value for name, value in settings.items()})


def test_a_run_is_a_crawl_of_the_whole_site_unless_told() -> None:
    run = configured()
    assert (run.kind, run.site.name, run.origin_name) == ("crawl", "armtorg", "site")
    assert run.sections == ("news", "reviews", "articles")


def test_the_default_budget_is_a_thousand_requests_or_four_hours() -> None:
    run = configure("armtorg", {})
    assert (run.max_requests, run.max_time) == (1_000, 4 * 60 * 60)


@pytest.mark.parametrize("value", [0, "0"])
def test_a_budget_of_zero_is_none(value: object) -> None:
    run = configured(max_requests=value, max_time=value)
    assert (run.max_requests, run.max_time) == (0, 0)


@pytest.mark.parametrize("value", [5, "5"])
def test_numbers_may_come_as_text(value: object) -> None:
    assert configured(max_requests=value).max_requests == 5


@pytest.mark.parametrize("name", ["max_requests", "max_time"])
@pytest.mark.parametrize("value", [-1, "-1", "many", "1.5", 1.5, 0.5, "1e3"])
def test_a_budget_that_is_no_whole_number_is_refused(name: str, value: object) -> None:
    with pytest.raises(UsageError, match=f"ARMCRAWL_{name.upper()} must be a whole number from 0 to 2147483647, not "):
        configured(**{name: value})


def test_the_database_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARMCRAWL_DATABASE_URL", "sqlite:////srv/press.db")
    assert configured().database == "sqlite:////srv/press.db"


def test_a_named_database_comes_before_that_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARMCRAWL_DATABASE_URL", "sqlite:////srv/press.db")
    assert configured(database="sqlite:///mine.db").database == "sqlite:///mine.db"


@pytest.mark.parametrize(
    ("wanted", "sections"),
    [
        ("news", ("news",)),
        ("articles,news", ("news", "articles")),
        (" reviews , news ", ("news", "reviews")),
        ("news,news", ("news",)),
        ("", ("news", "reviews", "articles")),
    ],
)
def test_sections_are_taken_in_the_sites_order(wanted: str, sections: tuple[str, ...]) -> None:
    assert configured(sections=wanted).sections == sections


@pytest.mark.parametrize("wanted", ["forum", "news,forum", "News"])
def test_an_unknown_section_is_refused_with_the_known_ones(wanted: str) -> None:
    with pytest.raises(UsageError, match="its sections are news, reviews, articles"):
        configured(sections=wanted)


def test_an_unknown_site_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match="There is no site 'nowhere': the sites are any, armavest, armtorg"):
        configure("nowhere", {})


def test_a_site_is_known_by_its_name() -> None:
    assert site_named("armtorg").host == "armtorg.ru"


def test_a_stand_in_is_an_origin_of_its_own() -> None:
    assert configured(base_url="http://127.0.0.1:8000/").origin_name == "http://127.0.0.1:8000"


@pytest.mark.parametrize("base_url", ["https://armtorg.ru", "http://www.armtorg.ru/", "https://www.armtorg.ru"])
def test_every_host_of_the_site_is_one_origin(base_url: str) -> None:
    assert configured(base_url=base_url).origin_name == "site"


def test_an_origin_may_have_a_name() -> None:
    assert configured(base_url="http://127.0.0.1:49152", origin_name="sample").origin_name == "sample"


@pytest.mark.parametrize(
    "base_url", ["localhost:8000", "ftp://localhost", "http://", "http://localhost:port", "http://["]
)
def test_a_base_url_that_is_no_address_is_refused(base_url: str) -> None:
    with pytest.raises(UsageError, match="--base-url"):
        configured(base_url=base_url)


@pytest.mark.parametrize(("value", "mixed"), [(True, True), ("1", True), ("true", True), ("True", True), (1, True)])
def test_origins_are_mixed_if_told(value: object, mixed: bool) -> None:
    assert configured(mixed_origin=value).mixed_origin is mixed


@pytest.mark.parametrize("value", [None, False, "", "0", "False", 0])
def test_origins_are_not_mixed_by_accident(value: object) -> None:
    assert configured(mixed_origin=value).mixed_origin is False


def test_the_kind_of_a_run_may_be_named() -> None:
    assert configured(kind="demo").kind == "demo"


def test_what_the_record_keeps_is_json() -> None:
    run = configured(base_url="http://127.0.0.1:8000", sections="news", max_requests=5, max_time=60)
    assert json.loads(json.dumps(run.arguments())) == {
        "origin": "http://127.0.0.1:8000",
        "sections": ["news"],
        "max_requests": 5,
        "max_seconds": 60,
    }


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("ARMCRAWL_MAX_REQUEST", "write ARMCRAWL_MAX_REQUESTS if that is meant"),
        ("ARMCRAWL_MAX_SECONDS", "there are .*ARMCRAWL_MAX_TIME"),
    ],
)
def test_a_setting_that_there_is_not_is_refused(name: str, said: str) -> None:
    with pytest.raises(UsageError, match=f"There is no setting {name}: {said}"):
        configure("armtorg", {name: 5})
