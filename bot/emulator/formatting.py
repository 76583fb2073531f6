"""Text as Telegram reads it: HTML into plain text and entities, with Telegram's own complaints.

The grammar follows https://core.telegram.org/bots/api#html-style. Offsets in messages are bytes of UTF-8, offsets in entities UTF-16 units.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from telegram.constants import MessageLimit

from bot.emulator.errors import ApiError, bad_request, would_be_lost

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Entity = dict[str, Any]

TAGS: Final[Mapping[str, str]] = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
NAMED: Final[Mapping[str, str]] = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}

_REFERENCE: Final = re.compile(r"&(?:#(?P<dec>\d{1,7})|#[xX](?P<hex>[0-9a-fA-F]{1,6})|(?P<name>lt|gt|amp|quot));?")
_PLAIN: Final = re.compile(r"[^<&]+")
_START: Final = re.compile(r"<(?P<tag>[^\s>]*)")
_END: Final = re.compile(r"</(?P<tag>[^\s>]*)\s*")
_ATTRIBUTE_NAME: Final = re.compile(r"[^\s=>/\"']*")
_TOKEN: Final = re.compile(r"[A-Za-z0-9.\-]*")
_SPACE: Final = re.compile(r"\s*")
_MENTION_OF_USER: Final = re.compile(r"tg://user\?id=(\d+)")


def utf16(text: str) -> int:
    """Length in the units Telegram counts: characters beyond the Basic Multilingual Plane are two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(frozen=True)
class Text:
    """What is left of a formatted text once the markup is read."""

    plain: str
    entities: tuple[Entity, ...] = ()


@dataclass
class _Open:
    tag: str
    argument: str
    offset: int
    begins: int


def parse_html(source: str) -> Text:
    """Read `source` or raise ApiError with the description Telegram gives.

    An unknown named entity such as `&nbsp;` and a bare `&` stay as written, as they do in Telegram.
    """
    return _Parser(source).parse()


