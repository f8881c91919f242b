"""The central rules, each changed in the way in which somebody may break it by mistake."""

from __future__ import annotations

from tests.mutants.mutant import Mutant


def _of(file: str, *tests: str, changes: dict[str, tuple[str, str]]) -> list[Mutant]:
    """Return the mutants of one file: by what rule is broken, the text that stands there and what takes its place."""
    return [
        Mutant(f"armcrawl/{file}", source, replacement, rule, tuple(f"tests/{name}" for name in tests))
        for rule, (source, replacement) in changes.items()
    ]


READING = [
    *_of(
        "refining/validation.py",
        "refining/test_validation.py",
        changes={
            "A title alone is no article.": (
                "if not article.paragraphs and not article.images:",
                "if not article.paragraphs and not article.images and not article.title:",
            ),
        },
    ),
    *_of(
        "refining/dates.py",
        "refining/test_dates.py",
        changes={
            "A printed date that cannot be is none, and is counted.": (
                'return article.noting("date/impossible")',
                "return article",
            ),
        },
    ),
    *_of(
        "refining/boilerplate.py",
        "refining/test_boilerplate.py",
        changes={
            "A leading block is a repetition only if it is the whole of a later paragraph.": (
                "first == normal_form(later) for later",
                "normal_form(later).startswith(first) for later",
            ),
        },
    ),
    *_of(
        "refining/fingerprint.py",
        "refining/test_fingerprint.py",
        changes={
            "An edited date is a change of the article.": ("        published,\n", "        None,\n"),
        },
    ),
    *_of(
        "reading/decoding.py",
        "reading/test_decoding.py",
        changes={
            "A body that is cut is refused, not read in part.": (
                "    if not unpacking.eof:\n        raise _cut(name)\n",
                "",
            ),
            "A bomb is told.": (
                "        if self.left < 0:",
                "        if False:",
            ),
            "What begins as markup is packed with nothing, whatever its header says.": (
                "            if MARKUP.match(body):\n                break\n",
                "",
            ),
        },
    ),
    *_of(
        "reading/response.py",
        "refining/test_pages.py",
        changes={
            "A status that says it all is heard whatever came of the body.": (
                "        if failure_of(response) is None and by_status(response.status) is None:\n            raise\n",
                "        raise\n",
            ),
        },
    ),
    *_of(
        "crawling/downloading/truncated_html.py",
        "crawling/test_truncated_html.py",
        changes={
            "What came in damaged is asked for again before it is a case for quarantine.": (
                "            body, fault = without_time(response.body), str(error)\n",
                "            return response\n",
            ),
        },
    ),
    *_of(
        "reading/charset.py",
        "reading/test_charset.py",
        changes={
            "Valid UTF-8 is UTF-8, whatever the page declares.": (
                '        return body.decode("utf-8"), "utf-8"\n    except',
                '        return body.decode("ascii"), "utf-8"\n    except',
            ),
        },
    ),
    *_of(
        "reading/not_article.py",
        "reading/test_hostile_pages.py",
        changes={
            "A page that refuses us is no page without an article: it is asked for again.": (
                'return NotAnArticle(Reason.BLOCKED, f"status {status}")',
                'return NotAnArticle(Reason.MISSING, f"status {status}")',
            ),
            "An article's address that leads to the home page has no article.": (
                "if requested_url and _may_be_page(requested_url) and not identify(url) and is_home(url):",
                "if requested_url and _may_be_page(requested_url) and identify(url) and is_home(url):",
            ),
        },
    ),
    *_of(
        "reading/body/text.py",
        "reading/body/test_mixtures.py",
        "reading/body/test_lost_text.py",
        changes={
            "One witness alone takes no line out of the text.": (
                "is_text = len(witnesses) < WITNESSES",
                "is_text = not witnesses",
            ),
        },
    ),
    *_of(
        "reading/body/reclaimed.py",
        "reading/body/test_reclaimed_lines.py",
        changes={
            "The first date below a lead is the publication's.": (
                "is_dated = Role.DATE in of[max(0, text.start - NEAR_ABOVE_TITLE) : first]",
                "is_dated = True",
            ),
        },
    ),
    *_of(
        "reading/body/container.py",
        "reading/body/test_parted_text.py",
        "reading/body/test_foreign_prose.py",
        changes={
            "An element beside the container with one sentence is a box.": (
                "if len(prose) < MIN_SENTENCES or is_mostly_links(lines):",
                "if is_mostly_links(lines):",
            ),
            "What announces other pages weighs nothing.": (
                "for line in [line for line in own if line.index not in self.listed] or own:",
                "for line in own:",
            ),
        },
    ),
    *_of(
        "reading/body/comments.py",
        "reading/body/test_chronicles.py",
        changes={
            "Like blocks with a date each are comments only by another sign.": (
                "if first.is_like(second) and (is_after or any(_is_signed(roles, item) for item in (first, second))):",
                "if first.is_like(second):",
            ),
        },
    ),
    *_of(
        "reading/body/marking.py",
        "reading/body/test_wrapped_text.py",
        changes={
            "A number that the line below goes on from is a piece of a sentence.": (
                "return None if role in WRAPPABLE and roles.continues_below(line) else role",
                "return role",
            ),
        },
    ),
]

