"""One follow: at which pace its news comes, with or without a sound, and filtered by which words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.callbacks import ChangeListed, EndFollow, ListFollows, TuneFollow
from bot.markup import Bullets, Button, Html, Screen, bold, escape, fill, line, rows, shorten
from bot.screens.parts import target_name
from bot.screens.timing import digest_times, zone_name, zone_taken
from bot.wishes import LONGEST_WORD, MOST_WORDS
from data.follows import ANY_WORDS, Pace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.callbacks import Elsewhere
    from bot.i18n import Reader
    from bot.screens.timing import Managed
    from bot.wishes import TypedWords
    from bot.zones import Taken
    from data.catalogue import Catalogue
    from data.chats import ChatPreferences
    from data.follows import Follow, Words

PACES: Final = {"i": Pace.INSTANT, "d": Pace.DAILY, "w": Pace.WEEKLY}
"""By the letter that stands on buttons."""
SHOWN: Final = 3
"""Words named in a complaint about them."""
LABEL: Final = 28
"""Characters of a word in such a complaint."""


def follow_card(
    follow: Follow,
    page: int,
    managed: Managed,
    wishes: ChatPreferences,
    catalogue: Catalogue,
    reader: Reader,
    *,
    taken: Taken | None = None,
) -> Screen:
    """One follow, how its news comes, and buttons for whatever else can be chosen. `page` is that of the list.

    `taken` is the time zone that was just taken from what is followed.
    """
    _ = reader.translate
    target, chat = follow.target, managed.chat
    name = bold(target_name(target, catalogue, reader))
    return Screen(
        blocks=(
            line(name, managed.title),
            Bullets(_how(follow, wishes, catalogue, reader)),
            line(zone_taken(taken, catalogue, reader) if taken else ""),
        ),
        buttons=rows(
            *(_resumption if follow.paused else _choices)(follow, page, chat, reader),
            Button(_("Do not follow"), EndFollow(target, chat)),
            Button(_("‹ What is followed"), ListFollows(page, chat)),
        ),
    )


def _how(follow: Follow, wishes: ChatPreferences, catalogue: Catalogue, reader: Reader) -> tuple[str, ...]:
    _ = reader.translate
    if follow.paused:
        return (_("Paused: no news of this comes."),)
    daily, weekly = digest_times(wishes, reader)
    place = zone_name(wishes.zone, catalogue, reader)
    comes = {
        Pace.INSTANT: _("Comes at once."),
        Pace.DAILY: _("Comes in the daily digest: {time}, time zone: {place}.").format(time=daily, place=place),
        Pace.WEEKLY: _("Comes in the weekly digest: {time}, time zone: {place}.").format(time=weekly, place=place),
    }
    return (
        comes[follow.pace],
        _("Without sound.") if follow.silent else _("With sound."),
        *told_words(follow.words, reader),
    )


def told_words(words: Words, reader: Reader) -> tuple[str, ...]:
    """How a filter was understood."""
    _ = reader.translate
    wanted = reader.either(_quoted(words.wanted, reader)) if words.wanted else ""
    unwanted = reader.either(_quoted(words.unwanted, reader)) if words.unwanted else ""
    return (
        _("Only news with the words: {words}.").format(words=wanted) if wanted else _("Words: any."),
        *((_("No news with the words: {words}.").format(words=unwanted),) if unwanted else ()),
    )


def _quoted(words: Sequence[str], reader: Reader) -> list[str]:
    _ = reader.translate
    # Translators: only the quotation marks of your language.
    return [_("“{word}”").format(word=word) for word in words]


def _resumption(follow: Follow, page: int, chat: Elsewhere, reader: Reader) -> tuple[Button, ...]:
    _ = reader.translate
    return (Button(_("▶ Go on"), ChangeListed(1, follow.target, page, chat)),)


def _choices(follow: Follow, page: int, chat: Elsewhere, reader: Reader) -> tuple[Button, ...]:
    """The two other paces, the other loudness, and words."""
    _ = reader.translate
    names = {Pace.INSTANT: _("At once"), Pace.DAILY: _("Daily"), Pace.WEEKLY: _("Weekly")}
    others = ((letter, pace) for letter, pace in PACES.items() if pace is not follow.pace)
    loudness = ("l", _("🔔 With sound")) if follow.silent else ("s", _("🔕 Without sound"))
    return (
        *(Button(names[pace], TuneFollow(letter, follow.target, page, chat)) for letter, pace in others),
        Button(loudness[1], TuneFollow(loudness[0], follow.target, page, chat)),
        Button(_("Words…"), TuneFollow("f", follow.target, page, chat)),
    )


def digest_chosen(follow: Follow, catalogue: Catalogue, reader: Reader) -> Html:
    """Said before a question for the time zone."""
    _ = reader.translate
    name = bold(target_name(follow.target, catalogue, reader))
    daily = follow.pace is Pace.DAILY
    return fill(_("In the daily digest from now on: {name}") if daily else _("In the weekly digest from now on: {name}"), name=name)


def ask_words(follow: Follow, managed: Managed, catalogue: Catalogue, reader: Reader, wrong: TypedWords | None = None) -> Screen:
    """Asks which words matter; the marker says of which follow when the reply comes. `wrong` is an answer that cannot be taken."""
    _ = reader.translate
    name = bold(target_name(follow.target, catalogue, reader))
    return Screen(
        blocks=(
            line(*_faults(wrong, reader), _("Nothing was changed. Please reply to this message.")) if wrong else line(),
            line(
                name,
                _("Reply with the words that the news should have, set apart with commas; one of them is enough."),
                _("A minus before a word leaves out the news that has it. Capitals and endings do not matter."),
                _("For example: award, health, -music"),
            ),
            Bullets(told_words(follow.words, reader)),
            line(_("To get all news again, reply: all") if follow.words != ANY_WORDS else ""),
            line(escape(f"#follow-{follow.number}{managed.marker}")),
        ),
        ask_reply=_("award, health, -music"),
    )


def _faults(typed: TypedWords, reader: Reader) -> tuple[str, ...]:
    _ = reader.translate
    told = (
        (typed.blank, _("There is no word in: {words}.")),
        (typed.long, _("Longer than {n} characters: {words}.")),
        (typed.both, _("Both wanted and left out: {words}.")),
    )
    many = _("At most {n} words can be wanted, and as many left out.").format(n=reader.number(MOST_WORDS))
    faults = [said.format(words=_named(words, reader), n=reader.number(LONGEST_WORD)) for words, said in told if words]
    return (*faults, *((many,) if typed.many else ()))


def _named(words: Sequence[str], reader: Reader) -> str:
    return reader.listing(_quoted([shorten(word, LABEL) for word in words[:SHOWN]], reader))
