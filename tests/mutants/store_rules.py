"""Rules of what is written and shown, and what is compared and judged."""

from __future__ import annotations

from tests.mutants.mutant import mutants_of

BATCHES = mutants_of(
    "store/articles/batches.py",
    "store/articles/test_batches.py",
    changes={
        "A batch is written as soon as it is full.": (
            "if self.waiting.number >= PAGES_PER_BATCH:",
            "if self.waiting.number > PAGES_PER_BATCH:",
        ),
        "After a refusal nothing more is written.": (
            "if not batch.number or self.is_refused:",
            "if not batch.number:",
        ),
        "Only what is quarantined keeps its bytes in memory.": (
            'self.waiting.add(page if page.outcome is Outcome.QUARANTINED else replace(page, body=b""))',
            'self.waiting.add(page if page.outcome is not Outcome.QUARANTINED else replace(page, body=b""))',
        ),
        "Pages are written in the order in which they came.": (
            "return [unpickler.load() for _ in range(number)]",
            "return [unpickler.load() for _ in range(number)][::-1]",
        ),
    },
)

PUBLISHING = [
    *mutants_of(
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
    *mutants_of(
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
    *mutants_of(
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
    *mutants_of(
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
    *mutants_of(
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
    *mutants_of(
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
    *mutants_of(
        "store/clusters/texts.py",
        "store/clusters/test_clustering.py",
        changes={
            "Texts are compared as they are shown, not as the newest version has them.": (
                "join(versions, is_published())",
                "join(versions, (versions.c.article_id == articles.c.id) & (versions.c.number == 1))",
            ),
        },
    ),
    *mutants_of(
        "store/clusters/clustering.py",
        "store/clusters/test_clustering.py",
        changes={
            "Of a text that stays is told anew who had it first: its date may be another one.": (
                "| (old | shared) - gone",
                "- gone",
            ),
        },
    ),
    *mutants_of(
        "store/queries/joined.py",
        "store/queries/test_joined.py",
        changes={
            "That articles of a run join earlier ones makes it no more usual.": (
                "return joined - joined_now - by_this_run, number - new",
                "return joined - joined_now, number - new",
            ),
            "What joins is usual for a site, not for all.": (
                ".where(is_its, articles.c.published_version.is_not(None))",
                ".where(articles.c.published_version.is_not(None))",
            ),
        },
    ),
    *mutants_of(
        "store/queries/search_expressions.py",
        "store/queries/test_search.py",
        changes={
            "What must not be there counts wherever it stands.": (
                "_any([fts5(one) for one in unwanted], ' OR ')",
                "_any([fts5(one, columns) for one in unwanted], ' OR ')",
            ),
        },
    ),
    *mutants_of(
        "store/queries/faceted_search.py",
        "store/queries/test_faceted_search.py",
        changes={
            "The values of a facet are counted without its own choice.": (
                "_of_one(facet, counting.cells(choice.free_of((facet,))))",
                "_of_one(facet, counting.cells(choice))",
            ),
            "Which copy stays depends on the whole choice.": (
                "wider = choice if choice.once else choice.free_of(ONE_OF)",
                "wider = choice.free_of(ONE_OF)",
            ),
        },
    ),
    *mutants_of(
        "store/queries/copies.py",
        "store/queries/test_faceted_search.py",
        changes={
            "Of copies the one that had the text first stays.": (
                "order_by=(is_first, documents.c.place)",
                "order_by=documents.c.place",
            ),
        },
    ),
    *mutants_of(
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
    *mutants_of(
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
    *mutants_of(
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
    *mutants_of(
        "checks/chance.py",
        "checks/test_chance.py",
        "checks/test_judging.py",
        changes={
            "What was never seen before is rare, not impossible.": ("PRIOR = 0.5", "PRIOR = 1e-9"),
        },
    ),
    *mutants_of(
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

LOCKS = mutants_of(
    "store/base/lock.py",
    "store/base/test_lock.py",
    changes={
        "What rewrites the whole database waits for no run, and no run for it.": (
            "fcntl.LOCK_SH if site else fcntl.LOCK_EX)",
            "fcntl.LOCK_SH)",
        ),
        "One file under two names has one lock.": (
            'path = Path(url.database or "").resolve()  #',
            'path = Path(url.database or "").absolute()  #',
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
