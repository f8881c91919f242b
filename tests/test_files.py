"""Files that are written whole or not at all."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from armcrawl.errors import ArmcrawlError
from armcrawl.files import writing_whole

if TYPE_CHECKING:
    from pathlib import Path


def test_a_pipe_is_written_into_and_stays_one(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as reader:
        read = reader.submit(pipe.read_bytes)
        with writing_whole(pipe) as file:
            file.write(b"all of it")
        assert read.result() == b"all of it"
    assert pipe.is_fifo()


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ArmcrawlError, match="cannot be written"), writing_whole(tmp_path):
        raise AssertionError


def test_what_breaks_off_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "old"
    file.write_bytes(b"old")
    with pytest.raises(ArmcrawlError, match="No space"), writing_whole(file):
        raise OSError(28, "No space left on device")
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("old", b"old")]
