"""The line that says where a text comes from: «Пресс-служба МЦ Armtorg по материалам ...»."""

from __future__ import annotations

import re

from armcrawl.items import Attribution

# The longest attribution seen has 90 characters; a paragraph that begins alike is longer.
LONGEST_LINE = 220
HOUSE = (
    r"(?:(?:МЦ|МГ|ИА|Медиа(?:группа|группы|центр|центра|холдинг\w*)|портал\w*)\s+)*"
    r"[«\"]?(?:ARMTORG|Армторг)(?:\.(?:ru|news))?[»\"]?"
)
LINE = re.compile(
    rf"""(?:
        Пресс-служба\s+{HOUSE}(?:[\s,]+по\s+(?:материалам|информации|сообщению|данным)\s*:?\s+(?P<press>\S.*))?
      | {HOUSE}[\s,]+по\s+(?:материалам|информации)\s+(?P<house>\S.*)
      | (?:Подготовлено\s+)?по\s+материалам\s*:?\s+(?P<materials>\S.*)
      | (?:Ссылка\s+на\s+)?(?:перво)?источник(?:\s+(?:информации|новости|материала))?\s*[:—–]\s*(?P<origin>\S.*)
      | Ссылка\s+на\s+источник\s+(?P<reference>\S.*)
      | (?:МЦ|МГ|ИА|Медиа(?:группа|центр|холдинг))\s+[«"]?(?:ARMTORG|Армторг)[»"]?
    )""",
    re.IGNORECASE | re.VERBOSE,
)
# Those of the pattern's openings, so that most lines need no closer look.
FIRST_LETTERS = frozenset('ПпМмИиСсАаAa«"')
# «По материалам дела суд установил, что ...» is a sentence: more than one stop or clause gives it away.
SENTENCE = re.compile(r"[а-яё]{3,}[.!?]\s+[А-ЯЁ]|,\s+(?:что|который|которая|которые|где|при этом)\b")
# «По материалам проверки возбуждено дело.» names nobody, and ends as a sentence does.
NAME = re.compile(r"[A-ZА-ЯЁ«\"]|\w\.\w")


def read_attribution(line: str, address: str | None = None) -> Attribution | None:
    """Return the attribution that a line is, or None if it is something else.

    `source` is the printed name of the first hand, or None where only the house itself is named;
    `address` is where the line links to.
    """
    text = line.strip()
    if len(text) > LONGEST_LINE or text[:1] not in FIRST_LETTERS:
        return None
    match = LINE.fullmatch(text.rstrip(" .;"))
    if match is None or SENTENCE.search(text):
        return None
    named = next((value for value in match.groupdict().values() if value), None)
    if named and text.endswith(".") and not NAME.search(named):
        return None
    return Attribution(text, named.strip() if named else None, address)
