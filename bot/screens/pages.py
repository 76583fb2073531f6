"""Lists page by page: the screen that a button to a page opens, and which page comes after a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.callbacks import ListCities, ListCountries, ListNews, ListPractices
from bot.screens.lists import city_list, country_list
from bot.screens.news import news_list
from bot.screens.practices import practice_list
from bot.screens.problems import gone

if TYPE_CHECKING:
    from bot.i18n import Reader
    from bot.markup import Screen
    from bot.settings import Limits
    from data.catalogue import Catalogue
    from data.types import CountryCode, ThemeId

Page = ListCities | ListCountries | ListPractices | ListNews
"""What a button to a page of a list says."""


def page(wanted: Page, limits: Limits, catalogue: Catalogue, reader: Reader) -> Screen:
    """A page of a list; an old button may name what is no longer there."""
    match wanted:
        case ListCities(narrowed, number) if _holds(catalogue, 0, narrowed.country, narrowed.theme):
            return city_list(narrowed, number, limits.page, catalogue, reader)
        case ListCountries(region, number):
            return country_list(region, number, limits.countries, catalogue, reader)
        case ListPractices(city, country, theme) if _holds(catalogue, city, country, theme):
            practices = catalogue.select_practices(catalogue.by_number[city].id if city else None, country, theme)
            return practice_list(wanted, practices, limits.page, catalogue, reader)
        case ListNews(city, country) if _holds(catalogue, city, country, None):
            items = catalogue.select_news(catalogue.by_number[city].id if city else None, country)
            return news_list(wanted, items, limits.page, catalogue, reader)
        case _:
            return gone(reader)


def onward(screen: Screen, shown: int = 0) -> Page | None:
    """The page after the one that a screen shows, numbered from 0; None if it shows the last one, or no list at all."""
    actions = (button.action for row in screen.buttons for button in row)
    return next((action for action in actions if isinstance(action, Page) and action.page > shown), None)


def _holds(catalogue: Catalogue, city: int, country: CountryCode | None, theme: ThemeId | None) -> bool:
    """Whether there is all that a button names."""
    return (
        (not city or city in catalogue.by_number)
        and (country is None or country in catalogue.countries)
        and (theme is None or theme in catalogue.themes)
    )
