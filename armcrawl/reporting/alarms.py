"""Who is told that a run began and how it ended: commands, a monitor that is pinged, a web hook, mail.

Whatever fails or hangs here is told and left behind: the run ends as it has ended. Addresses are secrets, as who knows
them can write there: only their hosts are told.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import smtplib
import subprocess
import threading
import time
from base64 import b64encode
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from ssl import create_default_context
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, unquote_to_bytes, urlsplit
from urllib.request import Request, urlopen

from armcrawl import __version__, clock, config
from armcrawl.errors import ArmcrawlError, LockedError, UsageError
from armcrawl.redaction import all_without_secrets, without_secrets
from armcrawl.reporting.report import json_of, summary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from armcrawl.reporting.report import RunReport

logger = logging.getLogger(__name__)

# A mail or a web hook takes seconds; a service that is told to end has 60 (deploy/armcrawl.service), half for the run.
MAX_SECONDS = 30
# A server that takes longer to say something is down.
ANSWER_SECONDS = 10
# The end of what it said tells why it failed.
MAX_SAID = 500
FACTS = ("id", "site", "kind", "outcome", "exit_code", "sentence", "version", "host", "started_at", "finished_at")
PLAIN = "text/plain; charset=utf-8"
# Set by a fleet for its processes: it tells of their failures itself, once, when it has decided what becomes of them.
FLEET_TELLS = "_ARMCRAWL_FLEET_TELLS"
# The options, by their names.
ALARMS = ("on_success", "on_failure", "ping", "webhook", "mail_to")
# What does not leave this machine needs no TLS, and its mail server seldom has a certificate that anybody knows.
HERE = {"localhost", "127.0.0.1", "::1"}
# Where mail is taken in, by how a connection begins (RFC 6409, RFC 8314).
SMTP_PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class Alarms:
    """What is to be called: commands of the shell, addresses of the web, addresses for mail and the server for it."""

    on_success: str | None = None
    on_failure: str | None = None
    ping: str | None = None
    webhook: str | None = None
    mail_to: str | None = None
    smtp: str | None = None

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Alarms:
        """Read the settings, such as ARMCRAWL_PING; raises UsageError for an address that is none."""
        said = {name: settings.get(f"ARMCRAWL_{name.upper()}") or None for name in ALARMS}
        found = cls(**said, smtp=config.value("smtp"))
        for name, address in (("ping", found.ping), ("webhook", found.webhook)):
            if address is not None:
                _check_address(name, address, ("http", "https"))
        if found.smtp is not None:
            _check_address("smtp", found.smtp, tuple(SMTP_PORTS))
        for address in (found.mail_to or "").split(",") if found.mail_to else ():
            if "@" not in address.strip().strip("@"):
                raise UsageError(f"--mail-to {address.strip()!r} is no address for mail: write you@your-domain.")
        return found

    def began(self) -> None:
        """Tell the monitor that a run begins; nobody waits for its answer."""
        if self.ping is not None:
            call = ("--ping", _post, _below(self.ping, "/start"), b"", PLAIN)
            threading.Thread(target=_told, args=call, daemon=True).start()

    def ended(self, report: RunReport) -> None:
        """Tell how a run ended, all at the same time, and wait for it at most MAX_SECONDS."""
        if report.run.exit_code and os.environ.get(FLEET_TELLS):
            return
        calls = list(self._calls(report))
        threads = [(name, threading.Thread(target=_told, args=(name, *call), daemon=True)) for name, *call in calls]
        for _, thread in threads:
            thread.start()
        until = time.monotonic() + MAX_SECONDS + 1  # the command's own limit comes first
        for name, thread in threads:
            thread.join(max(0.0, until - time.monotonic()))
            if thread.is_alive():
                logger.error("%s took longer than %d seconds, and is left behind.", name, MAX_SECONDS)

    def _calls(self, report: RunReport) -> Iterator[tuple[Any, ...]]:
        """Yield what is to be called: the option's name, the function and its arguments."""
        code = report.run.exit_code or 0
        if self.on_success is not None and not code:
            yield "--on-success", run_command, "--on-success", self.on_success, report
        if self.on_failure is not None and code:
            yield "--on-failure", run_command, "--on-failure", self.on_failure, report
        # Where another run works the site is cared for: nobody is to be woken up.
        if self.ping is not None and code != LockedError.exit_code:
            said = f"exit code {code}: {words_of(report)}" if code else words_of(report)
            yield "--ping", _post, _below(self.ping, "/fail" if code else ""), said.encode(), PLAIN
        if self.webhook is not None:
            told = json.dumps(facts(report), ensure_ascii=False, default=str).encode()
            yield "--webhook", _post, self.webhook, told, "application/json"
        if self.mail_to is not None and code != LockedError.exit_code:
            yield "--mail-to", _mail, self.smtp, self.mail_to, report


def words_of(report: RunReport) -> str:
    """Return how a run ended, and its summary, in lines without secrets."""
    told = report.to_json()
    lines = [str(told["sentence"] or ""), *told["change"], *(f"{name}: {value}" for name, value in summary(told))]
    return without_secrets("\n".join(lines))


def facts(report: RunReport) -> dict[str, Any]:
    """Return what a web hook is told: `text` for people, and the facts for programs."""
    told = report.to_json()
    found = {
        "text": f"armcrawl, {told['kind']} of {told['site']}: {words_of(report)}",
        **{name: told[name] for name in FACTS},
        "requests": told["requests"] or 0,
        "articles": told["articles"],
        "counts": told["counts"],
        "breaches": len(told["breaches"]),
        "withheld": told["withheld"],
    }
    return dict(all_without_secrets(found))


