"""Rules of what is counted, and of what is told of entities and of copies."""

from __future__ import annotations

from tests.mutants.mutant import mutants_of

COUNTING = [
    *mutants_of(
        "store/queries/counted_articles.py",
        "store/queries/test_statistics.py",
        changes={
            "An article of which only the year is known is in no month.": (
                "        months[_month(first)] -= vague\n",
                "",
            ),
            "An entity is counted where it is a source as well.": (
                "tables = USES[1:] if as_source else USES",
                "tables = USES[1:] if as_source else USES[:1]",
            ),
        },
    ),
    *mutants_of(
        "store/queries/statistics.py",
        "store/queries/test_statistics.py",
        changes={
            "An article that has an entity as a tag and as a source is counted once.": (
                "        found.subtract(dict(connection.execute(both).all()))\n",
                "",
            ),
        },
    ),
    *mutants_of(
        "store/queries/entity_mentions.py",
        "store/queries/test_entity_mentions.py",
        changes={
            "A tag that stands twice beside an entity is no companion.": (
                "if number >= MIN_TOGETHER}",
                "if number}",
            ),
            "A companion stands beside an entity more often than elsewhere.": (
                "if one.lift > 1]",
                "if one.lift]",
            ),
        },
    ),
    *mutants_of(
        "fingerprints/first_publisher.py",
        "fingerprints/test_first_publisher.py",
        changes={
            "A link to an article tells that it was first, and none from it.": (
                "PublisherEvidence.LINK: first.address in member.links,",
                "PublisherEvidence.LINK: member.address in first.links,",
            ),
        },
    ),
    *mutants_of(
        "analysis/serving/trends_request.py",
        "analysis/test_trends_request.py",
        changes={
            "No more series stand beside each other than can be told apart.": (
                "if len(asked) > MAX_SERIES:",
                "if len(asked) > MAX_SERIES + 1:",
            ),
        },
    ),
]

FIRMS = mutants_of(
    "store/entities/grouping.py",
    "store/entities/test_evidence.py",
    changes={
        "A name is no firm's of which there are two.": (
            "            if not self._has_several(key):\n",
            "            if True:\n",
        ),
        "A well-known body is no firm of its name.": (
            "is_open = form.used_as != NAME and body_of(found.key) is None",
            "is_open = form.used_as != NAME",
        ),
    },
)