DATE_TESTS = ("russian/test_dates.py", "refining/test_dates.py")
DATES = [
    *_of(
        "russian/dates/read.py",
        *DATE_TESTS,
        changes={
            "A year of two digits is of this century unless it would be to come.": (
                "return number + (2000 if 2000 + number <= fetch.day.year else 1900)",
                "return number + 2000",
            ),
            "Two dates in one line are none.": (
                "return distinct[0] if len(distinct) == 1 else None",
                "return distinct[0] if distinct else None",
            ),
            "Moscow's time is three hours ahead of UTC.": (
                'hours = int(ahead[2]) + (3 if ahead[1] == "МСК" else 0)',
                "hours = int(ahead[2])",
            ),
        },
    ),
    *_of(
        "russian/dates/values.py",
        *DATE_TESTS,
        changes={
            "A weekday that does not fit its date is a contradiction.": (
                "if weekday and WEEKDAYS[weekday.lower()[:2]] != day.weekday():",
                "if weekday and weekday.lower()[:2] not in WEEKDAYS:",
            ),
            "No article was published after it was fetched.": (
                "if found.year >= fetch.moment.year and _is_future(found, fetch):",
                "if found.year > fetch.moment.year and _is_future(found, fetch):",
            ),
        },
    ),
    *_of(
        "russian/dates/incomplete.py",
        *DATE_TESTS,
        changes={
            "A day without a year is the last one before the fetch.": (
                "if candidate <= fetch.day:",
                "if candidate.year <= fetch.day.year:",
            ),
        },
    ),
]

NAMES = [
    *_of(
        "russian/names/nominative.py",
        "russian/test_nominative.py",
        "russian/test_tags.py",
        changes={
            "A name whose nominative is none even to us stays as it is printed.": (
                "if found.name != printed and case is None and _read(found.name, None).name != found.name:",
                "if found.name != printed and case is not None and _read(found.name, None).name != found.name:",
            ),
            "What is too long for a name is not read as one.": (
                "if len(printed) > MAX_NAME_LENGTH:",
                "if not printed:",
            ),
        },
    ),
    *_of(
        "russian/names/dictionary_surnames.py",
        "russian/test_nominative.py",
        changes={
            "Both parts of a double surname decline.": (
                "heads.append(head.nominative if head else part)",
                "heads.append(part)",
            ),
        },
    ),
    *_of(
        "russian/names/persons.py",
        "russian/test_nominative.py",
        "russian/test_attribution.py",
        changes={
            "A name that may be two is not sure.": (
                "rivals = (candidate.doubt for candidate in candidates if candidate.nominatives != nominatives)",
                "rivals = (candidate.doubt for candidate in candidates if candidate.nominatives == ())",
            ),
            "What may be a nominative already is how the name was printed.": (
                "return 0 if case == NOMINATIVE else 2 if case == ACCUSATIVE else 1, gender == FEMININE",
                "return 2 if case == NOMINATIVE else 0 if case == ACCUSATIVE else 1, gender == FEMININE",
            ),
        },
    ),
    *_of(
        "russian/tags.py",
        "russian/test_tags.py",
        changes={
            "Spellings of one tag with Latin letters that look Russian have one key.": (
                'return " ".join(map(fold_look_alikes, QUOTES.sub("", normal_form(name)).split()))',
                'return " ".join(QUOTES.sub("", normal_form(name)).split())',
            ),
        },
    ),
]

