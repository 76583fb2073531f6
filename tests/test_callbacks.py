"""Buttons and deep links carry their whole meaning within 64 bytes, for every record there is."""

import dataclasses
import itertools
from functools import partial
from typing import Any, get_type_hints
from zoneinfo import available_timezones

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot import callbacks
from bot.callbacks import (
    ACTIONS,
    MOST_BYTES,
    Action,
    ChangeListed,
    DeepLink,
    Download,
    Elsewhere,
    ListCities,
    ListNews,
    ListPractices,
    OpenCity,
    OpenFollow,
    OpenNews,
    Report,
    SendMap,
    SetTiming,
    SetZone,
    ToggleFollow,
    Tune,
    TuneFollow,
    ZoneName,
    pattern,
    unpack,
)
from data.catalogue import Catalogue
from data.follows import NETWORK, Kind, Target
from data.types import ANY_AWARD, CountryCode, Filter, Region, Status, ThemeId

countries = st.from_regex(r"[A-Z]{2}", fullmatch=True).map(CountryCode)
themes = st.from_regex(r"[a-z-]{1,30}", fullmatch=True).map(ThemeId)
whole = st.integers(0, 999_999_999)
filters = st.builds(
    Filter,
    country=st.none() | countries,
    region=st.none() | st.sampled_from(Region),
    year=st.none() | whole,
    theme=st.none() | themes,
    award=st.none() | st.just(ANY_AWARD) | whole,
    status=st.none() | st.sampled_from(Status),
)
targets = st.just(NETWORK) | st.builds(
    Target, st.sampled_from([kind for kind in Kind if kind is not Kind.NETWORK]), st.from_regex(r"[A-Za-z0-9-]{1,30}", fullmatch=True)
)
FIELDS: dict[Any, st.SearchStrategy[Any]] = {
    int: whole,
    str: st.from_regex(r"[A-Za-z0-9_-]{0,40}", fullmatch=True),
    Filter: filters,
    Region | None: st.none() | st.sampled_from(Region),
    CountryCode | None: st.none() | countries,
    ThemeId | None: st.none() | themes,
    Target: targets,
    Elsewhere: st.integers(-(10**15), 10**15).map(Elsewhere),
    ZoneName: st.sampled_from(sorted(available_timezones())).map(ZoneName),
}


def any_of(kind: type[Action]) -> st.SearchStrategy[Action]:
    """Any button of a kind."""
    hints = get_type_hints(kind)
    return st.builds(kind, **{field.name: FIELDS[hints[field.name]] for field in dataclasses.fields(kind)})  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ACTIONS.values(), ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_every_button_means_after_a_restart_what_it_meant_before(kind: type[Action], data: st.DataObject) -> None:
    action = data.draw(any_of(kind))

    assert unpack(action.pack()) == action
    assert pattern(kind).match(action.pack())
    assert [other for other in ACTIONS.values() if pattern(other).match(action.pack())] == [kind]


@given(st.text(max_size=80) | st.from_regex(r"1:[a-z](:[A-Za-z0-9,_-]{0,8}){0,4}", fullmatch=True))
@example("")
@example("1")
@example("1:l:,,,")
@example("1:c:" + "9" * 50)
def test_no_data_makes_the_decoder_stumble_and_what_it_reads_it_writes(data: str) -> None:
    action = unpack(data)

    assert action is None or unpack(action.pack()) == action


@pytest.mark.parametrize(
    "data", ["0:c:12", "2:c:12", "1:c", "1:c:", "1:c:x", "1:c:-1", "1:c:1:2", "1:Z:1", "1:l:ua,,,,,m:0", "1:l:,,,A,,m:0"]
)
def test_buttons_of_another_version_or_damaged_ones_mean_nothing(data: str) -> None:
    assert unpack(data) is None


def test_every_kind_has_a_letter_of_its_own() -> None:
    kinds = Action.__subclasses__()

    assert len({kind.letter for kind in kinds}) == len(kinds) == len(ACTIONS)


def longest_filters(catalogue: Catalogue) -> list[Filter]:
    """Each field at its longest, alone and all at once."""
    theme = max(catalogue.themes, key=len)
    region = Region.EUROPE_NORTH_AMERICA
    return [Filter(CountryCode("UA"), region, 2025, theme, 2024, status) for status in (*Status, None)]


