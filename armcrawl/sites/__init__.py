"""Sites are declared: one TOML file each says hosts, sections, address patterns, zone and names; nothing here fetches.

`known` finds the files, `declaration` reads one, `site` is what it says, `patterns` turns addresses into keys and back.
"""

from armcrawl.sites.addresses import host_of, is_home, split_address
from armcrawl.sites.keys import PageKey
from armcrawl.sites.known import (
    address_of,
    check_sections,
    default_site,
    identify,
    is_address_of,
    is_gallery,
    key_by_address,
    known_sites,
    own_names,
    site_named,
    site_of,
    stored_address,
    tells_address,
)
from armcrawl.sites.origin import Origin
from armcrawl.sites.site import Section, Site

__all__ = [
    "Origin",
    "PageKey",
    "Section",
    "Site",
    "address_of",
    "check_sections",
    "default_site",
    "host_of",
    "identify",
    "is_address_of",
    "is_gallery",
    "is_home",
    "key_by_address",
    "known_sites",
    "own_names",
    "site_named",
    "site_of",
    "split_address",
    "stored_address",
    "tells_address",
]
