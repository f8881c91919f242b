"""Kinds of names: `kind_of` tells a person, an organisation, a place, a product, an event and a topic apart.

`telling.py` has the order of the rules, `signs.py` how a name is spelt, `heads.py` the noun at its head, `words.toml` the words.
"""

from armcrawl.russian.kinds.telling import kind_of

__all__ = ["kind_of"]
