"""Random command lines: whatever is typed, there is an exit code that is documented, and no traceback."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import time
import traceback
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any, NoReturn

import click

from armcrawl.cli import main
from armcrawl.errors import EXIT_CODES
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.database import open_database
from tests.fuzz.pages import seeds
from tests.store.conftest import stored

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

# A command that ends by itself has no other.
ENDINGS = {int(code) for code in EXIT_CODES if code.isdecimal()}
# A command on a few articles takes a second; whoever asks a dead server in vain, ten.
COMMAND_SECONDS = 600
# What no command ends with: it raised something.
INTERNAL = 70
# A port that nothing listens on: no command line may reach the web.
NOWHERE = "http://127.0.0.1:9"
PROXIES = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy"), NOWHERE)
# These never end by themselves, or crawl the sample portal for a quarter of a minute: only wrong arguments for them.
LONG = frozenset({"demo", "serve"})
NUMBERS = ("0", "1", "-1", "10", "99999999999999999999", "1.5", "1e400", "nan", "inf", "٣", "", "x")
FILES = (
    "page.html",
    "missing.html",
    "missing/deep.jsonl",
    "work.db",
    ".",
    "",
    "/dev/null",
    "имя файла.csv",
    "out.parquet",
    "a" * 300,
)
WORDS = (
    "", " ", "задвижки", "armtorg", "armtorg/news/1", "armtorg/news/1..3", "news/1", "nosuch",
    "https://armtorg.ru/news/2", "--", "-", "1", "2016-05-31", "2016-02-30", "31.05.2016..", "9999-12-31",
    "0001-01-01", "\udcff\udcfe", "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"), "«" * 200,
    "a" * 5000, "%s%n{0}", "'; DROP TABLE pages; --", "\x1b[31m", "\n", "sqlite://", "sqlite:///work.db",
    "sqlite:///.", "sqlite:///missing/x.db", "postgresql://u:p@127.0.0.1:9/x", "mysql://x", "http://[", "ftp://x",
    f"{NOWHERE}/news/1", "v_articles", "pages", "../../x", "Салют", "союз*(",
)  # fmt: skip
STDIN = (
    "",
    "{}",
    "x\n",
    '{"url": 1}\n',
    '{"url": "https://armtorg.ru/news/1", "html": "<p>x"}\n',
    "[" * 5000,
    "\0",
    '{"url": "http://[", "html": null}',
)


def generate(random: Random) -> bytes:
    """Return arguments and standard input as JSON."""
    path, command = random.choice(list(_commands(main, ())))
    arguments = [*path, *_arguments(random, command)]
    if path and path[0] in LONG:
        arguments.append("--no-such-option")
    if random.random() < 0.1:
        random.shuffle(arguments)
    if random.random() < 0.1:
        arguments.insert(random.randrange(len(arguments) + 1), random.choice(WORDS))
    if arguments and arguments[0] in LONG and "--no-such-option" not in arguments:
        arguments = [*arguments[:1], "--no-such-option"]
    return json.dumps({"arguments": arguments, "stdin": random.choice(STDIN)}).encode()


def check(data: bytes) -> None:
    """Run the command in a child, beside a small database, and check how it ends."""
    told = json.loads(data)
    parent = Path(mkdtemp())
    try:
        folder = parent / "work"
        shutil.copytree(template(), folder)
        code, out, err = _run(told["arguments"], told["stdin"], parent)
        said = f"{told['arguments']} ended with {code}: {out[-500:]} {err[-2000:]}"
        assert code in ENDINGS, said
        assert "Traceback" not in out + err, said
        assert code == 0 or err.strip() or out.strip(), said
        assert sorted(path.name for path in parent.iterdir()) == ["err", "in", "out", "work"], said
    finally:
        shutil.rmtree(parent, ignore_errors=True)


@lru_cache(maxsize=1)
def template() -> Path:
    """Return a folder with a small database and a page, made once."""
    folder = Path(mkdtemp(prefix="armcrawl-fuzz-"))
    engine = open_database(f"sqlite:///{folder}/work.db")
    write_batch(engine, [stored(number, title=f"Завод «Салют» открыл цех № {number}") for number in range(1, 4)], None)
    engine.dispose()
    (folder / "page.html").write_bytes(seeds()[0])
    return folder


def _run(arguments: list[str], stdin: str, folder: Path) -> tuple[int, str, str]:
    """Return exit code, output and errors of a command; the fork spares the second that imports take."""
    (folder / "in").write_text(stdin, encoding="utf-8", errors="surrogateescape")
    for name in ("out", "err"):
        (folder / name).touch()
    child = os.fork()
    if child == 0:
        _become(arguments, folder)
    end = time.monotonic() + COMMAND_SECONDS
    while True:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            break
        if time.monotonic() > end:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            raise AssertionError(f"{arguments} took longer than {COMMAND_SECONDS} seconds")
        time.sleep(0.005)
    texts = [(folder / name).read_text(encoding="utf-8", errors="replace") for name in ("out", "err")]
    return os.waitstatus_to_exitcode(status), texts[0], texts[1]


def _become(arguments: list[str], folder: Path) -> NoReturn:
    """Be the command, and never return."""
    code = INTERNAL
    try:
        for number, name in enumerate(("in", "out", "err")):
            os.dup2(os.open(folder / name, os.O_RDWR), number)
        os.chdir(folder / "work")
        for name in [name for name in os.environ if name.startswith("ARMCRAWL_")]:
            del os.environ[name]
        os.environ |= PROXIES | {"ARMCRAWL_DATABASE_URL": "sqlite:///work.db", "ARMCRAWL_CONTACT": "ops@example.org"}
        main(arguments, prog_name="armcrawl")
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else int(error.code is not None)
    except BaseException:  # noqa: BLE001 - a traceback is what this looks for
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _commands(group: click.Group, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, group
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from _commands(command, (*path, name))
        else:
            yield (*path, name), command


def _arguments(random: Random, command: click.Command) -> list[str]:
    """Return values for some of a command's parameters, right and wrong ones."""
    found: list[str] = []
    has_server = False
    for parameter in command.params:
        if isinstance(parameter, click.Argument):
            found += [_value(random, parameter) for _ in range(random.choice((1, 1, 1, 0, 2)))]
        elif "--base-url" in parameter.opts:
            has_server = True
        elif random.random() < 0.3 and not {"--help", "--wayback"} & set(parameter.opts):
            found.append(random.choice(parameter.opts + parameter.secondary_opts))
            if not getattr(parameter, "is_flag", False):
                found.append(_value(random, parameter))
    return [*found, "--base-url", NOWHERE] if has_server else found


def _value(random: Random, parameter: click.Parameter) -> str:
    kind: Any = parameter.type
    if isinstance(kind, click.Choice) and random.random() < 0.8:
        return str(random.choice(list(kind.choices)))
    if isinstance(kind, (click.types.IntParamType, click.types.FloatParamType)) and random.random() < 0.9:
        return random.choice(NUMBERS)
    if isinstance(kind, (click.Path, click.File)) and random.random() < 0.8:
        return random.choice(FILES)
    return random.choice((*WORDS, *FILES, *NUMBERS))