LEDGER = [
    *_of(
        "store/ledger/ledger.py",
        "store/ledger/test_ledger.py",
        "store/ledger/test_page_rows.py",
        changes={
            "An article that is gone still tells how far the ids go.": (
                "SEEN = (Outcome.STORED, Outcome.GONE, Outcome.QUARANTINED, Outcome.REMOVED)",
                "SEEN = (Outcome.STORED, Outcome.QUARANTINED, Outcome.REMOVED)",
            ),
            "What failed, and is to be tried again, is still wanted.": (
                "is_settled = (pages.c.outcome != Outcome.FAILED) | pages.c.next_check_at.is_not(None)",
                "is_settled = pages.c.outcome.is_not(None)",
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
    *_of(
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
                "columns[name] = case((has_body, statement.excluded[name]), else_=pages.c[name])",
                "columns[name] = case((has_body, statement.excluded[name]), else_=statement.excluded[name])",
            ),
        },
    ),
]

LEDGER += _of(
    "store/articles/writing.py",
    "store/articles/test_removal.py",
    changes={
        "A page that was taken down stays so, whatever the site says.": (
            "self.known[page.key].outcome == Outcome.REMOVED",
            "self.known[page.key].outcome == Outcome.GONE",
        ),
    },
)

HISTORY = [
    *_of(
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
    *_of(
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
    *_of(
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
    *_of(
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
    *_of(
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
    *_of(
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

FRONTIER += _of(
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

ROBOTS = _of(
    "crawling/downloading/robots.py",
    "crawling/test_robots.py",
    changes={
        "A name that ours begins with is not ours.": (
            "return f\"{match[0] if match else ''}/\"",
            "return f\"{match[0] if match else ''}\"",
        ),
    },
)

BATCHES = _of(
    "store/articles/batches.py",
    "store/articles/test_batches.py",
    changes={
        "A batch is written as soon as it is full.": (
            "if len(self.waiting) >= PAGES_PER_BATCH:",
            "if len(self.waiting) > PAGES_PER_BATCH:",
        ),
        "After a refusal nothing more is written.": (
            "if not batch or self.is_refused:",
            "if not batch:",
        ),
        "Only what is quarantined keeps its bytes in memory.": (
            'self.waiting.append(page if page.outcome is Outcome.QUARANTINED else replace(page, body=b""))',
            'self.waiting.append(page if page.outcome is not Outcome.QUARANTINED else replace(page, body=b""))',
        ),
        "Pages are written in the order in which they came.": (
            "batch, self.waiting = self.waiting, []",
            "batch, self.waiting = self.waiting[::-1], []",
        ),
    },
)

PUBLISHING = [
    *_of(
        "store/runs/verdicts.py",
        "store/runs/test_verdicts.py",
        changes={
            "A run whose checks do not hold is refused.": (
                '"verdict": REFUSED if breaches else NOT_JUDGED if unjudged else PASSED,',
                '"verdict": NOT_JUDGED if unjudged else PASSED,',
            ),
            "Of what a person accepted, what was before counts no more.": (
                "accepted = accepted_of(row.breaches or ()) if row.verdict == ACCEPTED else ()",
                "accepted = ()",
            ),
        },
    ),
    *_of(
        "store/runs/verdicts.py",
        "store/runs/test_guard.py",
        changes={
            "A run that cannot be compared has not passed.": (
                "REFUSED if breaches else NOT_JUDGED if unjudged else PASSED",
                "REFUSED if breaches else PASSED",
            ),
            "A run that failed has not passed.": (
                "(has_failed or run.outcome in FAILURES)",
                "(run.outcome in FAILURES)",
            ),
        },
    ),
    *_of(
        "store/runs/publishing.py",
        "store/runs/test_verdicts.py",
        "store/runs/test_publishing.py",
        changes={
            "The pages of a rejected run are asked for again.": (
                '"next_check_at": clock.now(), "digest": None}',
                '"next_check_at": None, "digest": None}',
            ),
        },
    ),
]

CLUSTERS = [
    *_of(
        "fingerprints/comparing.py",
        "fingerprints/test_comparing.py",
        changes={
            "Of two texts of one length always the same one is the shorter, whichever comes first.": (
                "key=lambda text: (len(text.words), text.words)",
                "key=lambda text: len(text.words)",
            ),
            "A part of a longer text is an excerpt, no copy.": (
                "is_near=length >= NEAR_LENGTH",
                "is_near=True",
            ),
            "A text of one template with other facts is no copy.": ("if facts.are_others:", "if False:"),
            "Above what two texts share each has its own news.": (
                "is_copy = not _open_with_other_news(shorter, longer)",
                "is_copy = True",
            ),
            "A follow-up has its own news above the older text.": (
                "return bool(lower) and median(lower) > MAX_INTRODUCTION",
                "return False",
            ),
        },
    ),
    *_of(
        "fingerprints/first_publisher.py",
        "fingerprints/test_first_publisher.py",
        changes={
            "Who has no day may be earlier or later: nobody is the first by it.": (
                "one.published_on is None or other.published_on is None or not (one.has_day and other.has_day)",
                "one.published_on is None or other.published_on is None",
            ),
            "Who links to another article of the cluster was not the first.": (
                "return [one for one in left if not one.links & {",
                "return [one for one in left if not one.links >= {",
            ),
        },
    ),
    *_of(
        "store/clusters/relations.py",
        "store/clusters/test_clustering.py",
        changes={
            "An excerpt joins no cluster.": (
                "JOINING = (Grade.SAME, Grade.NEAR)",
                "JOINING = (Grade.SAME, Grade.NEAR, Grade.EXCERPT)",
            ),
            "Of many copies each is compared with the first of them.": (
                "return is_led and",
                "return",
            ),
        },
    ),
    *_of(
        "store/clusters/texts.py",
        "store/clusters/test_clustering.py",
        changes={
            "Texts are compared as they are shown, not as the newest version has them.": (
                "join(versions, is_published())",
                "join(versions, (versions.c.article_id == articles.c.id) & (versions.c.number == 1))",
            ),
        },
    ),
    *_of(
        "store/clusters/clustering.py",
        "store/clusters/test_clustering.py",
        changes={
            "Of a text that stays is told anew who had it first: its date may be another one.": (
                "| (old | shared) - gone",
                "- gone",
            ),
        },
    ),
    *_of(
        "store/queries/joined.py",
        "store/queries/test_joined.py",
        changes={
            "That articles of a run join earlier ones makes it no more usual.": (
                "return joined - connection.execute(by_this_run).one()[0], number",
                "return joined, number",
            ),
            "What joins is usual for a site, not for all.": (
                ".where(pages.c.site == site, _is_of_others(run_id))",
                ".where(_is_of_others(run_id))",
            ),
        },
    ),
    *_of(
        "store/queries/search_expressions.py",
        "store/queries/test_search.py",
        changes={
            "What must not be there counts wherever it stands.": (
                "_any([fts5(one) for one in unwanted], ' OR ')",
                "_any([fts5(one, columns) for one in unwanted], ' OR ')",
            ),
        },
    ),
    *_of(
        "store/articles/search_index.py",
        "store/queries/test_search.py",
        changes={
            "No phrase reaches from one tag into another.": (
                "for token in (*BETWEEN_PARTS, *part)][GAP:]",
                "for token in part]",
            ),
        },
    ),
]

CHECKS = [
    *_of(
        "checks/judging.py",
        "checks/test_judging.py",
        changes={
            "What chance explains is no breach.": (
                "if having / of - share >= least and chance.tail(having, compared) < RARE:",
                "if having / of - share >= least:",
            ),
            "Half of the pages being longer is the news, no change.": (
                "few, many = (MIN_SHIFT, MIN_SHIFT_OF_MANY) if is_number(measure) else (MIN_RISE, MIN_RISE_OF_MANY)",
                "few, many = (MIN_RISE, MIN_RISE_OF_MANY)",
            ),
            "A change in the middle of a run counts, whatever its end shows.": (
                "return [*range(len(pages) - new + STEP, len(pages), STEP), len(pages)]",
                "return [len(pages)]",
            ),
        },
    ),
    *_of(
        "checks/pictures.py",
        "checks/test_judging.py",
        changes={
            "What is judged does not count as usual.": (
                "while upto > taken and (newer := newer + runs[upto - 1].pages) <= size:",
                "while False:",
            ),
            "What is usual before fifty pages is not what is usual before eight hundred.": (
                "before.include(total)\n            yield Usual(before)",
                "yield Usual(total)",
            ),
        },
    ),
    *_of(
        "checks/chance.py",
        "checks/test_chance.py",
        "checks/test_judging.py",
        changes={
            "What was never seen before is rare, not impossible.": ("PRIOR = 0.5", "PRIOR = 1e-9"),
        },
    ),
    *_of(
        "checks/effort.py",
        "checks/test_effort.py",
        changes={
            "Pages that have no article are the archive's doing, no effort.": (
                "return (self.requests - self.holes) / self.articles",
                "return self.requests / self.articles",
            ),
        },
    ),
]

LOCKS = _of(
    "store/base/lock.py",
    "store/base/test_lock.py",
    changes={
        "What rewrites the whole database waits for no run, and no run for it.": (
            "fcntl.LOCK_SH if site else fcntl.LOCK_EX)",
            "fcntl.LOCK_SH)",
        ),
        "One file under two names has one lock.": (
            'path = Path(url.database or "").resolve()',
            'path = Path(url.database or "").absolute()',
        ),
        "Two runs of one site never work at once.": (
            'wanted.append((f"{path}.{site}.lock", fcntl.LOCK_EX))',
            'wanted.append((f"{path}.{site}.lock", fcntl.LOCK_SH))',
        ),
        "A lock that is released is free.": (
            "        for file in self.files:\n            file.close()\n        self.files.clear()\n",
            "        return\n",
        ),
    },
)

ARCHIVE = [
    *_of(
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
    *_of(
        "archive/records.py",
        "archive/test_records.py",
        changes={
            "The same bytes are not archived twice.": (
                "if digest == earlier.payload_digest:",
                "if not digest:",
            ),
        },
    ),
    *_of(
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
    *_of(
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
    *_of(
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

OPTIONS = _of(
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

MUTANTS = (
    *READING,
    *DATES,
    *NAMES,
    *LEDGER,
    *HISTORY,
    *SCHEDULE,
    *FRONTIER,
    *ROBOTS,
    *BATCHES,
    *PUBLISHING,
    *CLUSTERS,
    *CHECKS,
    *LOCKS,
    *ARCHIVE,
    *OPTIONS,
)
