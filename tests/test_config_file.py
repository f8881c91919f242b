"""armcrawl.toml: what it may say, what counts more, and what is wrong with it."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from scrapy.settings import Settings

from armcrawl import config
from armcrawl import settings as defaults
from armcrawl.cli.collect.crawl import crawl
from armcrawl.cli.maintain.config import init, show
from armcrawl.cli.options import run_settings
from armcrawl.config import check_environment, find_config, use_config
from armcrawl.config_file import read_config
from armcrawl.crawling.commands.crawl import Command
from armcrawl.crawling.site_spider import SiteSpider
from armcrawl.errors import UsageError
from armcrawl.options import OPTIONS
from armcrawl.sites import default_site, known_sites, site_named
from armcrawl.sites.known import OWN_FOLDER, forget_sites

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Write = Callable[[str], Path]

HERE = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An empty folder, and an environment that says nothing."""
    for name in [name for name in os.environ if name.startswith("ARMCRAWL_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ARMCRAWL_CONFIG", "")
    monkeypatch.chdir(tmp_path)
    forget_sites()
    yield
    monkeypatch.undo()
    forget_sites()


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(text: str) -> Path:
        path = tmp_path / "armcrawl.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


# From what counts most to what counts least, each with a value of its own.
LEVELS = ("command line", "environment", "table of the site", "top of the file", "declaration", "default")
VALUES: dict[str, dict[str, Any]] = {
    "delay": dict(zip(LEVELS, (6.0, 5.0, 4.0, 3.0, 2.0), strict=False)),
    "max_time": dict(zip(LEVELS, (60, 50, 40, 30, 14400, 14400), strict=False)),
    "report": dict(zip(LEVELS, ("6.json", "5.json", "4.json", "3.json", None, None), strict=False)),
}
CASES = [(name, at) for name, values in VALUES.items() for at in range(len(values))]


def say(name: str, at: int, write: Write, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Say a value at this level and at all that count less; return the command line."""
    values = VALUES[name]
    if at <= LEVELS.index("environment"):
        monkeypatch.setenv(OPTIONS[name].variable, str(values["environment"]))
    top = f"{name} = {json.dumps(values['top of the file'])}" if at <= LEVELS.index("top of the file") else ""
    site = f"{name} = {json.dumps(values['table of the site'])}" if at <= LEVELS.index("table of the site") else ""
    write(f"{top}\n[site.armtorg]\n{site}\n")
    return [str(OPTIONS[name].flag), str(values["command line"])] if at == 0 else []


def of_show(name: str, arguments: list[str]) -> Any:
    done = CliRunner().invoke(show, ["armtorg", "--json", *arguments], catch_exceptions=False)
    return json.loads(done.output)["options"][name]["value"]


def of_crawl(name: str, arguments: list[str]) -> Any:
    context = crawl.make_context("crawl", ["armtorg", *arguments])
    return run_settings(context.params.pop("site"), context.params).get(OPTIONS[name].setting)


def of_scrapy(name: str, arguments: list[str]) -> Any:
    settings = Settings({"ARMCRAWL_BASE_URL": HERE})
    settings.setmodule(defaults, "project")
    settings.setdict(dict.fromkeys([OPTIONS[name].setting], arguments[1]) if arguments else {}, "cmdline")
    Command.obey_operator("armtorg", settings)
    SiteSpider.of(site_named("armtorg")).configure_run(settings, {})
    found = settings.get(OPTIONS[name].setting)
    return OPTIONS[name].default if found is None else found


@pytest.mark.parametrize("read", [of_show, of_crawl, of_scrapy])
@pytest.mark.parametrize(("name", "at"), CASES)
def test_each_level_counts_more_than_the_next(
    name: str, at: int, read: Callable[[str, list[str]], Any], write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = read(name, say(name, at, write, monkeypatch))
    wanted = VALUES[name][LEVELS[at]]
    if name == "report" and LEVELS[at] in {"table of the site", "top of the file"}:
        wanted = str(Path.cwd() / wanted)
    assert str(found) == str(wanted)


@pytest.mark.parametrize(
    ("at", "where"),
    [
        (0, r"command line"),
        (1, r"ARMCRAWL_DELAY"),
        (2, r"/.*/armcrawl\.toml, line 3"),
        (3, r"/.*/armcrawl\.toml, line 1"),
        (4, r"declaration of armtorg"),
    ],
)
def test_config_show_tells_where_a_value_comes_from(
    at: int, where: str, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = say("delay", at, write, monkeypatch)
    done = CliRunner().invoke(show, ["armtorg", "--json", *arguments], catch_exceptions=False)
    told = json.loads(done.output)["options"]
    assert re.fullmatch(where, told["delay"]["from"])
    assert told["max_time"]["from"] == "default"
    assert list(told) == list(OPTIONS)


def test_config_show_hides_passwords_and_tells_who_may_read_them(write: Write) -> None:
    path = write('database = "postgresql://press:geheim@db/press"\n')
    path.chmod(0o644)
    done = CliRunner().invoke(show, [], catch_exceptions=False)
    assert "postgresql://press:***@db/press" in done.stdout
    assert "geheim" not in done.output
    assert f"chmod o-r {path}" in done.stderr


def test_a_file_that_others_may_not_read_may_hold_a_password(write: Write) -> None:
    write('database = "postgresql://press:geheim@db/press"\n').chmod(0o640)
    assert CliRunner().invoke(show, [], catch_exceptions=False).stderr == ""


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("delay = \n", "armcrawl.toml is no TOML: .*line 1.*"),
        ("delay = 2\n\ndelay = 3\n", "armcrawl.toml is no TOML: .*line 3.*"),
        (r'contact = "a@b\nX: 1"', r"line 1: .*must be a text without line breaks.*"),
        ("\nmax_request = 5", "line 2: there is no option 'max_request': write 'max_requests' if that is meant"),
        ("max-time = 5", "line 1: there is no option 'max-time': write 'max_time' if that is meant"),
        ("xyz = 5", "line 1: there is no option 'xyz': the options are archive, base_url, .*"),
        ("[site.armtorg]\ndelai = 5", "line 2: there is no option 'delai': write 'delay' if that is meant"),
        ("[database]\nurl = 5", r"line 1: database must be a text, not \{'url': 5\}"),
        ('[database]\npassword = "geheim"', r"line 1: database must be a text, not \{'password': '\*\*\*'\}"),
        (
            'database = ["postgresql://a:geheim@db"]',
            r"line 1: database must be a text, not \['postgresql://a:\*\*\*@db'\]",
        ),
        ('max_requests = "5"', "line 1: max_requests must be a whole number from 0 to 2147483647, not '5'"),
        ("max_requests = 1.5", "line 1: max_requests must be a whole number from 0 to 2147483647, not 1.5"),
        ("max_requests = true", "line 1: max_requests must be a whole number from 0 to 2147483647, not True"),
        ("max_time = -1", "line 1: max_time must be a whole number from 0 to 2147483647, not -1"),
        ("delay = nan", "line 1: delay must be a number from 0 to 2147483647, not nan"),
        ("concurrency = 0", "line 1: concurrency must be a whole number from 1 to 2147483647, not 0"),
        ("serve_port = 70000", "line 1: serve_port must be a whole number from 0 to 65535, not 70000"),
        ("impolite = 1", "line 1: impolite must be true or false, not 1"),
        ('log_format = "yaml"', "line 1: log_format must be text or json, not 'yaml'"),
        ('contact = ""', "line 1: contact must be a text, not ''"),
        ('sections = ["news"]', "line 1: sections is of one site: write it into its table, such as .*"),
        ('[site.armtorg]\nsections = "news"', "line 2: sections must be a list of names, not 'news'"),
        ('[site.armtorg]\ncontact = "me"', r"line 2: contact is of all sites: .* not into \[site.armtorg\]"),
        ('site = "armtorg"', "line 1: site must be a table for each site, such as .*"),
        ("[site]\ndelay = 5", "line 2: delay must stand in a table of a site, such as .*"),
    ],
)
def test_what_does_not_fit_is_said_in_a_sentence_with_its_line(written: str, said: str, write: Write) -> None:
    path = write(written)
    with pytest.raises(UsageError, match=f"^{re.escape(str(path.parent))}/?.*{said}\\.$") as raised:
        config.value("timeout")
    assert raised.value.exit_code == 2
    assert "\n" not in str(raised.value)


def test_a_site_that_nobody_declared_is_named_with_the_nearest(write: Write) -> None:
    write("delay = 2\n[site.armtrog]\ndelay = 5\n")
    with pytest.raises(UsageError, match=r"line 2: there is no site 'armtrog': write 'armtorg' if that is meant\."):
        known_sites()


def test_a_file_that_is_no_utf_8_is_named(tmp_path: Path) -> None:
    (tmp_path / "armcrawl.toml").write_bytes('contact = "Редакция"'.encode("cp1251"))
    with pytest.raises(UsageError, match=r"armcrawl\.toml cannot be read: it is no UTF-8 text\."):
        config.contact()


def test_a_folder_in_the_place_of_the_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "armcrawl.toml").mkdir()
    with pytest.raises(UsageError, match=r"armcrawl\.toml is a folder: name a file"):
        config.contact()


def test_a_file_that_is_named_must_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARMCRAWL_CONFIG", "nowhere.toml")
    with pytest.raises(UsageError, match=r"nowhere\.toml cannot be read: No such file or directory\."):
        config.contact()


def test_the_nearest_file_upwards_is_found(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write("max_time = 5")
    (tmp_path / "below" / "deeper").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "below" / "deeper")
    assert find_config() == path
    (tmp_path / "below" / "armcrawl.toml").write_text("", encoding="utf-8")
    assert find_config() == tmp_path / "below" / "armcrawl.toml"


def test_a_file_of_another_user_is_read_only_if_it_is_named(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write("max_time = 5")
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    os.chown(path, 54321, -1)
    with pytest.raises(UsageError, match="belongs to another user: say --config"):
        config.value("max_time")
    use_config(path)
    assert config.value("max_time") == 5


def test_an_archive_in_s3_is_no_path(write: Write) -> None:
    write('archive = "s3://pages/press"\n')
    assert config.archive() == "s3://pages/press"


def test_paths_start_at_the_folder_of_the_file(tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    write('archive = "raw"\nsites = "more"\nmetrics = "/var/x.prom"\ndatabase = "sqlite:///data/press.db"\n')
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    assert config.archive() == str(tmp_path / "raw")
    assert config.value("sites") == str(tmp_path / "more")
    assert config.value("metrics") == "/var/x.prom"
    assert config.database_url() == f"sqlite:///{tmp_path}/data/press.db"


@pytest.mark.parametrize("url", ["sqlite:////srv/press.db", "sqlite:///:memory:", "sqlite://", "postgresql://db/press"])
def test_a_database_without_a_relative_path_stays_as_it_is(url: str, write: Write) -> None:
    write(f'database = "{url}"')
    assert config.database_url() == url


def test_the_default_site_may_be_named(write: Write, tmp_path: Path) -> None:
    declaration = (OWN_FOLDER / "armtorg.toml").read_text("utf-8")
    other = declaration.replace("armtorg", "ventil").replace("default = true", "")
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "ventil.toml").write_text(other, encoding="utf-8")
    write('sites = "more"\ndefault_site = "ventil"')
    forget_sites()
    assert default_site().name == "ventil"


@pytest.mark.parametrize("variable", ["ARMCRAWL_MAX_TIME", "ARMCRAWL_DELAY", "ARMCRAWL_IMPOLITE"])
def test_a_variable_that_does_not_fit_is_named(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, "soon")
    name = variable.removeprefix("ARMCRAWL_").lower()
    with pytest.raises(UsageError, match=f"{variable} must be .*, not 'soon'"):
        config.value(name)


def test_config_init_writes_every_option_and_its_default() -> None:
    assert CliRunner().invoke(init, [], catch_exceptions=False).exit_code == 0
    path = Path("armcrawl.toml")
    text = path.read_text(encoding="utf-8")
    assert read_config(path).top == {}
    path.write_text(re.sub(r"^#(?=[a-z\[])", "", text, flags=re.MULTILINE), encoding="utf-8")
    found = read_config(path.absolute())
    assert set(found.top) | set(found.sites["my-site"]) == set(OPTIONS)
    for row in OPTIONS.values():
        if row.example is None and row.name != "database":
            held = found.sites["my-site"] if row.place == "site" else found.top
            assert held[row.name] == row.default
        assert row.help in text


def test_config_init_writes_over_nothing(write: Write) -> None:
    path = write("delay = 5")
    with pytest.raises(UsageError, match=r"armcrawl\.toml is there already: name another file, or remove it\."):
        CliRunner().invoke(init, [], catch_exceptions=False, standalone_mode=False)
    assert path.read_text(encoding="utf-8") == "delay = 5"
    assert "#max_requests = 1000\n" in CliRunner().invoke(init, ["-"], catch_exceptions=False).output


@pytest.mark.parametrize(("written", "meant"), [("DATABASE", "DATABASE_URL"), ("DELY", "DELAY"), ("SITE", "SITES")])
def test_a_misspelt_variable_is_named_with_the_nearest(
    written: str, meant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"ARMCRAWL_{written}", "x")
    with pytest.raises(UsageError, match=f"no variable ARMCRAWL_{written}: write ARMCRAWL_{meant} if that is meant"):
        check_environment()


def test_the_facts_of_a_command_for_failures_are_no_misspelt_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARMCRAWL_RUN_ID", "1")
    monkeypatch.setenv("ARMCRAWL_SITE", "armtorg")
    check_environment()


def test_a_pipe_in_the_place_of_the_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "armcrawl.toml")
    with pytest.raises(UsageError, match="it is no file of at most a megabyte"):
        config.contact()


def test_scrapy_takes_the_name_of_the_variable_too() -> None:
    settings = Settings({"ARMCRAWL_BASE_URL": HERE, "ARMCRAWL_DELAY": "7"})
    settings.setmodule(defaults, "project")
    SiteSpider.of(site_named("armtorg")).configure_run(settings, {})
    assert settings.getfloat("DOWNLOAD_DELAY") == 7.0


def test_scrapy_derives_what_follows_from_an_option() -> None:
    settings = Settings({"ARMCRAWL_BASE_URL": HERE})
    settings.setmodule(defaults, "project")
    SiteSpider.of(site_named("armtorg")).configure_run(settings, {"concurrency": "8", "delay": "0"})
    assert settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN") == 8
    assert settings.getint("CONCURRENT_REQUESTS") == 9


def test_variables_that_kubernetes_makes_of_a_service_are_none_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARMCRAWL_SERVICE_HOST", "10.0.0.1")
    monkeypatch.setenv("ARMCRAWL_PORT_8001_TCP", "tcp://10.0.0.1:8001")
    check_environment()


def test_config_show_hides_the_address_of_a_web_hook(write: Write) -> None:
    write('on_failure = "curl https://hooks.example/T00/secret"')
    done = CliRunner().invoke(show, ["armtorg"], catch_exceptions=False)
    assert "curl ***" in done.output
    assert "secret" not in done.output
