"""Sites, each declared in one TOML file with its hosts, sections, address patterns, time zone and names.

`known` finds the files, `declaration` reads one, `site` has its content, `patterns` turns addresses into keys and back.
Nothing here fetches anything.
"""

from armcrawl.sites.addresses import host_of, is_home, split_address
from armcrawl.sites.keys import PageKey
from armcrawl.sites.known import (
    address_of,
    any_site,
    check_sections,
    default_site,
    determines_address,
    faulty_sites,
    file_of,
    identify,
    identify_for,
    is_address_of,
    is_gallery,
    is_shipped,
    key_by_address,
    known_sites,
    own_names,
    site_named,
    site_of,
    stored_address,
)
from armcrawl.sites.origin import Origin
from armcrawl.sites.site import Section, Site

__all__ = [
    "Origin",
    "PageKey",
    "Section",
    "Site",
    "address_of",
    "any_site",
    "check_sections",
    "default_site",
    "determines_address",
    "faulty_sites",
    "file_of",
    "host_of",
    "identify",
    "identify_for",
    "is_address_of",
    "is_gallery",
    "is_home",
    "is_shipped",
    "key_by_address",
    "known_sites",
    "own_names",
    "site_named",
    "site_of",
    "split_address",
    "stored_address",
]
