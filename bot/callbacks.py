"""What buttons do, as text.

A button carries its whole meaning: version, a letter, fields. Nothing is kept on our side, so buttons survive restarts. Telegram
allows 64 bytes (https://core.telegram.org/bots/api#inlinekeyboardbutton); numbers stand for cities and letters for regions to
stay within. A button of a version we no longer know decodes to None, and the reader gets a fresh card.

`v1` is `1:c:12` for city 12, or `1:l:UA,e,2022,adult-education,2019,m:3` for the third page of a filtered list.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final, NewType, Self, get_type_hints

from data.follows import Kind, Target
from data.types import CountryCode, Filter, Region, Status, ThemeId

if TYPE_CHECKING:
    from collections.abc import Callable

VERSION: Final = "1"
MOST_BYTES: Final = 64
LONGEST_ZONE: Final = 32
"""Characters: America/Argentina/ComodRivadavia."""
START_PAYLOAD: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What may follow `?start=`. https://core.telegram.org/bots/features#deep-linking"""


Elsewhere = NewType("Elsewhere", int)
"""The chat whose follows a button is about; 0 is the chat, or the topic, in which it stands."""
HERE: Final = Elsewhere(0)
ZoneName = NewType("ZoneName", str)
"""A name of the IANA database: Europe/Kyiv."""


class Action:
    """What a press does. Each kind has a letter of its own; its fields are the dataclass fields in order."""

    letter: ClassVar[str]
    __match_args__: ClassVar[tuple[str, ...]]
    """The names of the fields in order, as dataclasses set it."""

    def pack(self) -> str:
        """The callback data."""
        fields = [_pack(getattr(self, name)) for name in self.__match_args__]
        return ":".join((VERSION, self.letter, *fields))

    @classmethod
    def unpack(cls, fields: list[str]) -> Self:
        """The action of these fields; ValueError if they are not its own."""
        hints = get_type_hints(cls)
        kinds = [hints[field.name] for field in dataclasses.fields(cls)]  # type: ignore[arg-type]
        if len(kinds) != len(fields):
            raise ValueError(f"{len(fields)} fields where {len(kinds)} are wanted")
        return cls(*(PARSERS[kind](text) for kind, text in zip(kinds, fields, strict=True)))


@dataclass(frozen=True)
class OpenStart(Action):
    """The first screen."""

    letter: ClassVar[str] = "s"


@dataclass(frozen=True)
class OpenHelp(Action):
    """What the bot can do."""

    letter: ClassVar[str] = "h"


@dataclass(frozen=True)
class OpenCity(Action):
    """The card of a city."""

    city: int
    letter: ClassVar[str] = "c"


@dataclass(frozen=True)
class OpenSources(Action):
    """All sources of a city's facts."""

    city: int
    letter: ClassVar[str] = "o"


@dataclass(frozen=True)
class OpenSimilar(Action):
    """Cities like a city."""

    city: int
    letter: ClassVar[str] = "y"


@dataclass(frozen=True)
class SendMap(Action):
    """The place of a city on the map."""

    city: int
    letter: ClassVar[str] = "m"


@dataclass(frozen=True)
class ListCities(Action):
    """A page of cities that pass a filter."""

    wanted: Filter
    page: int = 0
    letter: ClassVar[str] = "l"


@dataclass(frozen=True)
class Download(Action):
    """The cities that pass a filter, as a file."""

    wanted: Filter
    letter: ClassVar[str] = "d"


@dataclass(frozen=True)
class ListCountries(Action):
    """A page of countries; of a region, if one is named."""

    region: Region | None
    page: int = 0
    letter: ClassVar[str] = "k"


@dataclass(frozen=True)
class ListPractices(Action):
    """A page of practices: of a city (its number, 0 for all), a country, with a theme."""

    city: int
    country: CountryCode | None
    theme: ThemeId | None
    page: int = 0
    letter: ClassVar[str] = "p"


@dataclass(frozen=True)
class ListThemes(Action):
    """The themes to choose from; of practices in a country, if one is named."""

    country: CountryCode | None
    letter: ClassVar[str] = "t"


@dataclass(frozen=True)
class ListAwards(Action):
    """The awardees of a year; 0 for the rounds to choose from."""

    year: int
    letter: ClassVar[str] = "a"


@dataclass(frozen=True)
class ListNews(Action):
    """A page of news: about a city (its number, 0 for all) or a country."""

    city: int
    country: CountryCode | None
    page: int = 0
    letter: ClassVar[str] = "n"


