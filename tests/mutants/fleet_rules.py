"""Rules of a fleet: what becomes of a job, when a night is due, and that of one server there is one crawl."""

from __future__ import annotations

from tests.mutants.mutant import mutants_of

FLEET = [
    *mutants_of(
        "fleet/exits.py",
        "fleet/test_exits.py",
        changes={
            "A site that blocks us is held.": (
                "        return Decision(Fate.HELD)",
                "        return Decision(Fate.GIVEN_UP)",
            ),
            "What somebody must mend is not tried again.": (
                "    if code in {2, 5}:",
                "    if code in {2}:",
            ),
            "Where another run works the job waits for as long as it takes.": (
                "    if code == 4:",
                "    if code == 4 and len(codes) < 10:",
            ),
            "A slice that ended by its time goes on, after others.": (
                "return Decision(Fate.AGAIN, waits, goes_back=True)",
                "return Decision(Fate.DONE)",
            ),
            "One that got nowhere waits.": (
                "FAILURE_SECONDS * scale if slice_end is SliceEnd.GOT_NOWHERE else 0.0",
                "0.0",
            ),
            "A job that ended well is done.": (
                "    if code == 0:\n        return Decision(Fate.DONE)",
                "    if code == 0:\n        return Decision(Fate.AGAIN)",
            ),
            "A failure is tried again later each time.": (
                "FAILURE_SECONDS * 2 ** (failures - 1) * scale",
                "FAILURE_SECONDS * scale",
            ),
            "What fails again and again is given up.": (
                "    if failures >= MAX_FAILURES:",
                "    if failures > MAX_FAILURES:",
            ),
            "What was ended from outside begins at once.": (
                "_in_a_row(codes, was_ended) - MAX_KILLS",
                "_in_a_row(codes, was_ended)",
            ),
            "A lost attempt counts as one that was ended.": (
                "return code is None or code in ENDED",
                "return code in ENDED",
            ),
            "Another run and a signal say nothing of the site.": (
                "[one for one in codes if one != 4 and not was_ended(one)]",
                "[one for one in codes if not was_ended(one)]",
            ),
            "Somebody is told of a site that is held.": (
                "return self.fate in {Fate.GIVEN_UP, Fate.HELD}",
                "return self.fate in {Fate.GIVEN_UP}",
            ),
            "A job whose worker is gone is not done, whatever came of its process.": (
                "decide(codes if was_started else [*codes, None], scale=scale)",
                "decide(codes or [None], scale=scale)",
            ),
        },
    ),
    *mutants_of(
        "reporting/alarms.py",
        "reporting/test_alarms.py",
        changes={
            "Of a failure in a fleet somebody is told once.": (
                "if report.run.exit_code and os.environ.get(FLEET_TELLS):",
                "if not report.run.exit_code and os.environ.get(FLEET_TELLS):",
            ),
        },
    ),
    *mutants_of(
        "store/base/lock.py",
        "store/base/test_lock.py",
        changes={
            "Work in pieces goes on beside runs.": (
                "lock = _lock(url, JOBS, kind, lambda _: None)",
                "lock = _lock(url, None, kind, lambda _: None)",
            ),
            "A fleet knows who waits for the whole database.": (
                "with _wanting_all(url, kind) if on_wait else nullcontext():",
                "with nullcontext():",
            ),
        },
    ),
    *mutants_of(
        "store/base/short_locks.py",
        "store/clusters/test_clustering.py",
        changes={
            "Nothing joins while all clusters are made anew.": (
                "yield connection if is_free else None",
                "yield connection",
            ),
        },
    ),
    *mutants_of(
        "fleet/holding.py",
        "fleet/test_exits.py",
        changes={
            "A night is brought in once.": (
                "due > self.last_due_at",
                "due >= self.last_due_at",
            ),
            "For a site that is held no night is brought in.": (
                "return not self.is_held and self.last_due_at is not None",
                "return self.last_due_at is not None",
            ),
        },
    ),
    *mutants_of(
        "sites/schedule.py",
        "sites/test_schedule.py",
        changes={
            "A night is due at the time of the site's own zone.": (
                "time.fromisoformat(nightly), ZoneInfo(zone)).astimezone(UTC)",
                "time.fromisoformat(nightly), UTC).astimezone(UTC)",
            ),
            "Whoever asks hears the same time.": (
                'f"{site} {day}".encode()',
                'f"{site} {datetime.now()}".encode()',
            ),
            "A night that jitter moves beyond midnight is not lost.": (
                "for number in range(-2, 3)]",
                "for number in range(3)]",
            ),
        },
    ),
    *mutants_of(
        "fleet/enqueuing.py",
        "fleet/test_enqueuing.py",
        changes={
            "Two sites of one server share a lock.": (
                "return (servers_of(site) or (site,))[0]",
                "return site",
            ),
            "A web archive is a server of its own.": (
                "_web_archive(rest) or lock_of(site))",
                "lock_of(site))",
            ),
            "Of one site one crawl is enough.": (
                'return self.command == "crawl" or told["arguments"] == list(self.arguments)',
                'return told["arguments"] == list(self.arguments)',
            ),
            "Another site's crawl is another one.": (
                'if told["site"] != self.site or told["arguments"][0] != self.command:',
                'if told["arguments"][0] != self.command:',
            ),
        },
    ),
]
