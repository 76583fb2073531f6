"""What a look at a source brings, from sources that mean well and from sources that do not."""

from __future__ import annotations

import asyncio
import datetime as dt
import gzip
import logging
import time
import tracemalloc
import zlib
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from data.sources.fetch import Fetcher, Reach
from data.sources.identity import address_of, digest_of, key_of
from data.sources.look import ARTICLES, look
from data.sources.model import SourceKind, Trouble
from tests.fakes.publisher import FEED, ITEM, NOW, Publisher, fetcher, publisher, rss, source

if TYPE_CHECKING:
    from pathlib import Path

    from data.sources.model import Look

__all__ = ["fetcher", "publisher"]  # fixtures

TODAY = dt.date(2026, 11, 24)


def told_nothing(seen: Look, trouble: Trouble) -> bool:
    """Whether a look failed for that reason."""
    return seen.failed and seen.told == () and seen.problem.partition(":")[0] == trouble


# --- Feeds ------------------------------------------------------------------------------------------------------------------------------


async def test_a_feed_is_told_clean_and_in_its_order(publisher: Publisher, fetcher: Fetcher) -> None:
    seen = await look(source(publisher.has("/feed", FEED)), fetcher, (), NOW)
    assert (seen.problem, seen.failed) == ("", False)
    first, second = seen.told
    assert (first.own_id, first.url, first.lang) == ("n1", f"{publisher.address}/news/1", "en")
    assert (first.title, first.summary) == ("Learning city number 1 opens a centre", "It opened in St. Anna on day 1.")
    assert first.date == TODAY, "the day by the clock of whoever wrote it, although it was the day before in Greenwich"
    assert second.own_id == "n2"


async def test_atom_is_read_as_well(publisher: Publisher, fetcher: Fetcher) -> None:
    entry = (
        '<entry><id>urn:1</id><title type="html">A &lt;i&gt;new&lt;/i&gt; city</title><link rel="self" href="/self"/><link href="/1"/>'
        '<updated>2026-11-20T09:00:00Z</updated><content type="html">&lt;p&gt;Nikopol joined the network. More.&lt;/p&gt;</content></entry>'
    )
    atom = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>{entry}</feed>'
    (told,) = (await look(source(publisher.has("/atom", atom)), fetcher, (), NOW)).told
    assert (told.title, told.summary) == ("A new city", "Nikopol joined the network.")
    assert (told.url, told.date) == (f"{publisher.address}/1", dt.date(2026, 11, 20))


async def test_a_source_learns_who_asks_and_that_nothing_is_wanted_twice(publisher: Publisher, fetcher: Fetcher) -> None:
    marks = {"ETag": '"1"', "Last-Modified": "Mon, 23 Nov 2026 10:00:00 GMT", "Cache-Control": "max-age=7200"}
    url = publisher.has("/feed", FEED, headers=marks)
    first = await look(source(url), fetcher, (), NOW)
    assert (first.etag, first.modified, first.rest_seconds) == ('"1"', "Mon, 23 Nov 2026 10:00:00 GMT", 7_200)

    publisher.has("/feed", status=304)
    again = await look(source(url, etag=first.etag, modified=first.modified), fetcher, (), NOW)
    assert (again.told, again.problem, again.etag, again.modified) == ((), "", first.etag, first.modified)
    headers = publisher.asked[-1].headers
    assert (headers["If-None-Match"], headers["If-Modified-Since"]) == ('"1"', "Mon, 23 Nov 2026 10:00:00 GMT")
    assert headers["User-Agent"] == "learning-cities-bot/test (+mailto:me@example.org)"
    assert "Cookie" not in headers


async def test_only_what_says_a_keyword_is_told(publisher: Publisher, fetcher: Fetcher) -> None:
    other = "<item><title>Creative cities meet in Kyiv this week</title><link>/c</link></item>"
    seen = await look(source(publisher.has("/feed", rss(other, ITEM.format(1))), keywords=("LEARNING cit*",)), fetcher, (), NOW)
    assert [told.own_id for told in seen.told] == ["n1"]