@dataclass(frozen=True)
class OpenNews(Action):
    """One news item."""

    item: str
    letter: ClassVar[str] = "i"


@dataclass(frozen=True)
class SendCalendar(Action):
    """The day of a conference or of a deadline, as a file that calendars open: the id of the conference or the news item."""

    record: str
    letter: ClassVar[str] = "K"


@dataclass(frozen=True)
class FindNearest(Action):
    """Ask for a location."""

    letter: ClassVar[str] = "g"


@dataclass(frozen=True)
class OpenAbout(Action):
    """What the network is, part by part: network, features, sdg, conferences, documents, contacts, bot."""

    part: str
    letter: ClassVar[str] = "b"


@dataclass(frozen=True)
class OpenJoin(Action):
    """How a city joins, topic by topic."""

    topic: str
    letter: ClassVar[str] = "j"


@dataclass(frozen=True)
class OpenFaq(Action):
    """One answer of the FAQ."""

    entry: str
    letter: ClassVar[str] = "Q"


@dataclass(frozen=True)
class ChooseLanguage(Action):
    """The languages to choose from."""

    letter: ClassVar[str] = "u"


@dataclass(frozen=True)
class SetLanguage(Action):
    """Speak this language; empty follows Telegram's."""

    lang: str
    letter: ClassVar[str] = "v"


@dataclass(frozen=True)
class Report(Action):
    """Report a mistake in a record: `city`, `practice` or `news`, and its id or number."""

    kind: str
    record: str
    letter: ClassVar[str] = "r"


@dataclass(frozen=True)
class Forget(Action):
    """Delete what is known of the chat: asks at `step` 0, does it at 1."""

    step: int = 0
    letter: ClassVar[str] = "f"


@dataclass(frozen=True)
class Cancel(Action):
    """Leave everything as it is."""

    letter: ClassVar[str] = "x"


@dataclass(frozen=True)
class ToggleFollow(Action):
    """Follow what a card is about, or with 0 follow it no longer; the card stays."""

    on: int
    target: Target
    letter: ClassVar[str] = "w"


@dataclass(frozen=True)
class StartFollow(Action):
    """Follow something, and say so."""

    target: Target
    chat: Elsewhere = HERE
    letter: ClassVar[str] = "F"


@dataclass(frozen=True)
class EndFollow(Action):
    """Follow something no longer, and say so."""

    target: Target
    chat: Elsewhere = HERE
    letter: ClassVar[str] = "E"


@dataclass(frozen=True)
class EndAllFollows(Action):
    """Follow nothing any more: asks at `step` 0, does it at 1."""

    step: int = 0
    chat: Elsewhere = HERE
    letter: ClassVar[str] = "A"


@dataclass(frozen=True)
class ChooseFollow(Action):
    """What there is to follow: `part` is regions, themes, or empty for the ways to choose."""

    part: str = ""
    chat: Elsewhere = HERE
    letter: ClassVar[str] = "C"


@dataclass(frozen=True)
class ListFollows(Action):
    """A page of what is followed."""

    page: int = 0
    chat: Elsewhere = HERE
    letter: ClassVar[str] = "e"


@dataclass(frozen=True)
class ChangeListed(Action):
    """Take a follow off the list, or with 1 go on with a paused one; the list stays."""

    on: int
    target: Target
    page: int = 0
    chat: Elsewhere = HERE
    letter: ClassVar[str] = "L"


@dataclass(frozen=True)
class OpenFollow(Action):
    """One follow of the list, with all that can be chosen for it; `page` is that of the list."""

    target: Target
    page: int = 0
    chat: Elsewhere = HERE
    letter: ClassVar[str] = "G"


@dataclass(frozen=True)
class TuneFollow(Action):
    """Change how news of a follow comes: `how` is a letter of `bot.screens.tuning.PACES`, `l` loud, `s` silent, `f` asks for words."""

    how: str
    target: Target
    page: int = 0
    chat: Elsewhere = HERE
    letter: ClassVar[str] = "P"


@dataclass(frozen=True)
class OpenTiming(Action):
    """When news comes to a chat, or the choices for a `part` of that; see `bot.screens.timing`."""

    part: str = ""
    chat: Elsewhere = HERE
    letter: ClassVar[str] = "q"


@dataclass(frozen=True)
class SetTiming(Action):
    """Choose quiet hours, the time of digests or the day of the weekly one: `quiet`, `digest` or `day`, and `wish` as one would type it."""

    part: str
    wish: str
    chat: Elsewhere = HERE
    letter: ClassVar[str] = "H"


