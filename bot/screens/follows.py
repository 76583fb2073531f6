"""What a chat follows: how it begins, the list of it, how it ends, and what it missed meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.callbacks import (
    HERE,
    ChooseFollow,
    DeepLink,
    Elsewhere,
    EndAllFollows,
    EndFollow,
    ListFollows,
    ListMissed,
    ListNews,
    OpenFollow,
    OpenNews,
    OpenTiming,
    PreviewDigest,
    StartFollow,
)
from bot.markup import Block, Bullets, Button, Html, Screen, bold, escape, fill, joined, line, link, rows, shorten
from bot.screens.parts import place_label, quoted, record, target_name
from bot.screens.timing import told_at
from data.follows import NETWORK, Kind, Pace, Target
from data.topics import Topic
from data.types import CountryCode, Region

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from bot.i18n import Reader
    from bot.questions import Wanted
    from data.catalogue import Catalogue
    from data.chats import ChatPreferences
    from data.follows import Follow
    from data.types import NewsItem

PAGE: Final = 3
"""Follows listed at once: each has a button, and so have the pages before and after, and the time of the news."""
ALONE: Final = 4
"""As many fit where there is no other page."""
FILTER: Final = 40
"""Characters of a filter in a list."""
CHOICES: Final = 5
MISSED: Final = 10
MISSED_BUTTONS: Final = 5
LABEL: Final = 28
"""Characters of a name on half of a row."""


def ask_what_to_follow(part: str, chat: Elsewhere, catalogue: Catalogue, reader: Reader) -> Screen:
    """`/subscribe` without a name: ways to choose. `part` is "regions", "themes", or empty for the first screen."""
    _ = reader.translate
    if part == "regions":
        regions = [Target(Kind.REGION, region) for region in Region]
        return Screen((line(_("Which region do you want to follow?")),), rows(*(_start(one, chat, catalogue, reader) for one in regions)))
    if part == "themes":
        return _themes(catalogue, reader)
    # Translators: the ISO code of the country in which most readers of your language live, if it has members; else leave it.
    home = _("home country code")
    return Screen(
        blocks=(
            line(_("What do you want to follow? Name a city, a country, a region or a theme: /subscribe Nikopol. Or choose:")),
            line(_("Each news item comes once, however many of your follows it fits.")),
        ),
        buttons=rows(
            _start(NETWORK, chat, catalogue, reader),
            _start(Target(Kind.COUNTRY, home), chat, catalogue, reader) if CountryCode(home) in catalogue.countries else None,
            *(_start(Target(Kind.TOPIC, topic), chat, catalogue, reader) for topic in Topic),
            Button(_("Regions"), ChooseFollow("regions", chat)),
            Button(_("What is followed"), ListFollows(0, chat)) if chat else Button(_("Themes"), ChooseFollow("themes", chat)),
        ),
    )


def _themes(catalogue: Catalogue, reader: Reader) -> Screen:
    _ = reader.translate
    labels = sorted(catalogue.themes.values(), key=lambda theme: reader.order(reader.text(theme.label)))
    offered = (Target(Kind.THEME, theme.id) for theme in labels)
    return Screen(
        blocks=(
            line(_("Which theme do you want to follow? Choose it, or write it behind /subscribe:")),
            Bullets(tuple(_offer(target, catalogue, reader) for target in offered)),
        ),
        buttons=rows(Button(_("‹ Back"), ChooseFollow("", HERE))),
    )


def _offer(target: Target, catalogue: Catalogue, reader: Reader) -> Html:
    name = target_name(target, catalogue, reader)
    return link(name, DeepLink.to_follow(target).url(reader.bot)) if reader.bot else escape(name)


def _start(target: Target, chat: Elsewhere, catalogue: Catalogue, reader: Reader) -> Button:
    return Button(_capital(target_name(target, catalogue, reader)), StartFollow(target, chat))


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def offer_follow(target: Target, chat: Elsewhere, catalogue: Catalogue, reader: Reader, *, corrected: bool = False) -> Screen:
    """One thing to follow, after a tap: a link was opened, or the name was only nearly typed so."""
    _ = reader.translate
    name = bold(target_name(target, catalogue, reader))
    asked = fill(_("Did you mean {name}?"), name=name) if corrected else fill(_("Get news of this here: {name}?"), name=name)
    return Screen(
        (line(asked),), rows(Button(_("🔔 Follow"), StartFollow(target, chat)), Button(_("Something else"), ChooseFollow("", chat)))
    )


def which_to_follow(text: str, wanted: Wanted, chat: Elsewhere, catalogue: Catalogue, reader: Reader) -> Screen:
    """A name that fits several things, or none."""
    _ = reader.translate
    if wanted.targets:
        blocks = (line(fill(_("What exactly do you want to follow by “{words}”?"), words=quoted(text))),)
        return Screen(blocks, rows(*(_start(target, chat, catalogue, reader) for target in wanted.targets[:CHOICES])))
    if wanted.place:
        country = Target(Kind.COUNTRY, wanted.place.country)
        told = fill(
            _("{place} is not in my list of members, so there is no news of it. You can follow its country:"),
            place=bold(place_label(wanted.place, catalogue, reader)),
        )
        return Screen((line(told),), rows(_start(country, chat, catalogue, reader), Button(_("Something else"), ChooseFollow("", chat))))
    return Screen(
        blocks=(
            line(
                fill(_("I know nothing to follow called “{words}”."), words=quoted(text)),
                _("Name a member city, a country, a region or a theme, for example: /subscribe Ukraine"),
            ),
        ),
        buttons=rows(Button(_("Choose"), ChooseFollow("", chat))),
    )


def followed(
    target: Target, new: bool, latest: NewsItem | None, chat: Elsewhere, catalogue: Catalogue, reader: Reader, title: str = ""
) -> Screen:
    """It is followed now, with the newest item as a taste of what will come. `title` is the chat's, if it is another one."""
    _ = reader.translate
    name = bold(target_name(target, catalogue, reader))
    if title:
        # Translators: {chat} is the title of a channel or group, {name} what it follows.
        said = fill(_("🔔 {chat} follows: {name}"), chat=title, name=name)
    elif new:
        said = fill(_("🔔 You follow: {name}"), name=name)
    else:
        said = fill(_("You follow this already: {name}"), name=name)
    return Screen(
        blocks=(line(said), line(fill(_("The latest news: {item}"), item=_item(latest, reader)) if latest else "")),
        buttons=rows(
            Button(_("How it comes…"), OpenFollow(target, 0, chat)),
            Button(_("Do not follow"), EndFollow(target, chat)),
            Button(_("What is followed"), ListFollows(0, chat)),
        ),
    )


