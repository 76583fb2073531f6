"""What others wrote, as plain text that a card can bear. Pure but for a table of abbreviations that is read once."""

from __future__ import annotations

import codecs
import csv
import functools
import itertools
import re
import unicodedata
from typing import TYPE_CHECKING, Final

from selectolax.lexbor import LexborHTMLParser

from data.names import normalise
from data.news import LONGEST_TITLE
from data.sheets import SEED
from data.sources.dates import begins_with_month

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

LONGEST_SUMMARY: Final = 300
MOST_ELEMENTS: Final = 30_000
"""Of a page. Parsing takes a time that grows with the square of the depth, 1.2 s for so many that are never closed."""
_MOST_MARKUP: Final = 50_000
"""Characters of markup that are read for a headline or a summary..."""
_FEW_ELEMENTS: Final = 1_000
"""...and elements: nobody's first sentence begins later."""
_ELEMENT: Final = re.compile("<[A-Za-z]")
_LEAST_WORDS: Final = 4
"""A paragraph of fewer words is a date, a place or a label, and no sentence."""
_BLOCKS: Final = (
    "address,article,aside,blockquote,br,dd,div,dl,dt,figcaption,figure,h1,h2,h3,h4,h5,h6,hr,li,main,ol,p,pre,section,table,td,tr,ul"
)
_SILENT: Final = "script,style,template,noscript,iframe,svg"
_BREAK: Final = "\x1e"
"""Stands between blocks while markup is taken away: no text has it."""
_BIDI: Final = frozenset("\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\u00ad")
_UNFIT: Final = frozenset({"Cc", "Cs", "Co", "Cn"})
_ENDS: Final = re.compile(r"[.!?…]+[\"'»”’)\]]*(?=\s)|[。！？]+[」』”]*")
_LAST_WORD: Final = re.compile(r"(\w[\w'’ʼ.-]*)\.[\"'»”’)\]]*$")
_CUT: Final = re.compile(r"\s*[\[(]\s*(?:…|\.\.\.)\s*[\])]\s*$")
_DECLARED: Final = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})|<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE
)
_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_DAMAGE: Final = 0.02
"""Share of characters that may be broken in what is said to be UTF-8: with more it is something else."""
_CYRILLIC: Final = frozenset({"be", "bg", "kk", "mk", "ru", "sr", "uk"})


def decode(body: bytes, content_type: str = "", lang: str = "") -> str:
    """Bytes as text, whatever they are said to be.

    What is UTF-8 by its bytes is UTF-8: servers declare other things by mistake. Else the document is believed, then the server, then the
    usual charset of the language. Bytes that fit nowhere become replacement characters.
    """
    for mark, charset in _MARKS:
        if body.startswith(mark):
            return body.decode(charset, "replace").lstrip("\ufeff")
    stated = [name.decode("ascii") for name in _declared(body[:2_048])] + _CHARSET.findall(content_type)
    for charset in ("utf-8", *stated):
        try:
            # What calls itself Latin-1 is that of Windows, as browsers have it.
            return body.decode("cp1252" if codecs.lookup(charset).name == "iso8859-1" else charset)
        except (LookupError, UnicodeError):
            continue
    damaged = body.decode("utf-8", "replace")
    if any(name.lower() in {"utf-8", "utf8"} for name in stated) and damaged.count("\ufffd") <= len(damaged) * _DAMAGE:
        return damaged
    return body.decode("cp1251" if lang.partition("-")[0] in _CYRILLIC else "cp1252", "replace")


def parse_html(markup: str, most_elements: int = MOST_ELEMENTS) -> LexborHTMLParser:
    """The tree of a page, as far as it has no more elements."""
    end = next(itertools.islice(_ELEMENT.finditer(markup), most_elements, None), None)
    return LexborHTMLParser(markup[: end.start()] if end else markup)


def plain(markup: str) -> str:
    """The text of markup on one line, without what cannot be seen."""
    return " ".join(" ".join(paragraphs(markup)).split())


def paragraphs(markup: str) -> list[str]:
    """The text of markup, block by block, each on one line; empty ones are left out."""
    tree = parse_html(markup[:_MOST_MARKUP].replace(_BREAK, " "), _FEW_ELEMENTS)
    for node in tree.css(_SILENT):
        node.decompose()
    for node in tree.css(_BLOCKS):
        node.insert_before(_BREAK)
        node.insert_after(_BREAK)
    text = tree.body.text() if tree.body else ""
    return [line for block in text.split(_BREAK) if (line := tidy(block))]


def tidy(text: str) -> str:
    """On one line, composed, without control characters and marks that turn the direction of what follows."""
    composed = unicodedata.normalize("NFC", text)
    kept = (" " if letter in "\t\r\n\f\v\x85\u2028\u2029" else letter for letter in composed if letter not in _BIDI)
    return " ".join("".join(letter for letter in kept if unicodedata.category(letter) not in _UNFIT).split())


def headline(markup: str) -> str:
    """A title of at most 120 characters."""
    return shorten(plain(markup), LONGEST_TITLE)


def first_sentence(markup: str, title: str = "", lang: str = "en") -> str:
    """The first sentence that is not the title again, at most 300 characters; empty if there is none."""
    told = normalise(title)
    blocks = [block for block in paragraphs(markup) if (words := normalise(block)) and words != told]
    long = [block for block in blocks if len(block.split()) >= _LEAST_WORDS or (not block.isascii() and " " not in block)]
    for block in long or [" ".join(blocks)]:
        return shorten(_CUT.sub("…", next(_sentences(block, lang), block)), LONGEST_SUMMARY)
    return ""


def shorten(text: str, most: int) -> str:
    """At most so many characters, cut between two words, with … where something is missing."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    between = cut.rfind(" ") if text[most - 1] != " " else len(cut)
    # Some languages write no blanks: a text without one is cut anywhere.
    return f"{cut[: between if between > most // 2 else len(cut)].rstrip(' ,;:.–—-')}…"


def _declared(head: bytes) -> Iterator[bytes]:
    for match in _DECLARED.finditer(head):
        yield match[1] or match[2]


def _sentences(text: str, lang: str) -> Iterator[str]:
    """The beginning of a text up to where its first sentence may end, then up to the next such place, and so on."""
    for end in _ENDS.finditer(text):
        if not _goes_on(text[: end.end()], text[end.end() :].lstrip(), lang):
            yield text[: end.end()]


def _goes_on(before: str, after: str, lang: str) -> bool:
    """Whether a sentence goes on after a full stop: it belonged to an abbreviation, an initial or a day, or a small letter follows."""
    if after[:1].islower():
        return True
    word = _LAST_WORD.search(before)
    if word is None:
        return False
    last = word[1].casefold()
    if last.isdecimal():
        return begins_with_month(after, lang)
    return len(last) == 1 or last in _abbreviations()


@functools.cache
def _abbreviations() -> Collection[str]:
    """Words of all languages that end in a full stop without ending a sentence, in small letters and without it."""
    with (SEED / "abbreviations.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(row["word"].casefold().removesuffix(".") for row in csv.DictReader(file))