async def test_a_feed_without_news_is_no_problem(publisher: Publisher, fetcher: Fetcher) -> None:
    seen = await look(source(publisher.has("/feed", rss())), fetcher, (), NOW)
    assert (seen.told, seen.problem, seen.failed) == ((), "", False)


# --- Pages ------------------------------------------------------------------------------------------------------------------------------

SELECTORS = {"item": "article", "title": "h3", "summary": "p", "article_date": "time"}


def page(*numbers: int) -> str:
    """A list that has no dates."""
    items = (
        f"<article><a href='/a/{n}'><img></a><h3>City <b>{n}</b> learns</h3><p>Teaser of the city {n}. More</p></article>" for n in numbers
    )
    return f"<!DOCTYPE html><html><body><nav><a href='/'>Home</a></nav>{''.join(items)}</body></html>"


async def test_a_page_is_told_with_dates_that_stand_only_on_the_pages_of_its_items(publisher: Publisher, fetcher: Fetcher) -> None:
    url = publisher.has("/news", page(1, 2))
    publisher.has("/a/1", "<p>x</p><time datetime='2026-11-20T08:00'>Friday</time>")
    publisher.has("/a/2", "<time>23 August 2026</time>")
    seen = await look(source(url, SourceKind.PAGE, selectors=SELECTORS), fetcher, (), NOW)
    assert [(told.title, told.summary, told.date) for told in seen.told] == [
        ("City 1 learns", "Teaser of the city 1.", dt.date(2026, 11, 20)),
        ("City 2 learns", "Teaser of the city 2.", dt.date(2026, 8, 23)),
    ]
    assert seen.told[0].url == f"{publisher.address}/a/1"


async def test_a_page_that_was_opened_before_is_not_opened_again(publisher: Publisher, fetcher: Fetcher) -> None:
    url = publisher.has("/news", page(1, 2))
    publisher.has("/a/2", "<time>23 August 2026</time>")
    known = {address_of(f"{publisher.address}/a/1")}
    seen = await look(source(url, SourceKind.PAGE, selectors=SELECTORS), fetcher, known, NOW)
    assert [told.date for told in seen.told] == [None, dt.date(2026, 8, 23)]
    assert [request.path for request in publisher.asked] == ["/news", "/a/2"]


async def test_a_long_list_is_told_in_several_looks_and_nothing_is_left_out(publisher: Publisher, fetcher: Fetcher) -> None:
    numbers = range(ARTICLES + 3)
    url = publisher.has("/news", page(*numbers), headers={"ETag": '"1"'})
    for number in numbers:
        publisher.has(f"/a/{number}", "<time>23 August 2026</time>")
    first = await look(source(url, SourceKind.PAGE, selectors=SELECTORS), fetcher, (), NOW)
    assert (len(first.told), first.etag) == (ARTICLES, None), "without a mark the rest is not taken for unchanged"

    known = {address_of(told.url) for told in first.told}
    second = await look(source(url, SourceKind.PAGE, selectors=SELECTORS), fetcher, known, NOW)
    assert {told.url for told in first.told + second.told} == {f"{publisher.address}/a/{number}" for number in numbers}
    assert second.etag == '"1"'


async def test_an_item_whose_own_page_is_missing_is_told_without_a_date(publisher: Publisher, fetcher: Fetcher) -> None:
    seen = await look(source(publisher.has("/news", page(1)), SourceKind.PAGE, selectors=SELECTORS), fetcher, (), NOW)
    assert [(told.title, told.date) for told in seen.told] == [("City 1 learns", None)]
    assert seen.problem == ""


async def test_a_page_that_was_redesigned_says_that_nothing_fits(publisher: Publisher, fetcher: Fetcher) -> None:
    seen = await look(source(publisher.has("/news", "<main>New!</main>"), SourceKind.PAGE, selectors=SELECTORS), fetcher, (), NOW)
    assert told_nothing(seen, Trouble.NO_ITEMS)


# --- Files ------------------------------------------------------------------------------------------------------------------------------


