"""Rules of the ledger: pages, versions, schedules, walks."""

from __future__ import annotations

from tests.mutants.mutant import mutants_of

LEDGER = [
    *mutants_of(
        "store/ledger/ledger.py",
        "store/ledger/test_ledger.py",
        "store/ledger/test_page_rows.py",
        changes={
            "An article that is gone still tells how far the ids go.": (
                "SEEN = (Outcome.STORED, Outcome.GONE, Outcome.QUARANTINED, Outcome.REMOVED)",
                "SEEN = (Outcome.STORED, Outcome.QUARANTINED, Outcome.REMOVED)",
            ),
            "What failed, and is to be tried again, is still wanted.": (
                "- numbers[0] + numbers[1]",
                "- numbers[0]",
            ),
            "Only of an article that we hold the server may say that nothing changed.": (
                "is_held = pages.c.outcome == Outcome.STORED",
                "is_held = pages.c.outcome.is_not(None)",
            ),
            "A database is not filled from two servers by mistake.": (
                "if known and origin not in known and not mixed:",
                "if known and origin in known and not mixed:",
            ),
        },
    ),
    *mutants_of(
        "store/articles/writing.py",
        "store/ledger/test_page_rows.py",
        "store/articles/test_versions.py",
        "store/ledger/test_schedule.py",
        changes={
            "A failure says nothing of a page: what is known of it stays.": (
                'row |= {"outcome": known.outcome, "reason": known.reason}',
                'row |= {"reason": known.reason}',
            ),
            "An answer without a body leaves what a conditional request needs.": (
                "columns[name] = case((has_body, insert.excluded[name]), else_=pages.c[name])",
                "columns[name] = case((has_body, insert.excluded[name]), else_=insert.excluded[name])",
            ),
        },
    ),
]

LEDGER += mutants_of(
    "store/articles/removals.py",
    "store/articles/test_returning.py",
    changes={
        "A page of another site that shows what was taken down is another page.": (
            "            if is_same_site(match.key, page.key):",
            "            if match.key:",
        ),
        "A page is known by its text where its bytes are others.": (
            "((BODY, page.digest), (PAYLOAD, payload), (TEXT, text))",
            "((BODY, page.digest), (PAYLOAD, payload))",
        ),
    },
)

LEDGER += mutants_of(
    "store/articles/removal_evidence.py",
    "store/articles/test_removal.py",
    changes={
        "What many pages show takes none of them down.": (
            "if len(pages) > MAX_COPIES}",
            "if len(pages) > MAX_COPIES + 99}",
        ),
    },
)

HISTORY = [
    *mutants_of(
        "store/articles/folding.py",
        "store/articles/test_folding.py",
        changes={
            "The same bytes that read otherwise are our parser's doing, no edit of the site.": (
                "return replace(text, cause=RE_EXTRACTION) if is_ours and text.cause == FETCH else text",
                "return text",
            ),
            "What may not be shown stays so when it is read again.": (
                "RE_EXTRACTION, one.read_at, run_id, is_shown)",
                "RE_EXTRACTION, one.read_at, run_id, True)",
            ),
            "What is withheld does not hide the same text of another run.": (
                "return before.is_shown or before.run_id == text.run_id or before.capture_id == text.capture_id",
                "return True",
            ),
            "What was seen until after another text is there again.": (
                "for one in captures if one.last_seen_at > one.fetched_at]",
                "for one in captures if False]",
            ),
            "What was read anew is not undone by an older look at the same text.": (
                "return text.parsed.content_hash in seen or",
                "return bool(seen) and text.parsed.content_hash == before.parsed.content_hash or",
            ),
            "A page that came in cut does not take the place of the whole one.": (
                "text.parsed.words < before.parsed.words and before.capture_id",
                "text.parsed.words < 0 and before.capture_id",
            ),
            "Only what a run passed with, or a person accepted, is shown.": (
                "return not capture.is_judged or verdicts.get(capture.run_id or 0) in GOOD",
                "return not capture.is_judged or capture.run_id in verdicts",
            ),
            "What was rejected never was.": (
                "return capture.is_judged and verdicts.get(capture.run_id or 0) == REJECTED",
                "return False",
            ),
            "What is read anew takes no field back that a later parser found.": (
                "is_newer = (text.parsed.parser_version, text.created_at) >= known",
                "is_newer = True",
            ),
            "A version has the fields of the last look at its text.": (
                "return replace(before, parsed=text.parsed,",
                "return replace(before,",
            ),
            "A page that showed an article once is gone, not missing.": (
                "lost if lost[0] == Outcome.QUARANTINED else (Outcome.GONE, reason)",
                "lost if lost[0] == Outcome.QUARANTINED else (outcome, reason)",
            ),
        },
    ),
    *mutants_of(
        "store/articles/refolding.py",
        "store/articles/test_histories.py",
        "store/runs/test_publishing.py",
        changes={
            "An article of which nothing is left after a rejection goes.": (
                "        write_among(self.connection, delete(articles), articles.c.id, self.emptied)\n",
                "",
            ),
            "A text that others have too is not lost with the row that held it.": (
                "            if row.document_hash == text.parsed.document_hash:\n                return int(row.id)",
                "            if row.number == 1:\n                return row.id",
            ),
        },
    ),
]

