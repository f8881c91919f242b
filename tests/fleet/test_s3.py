"""Two machines with nothing in common but one PostgreSQL and one bucket."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from armcrawl.sample.server import serving_handler
from tests.cli.test_sites import MANY, VENTIL
from tests.fleet.machines import asked, machines, tables_that_name
from tests.fleet.world import Portal
from tests.s3_server import BUCKET, s3_server
from tests.waiting import wait_for

if TYPE_CHECKING:
    from pathlib import Path

SITES = ("ventil", "klapan")
PLACE = f"s3://{BUCKET}/press"


@pytest.mark.e2e
def test_what_one_machine_has_fetched_every_other_can_read(own_database: str, tmp_path: Path) -> None:
    portals = {site: Portal(MANY) for site in SITES}
    with (
        s3_server() as s3,
        serving_handler(portals[SITES[0]].respond) as first_server,
        serving_handler(portals[SITES[1]].respond) as second_server,
        machines(tmp_path, 3, s3.environment) as (first, second, third),
    ):
        servers = dict(zip(SITES, (first_server, second_server), strict=True))
        lines = ["delay = 0.0", f'database = "{own_database}"', f'archive = "{PLACE}"']
        lines += [f'[site.{site}]\nbase_url = "{url}"' for site, url in servers.items()]
        for machine in (first, second, third):
            (machine.folder / "armcrawl.toml").write_text("\n".join(lines), encoding="utf-8")
            for site in SITES:
                declared = machine.folder / "sites" / f"{site}.toml"
                declared.write_text(VENTIL.replace("ventil", site), encoding="utf-8")
        first.told("fleet", "init")
        for site, portal in portals.items():
            portal.is_held = True
            second.told("fleet", "run", site)
        first.start("fleet", "work", "--name", "first")
        second.start("fleet", "work", "--name", "second")
        by = "SELECT DISTINCT worker FROM fleet_attempts ORDER BY worker"
        wait_for(lambda: asked(own_database, by) == [("first",), ("second",)])
        for portal in portals.values():
            portal.is_held = False
        done = "SELECT count(*) FROM fleet_attempts WHERE exit_code = 0 AND fate = 'done'"
        wait_for(lambda: asked(own_database, done) == [(2,)])

        names = {name for (name,) in asked(own_database, "SELECT DISTINCT archive_file FROM captures")}
        assert len(names) == 2
        raw = {key.removeprefix("press/") for key in s3.objects() if key.endswith(".warc.gz")}
        assert raw == names
        assert [machine.files() for machine in (first, second, third)] == [[], [], []]
        # No row says where on a machine's disk anything is.
        assert tables_that_name(own_database, str(tmp_path)) == []
        assert tables_that_name(own_database, names.pop()) == ["captures"]

        # The third one has never crawled.
        read = json.loads(third.told("reparse", "--jobs", "1", "--json"))["pages"]
        assert (read["read"], read.get("unreadable", 0)) == (2 * MANY, 0)
        assert "0 problems" in third.told("archive", "verify")
        first.told("fleet", "run", "ventil", "reparse", "--apply")
        wait_for(lambda: asked(own_database, done) == [(3,)])