async def test_a_feed_in_a_file_is_told_when_it_changed(tmp_path: Path, fetcher: Fetcher) -> None:
    file = tmp_path / "news.xml"
    file.write_text(FEED, encoding="utf-8")
    first = await look(source(str(file), SourceKind.FILE), fetcher, (), NOW)
    assert [told.own_id for told in first.told] == ["n1", "n2"]
    assert [told.url for told in first.told] == ["", ""], "a file has no address that a reader could open"
    assert (await look(source(str(file), SourceKind.FILE, modified=first.modified), fetcher, (), NOW)).told == ()
    file.write_text(rss(ITEM.format(3)), encoding="utf-8")
    assert [told.own_id for told in (await look(source(str(file), SourceKind.FILE, modified=first.modified), fetcher, (), NOW)).told] == [
        "n3"
    ]


async def test_a_file_that_is_missing_or_too_large_says_so(tmp_path: Path, fetcher: Fetcher) -> None:
    assert told_nothing(await look(source(str(tmp_path / "no.xml"), SourceKind.FILE), fetcher, (), NOW), Trouble.NO_FILE)
    large = tmp_path / "large.xml"
    large.write_bytes(b" " * (fetcher.reach.most_bytes + 1))
    assert told_nothing(await look(source(str(large), SourceKind.FILE), fetcher, (), NOW), Trouble.LARGE)


# --- Sources that lie -------------------------------------------------------------------------------------------------------------------


async def test_what_is_huge_is_left_in_time(publisher: Publisher, fetcher: Fetcher) -> None:
    sent = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        answer = web.StreamResponse()
        await answer.prepare(request)
        while True:
            await answer.write(b"x" * 100_000)
            sent += 100_000

    assert told_nothing(await look(source(publisher.does("/feed", endless)), fetcher, (), NOW), Trouble.LARGE)
    assert sent < 3 * fetcher.reach.most_bytes


async def test_what_unpacks_to_gigabytes_is_left_in_time(publisher: Publisher, fetcher: Fetcher) -> None:
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(b"\0" * 1_000_000) for _ in range(300)) + packer.flush()
    url = publisher.has("/feed", bomb, headers={"Content-Encoding": "gzip"})
    tracemalloc.start()
    try:
        seen = await look(source(url), fetcher, (), NOW)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert told_nothing(seen, Trouble.LARGE)
    assert peak < 40_000_000, "300 MB were never in memory"


async def test_what_is_not_packed_as_it_says_is_a_problem_and_no_crash(publisher: Publisher, fetcher: Fetcher) -> None:
    url = publisher.has("/feed", b"no gzip at all", headers={"Content-Encoding": "gzip"})
    assert told_nothing(await look(source(url), fetcher, (), NOW), Trouble.CONNECTION)


async def test_what_drips_is_left_in_time(publisher: Publisher) -> None:
    async def drip(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        for letter in FEED:
            await answer.write(letter.encode())
            await asyncio.sleep(0.05)
        return answer

    url = publisher.does("/feed", drip)
    async with Fetcher(Reach(private=True, seconds=0.5, pause=0)) as hasty:
        begun = time.monotonic()
        assert told_nothing(await look(source(url), hasty, (), NOW), Trouble.SLOW)
        assert time.monotonic() - begun < 2


async def test_slow_redirects_share_one_clock(publisher: Publisher) -> None:
    async def slow(_request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0.3)
        return web.Response(status=302, headers={"Location": "/feed"})

    url = publisher.does("/feed", slow)
    async with Fetcher(Reach(private=True, seconds=0.5, pause=0)) as hasty:
        assert told_nothing(await look(source(url), hasty, (), NOW), Trouble.SLOW)
    assert len(publisher.asked) == 2


async def test_a_redirect_that_goes_round_ends(publisher: Publisher, fetcher: Fetcher) -> None:
    url = publisher.has("/a", status=302, headers={"Location": "/b"})
    publisher.has("/b", status=302, headers={"Location": "/a"})
    assert told_nothing(await look(source(url), fetcher, (), NOW), Trouble.REDIRECTS)
    assert len(publisher.asked) == fetcher.reach.most_redirects + 1


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://example.org/", "javascript:alert(1)", "http://[::1", "", "http://me:pw@example.org/"]
)
async def test_a_redirect_away_from_the_web_is_not_followed(publisher: Publisher, fetcher: Fetcher, target: str) -> None:
    url = publisher.has("/feed", status=302, headers={"Location": target} if target else {})
    seen = await look(source(url), fetcher, (), NOW)
    assert told_nothing(seen, Trouble.ADDRESS)