def test_no_button_is_too_long_whatever_record_it_is_of(catalogue: Catalogue) -> None:
    pages = (0, 999)
    numbers = [0, *catalogue.by_number]
    actions: list[Action] = [kind(city.number) for kind in (OpenCity, SendMap) for city in catalogue.cities.values()]
    actions += [ListPractices(number, CountryCode("UA"), theme, 999) for number, theme in itertools.product(numbers, catalogue.themes)]
    actions += [ListNews(number, CountryCode("UA"), page) for number, page in itertools.product(numbers, pages)]
    actions += [OpenNews(item.id) for item in catalogue.news]
    followed = [*(Target(Kind.CITY, city) for city in catalogue.cities), *(Target(Kind.THEME, theme) for theme in catalogue.themes)]
    followed += [
        *(Target(Kind.COUNTRY, country) for country in catalogue.countries),
        *(Target(Kind.REGION, one) for one in Region),
        NETWORK,
    ]
    actions += [ToggleFollow(1, target) for target in followed]
    actions += [ChangeListed(1, target, 99, Elsewhere(-1009999999999)) for target in followed]
    actions += [kind(target, 99, Elsewhere(-1009999999999)) for kind in (OpenFollow, partial(TuneFollow, "f")) for target in followed]
    actions += [SetZone(ZoneName(zone), Elsewhere(-1009999999999)) for zone in available_timezones()]
    actions += [SetTiming("quiet", "2200-0730", Elsewhere(-1009999999999))]
    actions += [Tune(1, target, "a99999") for target in followed]
    actions += [Report("city", str(number)) for number in numbers]
    actions += [Report("practice", practice) for practice in catalogue.practices]
    actions += [ListCities(wanted, 999) for wanted in longest_filters(catalogue)]
    actions += [Download(wanted) for wanted in longest_filters(catalogue)]

    assert [action for action in actions if len(action.pack().encode()) > MOST_BYTES] == []
    assert [action for action in actions if unpack(action.pack()) != action] == []


def test_every_record_has_a_deep_link_that_telegram_opens(catalogue: Catalogue) -> None:
    links = [DeepLink("c", city) for city in catalogue.cities]
    links += [DeepLink("p", practice) for practice in catalogue.practices]
    links += [DeepLink("n", item.id) for item in catalogue.news]
    links += [DeepLink("l", country) for country in catalogue.countries]
    links += [DeepLink("t", theme) for theme in catalogue.themes]
    links += [DeepLink("t", f"{theme}_{country}") for theme in catalogue.themes for country in catalogue.countries]

    links += [DeepLink("o", city) for city in catalogue.cities]
    followed = [*(Target(Kind.CITY, city) for city in catalogue.cities), *(Target(Kind.REGION, one) for one in Region), NETWORK]
    links += [DeepLink.to_follow(target) for target in followed]
    assert [DeepLink.to_follow(target).target for target in followed] == followed

    for link in links:
        assert len(link.payload) <= 64
        assert DeepLink.parse(link.payload) == link
        assert link.url("a_bot") == f"https://t.me/a_bot?start={link.payload}"


@pytest.mark.parametrize("record", ["", "ніkopol", "a b", "x" * 63, "a.b"])
def test_a_link_that_telegram_would_not_open_is_not_made(record: str) -> None:
    if record:
        with pytest.raises(ValueError, match="not a start parameter"):
            _ = DeepLink("c", record).payload
    assert DeepLink.parse(f"c_{record}") is None or len(record) == 63


@given(st.text(max_size=80))
def test_no_start_parameter_makes_the_reader_stumble(payload: str) -> None:
    link = DeepLink.parse(payload)

    assert link is None or payload.startswith(f"{link.kind}_")


def test_the_letters_of_regions_and_statuses_are_their_own() -> None:
    assert set(callbacks.REGIONS) == set(Region)
    assert set(callbacks.STATUSES) == set(Status)
    assert len(set(callbacks.REGIONS.values())) == len(Region)
    assert len(set(callbacks.STATUSES.values())) == len(Status)