class _Parser:
    """One pass over the source; `at` is the place of reading, `units` the UTF-16 length written so far."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.plain: list[str] = []
        self.units = 0
        self.stack: list[_Open] = []
        self.entities: list[Entity] = []

    def parse(self) -> Text:
        while self.at < len(self.source):
            if self.source.startswith("</", self.at):
                self._end_tag()
            elif self.source[self.at] == "<":
                self._start_tag()
            elif run := _PLAIN.match(self.source, self.at):
                self._write(run[0])
                self.at = run.end()
            else:
                self._write(self._character())
        if self.stack:
            raise _cannot_parse(f'Can\'t find end tag corresponding to start tag "{self.stack[-1].tag}"')
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return Text("".join(self.plain), tuple(self.entities))

    def _write(self, words: str) -> None:
        self.plain.append(words)
        self.units += utf16(words)

    def _character(self) -> str:
        """The next character, with a reference resolved."""
        match = _REFERENCE.match(self.source, self.at)
        char = _resolve(match) if match else None
        if match is None or char is None:
            char = self.source[self.at]
            self.at += 1
            return char
        self.at = match.end()
        return char

    def _skip_space(self) -> None:
        match = _SPACE.match(self.source, self.at)
        self.at = match.end() if match else self.at

    def _peek(self) -> str:
        return self.source[self.at : self.at + 1]

    def _place(self, index: int) -> str:
        return f"at byte offset {len(self.source[:index].encode('utf-8', 'surrogatepass'))}"

    def _start_tag(self) -> None:
        begin = self.at
        match = _START.match(self.source, begin)
        tag = match["tag"].lower() if match else ""
        self.at = match.end() if match else begin
        if not self._peek():
            raise _cannot_parse(f"Unclosed start tag {self._place(begin)}")
        if tag not in TAGS:
            raise _cannot_parse(f'Unsupported start tag "{tag}" {self._place(begin)}')
        argument = self._attributes(tag, begin)
        if tag == "span" and argument != "spoiler":
            raise _cannot_parse(f'Tag "span" must have class "tg-spoiler" {self._place(begin)}')
        self.stack.append(_Open(tag, argument, self.units, len(self.plain)))

    def _attributes(self, tag: str, begin: int) -> str:
        """Read up to the closing `>`; the value of the one attribute that matters to `tag`."""
        argument = ""
        while True:
            self._skip_space()
            if self._peek() == ">":
                self.at += 1
                return argument
            name = self._attribute_name(tag, begin)
            value = self._attribute_value(tag, begin)
            argument = _argument(tag, name, value) or argument

    def _attribute_name(self, tag: str, begin: int) -> str:
        match = _ATTRIBUTE_NAME.match(self.source, self.at)
        name = match[0] if match else ""
        if not name:
            raise _cannot_parse(f'Empty attribute name in the tag "{tag}" {self._place(begin)}')
        self.at += len(name)
        return name

    def _attribute_value(self, tag: str, begin: int) -> str:
        self._skip_space()
        if not self._peek():
            raise _cannot_parse(f'Unclosed start tag "{tag}" {self._place(begin)}')
        if self._peek() != "=":
            return ""
        self.at += 1
        self._skip_space()
        value = self._quoted() if self._peek() in {'"', "'"} else self._token()
        if not self._peek():
            raise _cannot_parse(f"Unclosed start tag {self._place(begin)}")
        return value

    def _token(self) -> str:
        begin = self.at
        match = _TOKEN.match(self.source, begin)
        value = match[0] if match else ""
        self.at += len(value)
        if self._peek() and self._peek() != ">" and not self._peek().isspace():
            raise _cannot_parse(f"Unexpected end of name token {self._place(begin)}")
        return value.lower()

    def _quoted(self) -> str:
        quote = self._peek()
        self.at += 1
        value: list[str] = []
        while self._peek() and self._peek() != quote:
            value.append(self._character())
        self.at += 1
        return "".join(value)

    def _end_tag(self) -> None:
        begin = self.at
        if not self.stack:
            raise _cannot_parse(f"Unexpected end tag {self._place(begin)}")
        match = _END.match(self.source, begin)
        found = match["tag"] if match else ""
        self.at = match.end() if match else begin
        if self._peek() != ">":
            raise _cannot_parse(f"Unclosed end tag {self._place(begin)}")
        self.at += 1
        opened = self.stack.pop()
        if found and found != opened.tag:
            raise _cannot_parse(f'Unmatched end tag {self._place(begin)}, expected "</{opened.tag}>", found "</{found}>"')
        if self.units > opened.offset:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        entity: Entity = {"type": TAGS[opened.tag], "offset": opened.offset, "length": self.units - opened.offset}
        match opened.tag:
            case "a":
                entity |= _link(opened.argument or "".join(self.plain[opened.begins :]))
            case "tg-emoji":
                if not opened.argument.isdecimal():
                    raise bad_request("Invalid custom emoji identifier specified")
                entity["custom_emoji_id"] = opened.argument
            case "blockquote" if opened.argument:
                entity["type"] = "expandable_blockquote"
            case "code" if self.stack and self.stack[-1].tag == "pre":
                entity["language"] = opened.argument
            case "pre":
                self._take_language(entity)
        self.entities.append(entity)

    def _take_language(self, pre: Entity) -> None:
        """`<pre><code class="language-x">` is one entity of type pre with a language."""
        last = self.entities[-1] if self.entities else {}
        language = last.pop("language", "")
        if language and (last["offset"], last["length"]) == (pre["offset"], pre["length"]):
            self.entities.pop()
            pre["language"] = language


def _cannot_parse(reason: str) -> ApiError:
    return bad_request(f"can't parse entities: {reason}")


def _resolve(match: re.Match[str]) -> str | None:
    if match["name"]:
        return NAMED[match["name"]]
    code = int(match["dec"]) if match["dec"] else int(match["hex"], 16)
    return chr(code) if 0 < code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else None  # noqa: PLR2004 - Unicode's own bounds.


def _argument(tag: str, name: str, value: str) -> str:
    match tag, name:
        case ("a", "href") | ("tg-emoji", "emoji-id"):
            return value
        case "code", "class":
            return value.removeprefix("language-") if value.startswith("language-") else ""
        case "span", "class":
            return value.removeprefix("tg-") if value.startswith("tg-") else ""
        case "blockquote", "expandable":
            return "1"
        case _:
            return ""


def _link(url: str) -> Entity:
    if user := _MENTION_OF_USER.fullmatch(url):
        return {"type": "text_mention", "user": {"id": int(user[1]), "is_bot": False, "first_name": ""}}
    if not is_url(url):
        # Telegram shows the words and drops the link.
        raise would_be_lost(f"the link {url!r} is not a URL that Telegram keeps")
    return {"url": url}


_WEB: Final = re.compile(r"(?i)(?:https?://)?(?:[\w\-]+\.)+[\w\-]{2,}(?::\d{1,5})?(?:[/?#]\S*)?")
_LOCAL: Final = re.compile(r"(?i)https?://(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?(?:[/?#]\S*)?")
_OWN: Final = re.compile(r"(?i)(?:tg|ton)://\S+|mailto:\S+@\S+|tel:\+?[\d\-]+")


def is_url(url: str) -> bool:
    """Whether Telegram keeps `url` behind a text link."""
    return bool(_WEB.fullmatch(url) or _LOCAL.fullmatch(url) or _OWN.fullmatch(url))


def trimmed(text: Text) -> Text:
    """Spaces around a text are cut, and entities with them; an entity left empty is gone."""
    left = utf16(text.plain[: len(text.plain) - len(text.plain.lstrip())])
    plain = text.plain.strip()
    total = utf16(plain)
    kept = []
    for entity in text.entities:
        start = max(entity["offset"] - left, 0)
        end = min(entity["offset"] - left + entity["length"], total)
        if end > start:
            kept.append(entity | {"offset": start, "length": end - start})
    return Text(plain, tuple(kept))


def read_text(source: str, parse_mode: str | None, entities: Sequence[Entity] | None) -> Text:
    """The text of a message or caption, whichever way its formatting was given."""
    if any("\ud800" <= char <= "\udfff" for char in source):
        raise bad_request("strings must be encoded in UTF-8")
    if not parse_mode:
        text = Text(source, tuple(entities or ()))
        if any(entity["offset"] + entity["length"] > utf16(source) for entity in text.entities):
            raise bad_request("ENTITY_BOUNDS_INVALID")
    elif parse_mode.lower() == "html":
        text = parse_html(source)
    elif parse_mode.lower() in {"markdown", "markdownv2"}:
        raise would_be_lost(f"parse_mode {parse_mode} is not emulated: the bot writes HTML")
    else:
        raise bad_request("unsupported parse_mode")
    text = trimmed(text)
    if len(text.entities) > MessageLimit.MESSAGE_ENTITIES:
        raise would_be_lost(f"more than {MessageLimit.MESSAGE_ENTITIES:d} entities; Telegram ignores the rest")
    return text


_DETECTED: Final = re.compile(
    r"(?P<url>https?://[^\s<>\"]+[^\s<>\".,;:!?)])"
    r"|(?<![\w.])(?P<email>[\w.+\-]+@[\w\-]+\.[\w.\-]*\w)"
    r"|(?<![\w/@])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?)(?![\w/])"
    r"|(?<![\w@])(?P<mention>@[A-Za-z]\w{3,31})"
    r"|(?<![\w#])(?P<hashtag>#\w*[^\W\d]\w*)"
)


def with_detected(text: Text) -> Text:
    """The entities Telegram finds by itself (commands, mentions, links, hashtags) join the given ones."""
    found = []
    for match in _DETECTED.finditer(text.plain):
        start, length = utf16(text.plain[: match.start()]), utf16(match[0])
        if not any(start < other["offset"] + other["length"] and other["offset"] < start + length for other in text.entities):
            found.append({"type": match.lastgroup, "offset": start, "length": length})
    if not found:
        return text
    return Text(text.plain, tuple(sorted((*text.entities, *found), key=lambda entity: (entity["offset"], -entity["length"]))))