async def test_entities_that_multiply_are_not_even_parsed(publisher: Publisher, fetcher: Fetcher) -> None:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    declared = f'<?xml version="1.0"?><!-- x --><!DOCTYPE lolz [<!ENTITY l0 "lol">{levels}]>'
    laughs = f"{declared}<rss><channel><item><title>&l9;</title></item></channel></rss>"
    for body in (laughs.encode(), laughs.encode("utf-16"), laughs.replace("<?xml", "\n<?xml").encode()):
        assert told_nothing(await look(source(publisher.has("/feed", body)), fetcher, (), NOW), Trouble.DECLARATION)


async def test_entities_do_not_read_files_of_this_machine(publisher: Publisher, fetcher: Fetcher, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hush")
    body = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{secret}">]><rss><channel><item><title>&x;</title></item></channel></rss>'
    assert told_nothing(await look(source(publisher.has("/feed", body)), fetcher, (), NOW), Trouble.DECLARATION)


async def test_a_whole_letter_inside_an_item_is_text_and_no_declaration(publisher: Publisher, fetcher: Fetcher) -> None:
    markup = "<!DOCTYPE html><style>p{}</style><p>Dear reader of this, hello.</p>"
    letter = f"<item><title>Letter of November to all cities</title><description><![CDATA[{markup}]]></description></item>"
    (told,) = (await look(source(publisher.has("/feed", rss(letter))), fetcher, (), NOW)).told
    assert told.summary == "Dear reader of this, hello."


@pytest.mark.parametrize(
    ("body", "trouble"),
    [
        (b"", Trouble.NO_FEED),
        (b"just words", Trouble.NO_FEED),
        (b"<!DOCTYPE html><html><body>Not here</body></html>", Trouble.NO_FEED),
        (b"<html><body>Not here</body></html>", Trouble.NO_FEED),
        (b'{"items": []}', Trouble.NO_FEED),
        (b"\0\1\2\xff" * 1_000, Trouble.NO_FEED),
        (b"/etc/passwd", Trouble.NO_FEED),
    ],
)
async def test_what_is_no_feed_is_called_so(publisher: Publisher, fetcher: Fetcher, body: bytes, trouble: Trouble) -> None:
    assert told_nothing(await look(source(publisher.has("/feed", body)), fetcher, (), NOW), trouble)


@pytest.mark.parametrize(
    "body", [FEED[:-60], FEED.replace("number 1", "number 1 & <b"), f"\n\n{FEED}", FEED.replace("centre", "cen\x08tre")]
)
async def test_a_feed_that_is_not_well_formed_is_read_as_far_as_it_goes(publisher: Publisher, fetcher: Fetcher, body: str) -> None:
    assert "n1" in {told.own_id for told in (await look(source(publisher.has("/feed", body)), fetcher, (), NOW)).told}


@pytest.mark.parametrize(
    ("charset", "declared", "header"),
    [
        ("utf-8", "iso-8859-1", "iso-8859-1"),
        ("utf-8", "windows-1251", None),
        ("windows-1251", "windows-1251", "utf-8"),
        ("windows-1251", "utf-8", "utf-8"),
        ("windows-1251", "no-such-charset", None),
        ("utf-16", "utf-8", "utf-8"),
        ("utf-8-sig", "utf-16", None),
    ],
)
async def test_a_wrong_charset_does_not_garble(
    publisher: Publisher, fetcher: Fetcher, charset: str, declared: str, header: str | None
) -> None:
    text = rss("<item><title>Нікополь і Мелітополь</title></item>").replace('"utf-8"', f'"{declared}"')
    headers = {"Content-Type": f"text/xml; charset={header}"} if header else {}
    seen = await look(source(publisher.has("/feed", text.encode(charset), headers=headers), lang="uk"), fetcher, (), NOW)
    assert [told.title for told in seen.told] == ["Нікополь і Мелітополь"]


@pytest.mark.parametrize(
    "date",
    [
        "Tue, 01 Jan 2030 00:00:00 GMT",
        "Thu, 26 Nov 2026 09:00:00 GMT",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "yesterday",
        "99999-99-99",
        "0000-00-00T00:00:00Z",
        "-1",
    ],
)
async def test_a_day_that_has_not_come_and_a_day_before_the_web_are_no_dates(publisher: Publisher, fetcher: Fetcher, date: str) -> None:
    feed = rss(f"<item><title>A city of the future</title><link>/1</link><pubDate>{date}</pubDate></item>")
    (told,) = (await look(source(publisher.has("/feed", feed)), fetcher, (), NOW)).told
    assert told.date is None


async def test_a_day_that_has_come_in_the_east_is_a_date(publisher: Publisher, fetcher: Fetcher) -> None:
    feed = rss("<item><title>A city of the east</title><pubDate>Wed, 25 Nov 2026 01:00:00 +1400</pubDate></item>")
    assert (await look(source(publisher.has("/feed", feed)), fetcher, (), NOW)).told[0].date == dt.date(2026, 11, 25)


async def test_what_is_told_twice_is_told_once(publisher: Publisher, fetcher: Fetcher) -> None:
    other_id = ITEM.format(1).replace("n1", "n9").replace("utm_source=rss", "utm_source=mail#top")
    seen = await look(source(publisher.has("/feed", rss(ITEM.format(1), ITEM.format(1), other_id))), fetcher, (), NOW)
    assert [told.own_id for told in seen.told] == ["n1"]


async def test_an_item_is_known_again_although_its_id_changed(publisher: Publisher, fetcher: Fetcher) -> None:
    (before,) = (await look(source(publisher.has("/feed", rss(ITEM.format(1)))), fetcher, (), NOW)).told
    (after,) = (await look(source(publisher.has("/feed", rss(ITEM.format(1).replace("n1", "n1-bis")))), fetcher, (), NOW)).told
    assert key_of(before) != key_of(after)
    assert (address_of(before.url), digest_of(before)) == (address_of(after.url), digest_of(after))


async def test_only_so_many_items_are_read(publisher: Publisher, fetcher: Fetcher) -> None:
    seen = await look(source(publisher.has("/feed", rss(*(ITEM.format(number) for number in range(9_000))))), fetcher, (), NOW)
    assert [told.own_id for told in seen.told] == [f"n{number}" for number in range(200)]


@pytest.mark.parametrize(
    "body",
    [
        rss(ITEM.format(1).replace("</item>", "<a>" * 1_000_000)),
        rss("<item><title>" + "<" * 4_000_000),
        "<?xml?>" * 700_000,
        "<!-- -->" * 600_000,
        "<a " * 1_600_000,
        rss("<item><description><![CDATA[" * 150_000),
        rss(("<item><title>City</title><description><![CDATA[" + "<div>a" * 4_000 + "]]></description></item>") * 190),
    ],
    ids=["nested", "brackets", "instructions", "comments", "attributes", "sections", "deep"],
)
async def test_what_is_made_to_be_hard_to_read_takes_seconds_at_most(publisher: Publisher, fetcher: Fetcher, body: str) -> None:
    begun = time.process_time()
    await look(source(publisher.has("/feed", body)), fetcher, (), NOW)
    assert time.process_time() - begun < 10


async def test_a_page_that_is_made_to_be_hard_to_read_takes_seconds_at_most(publisher: Publisher, fetcher: Fetcher) -> None:
    begun = time.process_time()
    seen = await look(source(publisher.has("/news", "<article>" * 500_000), SourceKind.PAGE, selectors=SELECTORS), fetcher, (), NOW)
    assert told_nothing(seen, Trouble.NO_ITEMS)
    assert time.process_time() - begun < 15


@pytest.mark.parametrize("status", [401, 403, 404, 418, 500, 503])
async def test_a_refusal_is_named_by_its_status(publisher: Publisher, fetcher: Fetcher, status: int) -> None:
    seen = await look(source(publisher.has("/feed", FEED, status=status)), fetcher, (), NOW)
    assert told_nothing(seen, Trouble.STATUS)
    assert str(status) in seen.problem


async def test_a_source_that_wants_a_rest_gets_it(publisher: Publisher, fetcher: Fetcher) -> None:
    seen = await look(source(publisher.has("/feed", status=429, headers={"Retry-After": "900"})), fetcher, (), NOW)
    assert (seen.failed, seen.rest_seconds) == (True, 900)


async def test_a_source_that_ended_says_so(publisher: Publisher, fetcher: Fetcher) -> None:
    seen = await look(source(publisher.has("/feed", status=410)), fetcher, (), NOW)
    assert told_nothing(seen, Trouble.GONE)
    assert seen.gone


async def test_a_source_that_moved_for_good_is_read_and_says_where_it_is(publisher: Publisher, fetcher: Fetcher) -> None:
    url = publisher.has("/old", status=301, headers={"Location": "/new"})
    new = publisher.has("/new", FEED)
    seen = await look(source(url), fetcher, (), NOW)
    assert (len(seen.told), seen.moved_to) == (2, new)

    publisher.has("/new", status=302, headers={"Location": "/today"})
    publisher.has("/today", FEED)
    assert (await look(source(url), fetcher, (), NOW)).moved_to == new, "where it is just for today is no new home"


async def test_nobody_answers(fetcher: Fetcher, publisher: Publisher) -> None:
    async def cut(request: web.Request) -> web.StreamResponse:
        assert request.transport
        request.transport.abort()
        return web.Response()

    assert told_nothing(await look(source(publisher.does("/feed", cut)), fetcher, (), NOW), Trouble.CONNECTION)
    assert told_nothing(await look(source("http://127.0.0.1:9/feed"), fetcher, (), NOW), Trouble.CONNECTION)


async def test_a_parser_that_stumbles_is_a_problem_of_that_source_alone(
    publisher: Publisher, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def stumble(*_: object, **__: object) -> None:
        raise RecursionError

    monkeypatch.setattr("feedparser.parse", stumble)
    with caplog.at_level(logging.ERROR):
        assert told_nothing(await look(source(publisher.has("/feed", FEED)), fetcher, (), NOW), Trouble.UNREADABLE)
    assert [record.getMessage() for record in caplog.records] == ["source_unreadable"]


# --- Manners ----------------------------------------------------------------------------------------------------------------------------


async def test_a_host_is_asked_one_thing_at_a_time(publisher: Publisher, fetcher: Fetcher) -> None:
    urls = [publisher.has(f"/{number}", FEED) for number in range(5)]
    await asyncio.gather(*(look(source(url), fetcher, (), NOW) for url in urls))
    assert (len(publisher.asked), publisher.at_once) == (5, 1)


async def test_a_host_has_a_pause_between_two_requests(publisher: Publisher) -> None:
    url = publisher.has("/feed", FEED)
    async with Fetcher(Reach(private=True, pause=0.3)) as calm:
        begun = time.monotonic()
        await asyncio.gather(*(look(source(url), calm, (), NOW) for _ in range(3)))
        assert time.monotonic() - begun >= 0.6


async def test_waiting_for_ones_turn_is_not_held_against_a_source(publisher: Publisher) -> None:
    async def slow(_request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0.4)
        return web.Response(text=FEED)

    url = publisher.does("/feed", slow)
    async with Fetcher(Reach(private=True, seconds=0.8, pause=0)) as hasty:
        seen = await asyncio.gather(*(look(source(url), hasty, (), NOW) for _ in range(4)))
    assert [one.problem for one in seen] == [""] * 4


async def test_packed_answers_are_unpacked(publisher: Publisher, fetcher: Fetcher) -> None:
    url = publisher.has("/feed", gzip.compress(FEED.encode()), headers={"Content-Encoding": "gzip"})
    assert len((await look(source(url), fetcher, (), NOW)).told) == 2
    assert publisher.asked[0].headers["Accept-Encoding"] == "gzip, deflate"
