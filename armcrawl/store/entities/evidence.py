"""What articles tell of forms beside their names: where they link to, and which abbreviations a text explains."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sqlalchemy import delete, exists, insert, or_, select, union

from armcrawl.russian.same_name import abbreviations_in
from armcrawl.sites import host_of
from armcrawl.store.base import schema
from armcrawl.store.base.enumerations import SOURCE, TAG
from armcrawl.store.base.sql import among, chunks, upsert
from armcrawl.store.entities.facts import is_one_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from sqlalchemy import Connection

    from armcrawl.items import Article

entity_forms, entity_addresses, abbreviations = schema.entity_forms, schema.entity_addresses, schema.abbreviations
# The projections of articles that use forms.
USES = (schema.article_tags, schema.article_sources)

# Names that show whether an address is a position, before all are looked at.
FEW = 10

Pair = tuple[str, int]
"""An address, and the id of a form that links to it."""


def write_addresses(connection: Connection, pairs: Collection[Pair]) -> set[int]:
    """Write what forms link to; return the forms of which there is other evidence now."""
    query = select(entity_addresses.c.address, entity_addresses.c.form_id)
    form_ids = {form_id for _, form_id in pairs}
    known = {tuple(row) for row in among(connection, query, entity_addresses.c.form_id, form_ids)}
    new = sorted(set(pairs) - known)
    if not new:
        return set()
    addresses = {address for address, _ in new}
    # What is no evidence stays so, whatever else links there.
    useless = query.where(~entity_addresses.c.is_evidence).with_only_columns(entity_addresses.c.address).distinct()
    settled = {row.address for row in among(connection, useless, entity_addresses.c.address, addresses)}
    rows = [{"address": address, "form_id": form_id, "is_evidence": address not in settled} for address, form_id in new]
    upsert(connection, entity_addresses, rows, ("address", "form_id"))
    changed = judge_addresses(connection, addresses - settled)
    return changed | {form_id for address, form_id in new if address not in settled}


def judge_addresses(connection: Connection, addresses: Collection[str]) -> set[int]:
    """Write whether all that link to an address are forms of one name; return the forms for which that is news."""
    columns = entity_addresses.c
    query = select(columns.address, columns.form_id, columns.is_evidence, entity_forms.c.used_as, entity_forms.c.name)
    query = query.join(entity_forms, entity_forms.c.id == columns.form_id)
    found: dict[str, list[tuple[int, bool, str | None]]] = defaultdict(list)
    for row in among(connection, query, columns.address, addresses):
        is_address = row.used_as == SOURCE and _is_home_of(row.name, row.address)
        found[row.address].append((row.form_id, row.is_evidence, None if is_address else row.name))
    changed = set[int]()
    for address, forms in found.items():
        is_evidence = is_one_name({name for _, _, name in forms if name is not None})
        if news := {form_id for form_id, before, _ in forms if before != is_evidence}:
            here = entity_addresses.update().where(columns.address == address)
            connection.execute(here.values(is_evidence=is_evidence))
            changed |= news
    return changed


def _is_home_of(name: str, address: str) -> bool:
    """Tell whether an address is the home page of the site that a source is called by: «tass.ru»."""
    return urlsplit(address).path in ("", "/") and host_of(address).removeprefix("www.") == name.removeprefix("www.")


def reread_addresses(connection: Connection, addresses: Collection[str]) -> None:
    """Write anew what forms link to, at some addresses, from what articles print now."""
    for some in chunks(sorted(addresses)):
        connection.execute(delete(entity_addresses).where(entity_addresses.c.address.in_(some)))
        links = union(*(select(table.c.address, table.c.form_id).where(table.c.address.in_(some)) for table in USES))
        rows = [{"address": row[0], "form_id": row[1], "is_evidence": True} for row in connection.execute(links)]
        if rows:
            connection.execute(insert(entity_addresses), rows)
        judge_addresses(connection, some)


def forget_addresses(connection: Connection, form_ids: Collection[int]) -> set[int]:
    """Delete that some forms link to an address where no article says so now; return the forms it was told about."""
    columns = entity_addresses.c
    is_used = or_(
        *(exists().where(table.c.form_id == columns.form_id, table.c.address == columns.address) for table in USES)
    )
    query = select(columns.address, columns.form_id).where(~is_used)
    gone = list(among(connection, query, columns.form_id, form_ids))
    for address, form_id in gone:
        connection.execute(delete(entity_addresses).where(columns.address == address, columns.form_id == form_id))
    addresses = {address for address, _ in gone}
    open_ones = {address for address in addresses if not _is_surely_useless(connection, address)}
    return {form_id for _, form_id in gone} | judge_addresses(connection, open_ones)


def _is_surely_useless(connection: Connection, address: str) -> bool:
    """Tell whether a few of the names at an address are unrelated: at a position there may be all tags of a site."""
    query = (
        select(entity_forms.c.name)
        .join(entity_addresses, entity_addresses.c.form_id == entity_forms.c.id)
        .where(entity_addresses.c.address == address, ~entity_addresses.c.is_evidence, entity_forms.c.used_as == TAG)
        .limit(FEW)
    )
    return not is_one_name(set(connection.execute(query).scalars()))


def write_abbreviations(connection: Connection, links: Sequence[tuple[int, Article]]) -> set[int]:
    """Write the abbreviations that articles explain; return the forms of which there is other evidence now."""
    rows = [
        {"article_id": article_id, "abbreviation": abbreviation, "expansion": expansion}
        for article_id, article in links
        for abbreviation, expansion in sorted(abbreviations_in(f"{article.title}\n{article.body}"))
    ]
    pairs = {(str(row["abbreviation"]), str(row["expansion"])) for row in rows}
    new = pairs - _known_pairs(connection, pairs)
    upsert(connection, abbreviations, rows, ("article_id", "abbreviation", "expansion"))
    return _forms_of(connection, new)


def forget_abbreviations(connection: Connection, pairs: Collection[tuple[str, str]]) -> set[int]:
    """Return the forms of which articles said something that none says any more."""
    return _forms_of(connection, set(pairs) - _known_pairs(connection, pairs))


def _known_pairs(connection: Connection, pairs: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    query = select(abbreviations.c.abbreviation, abbreviations.c.expansion).distinct()
    short = {abbreviation for abbreviation, _ in pairs}
    return {(row[0], row[1]) for row in among(connection, query, abbreviations.c.abbreviation, short)}


def _forms_of(connection: Connection, pairs: Iterable[tuple[str, str]]) -> set[int]:
    """Return the forms of abbreviations, whose meaning may have come or gone with one of their pairs, and of these."""
    keys = {key for pair in pairs for key in pair}
    return {row.id for row in among(connection, select(entity_forms.c.id), entity_forms.c.key, keys)}


def abbreviations_of(connection: Connection, article_ids: Collection[int]) -> set[tuple[str, str]]:
    """Return the abbreviations that some articles explain."""
    query = select(abbreviations.c.abbreviation, abbreviations.c.expansion)
    return {(row[0], row[1]) for row in among(connection, query, abbreviations.c.article_id, article_ids)}
