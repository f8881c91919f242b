"""The table of all commands, and a group that imports a command only when it is called."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

import click

if TYPE_CHECKING:
    from collections.abc import Mapping


class Entry(NamedTuple):
    """Where a command is defined, within `armcrawl.cli`, and the line that help shows of it."""

    place: str
    help: str


Sections = dict[str, dict[str, Entry]]

SECTIONS: Sections = {
    "Bring pages": {
        "demo": Entry("collect.demo:demo", "Crawl the bundled sample portal and show what came in."),
        "crawl": Entry("collect.crawl:crawl", "Request every article that the database lacks."),
        "backfill": Entry("collect.backfill:backfill", "Fetch a part of the site's past articles, or all."),
        "add": Entry("collect.add:add", "Fetch single pages, of any host, by their addresses."),
        "trial": Entry("collect.trial:trial", "Read a few pages of a site and judge whether it is read right."),
        "inspect": Entry("collect.inspect:inspect", "Show what is read on one page, and by which method."),
        "sites": Entry("collect.sites:sites", "List, show, draft and check declarations, or correct a section's end."),
    },
    "Care for them": {
        "status": Entry("maintain.status:status", "Show what is stored, missing, failing or withheld."),
        "runs": Entry("maintain.runs:runs", "Show earlier runs, and decide on those that were refused."),
        "doctor": Entry("maintain.doctor:doctor", "Check whether this machine is ready for a night."),
        "recheck": Entry("maintain.recheck:recheck", "Have the next run request pages again."),
        "remove": Entry("maintain.remove:remove", "Take a page down for good."),
        "removals": Entry("maintain.removals:removals", "List what was taken down, and take it down elsewhere."),
        "quarantine": Entry("maintain.quarantine:quarantine", "List what could not be understood, and read it again."),
        "reparse": Entry("maintain.reparse:reparse", "Read the archived pages again with today's parser."),
        "archive": Entry("maintain.archive:archive", "Look into the archive of raw pages."),
        "backup": Entry("maintain.backup:backup", "Keep database and archive in DIR, also during a crawl."),
        "restore": Entry("maintain.backup:restore", "Bring back what a backup in DIR keeps."),
        "config": Entry("maintain.config:config", "Show what is set and where, or write a file to set it in."),
        "db": Entry("maintain.db:db", "Create, check, copy or rebuild the database."),
    },
    "Work on many machines": {
        "fleet": Entry("fleet.fleet:fleet", "Crawl many sites on many machines, by one PostgreSQL."),
    },
    "Ask the database": {
        "search": Entry("explore.search:search", "Find articles by words, phrases and codes."),
        "show": Entry("explore.show:show", "Show an article, or its history."),
        "stats": Entry("explore.stats:stats", "Count articles by month, tag, source, entity or section."),
        "export": Entry("explore.export:export", "Write a view into a file: Parquet, CSV, JSON Lines or Excel."),
        "serve": Entry("explore.serve:serve", "Show a database as web pages, read-only."),
        "entities": Entry("explore.entities:entities", "Look at whom and what articles name, and decide on it."),
        "dedupe": Entry("explore.dedupe:dedupe", "Compare articles that share a text, or rebuild all clusters."),
    },
}  # fmt: skip


class LazyGroup(click.Group):
    """Shows its commands in sections, and imports the one that is called."""

    sections: Mapping[str, Mapping[str, Entry]] = SECTIONS

    @property
    def entries(self) -> dict[str, Entry]:
        """All commands by name, in the order of the sections."""
        return {name: entry for section in self.sections.values() for name, entry in section.items()}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        del ctx
        return list(self.entries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command; None where there is none of that name."""
        del ctx
        if cmd_name not in self.entries:
            return None
        module, _, attribute = self.entries[cmd_name].place.partition(":")
        command: click.Command = getattr(import_module(f"armcrawl.cli.{module}"), attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is called; for an unknown one, tell which names are near."""
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:
            raise click.NoSuchCommand(error.command_name, possibilities=self.entries, ctx=ctx) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands by section; nothing is imported for it."""
        del ctx
        width = max(map(len, self.entries))
        for title, entries in self.sections.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(width), entry.help) for name, entry in entries.items()])
