"""When news comes to a chat: by which clocks, in which hours not, and the time and day of digests; and how that is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.callbacks import ListFollows, OpenTiming, PreviewDigest, SetTiming, SetZone, ZoneName
from bot.markup import Bullets, Button, Html, Screen, Text, bold, escape, fill, joined, line, rows
from bot.screens.parts import target_name
from bot.zones import exemplar
from data.timing import DIGEST_AT, DIGEST_DAY, Quiet, quiet_until, zone_of
from data.types import City

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from bot.callbacks import Elsewhere
    from bot.i18n import Reader
    from bot.zones import Taken
    from data.catalogue import Catalogue
    from data.chats import ChatPreferences

USUAL_HOURS: Final = (Quiet(22 * 60, 7 * 60), Quiet(23 * 60, 8 * 60), Quiet(21 * 60, 9 * 60))
USUAL_TIMES: Final = (7 * 60, 9 * 60, 18 * 60, 20 * 60)
DAYS: Final = {"day": range(4), "later-day": range(4, 7)}
"""The days of the week, which together do not fit under one message, by the part that shows them."""
ZONES: Final = 5
"""Time zones of one name to choose from."""


@dataclass(frozen=True, slots=True)
class Managed:
    """The chat whose wishes are shown: itself or, by its title, another one that is managed from here."""

    chat: Elsewhere
    title: str = ""

    @property
    def marker(self) -> str:
        """What stands in a question, so that the answer says which chat it is about."""
        return str(self.chat) if self.chat else ""


def zone_name(zone: str | None, catalogue: Catalogue, reader: Reader) -> str:
    """The town by whose clocks a chat lives; Greenwich until that is known."""
    _ = reader.translate
    if zone is None:
        # Translators: stands where else the name of a town stands by whose clocks times are told.
        return _("Greenwich (UTC)")
    town = exemplar(zone, catalogue)
    if town is None:
        return reader.zone(zone)
    return reader.name(town) if isinstance(town, City) else reader.place(town)


def local_time(now: dt.datetime, zone: str | None, reader: Reader) -> str:
    """What clocks show there."""
    here = now.astimezone(zone_of(zone))
    return reader.clock(here.hour * 60 + here.minute)


def each_week(day: int, reader: Reader) -> str:
    """On that day of each week; 0 is Monday."""
    _ = reader.translate
    return (
        _("on Mondays"),
        _("on Tuesdays"),
        _("on Wednesdays"),
        _("on Thursdays"),
        _("on Fridays"),
        _("on Saturdays"),
        _("on Sundays"),
    )[day]


def hours(quiet: Quiet, reader: Reader) -> str:
    """From when until when: 22:00–07:00."""
    return f"{reader.clock(quiet.begin)}–{reader.clock(quiet.end)}"


def digest_times(wishes: ChatPreferences, reader: Reader) -> tuple[str, str]:
    """When the daily and the weekly digest come."""
    timing = wishes.timing
    at = reader.clock(DIGEST_AT if timing.digest_at is None else timing.digest_at)
    return at, f"{each_week(DIGEST_DAY if timing.digest_day is None else timing.digest_day, reader)}, {at}"


def timing_card(
    managed: Managed, wishes: ChatPreferences, now: dt.datetime, catalogue: Catalogue, reader: Reader, *, said: Text = ""
) -> Screen:
    """All that a chat chose of when news comes, and what we chose for it; `said` tells what was just done besides."""
    _ = reader.translate
    chat, quiet = managed.chat, wishes.timing.quiet
    daily, weekly = digest_times(wishes, reader)
    clocks = (
        _("Time zone: {place}, it is {time} there now.")
        if wishes.zone
        else _("Time zone: not chosen yet, so that of {place}, where it is {time} now.")
    )
    told = (
        clocks.format(place=zone_name(wishes.zone, catalogue, reader), time=local_time(now, wishes.zone, reader)),
        _("Quiet hours: {hours}. What happens meanwhile comes when they end.").format(hours=hours(quiet, reader))
        if quiet
        else _("Quiet hours: none. News comes at any time."),
        _("Daily digest: {time}").format(time=daily),
        _("Weekly digest: {time}").format(time=weekly),
    )
    return Screen(
        blocks=(
            line(_titled(managed, _("⏰ When news comes"))),
            Bullets(told),
            line(_disturbed(wishes, reader)),
            line(said),
        ),
        buttons=rows(
            Button(_("Quiet hours"), OpenTiming("quiet", chat)),
            Button(_("Time zone"), OpenTiming("zone", chat)),
            Button(_("Time of digests"), OpenTiming("digest", chat)),
            Button(_("Day of weekly digest"), OpenTiming("day", chat)),
            Button(_("Next digest"), PreviewDigest("", chat)),
            Button(_("What is followed"), ListFollows(0, chat)),
        ),
    )


def _titled(managed: Managed, said: str) -> Html:
    return joined((bold(said), managed.title), " · ") if managed.title else bold(said)


def _disturbed(wishes: ChatPreferences, reader: Reader) -> str:
    """What to know where digests fall into the quiet hours."""
    _ = reader.translate
    quiet, at = wishes.timing.quiet, DIGEST_AT if wishes.timing.digest_at is None else wishes.timing.digest_at
    if quiet is None or not is_quiet(at, quiet):
        return ""
    return _("Digests would fall into the quiet hours, so they come when these end: {time}.").format(time=reader.clock(quiet.end))


def is_off(text: str, reader: Reader) -> bool:
    """Whether somebody types that there should be no quiet hours."""
    _ = reader.translate
    # Translators: what is typed, in small letters, to have no quiet hours.
    return text.strip().casefold() in {"off", _("off")}


def is_quiet(minutes: int, quiet: Quiet) -> bool:
    """Whether a time of day, in minutes after midnight, lies in these hours."""
    after, before = minutes >= quiet.begin, minutes < quiet.end
    return (after and before) if quiet.begin < quiet.end else (after or before)


def choose_quiet(managed: Managed, reader: Reader) -> Screen:
    """Usual quiet hours, none, or others that one types."""
    _ = reader.translate
    chat = managed.chat
    return Screen(
        blocks=(line(_titled(managed, _("In which hours should nothing come by itself?")), _("You can always read and ask yourself.")),),
        buttons=rows(
            *(Button(hours(quiet, reader), SetTiming("quiet", _packed(quiet), chat)) for quiet in USUAL_HOURS),
            Button(_("No quiet hours"), SetTiming("quiet", "off", chat)),
            Button(_("Other hours…"), OpenTiming("ask-quiet", chat)),
            Button(_("‹ Back"), OpenTiming("", chat)),
        ),
    )


def _packed(quiet: Quiet) -> str:
    begin, end = (f"{minutes // 60:02}{minutes % 60:02}" for minutes in quiet)
    return f"{begin}-{end}"


def choose_digest_time(managed: Managed, reader: Reader) -> Screen:
    """Usual times of digests, or another that one types."""
    _ = reader.translate
    chat = managed.chat
    return Screen(
        blocks=(line(_titled(managed, _("When should digests come?"))),),
        buttons=rows(
            *(Button(reader.clock(at), SetTiming("digest", f"{at // 60:02}{at % 60:02}", chat)) for at in USUAL_TIMES),
            Button(_("Another time…"), OpenTiming("ask-digest", chat)),
            Button(_("‹ Back"), OpenTiming("", chat)),
        ),
    )


def choose_day(managed: Managed, part: str, reader: Reader) -> Screen:
    """The first days of the week, or the last ones."""
    _ = reader.translate
    chat = managed.chat
    days = [Button(_capital(reader.weekday(day)), SetTiming("day", str(day), chat)) for day in DAYS[part]]
    turn = (
        Button(_("Friday to Sunday ›"), OpenTiming("later-day", chat))
        if part == "day"
        else Button(_("‹ Other days"), OpenTiming("day", chat))
    )
    return Screen(
        blocks=(line(_titled(managed, _("On which day should the weekly digest come?"))),),
        buttons=rows(*days, turn, Button(_("‹ Back"), OpenTiming("", chat))),
    )


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def choose_zone(
    managed: Managed, zones: Sequence[str], now: dt.datetime, catalogue: Catalogue, reader: Reader, *, first: Text = ""
) -> Screen:
    """Zones to choose from, each with the time there. `first` is what else is to be said, in the first line."""
    _ = reader.translate
    chat = managed.chat

    def offer(zone: str) -> Button:
        return Button(f"{zone_name(zone, catalogue, reader)} · {local_time(now, zone, reader)}", SetZone(ZoneName(zone), chat))

    return Screen(
        blocks=(line(first, _titled(managed, _("By which clocks should news come?")), _("Beside each city is its time now.")),),
        buttons=rows(
            *map(offer, zones[:ZONES]),
            Button(_("Another city…"), OpenTiming("ask-zone", chat)),
            Button(_("‹ Back"), OpenTiming("", chat)) if len(zones) < ZONES else None,
        ),
    )


def ask_hours(managed: Managed, reader: Reader, *, wrong: bool = False) -> Screen:
    """Asks for quiet hours; `wrong` if the last answer was none."""
    _ = reader.translate
    return _asked(
        managed,
        "quiet",
        (_("I could not read these hours; nothing was changed."),) if wrong else (),
        _("From when until when should it be quiet? Reply like this: 22:00-07:30. To have no quiet hours, reply: off"),
        "22:00-07:30",
    )


def ask_digest_time(managed: Managed, reader: Reader, *, wrong: bool = False) -> Screen:
    """Asks for the time of digests."""
    _ = reader.translate
    return _asked(
        managed,
        "digest",
        (_("I could not read this time; nothing was changed."),) if wrong else (),
        _("At what time should digests come? Reply like this: 08:30"),
        "08:30",
    )


def ask_city(managed: Managed, reader: Reader, *, unknown: Text = "") -> Screen:
    """Asks for a city, or for a location, whose clocks are meant; `unknown` is an answer that nobody knows."""
    _ = reader.translate
    return _asked(
        managed,
        "zone",
        (fill(_("I know no place called “{name}”; nothing was changed."), name=unknown),) if unknown else (),
        _("Reply with the name of a city near you, or with a location: it is used once and not stored."),
        _("Kyiv"),
    )


def _asked(managed: Managed, what: str, said: tuple[Text, ...], question: str, example: str) -> Screen:
    """A question to be replied to; the marker says what about when the reply comes."""
    return Screen(blocks=(line(*said, question, managed.title), line(escape(f"#{what}{managed.marker}"))), ask_reply=example)


def zone_taken(taken: Taken, catalogue: Catalogue, reader: Reader) -> Html:
    """Said once, when a zone was taken from what is followed."""
    _ = reader.translate
    return fill(
        _("Time zone: {place}, as {name} is followed here. It can be changed: /quiet"),
        place=zone_name(taken.zone, catalogue, reader),
        name=target_name(taken.by, catalogue, reader),
    )


def saved(reader: Reader) -> str:
    """Said before the question by which clocks."""
    _ = reader.translate
    return _("Saved.")


def only_admins_time(reader: Reader) -> str:
    """For those who may not."""
    _ = reader.translate
    return _("Only administrators choose when news comes to this chat.")


def told_at(moment: dt.datetime, wishes: ChatPreferences, reader: Reader) -> str:
    """Day and time of what comes by itself, after the quiet hours in which it would fall: 24 листопада, 09:00."""
    moment = quiet_until(moment, wishes.zone, wishes.timing.quiet) or moment
    here = moment.astimezone(zone_of(wishes.zone))
    return f"{reader.day(here.date())}, {reader.clock(here.hour * 60 + here.minute)}"
