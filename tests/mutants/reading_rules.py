"""Rules of what is read on a page: fields, dates, names."""

from __future__ import annotations

from tests.mutants.mutant import mutants_of

READING = [
    *mutants_of(
        "refining/validation.py",
        "refining/test_validation.py",
        changes={
            "A title alone is no article.": (
                "if not article.paragraphs and not article.images:",
                "if not article.paragraphs and not article.images and not article.title:",
            ),
        },
    ),
    *mutants_of(
        "refining/dates.py",
        "refining/test_dates.py",
        changes={
            "A printed date that cannot be is none, and is counted.": (
                'return article.noting("date/impossible")',
                "return article",
            ),
        },
    ),
    *mutants_of(
        "refining/boilerplate.py",
        "refining/test_boilerplate.py",
        changes={
            "A leading block is a repetition only if it is the whole of a later paragraph.": (
                "first == normal_form(later) for later",
                "normal_form(later).startswith(first) for later",
            ),
        },
    ),
    *mutants_of(
        "refining/fingerprint.py",
        "refining/test_fingerprint.py",
        changes={
            "An edited date is a change of the article.": ("        published,\n", "        None,\n"),
        },
    ),
    *mutants_of(
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
    *mutants_of(
        "reading/response.py",
        "refining/test_pages.py",
        changes={
            "A status that says it all is heard whatever came of the body.": (
                "        if failure_of(response) is None and by_status(response.status) is None:\n            raise\n",
                "        raise\n",
            ),
        },
    ),
    *mutants_of(
        "crawling/downloading/truncated_html.py",
        "crawling/test_truncated_html.py",
        changes={
            "What came in damaged is asked for again before it is a case for quarantine.": (
                "            body, fault = without_time(response.body), str(error)\n",
                "            return response\n",
            ),
        },
    ),
    *mutants_of(
        "reading/charset.py",
        "reading/test_charset.py",
        changes={
            "Valid UTF-8 is UTF-8, whatever the page declares.": (
                '        return body.decode("utf-8"), "utf-8"\n    except',
                '        return body.decode("ascii"), "utf-8"\n    except',
            ),
        },
    ),
    *mutants_of(
        "reading/statuses.py",
        "reading/test_hostile_pages.py",
        changes={
            "A page that refuses us is no page without an article: it is asked for again.": (
                'return NotAnArticle(Reason.BLOCKED, f"status {status}")',
                'return NotAnArticle(Reason.MISSING, f"status {status}")',
            ),
        },
    ),
    *mutants_of(
        "reading/not_article.py",
        "reading/test_hostile_pages.py",
        changes={
            "An article's address that leads to the home page has no article.": (
                "if requested_url and _may_be_page(requested_url) and not identify(url) and is_home(url):",
                "if requested_url and _may_be_page(requested_url) and identify(url) and is_home(url):",
            ),
        },
    ),
    *mutants_of(
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
    *mutants_of(
        "reading/body/reclaimed.py",
        "reading/body/test_reclaimed_lines.py",
        changes={
            "The first date below a lead is the publication's.": (
                "is_dated = Role.DATE in of[max(0, text.start - NEAR_ABOVE_TITLE) : first]",
                "is_dated = True",
            ),
        },
    ),
    *mutants_of(
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
    *mutants_of(
        "reading/body/comments.py",
        "reading/body/test_chronicles.py",
        changes={
            "Like blocks with a date each are comments only by another sign.": (
                "if first.is_like(second) and (is_after or any(_is_signed(roles, item) for item in (first, second))):",
                "if first.is_like(second):",
            ),
        },
    ),
    *mutants_of(
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
    *mutants_of(
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
    *mutants_of(
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
    *mutants_of(
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
    *mutants_of(
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
    *mutants_of(
        "russian/names/dictionary_surnames.py",
        "russian/test_nominative.py",
        changes={
            "Both parts of a double surname decline.": (
                "heads.append(head.nominative if head else part)",
                "heads.append(part)",
            ),
        },
    ),
    *mutants_of(
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
    *mutants_of(
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
