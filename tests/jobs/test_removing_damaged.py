"""A takedown where the archive is damaged, or packs the page together with others: it goes, and takes nobody along."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from armcrawl.archive import wiping
from armcrawl.archive.records import packed
from armcrawl.errors import ArchiveError
from tests.archive.conftest import foreign
from tests.conftest import FETCHED_AT
from tests.jobs.world import OTHER, SENTENCES, TITLE, URL, World, html, plain_files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


pytestmark = pytest.mark.store


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"


INNOCENT = foreign(5, HEAD + html("Шаровые краны собирают в Пензе", OTHER))


def flipped(member: bytes) -> bytes:
    """Return a gzip member with one wrong bit in its checksum."""
    return member[:-6] + bytes([member[-6] ^ 1]) + member[-5:]


def test_a_record_that_was_torn_at_the_end_of_a_file_is_wiped(world: World) -> None:
    world.record(URL, html())
    world.read()
    whole = packed(foreign(433, b"HTTP/1.1 200 OK\r\n\r\n" + html()))
    (world.folder / "torn.warc.gz.open").write_bytes(packed(foreign(5)) + whole[: len(whole) * 3 // 4])
    world.remove()
    for _, data in plain_files(world.folder):
        assert TITLE.encode() not in data
    assert [one.url for one in world.captured()] == ["https://armtorg.ru/news/5"]


@pytest.mark.parametrize("is_torn", [False, True])
def test_a_damaged_record_that_the_database_names_for_the_page_is_wiped(world: World, *, is_torn: bool) -> None:
    world.record(URL, html())
    world.record("https://armtorg.ru/news/5", html("Шаровые краны собирают в Пензе", OTHER))
    world.read()
    [(file, offset)] = world.ask("SELECT archive_file, archive_offset FROM captures WHERE archive_file LIKE 'file0%'")
    path = world.folder / file
    before = path.read_bytes()
    if is_torn:
        wiping.wipe(world.folder, file, offset, FETCHED_AT)
        path.write_bytes(path.read_bytes()[: offset + 300] + before[offset + 300 :])
    else:
        path.write_bytes(before[:offset] + b"\x1e" + before[offset + 1 :])
    assert world.remove().unread == []
    assert wiping.is_wiped(world.storage, file, offset)
    assert [one.url for one in world.captured()] == ["https://armtorg.ru/news/5"]


def test_a_page_that_is_packed_together_with_others_goes_alone(world: World) -> None:
    world.record(URL, html())
    world.read()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    other = foreign(5, head + html("Шаровые краны собирают в Пензе", OTHER))
    together = gzip.compress(other + foreign(433, head + html()) + foreign(6, head))
    (world.folder / "together.warc.gz").write_bytes(together)
    world.remove()
    assert [one.url[-1] for one in world.captured()] == ["5", "6"]
    assert (world.folder / "together.warc.gz").stat().st_size == len(together)


@pytest.mark.parametrize(
    "spoil", [lambda member: member[:-3], flipped, lambda member: member], ids=["cut", "bit", "large"]
)
@pytest.mark.parametrize("is_first", [True, False])
def test_damage_never_takes_others_with_it_that_are_packed_together_with_the_page(
    world: World, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[bytes], bytes], *, is_first: bool
) -> None:
    world.record(URL, html())
    world.read()
    page = foreign(433, HEAD + html())
    data = spoil(gzip.compress(page + INNOCENT if is_first else INNOCENT + page))
    (world.folder / "together.warc.gz").write_bytes(data)
    monkeypatch.setattr(wiping, "MAX_MEMBER", 1000)
    with pytest.raises(ArchiveError, match=r"together\.warc\.gz cannot be wiped: .* the page is not removed yet"):
        world.remove()
    assert (world.folder / "together.warc.gz").read_bytes() == data


def test_the_page_goes_alone_where_a_record_beside_it_has_a_wrong_length(world: World) -> None:
    world.record(URL, html())
    world.read()
    wrong = foreign(7, HEAD + b"<p>7", length=3)
    (world.folder / "together.warc.gz").write_bytes(gzip.compress(foreign(433, HEAD + html()) + wrong + INNOCENT))
    found = world.remove()
    assert [one.url[-1] for one in world.captured()] == ["5"]
    assert [one.file for one in found.unread] == ["together.warc.gz"]


@pytest.mark.parametrize("title", [TITLE, "Новости"])
def test_a_damaged_record_that_names_another_page_stays_and_is_told(world: World, title: str) -> None:
    world.record(URL, html(title))
    world.read()
    many = tuple(f"Номер {n * n * 7919} в списке поставщиков области занимает завод {n**3}." for n in range(60))
    quoting = foreign(5, HEAD + html(f"{title} портала", (SENTENCES[0], *OTHER, *many)))
    data = flipped(packed(quoting)) + packed(foreign(6))
    (world.folder / "quoting.warc.gz").write_bytes(data)
    found = world.remove()
    assert [one.address for one in found.mentions] == ["https://armtorg.ru/news/5"]
    assert (world.folder / "quoting.warc.gz").read_bytes() == data


def test_damage_that_nobody_can_look_into_is_named(world: World) -> None:
    world.record(URL, html())
    world.read()
    packed_page = packed(foreign(5, b"HTTP/1.1 200 OK\r\n\r\n" + html("Шаровые краны собирают в Пензе", OTHER)))
    broken = packed_page[:40] + bytes(200) + packed_page[240:]
    (world.folder / "broken.warc.gz").write_bytes(broken)
    found = world.remove()
    assert [(one.file, one.offset) for one in found.unread] == [("broken.warc.gz", 0)]
    assert (world.folder / "broken.warc.gz").read_bytes() == broken


@pytest.mark.parametrize(
    "name", ["test-archive/a.warc.gz.copying-4711", "test-archive/.wiping-x", "test-archive-moving-x/a"]
)
def test_copies_that_a_killed_process_left_go_with_the_page(world: World, tmp_path: Path, name: str) -> None:
    world.record(URL, html())
    world.read()
    left = tmp_path / name
    left.parent.mkdir(exist_ok=True)
    left.write_bytes(gzip.compress(html()))
    world.remove()
    assert not left.exists()
