"""What cities do: lists of practices, one practice, and the themes to choose from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.callbacks import ListPractices, ListThemes, OpenCity, Report
from bot.markup import Bullets, Button, Html, Screen, Text, bold, escape, fill, joined, line, rows, shorten
from bot.screens.parts import city_label, city_link, flag, follow_button, page_of, pager, quoted, record, source_line
from data.follows import Kind, Target

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.i18n import Reader
    from data.catalogue import Catalogue
    from data.types import City, CountryCode, Practice, Theme, ThemeId

BUSIEST = 5
"""Themes with the most practices get a button; all have a link."""
BUTTON_LABEL = 40
"""Characters of a theme or title on a button; phones cut longer ones."""


def practice_list(wanted: ListPractices, practices: Sequence[Practice], size: int, catalogue: Catalogue, reader: Reader) -> Screen:
    """A page of practices that a button or a command asked for."""
    _ = reader.translate
    page, pages, shown = page_of(practices, wanted.page, size)
    return Screen(
        blocks=(
            line(bold(practices_title(wanted, catalogue, reader))),
            line(
                reader.plural("{n} practice in my data set:", "{n} practices in my data set:", len(practices))
                if practices
                else _no_practices(reader)
            ),
            Bullets(tuple(_practice_row(practice, wanted, catalogue, reader) for practice in shown)),
            line(_("Page {page} of {pages}").format(page=page + 1, pages=pages) if pages > 1 else ""),
        ),
        buttons=(
            pager(page, pages, Button(_("‹ Back"), _turned(wanted, page - 1)), Button(_("Next ›"), _turned(wanted, page + 1))),
            *rows(
                follow_button(Target(Kind.THEME, wanted.theme), reader) if wanted.theme and not (wanted.city or wanted.country) else None,
                Button(_("By theme"), ListThemes(wanted.country)),
                Button(city_label(catalogue.by_number[wanted.city], reader), OpenCity(wanted.city)) if wanted.city else None,
                Button(_("All practices"), ListPractices(0, None, None)) if wanted.city or wanted.country or wanted.theme else None,
            ),
        ),
    )


GOAL_ROWS = 15
"""Practices that a list for one goal shows."""


def practices_under(heading: Sequence[str], practices: Sequence[Practice], catalogue: Catalogue, reader: Reader) -> Screen:
    """Practices narrowed by what no button can carry: a goal, a region, several themes. `heading` says by what."""
    _ = reader.translate
    wanted = ListPractices(0, None, None)
    more = len(practices) - GOAL_ROWS
    return Screen(
        blocks=(
            line(bold(" · ".join(heading))),
            line(
                reader.plural("{n} practice in my data set:", "{n} practices in my data set:", len(practices))
                if practices
                else _no_practices(reader)
            ),
            Bullets(tuple(_practice_row(practice, wanted, catalogue, reader) for practice in practices[:GOAL_ROWS])),
            line(reader.plural("and {n} more", "and {n} more", more) if more > 0 else ""),
        ),
        buttons=rows(Button(_("By theme"), ListThemes(None)), Button(_("All practices"), ListPractices(0, None, None))),
    )


TOLD = 4
"""Practices of one city that are told, not only named."""


def told_practices(city: City, theme: ThemeId | None, practices: Sequence[Practice], catalogue: Catalogue, reader: Reader) -> Screen:
    """What one city does, in a sentence each."""
    wanted = ListPractices(city.number, None, theme)
    others = () if practices or theme is None else catalogue.practices_of.get(city.id, ())
    if others:
        _ = reader.translate
        every = told_practices(city, None, others, catalogue, reader)
        said = fill(
            _("{city}: my data set has no practice on the theme “{theme}”."), city=reader.name(city), theme=_label(theme, catalogue, reader)
        )
        return replace(every, blocks=(line(said), *every.blocks))
    if not practices or len(practices) > TOLD:
        listed = practice_list(wanted, practices, len(practices) or 1, catalogue, reader)
        return listed if practices else replace(listed, buttons=(*rows(Button(city_label(city, reader), OpenCity(city.number))),))
    count = reader.plural("{n} practice in my data set:", "{n} practices in my data set:", len(practices))
    told = (
        Html(f"{bold(record(reader.text(practice.title), 'p', practice.id, reader))}. {escape(reader.text(practice.summary))}")
        for practice in practices
    )
    return Screen(
        blocks=(
            line(bold(practices_title(wanted, catalogue, reader)), count),
            Bullets(tuple(told)),
            source_line(practices[0].sources, reader),
        ),
        buttons=rows(
            Button(city_label(city, reader), OpenCity(city.number)),
            *(
                Button(shorten(reader.text(catalogue.themes[other].label), BUTTON_LABEL), ListPractices(0, None, other))
                for other in practices[0].themes[:1]
            ),
        ),
    )


def _label(theme: ThemeId | None, catalogue: Catalogue, reader: Reader) -> str:
    return reader.text(catalogue.themes[theme].label) if theme else ""


def _no_practices(reader: Reader) -> str:
    _ = reader.translate
    return _("My data set has no such practices. That does not mean that there are none.")


def practices_title(wanted: ListPractices, catalogue: Catalogue, reader: Reader) -> str:
    """What a list of practices is of."""
    _ = reader.translate
    parts = []
    if wanted.city:
        parts.append(city_label(catalogue.by_number[wanted.city], reader))
    if wanted.country:
        parts.append(f"{flag(wanted.country)} {reader.name(catalogue.countries[wanted.country])}")
    if wanted.theme:
        parts.append(reader.text(catalogue.themes[wanted.theme].label))
    return " · ".join((_("What member cities do"), *parts)) if parts else _("What member cities do")


def _practice_row(practice: Practice, wanted: ListPractices, catalogue: Catalogue, reader: Reader) -> Html:
    title = record(reader.text(practice.title), "p", practice.id, reader)
    if wanted.city:
        return title
    city = catalogue.cities[practice.city]
    return Html(f"{title} · {flag(city.country)} {escape(reader.name(city))}")


def _turned(wanted: ListPractices, page: int) -> ListPractices:
    return ListPractices(wanted.city, wanted.country, wanted.theme, max(page, 0))


def practice_card(practice: Practice, catalogue: Catalogue, reader: Reader) -> Screen:
    """One practice: what a city does, as its source tells it."""
    _ = reader.translate
    city = catalogue.cities[practice.city]
    themes = [catalogue.themes[theme] for theme in practice.themes if theme in catalogue.themes]
    return Screen(
        blocks=(
            line(bold(reader.text(practice.title)), city_link(city, reader)),
            line(reader.text(practice.summary)),
            line(_untranslated(practice, reader)),
            line(
                fill(_("Themes: {themes}"), themes=joined(reader.text(theme.label) for theme in themes)) if themes else "",
                fill(_("Information from: {year}"), year=str(practice.year)) if practice.year else "",
            ),
            source_line(practice.sources, reader),
        ),
        buttons=rows(
            Button(city_label(city, reader), OpenCity(city.number)),
            Button(_("More from this city"), ListPractices(city.number, None, None)) if len(catalogue.practices_of[city.id]) > 1 else None,
            *(Button(shorten(reader.text(theme.label), BUTTON_LABEL), ListPractices(0, None, theme.id)) for theme in themes[:2]),
            Button(_("Share"), inline_query=reader.text(practice.title)[:60]),
            Button(_("Report a mistake"), Report("practice", practice.id)),
        ),
    )


def _untranslated(practice: Practice, reader: Reader) -> Text:
    _ = reader.translate
    return "" if reader.has(practice.summary) else _("There is no text in your language yet.")


def choose_theme(themes: Sequence[tuple[Theme, int]], country: CountryCode | None, catalogue: Catalogue, reader: Reader) -> Screen:
    """The themes with the number of practices of each."""
    _ = reader.translate
    where = f"{flag(country)} {reader.name(catalogue.countries[country])}" if country else ""
    return Screen(
        blocks=(
            line(bold(_("What member cities do")), where),
            line(
                _("Choose a theme, or name what you look for: /practices older people, /practices Cork"),
                _("A practice can have several themes."),
            ),
            Bullets(tuple(_theme_row(theme, count, country, reader) for theme, count in themes)),
        ),
        buttons=rows(
            *(
                Button(shorten(reader.text(theme.label), BUTTON_LABEL), ListPractices(0, country, theme.id))
                for theme, _count in _busiest(themes)
            ),
            Button(_("All practices"), ListPractices(0, country, None)),
        ),
    )


def _sorted(themes: Sequence[tuple[Theme, int]], reader: Reader) -> list[tuple[Theme, int]]:
    return sorted(themes, key=lambda counted: reader.order(reader.text(counted[0].label)))


def _busiest(themes: Sequence[tuple[Theme, int]]) -> list[tuple[Theme, int]]:
    return sorted(themes, key=lambda counted: -counted[1])[:BUSIEST]


def _theme_row(theme: Theme, count: int, country: CountryCode | None, reader: Reader) -> Html:
    opened = f"{theme.id}_{country}" if country else theme.id
    return Html(f"{record(reader.text(theme.label), 't', opened, reader)} · {escape(reader.number(count))}")


def no_practice_found(words: str, reader: Reader) -> Screen:
    """Words that fit no practice."""
    _ = reader.translate
    return Screen(
        blocks=(
            line(
                fill(_("I found no practice for “{words}”."), words=quoted(words)),
                _("Try another word, a city, a country, or choose a theme."),
            ),
        ),
        buttons=rows(Button(_("By theme"), ListThemes(None)), Button(_("All practices"), ListPractices(0, None, None))),
    )


def found_practices(words: str, practices: Sequence[Practice], catalogue: Catalogue, reader: Reader) -> Screen:
    """The practices that fit some words, best first."""
    _ = reader.translate
    return Screen(
        blocks=(
            line(fill(_("Practices for “{words}”:"), words=quoted(words))),
            Bullets(tuple(_practice_row(practice, ListPractices(0, None, None), catalogue, reader) for practice in practices)),
        ),
        buttons=rows(Button(_("By theme"), ListThemes(None)), Button(_("All practices"), ListPractices(0, None, None))),
    )
