"""One key and one address for all the ways in which a page is linked to."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from armcrawl.sites import (
    Origin,
    PageKey,
    address_of,
    host_of,
    identify,
    is_gallery,
    is_home,
    site_named,
    site_of,
    split_address,
)
from armcrawl.sites.addresses import is_public_address

ARMTORG = site_named("armtorg")

NEWS_9911 = PageKey("armtorg", "news", "9911")
ADDRESS_PARTS = (
    "https://",
    "http://",
    "armtorg.ru",
    "www.",
    "/",
    "//",
    "news/",
    "articles/item/",
    "9911",
    "%39",
    "%",
    "[",
    "]",
    ":",
    "@",
    "?page=2",
    "#",
    "й",
    "\n",
    "\udcff",
)
wild_addresses = st.one_of(st.text(), st.lists(st.sampled_from(ADDRESS_PARTS)).map("".join))


@pytest.mark.parametrize(
    "address",
    [
        "https://armtorg.ru/news/9911",
        "http://armtorg.ru/news/9911",
        "https://www.armtorg.ru/news/9911",
        "https://armtorg.ru/news/9911/",
        "https://armtorg.ru//news/9911",
        "https://armtorg.ru///news//9911//",
        "HTTPS://WWW.ArmTorg.RU/news/9911",
        "https://armtorg.ru:443/news/9911",
        "http://armtorg.ru:80/news/9911",
        "https://armtorg.ru./news/9911",
        "https://armtorg.ru/news/9911?page=126&per-page=1",
        "https://armtorg.ru/news/9911/?utm_source=telegram",
        "https://armtorg.ru/news/9911#comments",
        "https://armtorg.ru/%6Eews/%39911",
        "https://armtorg.ru/news/0009911",
        "http://www.armtorg.ru//news//009911//?show=standart#top",
    ],
)
def test_every_variant_of_an_address_names_the_same_page(address: str) -> None:
    assert identify(address) == NEWS_9911


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("https://armtorg.ru/news/2755", "armtorg/news/2755"),
        ("https://armtorg.ru/reviews/17", "armtorg/reviews/17"),
        ("https://armtorg.ru/articles/item/203/", "armtorg/articles/203"),
    ],
)
def test_each_section_has_its_own_pages(address: str, key: str) -> None:
    assert str(identify(address)) == key


@pytest.mark.parametrize(
    "address",
    [
        "https://armtorg.ru/",
        "https://armtorg.ru/news/",
        "https://armtorg.ru/news/?page=9911",
        "https://armtorg.ru/news/9911/print",
        "https://armtorg.ru/news/9911-zadvizhki",
        "https://armtorg.ru/news/zadvizhki",
        "https://armtorg.ru/news/-9911",
        "https://armtorg.ru/news/+9911",
        "https://armtorg.ru/news/99.11",
        "https://armtorg.ru/news/9911%0A",
        "https://armtorg.ru/news/٩٩١١",
        "https://armtorg.ru/articles/203",
        "https://armtorg.ru/photo/9911",
        "https://armtorg.ru/board/buy/2/?show=standart",
        "https://armtorg.ru/goods/by-category/Задвижки",
        "https://armtorg.ru//forum/news/9911",
    ],
)
def test_other_addresses_of_the_site_are_no_articles(address: str) -> None:
    assert identify(address) is None


@pytest.mark.parametrize(
    "address",
    [
        "https://armavest.ru/news/9911",
        "https://m.armtorg.ru/news/9911",
        "https://armtorg.ru.example.com/news/9911",
        "https://notarmtorg.ru/news/9911",
        "https://armtorg.ru@example.com/news/9911",
        "https://example.com/https://armtorg.ru/news/9911",
    ],
)
def test_a_page_of_another_host_has_no_key(address: str) -> None:
    assert identify(address) is None


@pytest.mark.parametrize(
    "address", ["ftp://armtorg.ru/news/9911", "mailto:news@armtorg.ru", "javascript:void(0)", "/news/9911", ""]
)
def test_what_is_no_address_of_a_web_page_has_no_key(address: str) -> None:
    assert identify(address) is None


@pytest.mark.parametrize("digits", ["0", "000"])
def test_there_is_no_page_zero(digits: str) -> None:
    assert identify(f"https://armtorg.ru/news/{digits}") is None


def test_an_id_that_fits_the_ledger_is_known() -> None:
    key = identify("https://armtorg.ru/news/" + "9" * 18)
    assert key is not None
    assert key.number == 10**18 - 1


def test_an_id_too_long_for_the_ledger_is_none() -> None:
    assert identify("https://armtorg.ru/news/" + "9" * 19) is None


@given(wild_addresses)
def test_any_string_may_be_asked_for_its_page(address: str) -> None:
    key = identify(address)
    assert key is None or identify(address_of(key)) == key


@given(wild_addresses)
@example("http://[")
def test_any_string_may_be_asked_for_its_host(address: str) -> None:
    assert host_of(address) == host_of(address).lower()


@given(wild_addresses)
@example("http://[")
def test_any_string_may_be_asked_whether_it_is_a_home_page(address: str) -> None:
    assert is_home(address) in {True, False}


@given(wild_addresses)
@example("http://[")
def test_any_string_may_be_asked_whether_it_is_a_gallery(address: str) -> None:
    assert is_gallery(address) in {True, False}


@given(st.sampled_from([section.name for section in ARMTORG.sections]), st.integers(1, 10**18 - 1))
def test_the_address_of_a_key_names_that_key(section: str, number: int) -> None:
    key = PageKey("armtorg", section, str(number))
    assert identify(address_of(key)) == key


@pytest.mark.parametrize(
    ("section", "address"),
    [
        ("news", "https://armtorg.ru/news/9911"),
        ("reviews", "https://armtorg.ru/reviews/9911"),
        ("articles", "https://armtorg.ru/articles/item/9911"),
    ],
)
def test_the_stored_address_is_https_without_www_and_last_slash(section: str, address: str) -> None:
    assert address_of(PageKey("armtorg", section, "9911")) == address


def test_a_key_reads_as_site_section_and_id() -> None:
    assert str(NEWS_9911) == "armtorg/news/9911"


@pytest.mark.parametrize(("external_id", "number"), [("9911", 9911), ("zavod-9911", None)])
def test_a_key_has_a_number_where_the_id_is_one(external_id: str, number: int | None) -> None:
    assert PageKey("armtorg", "news", external_id).number == number


@pytest.mark.parametrize("host", ["armtorg.ru", "www.armtorg.ru", "WWW.ARMTORG.RU:8080", "armtorg.ru."])
def test_a_site_is_known_under_each_of_its_hosts(host: str) -> None:
    assert site_of(f"https://{host}/news/1") == ARMTORG


@pytest.mark.parametrize("address", ["https://example.com/", "http://[", ""])
def test_other_hosts_belong_to_no_site(address: str) -> None:
    assert site_of(address) is None


def test_an_unknown_section_is_an_error() -> None:
    with pytest.raises(KeyError):
        ARMTORG.section("forum")


@pytest.mark.parametrize(
    "address", ["https://armtorg.ru", "https://armtorg.ru/", "https://armtorg.ru//", "https://armtorg.ru/index.php"]
)
def test_the_home_page_is_known(address: str) -> None:
    assert is_home(address)


def test_a_listing_is_no_home_page() -> None:
    assert not is_home("https://armtorg.ru/news/")


@pytest.mark.parametrize("path", ["photo/12", "/photo/12/", "photo/"])
def test_a_page_of_pictures_is_a_gallery(path: str) -> None:
    assert is_gallery(f"https://armtorg.ru/{path}")


@pytest.mark.parametrize("address", ["https://armtorg.ru/news/12", "https://example.com/photo/12"])
def test_other_pages_are_no_gallery(address: str) -> None:
    assert not is_gallery(address)


def test_without_a_base_url_the_site_itself_is_asked() -> None:
    origin = Origin.of(ARMTORG, None)
    assert origin.is_site
    assert origin.serves("http://www.armtorg.ru/news/1")
    assert origin.to_wire("https://armtorg.ru/news/9911") == "https://armtorg.ru/news/9911"


@pytest.mark.parametrize(
    ("base_url", "address", "is_served"),
    [
        (None, "https://armtorg.ru/news/1", True),
        (None, "http://armtorg.ru:80/news/1", True),
        (None, "https://armtorg.ru:8080/news/1", False),
        (None, "https://armtorg.ru.example.com/news/1", False),
        (None, "https://armtorg.ru:port/news/1", False),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/news/1", True),
        ("http://127.0.0.1:8000", "http://127.0.0.1/news/1", False),
        ("http://127.0.0.1:8000", "http://127.0.0.1:5432/", False),
        ("http://127.0.0.1:8000", "http://localhost:8000/news/1", False),
        ("http://127.0.0.1:8000", "http://10.0.0.1:8000/news/1", False),
        ("http://mirror.example.com", "https://mirror.example.com/news/1", True),
    ],
)
def test_only_the_origins_own_server_is_asked(base_url: str | None, address: str, *, is_served: bool) -> None:
    assert Origin.of(ARMTORG, base_url).serves(address) is is_served


def test_a_stand_in_is_asked_alone() -> None:
    origin = Origin.of(ARMTORG, "http://127.0.0.1:8000")
    assert not origin.is_site
    assert not origin.serves("https://armtorg.ru/news/1")


@pytest.mark.parametrize("base_url", ["http://www.armtorg.ru", "https://www.armtorg.ru/"])
def test_another_host_of_the_site_is_the_site(base_url: str) -> None:
    assert Origin.of(ARMTORG, base_url).is_site


@pytest.mark.parametrize(
    "base_url", ["http://127.0.0.1:8000", "http://127.0.0.1:8000/", "http://mirror.example.com/armtorg/"]
)
@pytest.mark.parametrize("path", ["", "news/9911", "news/?page=2", "articles/item/203"])
def test_an_address_comes_back_from_the_wire_as_it_went(base_url: str, path: str) -> None:
    origin = Origin.of(ARMTORG, base_url)
    assert origin.to_site(origin.to_wire(ARMTORG.home + path)) == ARMTORG.home + path


def test_a_base_url_may_have_a_path() -> None:
    origin = Origin.of(ARMTORG, "http://mirror.example.com/armtorg/")
    assert origin.to_wire("https://armtorg.ru/news/9911") == "http://mirror.example.com/armtorg/news/9911"


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:80/news/9911", "http://127.0.0.1:80000/news/9911", "https://example.com/news/9911"]
)
def test_an_address_elsewhere_stays_as_it_is(url: str) -> None:
    assert Origin.of(ARMTORG, "http://127.0.0.1:8000").to_site(url) == url


def test_a_last_slash_makes_no_other_origin() -> None:
    assert Origin.of(ARMTORG, "http://localhost:8000/") == Origin.of(ARMTORG, "http://localhost:8000")


def test_the_case_of_the_host_makes_no_other_origin() -> None:
    assert Origin.of(ARMTORG, "HTTP://LocalHost:8000") == Origin.of(ARMTORG, "http://localhost:8000")


@pytest.mark.parametrize(
    "base_url",
    [
        "localhost:8000",
        "ftp://localhost",
        "http://",
        "http://:8000",
        "http://[",
        "http://localhost:port",
        "http://localhost:80000",
        "http://localhost/?page=1",
        "http://localhost/#news",
    ],
)
def test_a_base_url_that_is_no_plain_address_is_refused(base_url: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Origin.of(ARMTORG, base_url)


@given(wild_addresses)
@example("https://armtorg.ru/news/9911?page=2#top")
@example("http://armtorg.ru?page=2")
@example("https://armtorg.ru:443/news")
@example("https://armtorg.ru/ne\nws")
def test_an_address_is_parted_as_the_standard_library_parts_it(address: str) -> None:
    try:
        parts = urlsplit(address)
    except ValueError:
        with pytest.raises(ValueError, match=r"."):
            split_address(address)
    else:
        assert split_address(address) == (parts.netloc, parts.path, parts.query)
        assert host_of(address) == host_of(f"https://{parts.netloc}/")


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.0.0.1", "100.64.0.1", "0.0.0.0", "169.254.169.254", "224.0.0.1", "240.0.0.1"),  # noqa: S104 - nobody listens
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::1"),
    ],
)
def test_an_address_of_a_network_of_one_s_own_is_not_public_in_whatever_form(address: str) -> None:
    assert not is_public_address(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "::ffff:8.8.8.8", "2a02:6b8::1", "64:ff9b::808:808"])
def test_an_address_of_the_web_is_public(address: str) -> None:
    assert is_public_address(address)