def unfollowed(target: Target, had: bool, chat: Elsewhere, catalogue: Catalogue, reader: Reader) -> Screen:
    """It is followed no longer; a tap takes that back."""
    _ = reader.translate
    name = bold(target_name(target, catalogue, reader))
    said = fill(_("No longer followed: {name}"), name=name) if had else fill(_("This was not followed: {name}"), name=name)
    return Screen(
        (line(said),),
        rows(Button(_("🔔 Follow again"), StartFollow(target, chat)) if had else None, Button(_("What is followed"), ListFollows(0, chat))),
    )


def follow_list(follows: Sequence[Follow], page: int, chat: Elsewhere, catalogue: Catalogue, reader: Reader, title: str = "") -> Screen:
    """A page of what is followed; each has a button that opens its card."""
    _ = reader.translate
    if not follows:
        said = fill(_("{chat} follows nothing yet."), chat=bold(title)) if title else _("Nothing is followed here yet.")
        return Screen((line(said),), rows(Button(_("🔔 Choose what to follow"), ChooseFollow("", chat))))
    size = ALONE if len(follows) <= ALONE and not chat else PAGE
    pages = -(-len(follows) // size)
    page = min(page, pages - 1)
    shown = follows[page * size : (page + 1) * size]
    count = reader.plural("Followed here: {n}", "Followed here: {n}", len(follows))
    return Screen(
        blocks=(
            line(bold(title), bold(count)) if title else line(bold(count)),
            Bullets(tuple(_listed(one, catalogue, reader) for one in shown)),
            line(_("Page {page} of {pages}").format(page=page + 1, pages=pages) if pages > 1 else ""),
            line(
                _("Tap a name to choose how its news comes, or to follow it no longer."),
                _("More: /subscribe. Nothing at all any more: /unsubscribe all") if not chat else "",
            ),
        ),
        buttons=(
            *rows(*(_open(one, page, chat, catalogue, reader) for one in shown)),
            *rows(
                Button(_("‹ Back"), ListFollows(page - 1, chat)) if page else None,
                Button(_("Next ›"), ListFollows(page + 1, chat)) if page + 1 < pages else None,
                Button(_("⏰ When news comes"), OpenTiming("", chat)),
                Button(_("Next digest"), PreviewDigest("", chat)) if not page and _have_digest(follows) else None,
                Button(_("🔔 Choose what to follow"), ChooseFollow("", chat)) if chat and pages == 1 else None,
            ),
        ),
    )


def _have_digest(follows: Sequence[Follow]) -> bool:
    return any(one.pace is not Pace.INSTANT for one in follows)


def _listed(follow: Follow, catalogue: Catalogue, reader: Reader) -> str:
    """What is followed, and what was chosen for it, shortly: Ukraine · daily · without sound · only: award."""
    _ = reader.translate
    name = target_name(follow.target, catalogue, reader)
    if follow.paused:
        # Translators: {name} is something followed of which no news is sent for the time being.
        return _("{name} (paused)").format(name=name)
    # Translators: these stand behind the name of something followed.
    paces = {Pace.DAILY: _("daily"), Pace.WEEKLY: _("weekly")}
    wanted, unwanted = ", ".join(follow.words.wanted), ", ".join(follow.words.unwanted)
    chosen = (
        paces.get(follow.pace, ""),
        _("without sound") if follow.silent else "",
        _("only: {words}").format(words=shorten(wanted, FILTER)) if wanted else "",
        _("without: {words}").format(words=shorten(unwanted, FILTER)) if unwanted else "",
    )
    return " · ".join(filter(None, (name, *chosen)))


def _open(follow: Follow, page: int, chat: Elsewhere, catalogue: Catalogue, reader: Reader) -> Button:
    return Button(shorten(_capital(target_name(follow.target, catalogue, reader)), LABEL), OpenFollow(follow.target, page, chat))


def confirm_unfollow_all(count: int, chat: Elsewhere, reader: Reader) -> Screen:
    """The first of two steps."""
    _ = reader.translate
    asked = reader.plural("Stop following everything here ({n})?", "Stop following everything here ({n})?", count)
    return Screen((line(asked),), rows(Button(_("Stop following"), EndAllFollows(1, chat)), Button(_("Keep"), ListFollows(0, chat))))


def unfollowed_all(chat: Elsewhere, reader: Reader) -> Screen:
    """Done."""
    _ = reader.translate
    return Screen((line(_("Nothing is followed here any more. No news will come.")),), rows(Button(_("Choose"), ChooseFollow("", chat))))


def missed_list(items: Sequence[NewsItem], waiting: Waiting, reader: Reader) -> Screen:
    """News that did not arrive, or of which that is not certain, and what waits for the end of the quiet hours."""
    _ = reader.translate
    held = waiting.items
    return Screen(
        blocks=(
            line("" if items or held else _("You missed nothing: all news that you follow arrived.")),
            *_lost(items, reader),
            *_held_back(waiting, reader),
        ),
        buttons=rows(
            *(Button(shorten(reader.text(item.title), LABEL), OpenNews(item.id)) for item in (*items, *held)[:MISSED_BUTTONS]),
            None if items or held else Button(_("News"), ListNews(0, None)),
        ),
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """What quiet hours hold back if there is anything, until when (UTC), and by which wishes of the chat."""

    items: tuple[NewsItem, ...]
    until: dt.datetime
    wishes: ChatPreferences


def _lost(items: Sequence[NewsItem], reader: Reader) -> tuple[Block, ...]:
    _ = reader.translate
    if not items:
        return ()
    count = reader.plural("News that perhaps did not reach you: {n}", "News that perhaps did not reach you: {n}", len(items))
    return line(bold(count), _("The newest come first.")), Bullets(tuple(_item(item, reader) for item in items[:MISSED]))


def _held_back(waiting: Waiting, reader: Reader) -> tuple[Block, ...]:
    if not waiting.items:
        return ()
    _ = reader.translate
    count = reader.plural("Waiting for the end of the quiet hours: {n}", "Waiting for the end of the quiet hours: {n}", len(waiting.items))
    return (
        line(bold(count), _("To come: {time}").format(time=told_at(waiting.until, waiting.wishes, reader))),
        Bullets(tuple(_item(item, reader) for item in waiting.items[:MISSED])),
    )


def back_again(count: int, reader: Reader) -> Screen:
    """The chat can be written to again: it starts from now, and may look at what it missed."""
    _ = reader.translate
    told = reader.plural(
        "I can write here again. {n} news item did not arrive meanwhile.",
        "I can write here again. {n} news items did not arrive meanwhile.",
        count,
    )
    return Screen((line(told),), rows(Button(_("Show what was missed"), ListMissed())))


def channel_ready(title: str, chat: int, reader: Reader) -> Screen:
    """For whoever made the bot an administrator of a channel."""
    _ = reader.translate
    return Screen(
        blocks=(line(fill(_("I can post news in the channel {channel} now. What should it follow?"), channel=bold(title))),),
        buttons=rows(
            Button(_("Choose what to follow"), ChooseFollow("", Elsewhere(chat))),
            Button(_("What is followed"), ListFollows(0, Elsewhere(chat))),
        ),
    )


def channel_not_ours(title: str, reader: Reader) -> Screen:
    """A channel that the bot, or the person, does not administer."""
    _ = reader.translate
    return Screen(
        (
            line(
                fill(_("I cannot manage {channel}: both you and I must be administrators there."), channel=bold(title)),
                _("Add me to the channel as an administrator who may post, then try again."),
            ),
        )
    )


def only_admins_follow(reader: Reader) -> str:
    """For those who may not."""
    _ = reader.translate
    return _("Only administrators choose what this chat follows.")


def now_followed(target: Target, on: bool, catalogue: Catalogue, reader: Reader) -> str:
    """Fades after a moment."""
    _ = reader.translate
    name = target_name(target, catalogue, reader)
    return (_("You follow: {name}") if on else _("No longer followed: {name}")).format(name=name)


def _item(item: NewsItem, reader: Reader) -> Html:
    title = record(reader.text(item.title), "n", item.id, reader)
    return joined((title, reader.date(item.date)), " · ") if item.date else title