def environment_of(told: dict[str, Any]) -> dict[str, str]:
    """Return a report's facts as variables of an environment: `ARMCRAWL_RUN_ID`, `ARMCRAWL_SENTENCE`, ..."""
    known = {name: told[name] for name in FACTS if told[name] is not None}
    if "id" in known:
        known["run_id"] = known.pop("id")
    known |= {"requests": told["requests"] or 0, "breaches": len(told["breaches"]), "withheld": told["withheld"]}
    return {f"ARMCRAWL_{name.upper()}": str(value).replace("\0", "") for name, value in known.items()}


def run_command(name: str, command: str, report: RunReport, seconds: float = MAX_SECONDS) -> str:
    """Run a command line of the shell, with the report on its standard input, and return what it said.

    Its environment is the plain one of a login (`PATH`, `HOME`, ...) and the report's facts: no password is in it.
    Raises ArmcrawlError if it fails, or takes longer than so many seconds.
    """
    told = report.to_json()
    with TemporaryFile() as given, TemporaryFile() as said:
        given.write(json_of(told).encode())
        given.seek(0)
        process = subprocess.Popen(  # noqa: S603 - the command is the operator's own
            ["/bin/sh", "-c", command],
            stdin=given,
            stdout=said,
            stderr=subprocess.STDOUT,
            env=config.plain_environment() | environment_of(told),
            start_new_session=True,
        )
        try:
            code = process.wait(seconds)
        except subprocess.TimeoutExpired as error:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            # Without the command: the address of a web hook is a secret.
            raise ArmcrawlError(f"{name} took longer than {seconds:g} seconds, and was ended.") from error
        said.seek(0)
        output = said.read().decode(errors="replace").strip()
    if code:
        rest = f": {output[-MAX_SAID:]}" if output else "."
        raise ArmcrawlError(f"{name} ended with exit code {code}{rest}")
    return output


def _told(name: str, call: Callable[..., str], *arguments: Any) -> None:
    """Call, and tell what came of it."""
    try:
        said = call(*arguments)
    except ArmcrawlError as error:
        logger.error("%s", error)
    except Exception as error:  # noqa: BLE001 - whatever went wrong here, the run ends as it has ended
        # Without its words, which may hold an address or a password.
        logger.error("%s failed: %s.", name, _why(error))
    else:
        logger.info("%s is done%s", name, f": {said}" if said else ".")


def _why(error: Exception) -> str:
    if isinstance(error, HTTPError):
        return f"the server answered {error.code}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"the mail server answered {error.smtp_code}"
    reason = error.reason if isinstance(error, URLError) else error
    told = reason.strerror if isinstance(reason, OSError) and reason.strerror else type(reason).__name__
    return without_secrets(told)


def _post(address: str, body: bytes, content_type: str) -> str:
    """Post to an address; raises what `urlopen` does if it cannot be, or is refused."""
    headers = {"User-Agent": f"armcrawl/{__version__}", "Content-Type": content_type}
    parts = urlsplit(address)
    login, at, host = parts.netloc.rpartition("@")
    bare = parts._replace(netloc=host).geturl()
    request = Request(bare, data=body, headers=headers, method="POST")  # noqa: S310 - http or https, as was checked
    if at:
        # `urlopen` would take them for a part of the host; no other server gets them.
        request.add_unredirected_header("Authorization", f"Basic {b64encode(unquote_to_bytes(login)).decode()}")
    with urlopen(request, timeout=ANSWER_SECONDS) as answer:  # noqa: S310 - as above
        return f"{parts.hostname} answered {answer.status}"


def _mail(server: str | None, mail_to: str, report: RunReport) -> str:
    """Send the summary by mail; raises SMTPException or OSError if it cannot be."""
    run = report.run
    mail = EmailMessage()
    mail["Subject"] = f"armcrawl: {run.kind} of {run.site} {run.outcome} (exit code {run.exit_code})"
    contact = config.contact() or ""
    mail["From"] = contact if "@" in contact and "/" not in contact else f"armcrawl@{run.host}"
    mail["To"] = mail_to
    # A server that relays may take mail without these two for rubbish, and not all add them.
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = make_msgid(domain=run.host)
    mail.set_content(words_of(report) + "\n")
    # Without a word: the mail server of this machine, as cron uses it.
    parts = urlsplit(server or "smtp://localhost:25")
    port = parts.port or SMTP_PORTS[parts.scheme]
    trust = create_default_context()
    host = parts.hostname or "localhost"
    with (
        smtplib.SMTP_SSL(host, port, timeout=ANSWER_SECONDS, context=trust)
        if parts.scheme == "smtps"
        else smtplib.SMTP(host, port, timeout=ANSWER_SECONDS)
    ) as connection:
        connection.ehlo()
        if parts.scheme == "smtp" and host not in HERE and (parts.username or connection.has_extn("starttls")):
            # No password goes over an open line, and no mail where it can be helped.
            connection.starttls(context=trust)
        if parts.username:
            connection.login(unquote(parts.username), unquote(parts.password or ""))
        connection.send_message(mail)
    return f"{host} has taken the mail"


def _below(address: str, path: str) -> str:
    """Return an address with a path added; its query stays behind."""
    parts = urlsplit(address)
    return parts._replace(path=parts.path.rstrip("/") + path if path else parts.path).geturl()


def _check_address(name: str, address: str, schemes: tuple[str, ...]) -> None:
    """Raise UsageError for what is no address, without telling it."""
    try:
        parts = urlsplit(address)
        is_one = parts.scheme in schemes and bool(parts.hostname) and (parts.port or 1) > 0 and address.isascii()
    except ValueError:
        is_one = False
    if not is_one or " " in address:
        raise UsageError(f"{name} is no address: it must begin with {' or '.join(f'{one}://' for one in schemes)}.")
