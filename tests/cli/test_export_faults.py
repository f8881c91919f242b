"""`armcrawl export` where options do not fit, the disk is full, or nobody reads on; and what only a command shows."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.database import open_database
from tests.cli.test_deaths import WITHOUT_ROOM
from tests.conftest import COMMAND_SECONDS
from tests.store.conftest import stored

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.forking import Finished

    Command = Callable[..., Finished]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with four articles, of which the first and the last have a tag."""
    url = f"sqlite:///{tmp_path_factory.mktemp('few')}/few.db"
    engine = open_database(url)
    write_batch(engine, [stored(1), stored(2, tags=()), stored(3, tags=()), stored(4)], None)
    engine.dispose()
    return url


@pytest.fixture
def exported(filled: str, armcrawl: Command, tmp_path: Path) -> Callable[..., Path]:
    """Return the file that an export writes."""

    def run(name: str, *options: str) -> Path:
        done = armcrawl("export", name, "--database", filled, *options)
        assert done.code == 0, done.err
        return tmp_path / name

    return run


def test_columns_are_those_that_are_named_in_their_order(exported: Callable[..., Path]) -> None:
    lines = exported("x.csv", "--columns", "title, key").read_text(encoding="utf-8-sig").splitlines()
    assert (lines[0], lines[1].rpartition(",")[2]) == ("title,key", "armtorg/news/1")
    changed = exported("y.jsonl", "--columns", "key", "--tag", "приводы").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in changed] == [{"key": f"armtorg/news/{number}"} for number in (1, 4)]


@pytest.mark.parametrize("options", [(), ("--format", "csv"), ("--delimiter", ";"), ("--for-excel",)])
def test_standard_output_gets_what_a_file_gets(
    exported: Callable[..., Path], armcrawl: Command, filled: str, options: tuple[str, ...]
) -> None:
    file = exported("x.csv" if options else "x.jsonl", *options)
    done = armcrawl("export", "-", *options, "--database", filled)
    assert (done.code, done.err) == (0, "")
    assert done.out.replace("\r\n", "\n") == file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Name a FILE"),
        (("x.csv", "--columns", "key,titel"), "has no column 'titel': it has key, "),
        (("x.csv", "--columns", "key,key"), "named twice"),
        (("x.csv", "--columns", ""), "has no column ''"),
        (("x.csv", "--delimiter", ";;"), "';;' parts no cells"),
        (("x.csv", "--delimiter", ""), "'' parts no cells"),
        (("x.csv", "--delimiter", "a"), "'a' parts no cells"),
        (("x.csv", "--delimiter", '"'), "parts no cells"),
        (("x.csv", "--delimiter", ",", "--for-excel"), "leave out --delimiter"),
        (("x.parquet", "--for-excel"), "do not go with parquet"),
        (("x.jsonl", "--delimiter", ";"), "do not go with jsonl"),
        (("-", "--format", "parquet"), "Standard output takes text"),
        (("-", "--format", "xlsx"), "Standard output takes text"),
        (("x.csv", "--view", "v_articles", "--view", "v_sources"), "holds one view"),
        (("x.xlsx", "--view", "v_articles", "--view", "v_sources", "--columns", "kind"), "--columns are those of one"),
        (("x.csv", "--dataset", "new"), "leave out FILE"),
        (("--dataset", "new", "--since", "2020-01-01"), "leave out FILE"),
        (("--dataset", "new", "--for-excel"), "leave out FILE"),
        (("--dataset", "."), "There is something at . already"),
        (("--dataset", "x.csv"), "There is something at x.csv already"),
    ],
)
def test_what_does_not_fit_is_told_and_changes_nothing(
    armcrawl: Command, filled: str, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    (tmp_path / "x.csv").write_text("as it was", encoding="utf-8")
    done = armcrawl("export", *arguments, "--database", filled)
    assert (done.code, "Traceback" in done.err) == (2, False)
    assert said in " ".join(done.err.split())
    assert [path.name for path in tmp_path.iterdir()] == ["x.csv"]
    assert (tmp_path / "x.csv").read_text(encoding="utf-8") == "as it was"


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with a text of megabytes that no packing makes small."""
    chance = random.Random(1)  # noqa: S311 - a test must repeat itself
    url = f"sqlite:///{tmp_path_factory.mktemp('large')}/large.db"
    engine = open_database(url)
    texts = (" ".join(f"{chance.getrandbits(64):x}" for _ in range(2_000)) for _ in range(60))
    write_batch(engine, [stored(number, paragraphs=(text,)) for number, text in enumerate(texts, 1)], None)
    engine.dispose()
    return url


def left_in(folder: Path) -> list[str]:
    """Return what an export leaves; the other file is the program that limits its room."""
    return [path.name for path in folder.iterdir() if path.name != "script.py"]


@pytest.mark.parametrize("name", ["x.csv", "x.jsonl", "x.parquet", "x.xlsx"])
def test_a_disk_without_room_leaves_the_file_that_was_there(
    armcrawl: Command, large: str, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_text("yesterday's", encoding="utf-8")
    done = armcrawl("export", name, "--database", large, script=WITHOUT_ROOM)
    assert (done.code, done.err) == (1, f"armcrawl: {name} cannot be written: File too large.\n")
    assert left_in(tmp_path) == [name]
    assert (tmp_path / name).read_text(encoding="utf-8") == "yesterday's"


def test_a_disk_without_room_leaves_no_data_set(armcrawl: Command, large: str, tmp_path: Path) -> None:
    done = armcrawl("export", "--dataset", "all", "--database", large, script=WITHOUT_ROOM)
    assert (done.code, "cannot be written: File too large." in done.err) == (1, True)
    assert "Exception ignored" not in done.err
    assert not left_in(tmp_path)


@pytest.mark.parametrize("options", ["", "--format csv"])
def test_who_stops_reading_standard_output_ends_an_export_without_a_word(
    large: str, tmp_path: Path, options: str
) -> None:
    line = f"{sys.executable} -m armcrawl export - {options} --database {large} | head -c 10; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", line], cwd=tmp_path, capture_output=True, timeout=COMMAND_SECONDS, check=False)
    assert (done.returncode, done.stderr, len(done.stdout)) == (1, b"", 10)


def test_a_full_disk_behind_standard_output_is_told(large: str, tmp_path: Path) -> None:
    line = f"{sys.executable} -m armcrawl export - --database {large} > /dev/full"
    done = subprocess.run(
        ["bash", "-c", line], cwd=tmp_path, capture_output=True, text=True, timeout=COMMAND_SECONDS, check=False
    )
    said = "armcrawl: Standard output cannot be written: No space left on device.\n"
    assert (done.returncode, done.stderr) == (1, said)
