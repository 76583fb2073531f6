"""What an address is good for is found out without asking the admin for selectors, where that can be done."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.sources import page
from data.sources.discovery import discover, feeds_of, selectors_of
from data.sources.fetch import Fetcher, Reach
from data.sources.model import NotRead, SourceKind
from data.sources.store import wished
from data.sources.wish import Wish
from tests.fakes.newsstand import Story, newsstand

NOW = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)
BASE = "https://example.org/news"
WISH = Wish(SourceKind.PAGE, BASE, "en")
MENU = (
    "<nav><ul>" + "".join(f'<li><a href="/{name}">{name}</a></li>' for name in ("about", "contact", "donate", "jobs", "en")) + "</ul></nav>"
)
TITLES = ["Cork opens a new centre", "Nikopol learns under fire", "Lviv invites its people", "Sumy joins the network"]

CARDS = "".join(
    f'<div class="card"><a href="/n/{n}"><h3>{title}</h3></a><p>A summary that is a sentence.</p></div>' for n, title in enumerate(TITLES)
)
ROWS = "".join(
    f'<div class="views-row"><h2><a href="/n/{n}">{title}</a></h2><span class="date">18.02.2026</span></div>'
    for n, title in enumerate(TITLES)
)
HEADINGS = "".join(f'<h3><a href="/n/{n}">{title}</a></h3><p>Text.</p>' for n, title in enumerate(TITLES))
ITEMS = "<ul>" + "".join(f'<li><a href="/n/{n}">{title}</a></li>' for n, title in enumerate(TITLES)) + "</ul>"


@pytest.mark.parametrize(
    "listed", [CARDS, ROWS, HEADINGS, f"<main>{ITEMS}</main>", ITEMS], ids=["cards", "rows", "headings", "main", "list"]
)
def test_the_headlines_of_a_list_are_found_and_the_menu_is_not(listed: str) -> None:
    body = f"<html><body>{MENU}{listed}</body></html>".encode()
    selectors = selectors_of(body, "text/html", BASE, wished(WISH), NOW)

    assert selectors
    found = page.read(body, "text/html", BASE, wished(Wish(SourceKind.PAGE, BASE, "en", selectors=selectors)), NOW)
    assert [one.title for one in found if len(one.title.split()) > 2] == TITLES


@pytest.mark.parametrize("body", [b"", b"<html></html>", MENU.encode(), b"<div id=app></div><script>run()</script>", b"\xff\xfe\x00"])
def test_what_is_no_list_is_not_taken_for_one(body: bytes) -> None:
    assert selectors_of(body, "text/html", BASE, wished(WISH), NOW) is None


@given(st.binary(max_size=400) | st.text(alphabet="<>/= \"'ahreflivp", max_size=400).map(str.encode))
def test_whatever_a_page_holds_the_guess_comes_to_an_end(body: bytes) -> None:
    selectors_of(body, "text/html", BASE, wished(WISH), NOW)
    assert all(url.startswith("http") for url in feeds_of(body, "text/html", BASE))


async def test_a_feed_that_a_page_names_in_vain_does_not_hide_the_list_on_it() -> None:
    async with newsstand() as stand, Fetcher(Reach(private=True, pause=0)) as fetcher:
        link = '<link rel="alternate" type="application/rss+xml" href="/gone.xml">'
        url = stand.shows("/news", f"<html><head>{link}</head><body>{CARDS}</body></html>")
        found = await discover(Wish(SourceKind.PAGE, url, "en"), fetcher, NOW)

    assert found.kind is SourceKind.PAGE
    assert found.selectors["item"] == ".card"
    assert stand.asked["/gone.xml"] == 1


async def test_the_address_of_a_feed_is_a_feed() -> None:
    async with newsstand() as stand, Fetcher(Reach(private=True, pause=0)) as fetcher:
        url = stand.tells("/rss", [Story(TITLES[0], path="/n/1")])
        found = await discover(Wish(SourceKind.PAGE, url, "en"), fetcher, NOW)

    assert (found.kind, found.url, dict(found.selectors)) == (SourceKind.FEED, url, {})


async def test_an_address_that_tells_nothing_says_so() -> None:
    async with newsstand() as stand, Fetcher(Reach(private=True, pause=0)) as fetcher:
        with pytest.raises(NotRead, match="no feed"):
            await discover(Wish(SourceKind.PAGE, stand.shows("/about", MENU), "en"), fetcher, NOW)
        with pytest.raises(NotRead, match="refused with status: 404"):
            await discover(Wish(SourceKind.PAGE, f"{stand.url}/nothing", "en"), fetcher, NOW)
