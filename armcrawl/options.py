"""Options, declared once: click's options, Scrapy's settings, the environment and armcrawl.toml follow from this table.

Where a value comes from is the business of `armcrawl.config`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

# What every database takes for a number; nothing that is asked for comes near it.
LARGEST = 2**31 - 1
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
WHOLE = re.compile(r"[+-]?[0-9]+")
WORDS = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A row: what an option is called everywhere, what it takes, and what stands for it where nobody says it.

    `name` is its key in armcrawl.toml, `flag` its spelling on the command line, if it has one there. `example` is what
    `armcrawl config init` shows where there is no default, and `unsaid` says then what happens. `place` tells where it
    may stand in armcrawl.toml: `top` of the file, table of a `site`, or `both`. With `is_declared`, a site's own
    declaration may say it as well. Of one that `is_secret` only the beginning is shown.
    """

    name: str
    type: type[str | int | float | bool | Path]
    help: str
    default: Any = None
    metavar: str | None = None
    flag: str | None = None
    example: Any = None
    unsaid: str | None = None
    place: Literal["top", "site", "both"] = "top"
    least: float = 0
    most: float = LARGEST
    choices: tuple[str, ...] = ()
    is_many: bool = False
    is_folder: bool = False
    is_declared: bool = False
    is_secret: bool = False
    variable: str = ""
    setting: str = ""

    def __post_init__(self) -> None:
        usual = f"ARMCRAWL_{self.name.upper()}"
        object.__setattr__(self, "variable", self.variable or usual)
        object.__setattr__(self, "setting", self.setting or usual)

    def from_text(self, text: str) -> Any:
        """Return the value that a text says, of the environment or of a command line of Scrapy's.

        Raises ValueError with what it must be.
        """
        if self.is_many:
            return self.checked([part.strip() for part in text.split(",")])
        if self.type is bool:
            return self.checked(WORDS.get(text.lower(), text))
        if self.type is int and WHOLE.fullmatch(text):
            return self.checked(int(text))
        if self.type is float:
            try:
                return self.checked(float(text))
            except ValueError:
                return self.checked(text)
        return self.checked(text)

    def checked(self, value: object) -> Any:
        """Return a value as TOML has it, if it fits; raises ValueError with what it must be."""
        if self.is_many:
            if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
                raise ValueError(f"must be {self.what}, not {value!r}")
            return tuple(value)
        if self.type is float and type(value) is int:
            value = float(value)
        fits = type(value) is (str if self.type is Path else self.type)
        if not fits or (isinstance(value, (int, float)) and not self.least <= value <= self.most):
            raise ValueError(f"must be {self.what}, not {value!r}")
        if isinstance(value, str) and CONTROL.search(value):
            raise ValueError(f"must be a text without line breaks and control characters, not {value!r}")
        if (self.choices and value not in self.choices) or value == "":
            raise ValueError(f"must be {self.what}, not {value!r}")
        return value

    @property
    def in_words(self) -> str:
        """Its default, in words."""
        return self.unsaid or ("none" if self.default is None else toml_of(self.default))

    @property
    def what(self) -> str:
        """What it takes, in words."""
        if self.choices:
            return " or ".join(self.choices)
        if self.is_many:
            return "a list of names"
        if self.type in {int, float}:
            return f"a {'whole ' if self.type is int else ''}number from {self.least:g} to {self.most}"
        return {bool: "true or false", Path: "a path"}.get(self.type, "a text")


def toml_of(value: Any) -> str:
    """Return a value as armcrawl.toml has it."""
    # JSON writes texts, lists, numbers and true as TOML does.
    return json.dumps(value, ensure_ascii=False)