SCHEDULE = [
    *mutants_of(
        "store/ledger/schedule.py",
        "store/ledger/test_schedule.py",
        changes={
            "The next night's crawl starts a little earlier, and still finds a page due.": (
                "timedelta(days=days[checks]) - EARLIER if checks",
                "timedelta(days=days[checks]) if checks",
            ),
            "What failed often in a row is asked for once a month.": (
                "return due if attempts < MAX_ATTEMPTS else",
                "return due if attempts <= MAX_ATTEMPTS else",
            ),
            "An old article that has changed is not asked for every night.": (
                "soon = min((fetched_at.date() - published).days / SHARE_OF_AGE, MAX_DAYS_AFTER_CHANGE)",
                "soon = 0",
            ),
            "An old article is not looked at as often as a new one.": (
                "return bisect_right(list(accumulate(ARTICLE_DAYS)), (fetched_at.date() - published).days)",
                "return 0",
            ),
        },
    ),
    *mutants_of(
        "store/articles/writing.py",
        "store/ledger/test_schedule.py",
        "store/ledger/test_page_rows.py",
        changes={
            "A hole far below the newest id is never looked at again.": (
                "due = None if is_hole else next_check(outcome, checks, page.fetched_at)",
                "due = next_check(outcome, checks, page.fetched_at)",
            ),
        },
    ),
]

FRONTIER = [
    *mutants_of(
        "discovery/frontier.py",
        "discovery/test_frontier.py",
        changes={
            "A lone id far above all others is not taken for the newest.": (
                "key=lambda group: (-len(group), group[-1])",
                "key=lambda group: -group[-1]",
            ),
            "What this run asked for is not asked for again.": (
                "            if due.key not in self.asked:\n",
                "            if due.key:\n",
            ),
            "A section that no page shows may go on past its head.": (
                "return section in self.moved or (section not in self.shown and self.heads[section] > 0)",
                "return section in self.moved",
            ),
            "What failed is tried again behind what is new.": (
                "for due in [*again, *failed, *audited]:",
                "for due in [*again, *audited]:",
            ),
        },
    ),
    *mutants_of(
        "store/ledger/ledger.py",
        "discovery/test_bisection.py",
        "store/ledger/test_ledger.py",
        changes={
            "An article whose date does not fit its id is outvoted by the others.": (
                "        if wrong < best:\n            best, place = wrong, index\n",
                "        if found < day:\n            best, place = wrong, index\n",
            ),
        },
    ),
]

FRONTIER += mutants_of(
    "store/base/heads.py",
    "store/base/test_heads.py",
    changes={
        "An id that stands alone far above all others is no head.": (
            "return established[-1] if established else max(groups, key=len)",
            "return groups[-1]",
        ),
        "A site has leapt only if the dates rise as well.": (
            "if day is not None and day >= last:",
            "if day is not None:",
        ),
    },
)

ROBOTS = mutants_of(
    "crawling/downloading/robots.py",
    "crawling/test_robots.py",
    changes={
        "A name that ours begins with is not ours.": (
            "return f\"{match[0] if match else ''}/\"",
            "return f\"{match[0] if match else ''}\"",
        ),
    },
)