@dataclass(frozen=True)
class SetZone(Action):
    """Live by these clocks."""

    zone: ZoneName
    chat: Elsewhere = HERE
    letter: ClassVar[str] = "z"


@dataclass(frozen=True)
class PreviewDigest(Action):
    """What the next digest would hold now: the `daily` or the `weekly` one, or empty for the one that comes first."""

    pace: str = ""
    chat: Elsewhere = HERE
    letter: ClassVar[str] = "D"


@dataclass(frozen=True)
class OpenBeside(Action):
    """Show `news` or `timing` in a message of its own: what was sent by itself stays."""

    what: str
    letter: ClassVar[str] = "B"


@dataclass(frozen=True)
class Tune(Action):
    """What an item that was delivered lets its reader choose; `how` is a number of `bot.screens.delivery.Standing`."""

    how: int
    target: Target
    item: str
    letter: ClassVar[str] = "T"


@dataclass(frozen=True)
class ListMissed(Action):
    """News that did not arrive."""

    letter: ClassVar[str] = "M"


@dataclass(frozen=True)
class WriteNews(Action):
    """An admin's draft: publish, edit or cancel it; `again` takes what was typed once more, as new news if the draft is 0."""

    draft: int
    what: str
    letter: ClassVar[str] = "W"


@dataclass(frozen=True)
class ListUnanswered(Action):
    """A page of what was asked in vain in a language; an admin's."""

    lang: str
    page: int = 0
    letter: ClassVar[str] = "U"


@dataclass(frozen=True)
class ManageItem(Action):
    """The delivery of an item: show, pause, resume, stop, correct or withdraw it; `again` takes a typed correction once more."""

    item: str
    what: str
    letter: ClassVar[str] = "I"


@dataclass(frozen=True)
class ManageSource(Action):
    """A source of news, or all if none is named: show it, on, off, ask, trust, probe, remove, which asks first, and gone, which does it."""

    source: str = ""
    what: str = "show"
    letter: ClassVar[str] = "N"


@dataclass(frozen=True)
class AddSource(Action):
    """Keep the source that the message above asks for, written in this language."""

    lang: str
    letter: ClassVar[str] = "O"


@dataclass(frozen=True)
class JudgeEntry(Action):
    """What a source told: show, publish, edit or drop it, its tags, one tag less (`untag`), or the next after it."""

    entry: int
    what: str = "show"
    tag: str = ""
    letter: ClassVar[str] = "J"


ACTIONS: Final[dict[str, type[Action]]] = {kind.letter: kind for kind in Action.__subclasses__() if "letter" in kind.__dict__}


def unpack(data: str) -> Action | None:
    """The action a button carries; None for a button of another version or a damaged one."""
    version, _, rest = data.partition(":")
    letter, *fields = rest.split(":")
    kind = ACTIONS.get(letter)
    if version != VERSION or kind is None:
        return None
    try:
        return kind.unpack(fields)
    except ValueError:
        return None


def pattern(kind: type[Action]) -> re.Pattern[str]:
    """What the data of this kind of button begins with."""
    return re.compile(rf"{VERSION}:{kind.letter}(:|$)")


REGIONS: Final = {
    Region.AFRICA: "a",
    Region.ARAB_STATES: "r",
    Region.ASIA_PACIFIC: "p",
    Region.EUROPE_NORTH_AMERICA: "e",
    Region.LATIN_AMERICA_CARIBBEAN: "l",
}
KINDS: Final = {Kind.CITY: "c", Kind.COUNTRY: "l", Kind.REGION: "r", Kind.THEME: "t", Kind.TOPIC: "k", Kind.NETWORK: "n"}
STATUSES: Final = {Status.MEMBER: "m", Status.UNCONFIRMED: "u", Status.FORMER: "f"}


def _pack(value: object) -> str:
    match value:
        case None:
            return ""
        case Filter():
            region = REGIONS[value.region] if value.region else ""
            status = STATUSES[value.status] if value.status else ""
            return ",".join(map(_pack, (value.country, region, _pack_years(value), value.theme, value.award, status)))
        case Target(kind, key):
            return f"{KINDS[kind]}{key}"
        case Region():
            return REGIONS[value]
        case str():
            # Fields are set apart by colons, which the keys of some items hold, too.
            return value.replace(":", ".")
        case _:
            return str(value)


def _whole(text: str) -> int:
    if not re.fullmatch(r"\d{1,9}", text):
        raise ValueError("not a number")
    return int(text)


