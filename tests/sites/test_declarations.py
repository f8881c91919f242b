"""A site is declared in one file; what is wrong with it is said in one sentence."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import armcrawl
from armcrawl.errors import UsageError
from armcrawl.sites import default_site, identify, known_sites, site_named, site_of
from armcrawl.sites.known import OWN_FOLDER, forget_sites
from tests.sites.conftest import VENTIL

if TYPE_CHECKING:
    from collections.abc import Callable

    Declare = Callable[..., Path]

ARMTORG = (OWN_FOLDER / "armtorg.toml").read_text("utf-8")
DEFAULT = VENTIL.replace("zone =", "default = true\nzone =")
CODE = Path(armcrawl.__file__).parent
# Code that may speak of a site: its declaration, and the portal that stands in for it.
OF_SITES = ("sites", "sample")


def test_a_site_of_a_folder_outside_the_package_is_known(declare: Declare) -> None:
    declare()
    assert site_named("ventil").host == "ventil.example"
    assert str(identify("http://www.ventil.example/novosti/007/?x=1")) == "ventil/news/7"


def test_the_site_of_commands_that_name_none_is_declared(declare: Declare) -> None:
    usual = default_site()
    declare()
    assert default_site() == usual
    declare(ARMTORG.replace("default = true", ""), "armtorg")
    with pytest.raises(UsageError, match="Say which site is meant: the sites are any, armavest, armtorg, valverus, v"):
        default_site()


def test_a_site_of_ones_own_may_be_the_default_before_that_of_the_package(declare: Declare) -> None:
    declare(DEFAULT)
    assert [site.name for site in known_sites().values() if site.default] == ["ventil"]
    assert default_site().name == "ventil"


def test_two_defaults_in_one_folder_are_refused_with_both_files(declare: Declare) -> None:
    first, second = declare(ARMTORG, "armtorg"), declare(DEFAULT)
    with pytest.raises(UsageError, match=re.escape(f"{first} and {second} each say default = true")):
        known_sites()


def test_a_file_of_ones_own_replaces_the_site_of_its_name(declare: Declare) -> None:
    declare(ARMTORG.replace("delay = 2.0", "delay = 7"), "armtorg")
    assert site_named("armtorg").delay == 7


def test_sites_beside_the_configuration_are_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "ventil.toml").write_text(VENTIL, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    forget_sites()
    try:
        assert site_of("https://ventil.example/") is site_named("ventil")
    finally:
        monkeypatch.undo()
        forget_sites()


def test_a_folder_of_sites_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch, declare: Declare) -> None:
    del declare
    monkeypatch.setenv("ARMCRAWL_SITES", "nowhere")
    forget_sites()
    with pytest.raises(UsageError, match="ARMCRAWL_SITES: nowhere is no folder"):
        known_sites()


def test_one_host_is_of_one_site(declare: Declare) -> None:
    declare(VENTIL.replace('"www.ventil.example"', '"armtorg.ru"'))
    with pytest.raises(UsageError, match=r"both have the host armtorg\.ru"):
        known_sites()


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ('zone = "Asia/Yekaterinburg"', 'zone = "Mars"', "line 4: 'Mars' is no time zone: write one as Europe/Moscow."),
        ("hosts =", "host =", "line 3: Object contains unknown field `host`."),
        ('addresses = ["/novosti/{id:int}"]', "", "line 8: section 'news' has no addresses."),
        ("{id:int}", "{idd}", "line 10: '/novosti/{idd}' has a field {idd}: the fields are {id:int}, "),
        ("{id:int}", "{id", "line 10: '/novosti/{id' has a brace without its other half."),
        (
            '"/novosti/{id:int}"',
            '"/no/"',
            "line 10: '/no/' has neither {id} nor {slug}: nothing tells its pages apart.",
        ),
        ('"/novosti/{id', '"novosti/{id', "line 10: 'novosti/{id:int}' must begin with a slash"),
        ('name = "news"', 'name = "News!"', "line 8: 'News!' is no name: write at most 40 small"),
        ('listing = "/novosti/"', 'listing = "novosti"', "line 9: 'novosti' must begin with a slash"),
        ('"ventil.example"', '"https://ventil.example"', "line 3: 'https://ventil.example' is no host"),
        ("[[sections]]", "[[sections]", "is no TOML: "),
        ("zone =", 'schedule.nightly = "26:00"\nzone =', "line 4: '26:00' is no time of the day: write it as 02:30."),
        ("zone =", 'delay = "long"\nzone =', "line 4: Expected `float`, got `str`."),
        ("zone =", "delay = 1.9\nzone =", "line 4: Expected `float` >= 2.0."),
        ("zone =", 'key = "{id}"\nzone =', "line 4: Object contains unknown field `key`."),
        (
            "listing",
            'key = "{year}"\nlisting',
            "line 9: the key '{year}' has {year}, which '/novosti/{id:int}' does not",
        ),
        ('"/novosti/{id:int}"', '"/{slug}", "/a/{id:int}/{slug}/{id:int}"', "has a field twice."),
    ],
)
def test_what_is_wrong_is_said_with_its_line(declare: Declare, right: str, wrong: str, said: str) -> None:
    assert right in VENTIL
    path = declare(VENTIL.replace(right, wrong, 1))
    with pytest.raises(UsageError) as raised:
        known_sites()
    assert str(raised.value).startswith(str(path))
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(("bound", "said"), [("colour = 0.5", "'colour' has no bounds: the fields are date, "),
                                             ("date = 2", "Expected `float` <= 1.0")])  # fmt: skip
def test_bounds_are_shares_of_fields(declare: Declare, bound: str, said: str) -> None:
    declare(VENTIL + f"\n[bounds]\n{bound}\n")
    with pytest.raises(UsageError, match=re.escape(said)):
        known_sites()


@pytest.mark.parametrize(
    ("unjudged", "said"),
    [
        ('nightly = ["page"]', "line 13: 'nightly' under unjudged is no kind of run: the kinds are crawl, backfill, "),
        (
            'import = ["requests an article"]',
            "'requests an article' under unjudged is no measure: write 'requests per ",
        ),
        ('import = ["погода"]', "line 13: 'погода' under unjudged is no measure: the measures are page, title, "),
        ('import = ["method of sources"]', "'method of sources' under unjudged is no measure"),
        ('import = ["method of images"]', "'method of images' under unjudged is no measure"),
        ('import = ["second witness of body"]', "under unjudged is no measure: write 'second witness of "),
        ('import = ["погода"]', ", method of title, "),
    ],
)
def test_what_is_not_to_be_judged_must_be_judged_elsewhere(declare: Declare, unjudged: str, said: str) -> None:
    declare(VENTIL + f"\n[unjudged]\n{unjudged}\n")
    with pytest.raises(UsageError, match=re.escape(said)):
        known_sites()


def test_more_hints_than_witnesses_are_refused(declare: Declare) -> None:
    declare(VENTIL + '\n[hints]\ntitle = "h1"\ndate = ".d"\nauthor = ".a"\ntags = ".t"\n')
    with pytest.raises(UsageError, match="4 hints are more than the 3 that a site may have"):
        known_sites()


def test_a_section_whose_pages_another_takes_is_refused(declare: Declare) -> None:
    declare(VENTIL + '\n[[sections]]\nname = "other"\naddresses = ["/novosti/{id:int}"]\n')
    with pytest.raises(UsageError, match="of section 'other' has no pages: section 'news' takes them"):
        known_sites()


def test_a_declaration_is_short() -> None:
    for path in OWN_FOLDER.glob("*.toml"):
        assert len(path.read_text("utf-8").splitlines()) <= 40, path.name


def test_no_code_speaks_of_a_site() -> None:
    names = re.compile(
        "|".join(
            re.escape(word)
            for site in known_sites().values()
            if not site.is_any  # its name is a word of the language
            for word in (site.name, *site.own_names)
        )
    )
    folders = [CODE, CODE.parent / "pipelines"]
    files = [
        path for folder in folders for path in folder.rglob("*") if path.suffix in {".py", ".toml", ".html", ".js"}
    ]
    assert len(files) > 200
    spoken = [
        f"{path.relative_to(CODE.parent)}:{number}"
        for path in files
        if path.relative_to(CODE.parent).parts[1] not in OF_SITES
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if names.search(line.lower()) or names.search(line)
    ]
    assert spoken == []


def test_a_discovery_of_a_section_that_there_is_not_is_told(declare: Declare) -> None:
    declare(VENTIL + '\n[[discovery]]\nkind = "feed"\nsections = ["newz"]\n')
    with pytest.raises(UsageError, match="discovery 1 is of a section 'newz', which there is not: write 'news'"):
        known_sites()


def test_one_table_of_discovery_is_to_be_a_list(declare: Declare) -> None:
    declare(VENTIL + '\n[discovery]\nkind = "feed"\n')
    with pytest.raises(UsageError, match=r"write \[\[discovery\]\] in double brackets"):
        known_sites()
