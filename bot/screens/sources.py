"""/sources as an admin sees it: what is watched and how it fares, what a source would give, how to add one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.callbacks import AddSource, JudgeEntry, ManageSource
from bot.markup import Block, Bullets, Button, Html, Screen, bold, code, escape, fill, joined, line, link, rows
from bot.screens.parts import page_of, pager, target_name
from data.follows import Kind, Target
from data.sources.model import SourceKind, Trouble, Trust
from data.topics import MARKS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.i18n import Languages, Reader
    from data.catalogue import Catalogue
    from data.intake import Judged, Probe
    from data.sources.model import Source, Told, Watched

LISTED: Final = 12
"""Sources on a page."""
PAGE: Final = "page-"
"""What a button does that turns to a page; its number follows."""
SHOWN: Final = 5
"""Things that a probe shows of what a source gives."""


def source_list(watched: Sequence[Watched], waiting: int, reader: Reader, page: int = 0) -> Screen:
    """A page of all sources, those that are on first, how many things wait in all, and how to add a source."""
    _ = reader.translate
    at, pages, shown = page_of(watched, page, LISTED)
    return Screen(
        blocks=(
            line(bold(_("Sources of news")), "" if watched else _("There are none yet.")),
            Bullets(tuple(_row(one, reader) for one in shown)),
            line(_("Page {page} of {pages}").format(page=at + 1, pages=pages) if pages > 1 else ""),
            line(
                _("To add one, send /sources add and the address of a feed or of a page that lists news."),
                _("A feed in a file can be sent here as a document."),
            ),
        ),
        buttons=(
            *rows(
                Button(reader.plural("{n} waits for you", "{n} wait for you", waiting), JudgeEntry(0, "next")) if waiting else None,
                width=1,
            ),
            *rows(*(Button(one.source.id, ManageSource(one.source.id)) for one in shown)),
            pager(
                at,
                pages,
                Button(_("‹ Back"), ManageSource("", f"{PAGE}{max(at - 1, 0)}")),
                Button(_("Next ›"), ManageSource("", f"{PAGE}{at + 1}")),
            ),
        ),
    )


def _row(one: Watched, reader: Reader) -> Html:
    _ = reader.translate
    parts = [bold(one.source.id), escape(_("switched on") if one.source.is_on else _("switched off"))]
    if one.source.problem and one.source.is_on:
        parts.append(escape(told_problem(one.source.problem, reader)))
    if one.waiting:
        parts.append(escape(reader.plural("{n} waits", "{n} wait", one.waiting)))
    return joined(parts, " · ")


def source_card(one: Watched, reader: Reader) -> Screen:
    """One source: what was decided about it, and how it fares."""
    _ = reader.translate
    source = one.source
    seen = source.succeeded_at
    return Screen(
        blocks=(
            line(bold(source.id), link(source.url, source.url) if source.kind is not SourceKind.FILE else code(source.url)),
            _bullets(
                (
                    _("It is watched.") if source.is_on else _("It is not watched."),
                    _("What is certain goes out by itself; the rest waits for you.")
                    if source.trust is Trust.PUBLISH
                    else _("Everything waits for you."),
                    _("Last read on {date}").format(date=reader.date(seen.date())) if seen else _("It was never read."),
                    "" if source.verified_at else _("Nobody has seen yet that it gives what it should: look at it first."),
                    told_problem(source.problem, reader) if source.problem else "",
                    reader.plural("{n} waits for you.", "{n} wait for you.", one.waiting) if one.waiting else "",
                )
            ),
        ),
        buttons=rows(
            Button(_("Switch off"), ManageSource(source.id, "off"))
            if source.is_on
            else Button(_("Switch on"), ManageSource(source.id, "on")),
            Button(_("Look now"), ManageSource(source.id, "probe")),
            Button(_("Ask me first"), ManageSource(source.id, "ask"))
            if source.trust is Trust.PUBLISH
            else Button(_("Publish by itself"), ManageSource(source.id, "trust")),
            Button(_("Remove"), ManageSource(source.id, "remove")),
            Button(_("All sources"), ManageSource()),
        ),
    )


def _bullets(items: Sequence[str]) -> Bullets:
    """A list of those that say something."""
    return Bullets(tuple(item for item in items if item))


def probe_card(probe: Probe, catalogue: Catalogue, reader: Reader) -> Screen:
    """What a source that is there would give now; nothing of it is kept."""
    _ = reader.translate
    key = probe.source.id
    return Screen(
        blocks=(*_given(probe, catalogue, reader), line(_("This was only a look: nothing was kept or sent."))),
        buttons=rows(Button(_("Back"), ManageSource(key)), Button(_("Look again"), ManageSource(key, "probe"))),
    )


def found_source(probe: Probe, langs: Sequence[str], catalogue: Catalogue, languages: Languages, reader: Reader) -> Screen:
    """What an address would give as a source, and whether to keep it; `langs` are those that it may be written in."""
    _ = reader.translate
    if probe.look.failed or not probe.look.told:
        return nothing_found(probe.look.problem, reader)
    kind = _("It is a feed:") if probe.source.kind is SourceKind.FEED else _("It is a page that lists news:")
    return Screen(
        blocks=(
            line(kind, link(probe.source.url, probe.source.url)),
            *_given(probe, catalogue, reader),
            line(_("Is this right? Then choose the language in which it is written, and it is added, still switched off.")),
        ),
        buttons=rows(*(Button(_language(lang, languages, reader), AddSource(lang)) for lang in langs)),
    )


def _language(tag: str, languages: Languages, reader: Reader) -> str:
    """A language by its own name if the bot speaks it, else as the reader calls it."""
    held = next((lang for lang in languages.held if lang == tag), None)
    return languages.endonym(held) if held else str(reader.locale.languages.get(tag.partition("-")[0], tag))


def _given(probe: Probe, catalogue: Catalogue, reader: Reader) -> tuple[Block, ...]:
    _ = reader.translate
    look = probe.look
    count = reader.plural("It tells {n} thing now.", "It tells {n} things now.", len(look.told))
    shown = zip(look.told[:SHOWN], probe.judged[:SHOWN], strict=True)
    return (
        line(count if not look.failed else "", told_problem(look.problem, reader) if look.problem else ""),
        Bullets(tuple(_told(told, judged, catalogue, reader) for told, judged in shown)),
    )


def _told(told: Told, judged: Judged, catalogue: Catalogue, reader: Reader) -> Html:
    _ = reader.translate
    title = link(told.title, told.url) if told.url else escape(told.title)
    about = escape(_("not about the network") if judged.foreign else ", ".join(tags_of(judged, catalogue, reader)))
    return joined([part for part in (title, reader.date(told.date) if told.date else "", about) if part], " · ")


def tags_of(judged: Judged, catalogue: Catalogue, reader: Reader) -> list[str]:
    """The names of what a thing is about."""
    return [name for _, _, name in named_tags(judged.cities, judged.countries, judged.topics, catalogue, reader)]


def named_tags(
    cities: Sequence[str], countries: Sequence[str], topics: Sequence[str], catalogue: Catalogue, reader: Reader
) -> list[tuple[str, str, str]]:
    """Column, key and name of each tag, in this order."""
    own = {mark: target_name(Target(Kind.TOPIC, topic), catalogue, reader) for topic, mark in MARKS.items()}
    return [
        *(("cities", key, target_name(Target(Kind.CITY, key), catalogue, reader)) for key in cities),
        *(("countries", key, target_name(Target(Kind.COUNTRY, key), catalogue, reader)) for key in countries),
        *(("topics", key, own.get(key) or target_name(Target(Kind.THEME, key), catalogue, reader)) for key in topics),
    ]


def nothing_found(problem: str, reader: Reader) -> Screen:
    """An address without a feed, and without a list that could be guessed."""
    _ = reader.translate
    return Screen(
        (
            line(_("I found no news there."), told_problem(problem, reader) if problem else ""),
            line(
                _("If it is a page that lists news, say where they stand: under the address, a line for each CSS selector, such as"),
                code("item: .teaser"),
                code("title: h3"),
                code("date: time"),
                _("Only item is needed; title, link, summary and date are looked for inside it."),
                _("A line keyword: learning cit*, UNESCO takes only what says one of these."),
            ),
        )
    )


def wrong_source(faults: Sequence[str], reader: Reader) -> Screen:
    """Why a source cannot be kept."""
    _ = reader.translate
    return Screen((line(_("The source was not added. The reasons:"), *faults),))


def ask_source_again(reader: Reader) -> Screen:
    """The message with the address was deleted."""
    _ = reader.translate
    return Screen((line(_("I no longer see the message with the address. Please send it again: /sources add")),))


def confirm_removal(source: Source, reader: Reader) -> Screen:
    """The first of two steps."""
    _ = reader.translate
    return Screen(
        blocks=(line(fill(_("Remove the source {source}? The news that it gave stays."), source=bold(source.id))),),
        buttons=rows(Button(_("Remove"), ManageSource(source.id, "gone")), Button(_("Keep"), ManageSource(source.id))),
    )


def removed(reader: Reader) -> Screen:
    """Done."""
    _ = reader.translate
    return Screen((line(_("The source was removed.")),), buttons=rows(Button(_("All sources"), ManageSource())))


def ailing(sources: Sequence[Source], reader: Reader) -> Screen:
    """For admins, once: sources that do not give what they should."""
    _ = reader.translate
    return Screen(
        blocks=(
            line(bold(_("Sources of news need attention"))),
            Bullets(tuple(joined([bold(one.id), escape(told_problem(one.problem, reader))], " · ") for one in sources)),
            line(_("I go on trying, ever more rarely. You will not hear of this again before it is mended.")),
        ),
        buttons=rows(*(Button(one.id, ManageSource(one.id)) for one in sources)),
    )


def told_problem(problem: str, reader: Reader) -> str:
    """What is wrong with a source, in the reader's language; a detail behind it is a machine's."""
    _ = reader.translate
    what, _colon, detail = problem.partition(": ")
    said = {
        Trouble.ADDRESS: _("this address cannot be asked"),
        Trouble.PRIVATE: _("this address leads into a private network"),
        Trouble.CONNECTION: _("no connection"),
        Trouble.SLOW: _("it answers too slowly"),
        Trouble.LARGE: _("it is too large"),
        Trouble.REDIRECTS: _("it sends me from page to page"),
        Trouble.STATUS: _("it refuses to answer"),
        Trouble.GONE: _("it says that it has ended"),
        Trouble.MOVED: _("it moved to another address"),
        Trouble.NO_FEED: _("there is no feed"),
        Trouble.NO_ITEMS: _("nothing there fits the selectors"),
        Trouble.DECLARATION: _("it declares a document type, which is not safe to read"),
        Trouble.UNREADABLE: _("it cannot be read"),
        Trouble.NO_FILE: _("the file is not there"),
    }.get(what, what)  # type: ignore[call-overload]
    return f"{said} ({detail})" if detail else str(said)