def _country(text: str) -> CountryCode | None:
    if not re.fullmatch(r"([A-Z]{2})?", text):
        raise ValueError("not a country code")
    return CountryCode(text) if text else None


def _region(text: str) -> Region | None:
    found: Region | None = _key_of(REGIONS, text)
    return found


def _theme(text: str) -> ThemeId | None:
    if not re.fullmatch(r"[a-z-]{0,30}", text):
        raise ValueError("not a theme")
    return ThemeId(text) if text else None


def _key_of(letters: dict[Any, str], text: str) -> Any:
    if not text:
        return None
    for key, letter in letters.items():
        if letter == text:
            return key
    raise ValueError("not a letter of the table")


def _pack_years(wanted: Filter) -> str:
    """`2022` is a year; `2016-2019`, `2016-` and `-2019` are spans."""
    if wanted.since is None and wanted.until is None:
        return _pack(wanted.year)
    return f"{_pack(wanted.since)}-{_pack(wanted.until)}"


def _filter(text: str) -> Filter:
    country, region, years, theme, award, status = text.split(",")
    first, dash, last = years.partition("-")
    return Filter(
        country=_country(country),
        region=_region(region),
        year=_whole(first) if first and not dash else None,
        theme=_theme(theme),
        award=_whole(award) if award else None,
        status=_key_of(STATUSES, status),
        since=_whole(first) if first and dash else None,
        until=_whole(last) if last else None,
    )


def _word(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_.-]{0,40}", text):
        raise ValueError("not a word")
    return text.replace(".", ":")


def read_target(text: str) -> Target:
    """What `cnikopol`, `lUA`, `rafrica`, `thealth`, `knew-members` or `n` stands for; ValueError for anything else."""
    kind: Kind = _key_of(KINDS, text[:1] or "?")
    key = text[1:]
    if not re.fullmatch(r"[A-Za-z0-9-]{1,40}", key) if kind is not Kind.NETWORK else key:
        raise ValueError("not a target")
    return Target(kind, key)


def _elsewhere(text: str) -> Elsewhere:
    if not re.fullmatch(r"0|-?[1-9]\d{0,15}", text):
        raise ValueError("not a chat")
    return Elsewhere(int(text))


def _zone(text: str) -> ZoneName:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}", text) or len(text) > LONGEST_ZONE:
        raise ValueError("not a time zone")
    return ZoneName(text)


PARSERS: Final[dict[Any, Callable[[str], Any]]] = {
    int: _whole,
    str: _word,
    Filter: _filter,
    Region | None: _region,
    CountryCode | None: _country,
    ThemeId | None: _theme,
    Target: read_target,
    Elsewhere: _elsewhere,
    ZoneName: _zone,
}
"""How the text of a field is read, by the field's type."""


@dataclass(frozen=True)
class DeepLink:
    """What `?start=` asks for.

    `c_nikopol` is a city, `p_p001` a practice, `n_n001` a news item, `l_UA` a country's cities, `t_digital` the practices
    with a theme, `t_digital_UA` those of one country. `o_nikopol` opens the sources of a city's facts. `k_n001` sends the day of a deadline
    for the calendar. `f_c_nikopol`, `f_l_UA`, `f_r_africa`, `f_t_digital`, `f_k_deadlines` and `f_n` offer to follow.
    """

    kind: str
    record: str

    @property
    def payload(self) -> str:
        """The text after `?start=`; ValueError if Telegram would not take it."""
        text = f"{self.kind}_{self.record}"
        if not START_PAYLOAD.fullmatch(text):
            raise ValueError(f"not a start parameter: {text!r}")
        return text

    @classmethod
    def to_follow(cls, target: Target) -> DeepLink:
        """The link that offers to follow something."""
        return cls("f", "_".join(filter(None, (KINDS[target.kind], target.key))))

    @property
    def target(self) -> Target | None:
        """What a link of kind `f` offers to follow; None if nothing is called so."""
        kind, _, key = self.record.partition("_")
        try:
            return read_target(kind + key) if len(kind) == 1 else None
        except ValueError:
            return None

    @classmethod
    def parse(cls, payload: str) -> DeepLink | None:
        """The link a payload means; None for anything else."""
        kind, _, record = payload.partition("_")
        return cls(kind, record) if kind in {"c", "p", "n", "l", "t", "o", "k", "f"} and START_PAYLOAD.fullmatch(record) else None

    def url(self, bot: str) -> str:
        """The address that opens the bot at this record; `bot` is its username."""
        return f"https://t.me/{bot}?start={self.payload}"
