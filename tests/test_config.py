"""What the environment may set."""

from __future__ import annotations

import subprocess
import sys

import pytest

from armcrawl import config
from armcrawl.options import OPTIONS


def test_the_default_database_lies_in_the_data_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ARMCRAWL_DATABASE_URL", raising=False)
    assert config.database_url() == "sqlite:///data/armcrawl.db"


def test_the_demo_has_a_database_of_its_own() -> None:
    assert config.DEMO_DATABASE == "sqlite:///data/demo.db"


def test_the_environment_names_another_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARMCRAWL_DATABASE_URL", "sqlite:////srv/press.db")
    assert config.database_url() == "sqlite:////srv/press.db"


def test_an_empty_database_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARMCRAWL_DATABASE_URL", "")
    assert config.database_url() == OPTIONS["database"].default


def test_the_operator_is_named_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARMCRAWL_CONTACT", "press@example.org")
    assert config.contact() == "press@example.org"


@pytest.mark.parametrize("value", [None, ""])
def test_nobody_is_named_by_default(monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    if value is None:
        monkeypatch.delenv("ARMCRAWL_CONTACT", raising=False)
    else:
        monkeypatch.setenv("ARMCRAWL_CONTACT", value)
    assert config.contact() is None


def test_nothing_heavy_is_imported() -> None:
    heavy = "scrapy twisted sqlalchemy dateparser selectolax rich aiohttp msgspec tomllib"
    script = f"import sys, armcrawl.config; print(*set({heavy.split()}) & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
