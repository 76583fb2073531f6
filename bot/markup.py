"""Composing messages: safe text, blocks, buttons, and packing them within Telegram's limits.

A message is built from blocks and never cut as a string. `Html` values come only from the helpers here, which escape; a plain
`str` in a block is escaped when it is rendered. Lengths are those that Telegram counts: UTF-16 units of the text that remains
after the markup is parsed.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.callbacks import Action

TEXT_UNITS: Final = 4096
CAPTION_UNITS: Final = 1024
ALERT_UNITS: Final = 200
ENTITIES: Final = 100
"""Telegram ignores formatting beyond this many entities in a message. https://core.telegram.org/bots/api#formatting-options"""

_TAG: Final = re.compile(r"<(/?)[a-z][^>]*>")
_LINK: Final = re.compile(r'<a href="([^"]*)">(.*?)</a>', re.DOTALL)


class Html(str):
    """Text that is safe to send with parse mode HTML."""

    __slots__ = ()


Text = str | Html


def escape(text: Text) -> Html:
    """Plain text made safe; Html stays as it is."""
    return text if isinstance(text, Html) else Html(html.escape(text, quote=False))


def fill(template: Text, **fields: Text) -> Html:
    """A sentence with its named fields filled in; everything that is not Html already is escaped."""
    return Html(escape(template).format(**{name: escape(value) for name, value in fields.items()}))


def bold(text: Text) -> Html:
    """Bold text."""
    return Html(f"<b>{escape(text)}</b>")


def italic(text: Text) -> Html:
    """Italic text."""
    return Html(f"<i>{escape(text)}</i>")


def code(text: Text) -> Html:
    """Text that is copied at a tap."""
    return Html(f"<code>{escape(text)}</code>")


def link(label: Text, url: str) -> Html:
    """A label that opens an address."""
    return Html(f'<a href="{html.escape(url)}">{escape(label)}</a>')


def joined(parts: Iterable[Text], separator: str = ", ") -> Html:
    """Parts in a row."""
    return Html(escape(separator).join(escape(part) for part in parts))


def visible(text: Html) -> str:
    """What a reader sees: the text after Telegram parsed the markup."""
    return html.unescape(_TAG.sub("", text))


def plain(blocks: Sequence[Block]) -> str:
    """The blocks for a terminal: links with their address in brackets, no other markup."""
    texts = ("\n".join(block.rendered()) for block in blocks)
    text = "\n\n".join(filter(None, texts))
    return visible(Html(_LINK.sub(r"\2 (\1)", text)))


def units(text: str) -> int:
    """Length as Telegram counts it, in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def entities(text: Html) -> int:
    """How many formatted spans a text has."""
    return sum(1 for match in _TAG.finditer(text) if not match.group(1))


def shorten(text: str, most: int) -> str:
    """At most so many characters of plain text, cut at a word where there is one, with an ellipsis."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    head, space, _ = text[:most].rpartition(" ")
    return (head if space and len(head) > most // 2 else text[: most - 1]).rstrip(" ,.;:–-") + "…"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that stand together; paragraphs are set apart by an empty line."""

    lines: tuple[Text, ...]

    def rendered(self) -> Iterator[Html]:
        """Each line, escaped."""
        return (escape(line) for line in self.lines if line)


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list, one item a line."""

    items: tuple[Text, ...]

    def rendered(self) -> Iterator[Html]:
        """Each item behind its dot."""
        return (Html(f"• {escape(item)}") for item in self.items)


@dataclass(frozen=True, slots=True)
class Numbered:
    """Steps in their order, one a line."""

    items: tuple[Text, ...]

    def rendered(self) -> Iterator[Html]:
        """Each item behind its number."""
        return (Html(f"{number}. {escape(item)}") for number, item in enumerate(self.items, 1))


@dataclass(frozen=True, slots=True)
class Title:
    """The first line: bold name, and lines that belong right under it."""

    text: Text
    original: str = ""
    """The name in the place's own language, where it differs."""
    under: tuple[Text, ...] = ()

    def rendered(self) -> Iterator[Html]:
        """The title line, then the lines under it."""
        yield Html(f"{bold(self.text)} · {escape(self.original)}") if self.original else bold(self.text)
        yield from (escape(line) for line in self.under if line)


Block = Paragraph | Bullets | Numbered | Title


def line(*texts: Text) -> Paragraph:
    """A paragraph of these lines; empty ones fall out."""
    return Paragraph(tuple(text for text in texts if text))


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message: it does `action`, opens `url`, or starts an inline query in a chat of the reader's choice."""

    text: str
    action: Action | None = None
    url: str = ""
    inline_query: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A file to send along."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Venue:
    """A point on the map to send along."""

    lat: float
    lon: float
    title: str
    address: str


@dataclass(frozen=True, slots=True)
class Screen:
    """What the bot shows: blocks of text, rows of buttons, and what comes along with them."""

    blocks: tuple[Block, ...]
    buttons: tuple[tuple[Button, ...], ...] = ()
    document: Document | None = None
    venue: Venue | None = None
    ask_location: str = ""
    """Label of a reply-keyboard button that sends the reader's location; private chats only."""
    ask_reply: str = ""
    """Placeholder of an input field that answers this very message."""

    @property
    def is_editable(self) -> bool:
        """Whether a message that is there already may become it: keyboards under the input come with new messages only."""
        return not self.ask_location and not self.ask_reply


def rows(*buttons: Button | None, width: int = 2) -> tuple[tuple[Button, ...], ...]:
    """Buttons in rows of at most `width`; None falls out, and so does a button that is there already."""
    present = [button for button in buttons if button]
    if len({button.text for button in present}) < len(present):
        present = list(dict.fromkeys(present))
    return tuple(tuple(present[start : start + width]) for start in range(0, len(present), width))


def pack(blocks: Sequence[Block], most: int = TEXT_UNITS) -> tuple[Html, ...]:
    """The blocks as messages, each within `most` units and 100 entities.

    A message breaks between blocks, and inside a block only where the block alone is too long: then between its lines. A single
    line that is too long loses its formatting and is broken between words.
    """
    messages: list[Html] = []
    for piece, separator in _pieces(blocks, most):
        longer = Html(messages[-1] + separator + piece) if messages else piece
        if messages and _fits(longer, most):
            messages[-1] = longer
        else:
            messages.append(piece)
    return tuple(messages)


def _pieces(blocks: Sequence[Block], most: int) -> Iterator[tuple[Html, str]]:
    """Pieces that fit a message each, and what sets each apart from the one before."""
    for block in blocks:
        lines = [part for whole in block.rendered() for part in _broken(whole, most)]
        text = Html("\n".join(lines))
        if _fits(text, most):
            if text[:1].isalnum() or visible(text).strip():
                yield text, "\n\n"
        else:
            seen = [part for part in lines if visible(part).strip()]
            yield from ((part, "\n" if number else "\n\n") for number, part in enumerate(seen))


def _fits(text: Html, most: int) -> bool:
    """Whether a text is within the limits. Most are so short that no count is needed: each character is two units at most."""
    if 2 * len(text) <= most and text.count("<") <= ENTITIES:
        return True
    return units(visible(text)) <= most and entities(text) <= ENTITIES


def _broken(whole: Html, most: int) -> Iterator[Html]:
    if _fits(whole, most):
        yield whole
        return
    part = ""
    for word in re.findall(r"\S{1,500}\s*", visible(whole)):
        if units(part + word) > most and part:
            yield escape(part.rstrip())
            part = ""
        part += word
    if part:
        yield escape(part.rstrip())
