"""Rules of the archive, backups, and options."""

from __future__ import annotations

from tests.mutants.mutant import mutants_of

ARCHIVE = [
    *mutants_of(
        "archive/s3/bucket.py",
        "archive/test_bucket.py",
        changes={
            "A file in S3 is never overwritten.": ('mode="create"', 'mode="overwrite"'),
            "What was put is read back before it is deleted here.": (
                "if digest_of(ours) != digest_of(theirs):",
                "if not digest_of(ours) or not digest_of(theirs):",
            ),
        },
    ),
    *mutants_of(
        "archive/sending.py",
        "archive/test_bucket.py",
        changes={
            "A file that a run still writes is left alone.": (
                "if not claim(file) or not path.stat().st_size:",
                "if not path.stat().st_size:",
            ),
        },
    ),
    *mutants_of(
        "jobs/backup_contents.py",
        "jobs/test_restoring.py",
        changes={
            "What a backup holds is checked to the byte.": (
                "return None if _digest(path, kept.size) == kept.sha256 else",
                "return None if kept.sha256 else",
            ),
        },
    ),
    *mutants_of(
        "jobs/backing_up.py",
        "jobs/test_backing_up.py",
        changes={
            "A backup holds every file that its database names.": (
                "if missing := sorted(places.keys() - files.keys()):",
                "if missing := sorted(places.keys() & files.keys() - files.keys()):",
            ),
        },
    ),
    *mutants_of(
        "jobs/forgetting.py",
        "jobs/test_forgetting.py",
        changes={
            "A file that a backup shares with the archive is its own before it is wiped.": (
                "and path.stat().st_nlink > 1:",
                "and path.stat().st_nlink > 99:",
            ),
        },
    ),
    *mutants_of(
        "archive/writing.py",
        "archive/test_records.py",
        changes={
            "A record's offset is that of the answer, behind its request.": (
                "return Record(self.name, offset + built.offset, built.payload_digest)",
                "return Record(self.name, offset, built.payload_digest)",
            ),
            "An offset is where a record begins.": (
                "            offset = file.tell()\n            written = file.write(data)\n",
                "            written = file.write(data)\n            offset = file.tell()\n",
            ),
            "A record that was written in part is an error.": (
                "if written != len(data):",
                "if written is None:",
            ),
        },
    ),
    *mutants_of(
        "archive/records.py",
        "archive/test_records.py",
        changes={
            "The same bytes are not archived twice.": (
                "if digest == earlier.payload_digest:",
                "if not digest:",
            ),
        },
    ),
    *mutants_of(
        "archive/frames.py",
        "archive/test_records.py",
        "archive/test_damaged_archives.py",
        changes={
            "The offset of a record that is read from a whole file finds it again.": (
                "offset = member.offset if member.is_packed else begun",
                "offset = begun",
            ),
            "What a record with a length that lies took for its own is looked through again.": (
                "and stream.back_to(begun + 1):",
                "and stream.back_to(stream.position):",
            ),
        },
    ),
    *mutants_of(
        "archive/unpacking.py",
        "archive/test_damaged_archives.py",
        "archive/test_bombs.py",
        changes={
            "Behind a damage the next member is looked for from the beginning of the damaged one.": (
                "            self.at = back\n",
                "            self.at = max(self.at, back)\n",
            ),
            "What unpacks out of all proportion is no archive.": (
                "        if self.leeway < 0:\n",
                "        if self.leeway < -(1 << 60):\n",
            ),
        },
    ),
    *mutants_of(
        "archive/reading.py",
        "archive/test_digests.py",
        "archive/test_cut_answers.py",
        changes={
            "A record with a wrong digest is damaged.": (
                "if bodies is not None and is_damaged(frame):",
                "if bodies is not None and not frame:",
            ),
            "An answer that is cut is no page.": (
                "    if lack is not None:\n",
                '    if lack == "":\n',
            ),
        },
    ),
]

OPTIONS = mutants_of(
    "config.py",
    "test_config_file.py",
    changes={
        "What armcrawl.toml says of one site counts more than its top.": (
            """for values, place in ((found.sites.get(site or "", {}), f"site.{site}.{name}"), (found.top, name)):""",
            """for values, place in ((found.top, name), (found.sites.get(site or "", {}), f"site.{site}.{name}")):""",
        ),
        "A file that another user put in the way is not obeyed.": (
            "found.lstat().st_uid not in {0, os.getuid()}",
            "False",
        ),
    },
)