# What a run is told: `crawl`, `backfill` and `scrapy crawl` take all of them.
OF_RUN = (
    Option(name="base_url", type=str, flag="--base-url", metavar="URL", place="site", is_declared=True,
           help="Fetch from this server instead of the site: the sample portal, a mirror.",
           example="https://mirror.your-domain", unsaid="the site itself"),
    Option(name="database", type=str, flag="--database", metavar="URL", help="Where articles are stored.",
           default="sqlite:///data/armcrawl.db", variable="ARMCRAWL_DATABASE_URL"),
    Option(name="archive", type=Path, flag="--archive", metavar="PLACE",
           help="Folder of the raw pages (the archive), or s3://BUCKET/PREFIX.",
           is_folder=True, example="data/armcrawl-archive", unsaid="beside the database"),
    Option(name="no_archive", type=bool, flag="--no-archive", default=False, place="both",
           help="Keep no raw pages: a better parser must fetch them again."),
    Option(name="sections", type=str, flag="--section", metavar="NAME", is_many=True, default=(), place="site",
           help="Only this section; may be repeated.", example=["news"], unsaid="all"),
    Option(name="max_requests", type=int, flag="--max-requests", metavar="N", default=1_000, place="both",
           # New articles are 10 to 20 a day; the rest of a night's budget fills holes of the archive.
           help="Requests that the run may send; 0 for no limit."),
    Option(name="max_time", type=int, flag="--max-time", metavar="S", default=4 * 60 * 60, place="both",
           help="Seconds that the run may take; 0 for no limit."),
    Option(name="delay", type=float, flag="--delay", metavar="S", place="both", is_declared=True,
           help="Seconds between requests; less than 2 only for this machine, 0 turns AutoThrottle off.",
           example=2.0, unsaid="what the site declares", setting="DOWNLOAD_DELAY"),
    Option(name="concurrency", type=int, flag="--concurrency", metavar="N", default=1, least=1, place="both",
           help="Requests at a time; more than one only for this machine.", setting="CONCURRENT_REQUESTS_PER_DOMAIN"),
    # Twice the slowest answer that a person would wait for.
    Option(name="timeout", type=float, flag="--timeout", metavar="S", default=60.0, least=0.001, place="both",
           help="Seconds after which an answer that is not complete is given up.", setting="DOWNLOAD_TIMEOUT"),
    Option(name="impolite", type=bool, flag="--impolite", default=False, place="both",
           help="Allow haste on a machine that is not this one: your own mirror of the site."),
    Option(name="insecure", type=bool, flag="--insecure", default=False, place="site",
           help="Do not verify the certificate of --base-url, which must be a mirror of your own."),
    Option(name="mixed_origin", type=bool, flag="--mixed-origin", default=False, place="both",
           help="Fill a database from more than one server."),
    Option(name="trust_clock", type=bool, flag="--trust-clock", default=False,
           help="Go on this once although the last run's clock was later; `runs repair-clock` mends it for good."),
    Option(name="report", type=Path, flag="--report", metavar="FILE", place="both", example="data/night.html",
           help="Write what the run did, with examples, into FILE.html or FILE.json."),
    Option(name="metrics", type=Path, flag="--metrics", metavar="FILE", place="both", example="data/armcrawl.prom",
           help="Write the run's numbers into FILE.prom, for Prometheus."),
    Option(name="on_failure", type=str, flag="--on-failure", metavar="CMD", place="both",
           help="Run this command line if the exit code is not 0, with the report as JSON on its input.",
           example='mail -s "armcrawl: $ARMCRAWL_OUTCOME" you@your-domain'),
    Option(name="on_success", type=str, flag="--on-success", metavar="CMD", place="both",
           help="Run this command line if the exit code is 0, with the report as JSON on its input.",
           example="touch data/last-success"),
    Option(name="ping", type=str, flag="--ping", metavar="URL", place="both", is_secret=True,
           help="Tell a monitor such as healthchecks.io: URL/start at the beginning, URL or URL/fail at the end.",
           example="https://hc-ping.com/your-uuid"),
    Option(name="webhook", type=str, flag="--webhook", metavar="URL", place="both", is_secret=True,
           help="Post what the run did to this address, as JSON.", example="https://hooks.your-domain/armcrawl"),
    Option(name="mail_to", type=str, flag="--mail-to", metavar="ADDRESS", place="both",
           help="Send the run's summary to this address; several are parted by commas.", example="you@your-domain"),
    Option(name="log_format", type=str, flag="--log-format", default="text", choices=("text", "json"),
           help="How a run tells of itself: for people, or on standard error as a JSON object a line."),
)  # fmt: skip
OF_OTHERS = (
    Option(name="contact", type=str, example="you@your-domain", unsaid="none, and the real site is not asked",
           help="Your e-mail address or web page: the site must be able to reach whoever crawls it."),
    Option(name="smtp", type=str, is_secret=True, example="smtp://user:password@mail.your-domain:587",
           unsaid="smtp://localhost:25", help="The server that takes the mail of --mail-to; smtps:// begins with TLS."),
    Option(name="sites", type=Path, is_folder=True, example="my-sites",
           help="A folder of more sites' declarations, beside `sites/` of the working folder."),
    Option(name="default_site", type=str, example="my-site", unsaid="the one whose declaration says so",
           help="The site of commands that name none."),
    Option(name="jobs", type=int, flag="--jobs", metavar="N", least=1, help="Processes of `reparse`.",
           example=2, unsaid="one for each core"),
    Option(name="min_free", type=float, flag="--min-free", metavar="GB", default=1.0,
           help="Room that the disk must have for `doctor`, in GB."),
    Option(name="serve_host", type=str, flag="--host", metavar="H", default="127.0.0.1",
           help="Address that `serve` listens on."),
    Option(name="serve_port", type=int, flag="--port", metavar="N", default=8001, most=65_535,
           help="Port that `serve` listens on; 0 for any free one."),
)  # fmt: skip
OPTIONS = {one.name: one for one in OF_RUN + OF_OTHERS}
