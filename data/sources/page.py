"""HTML pages that list news: selectors of a person say where things are. Pure: bytes in, what they tell out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from data.sources.dates import believed, read_date
from data.sources.identity import clean
from data.sources.model import NotRead, Told, Trouble
from data.sources.text import decode, first_sentence, headline, parse_html

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from selectolax.lexbor import LexborHTMLParser, LexborNode

    from data.sources.model import Source

MOST_ITEMS: Final = 200


def read(body: bytes, content_type: str, base: str, source: Source, now: dt.datetime) -> list[Told]:
    """What a list tells, in its order, 200 items at most; dates and summaries only as far as they stand there.

    What the selectors leave out is guessed plainly: the link is the first of the item, the title its text. `base` is where the list was
    found. Raises NotRead if nothing fits.
    """
    tree = parse_html(decode(body, content_type, source.lang))
    stated = tree.css_first("base[href]")
    base = clean(stated.attributes.get("href") or "", base) if stated else base
    items = tree.css(source.selectors["item"])[:MOST_ITEMS]
    found = [told for item in items if (told := _told(item, base, source, now))]
    if not found:
        raise NotRead(Trouble.NO_ITEMS)
    return found


def wants_article(told: Told, selectors: Mapping[str, str]) -> bool:
    """Whether something is still to be read on the page of the item itself."""
    return bool(told.url) and ((told.date is None and "article_date" in selectors) or (not told.summary and "article_summary" in selectors))


def complete(told: Told, body: bytes, content_type: str, source: Source, now: dt.datetime) -> Told:
    """An item with the date and the summary of its own page, as far as it lacks them and they are there."""
    tree = parse_html(decode(body, content_type, source.lang))
    date, summary = told.date, told.summary
    if date is None and (node := _first(tree, source.selectors.get("article_date"))):
        date = believed(_date(node, source.lang), now)
    if not summary and (node := _first(tree, source.selectors.get("article_summary"))):
        summary = first_sentence(_content(node), told.title, source.lang)
    return replace(told, date=date, summary=summary)


def _told(item: LexborNode, base: str, source: Source, now: dt.datetime) -> Told | None:
    """One item; None without a title."""
    selectors = source.selectors
    link = _first(item, selectors.get("link", "a[href]")) or (item if item.tag == "a" else None)
    named = _first(item, selectors.get("title")) or link
    title = headline(_content(named)) if named else ""
    if not title:
        return None
    summary, date = _first(item, selectors.get("summary")), _first(item, selectors.get("date"))
    return Told(
        own_id="",
        url=clean(link.attributes.get("href") or "", base) if link and link.attributes.get("href") else "",
        title=title,
        summary=first_sentence(_content(summary), title, source.lang) if summary else "",
        date=believed(_date(date, source.lang), now) if date else None,
        lang=source.lang,
    )


def _first(tree: LexborNode | LexborHTMLParser, selector: str | None) -> LexborNode | None:
    return tree.css_first(selector) if selector else None


def _content(node: LexborNode) -> str:
    """Markup of what a node says: its `content`, as a meta element has it, else what is in it."""
    return node.attributes.get("content") or node.html or ""


def _date(node: LexborNode, lang: str) -> dt.date | None:
    """What a node dates: by its `datetime` or `content`, written for machines, else by its text."""
    stated = node.attributes.get("datetime") or node.attributes.get("content") or ""
    return read_date(stated, lang) or read_date(node.text(separator=" "), lang)
