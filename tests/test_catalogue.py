"""The catalogue: lists that compose, distances that hold, names that find."""

import datetime as dt
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.catalogue import AROUND, EARTH_RADIUS_KM, SUGGESTIONS, Catalogue, Found, IsCountry, NotMember, Several, Unknown, distance
from data.types import ANY_AWARD, CityId, CountryCode, Filter, Point, Region, Status, ThemeId

points = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))
FIELDS = [field.name for field in fields(Filter)]


@pytest.fixture(scope="session")
def choices(catalogue: Catalogue) -> dict[str, list[object]]:
    """What each field of a filter may be, with one value that nothing has."""
    return {
        "country": [None, *{city.country for city in catalogue.cities.values()}, CountryCode("AQ")],
        "region": [None, *Region],
        "year": [None, *sorted({city.joined for city in catalogue.cities.values() if city.joined}), 1999],
        "theme": [None, *catalogue.themes, ThemeId("alchemy")],
        "award": [None, ANY_AWARD, *(round_.year for round_ in catalogue.award_rounds), 1999],
        "status": [None, *Status],
        "since": [None, 1999, 2015, 2019, 2022, 2030],
        "until": [None, 1999, 2015, 2019, 2022, 2030],
    }


def draw_filter(data: st.DataObject, choices: dict[str, list[object]]) -> Filter:
    return Filter(**{name: data.draw(st.sampled_from(choices[name]), label=name) for name in FIELDS})  # type: ignore[arg-type]


@given(data=st.data())
def test_a_narrower_filter_never_finds_more(catalogue: Catalogue, choices: dict[str, list[object]], data: st.DataObject) -> None:
    wanted = draw_filter(data, choices)
    loosened = data.draw(st.sampled_from(FIELDS))
    wider = catalogue.select(replace(wanted, **{loosened: None}))

    assert {city.id for city in catalogue.select(wanted)} <= {city.id for city in wider}


@given(data=st.data())
def test_a_filter_is_the_cities_that_pass_each_of_its_fields(
    catalogue: Catalogue, choices: dict[str, list[object]], data: st.DataObject
) -> None:
    wanted = draw_filter(data, choices)
    anyone = Filter(status=None)
    each = [
        {city.id for city in catalogue.select(replace(anyone, **{name: getattr(wanted, name)}))}
        for name in FIELDS
        if getattr(wanted, name) is not None
    ]

    assert {city.id for city in catalogue.select(wanted)} == set(catalogue.cities).intersection(*each)


@given(data=st.data())
def test_a_list_has_no_repeats_and_its_order_depends_on_nothing_but_its_cities(
    catalogue: Catalogue, choices: dict[str, list[object]], data: st.DataObject
) -> None:
    found = catalogue.select(draw_filter(data, choices))
    everyone = [city.id for city in catalogue.select(Filter(status=None))]

    assert len({city.id for city in found}) == len(found)
    assert [city.id for city in found] == [city for city in everyone if city in {city.id for city in found}]


def test_nobody_is_in_two_countries_years_or_states_and_nobody_is_lost(catalogue: Catalogue) -> None:
    by_country = [catalogue.select(Filter(country=country.code)) for country in catalogue.member_countries]
    by_status = [catalogue.select(Filter(status=status)) for status in Status]
    by_region = [catalogue.select(Filter(region=region)) for region in Region]

    assert sum(map(len, by_country)) == sum(map(len, by_region)) == len(catalogue.members)
    assert sum(map(len, by_status)) == len(catalogue.cities)


def test_the_network_counts_only_members(catalogue: Catalogue) -> None:
    assert {city.status for city in catalogue.members} == {Status.MEMBER}
    assert len(catalogue.members) == 370
    assert catalogue.cities[CityId("espoo")] not in catalogue.members


def test_the_newest_official_number_is_the_one_in_force(catalogue: Catalogue) -> None:
    total = catalogue.network_total

    assert (total.cities, total.countries, str(total.date)) == (425, 91, "2025-12-04")
    assert catalogue.as_of == total.date
    korea = catalogue.country_total(CountryCode("KR"))
    assert korea is not None
    assert (korea.cities, str(korea.date)) == (59, "2025-12-08")
    assert catalogue.country_total(CountryCode("AQ")) is None


def test_no_country_has_more_named_members_than_its_newest_stated_number_when_it_is_complete(catalogue: Catalogue) -> None:
    for country in catalogue.member_countries:
        stated = catalogue.country_total(country.code)
        if catalogue.is_complete(country.code) and stated and stated.cities and country.as_of and stated.date >= country.as_of:
            assert len(catalogue.select(Filter(country=country.code))) == stated.cities, country.code


@given(points, st.integers(1, 50))
def test_the_nearest_are_sorted_and_nobody_left_out_is_nearer(catalogue: Catalogue, origin: Point, count: int) -> None:
    found = catalogue.nearest(origin, count)
    far = [kilometres for _, kilometres in found]

    assert len(found) == count
    assert far == sorted(far)
    named = {city.id for city, _ in found}
    others = [distance(origin, city.point) for city in catalogue.members if city.point and city.id not in named]
    assert min(others) >= far[-1]


@pytest.mark.parametrize("count", [0, -1])
def test_fewer_than_one_nearest_city_makes_no_sense(catalogue: Catalogue, count: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        catalogue.nearest(Point(0, 0), count)


def test_cities_without_coordinates_are_left_out_of_the_nearest(catalogue: Catalogue) -> None:
    placed = [city for city in catalogue.members if city.point]

    assert len(catalogue.nearest(Point(50, 30), 1000)) == len(placed) == len(catalogue.members) - 5


@given(points, points, points)
def test_distances_are_those_of_a_sphere(one: Point, other: Point, third: Point) -> None:
    assert distance(one, one) == pytest.approx(0)
    assert distance(one, other) == pytest.approx(distance(other, one))
    assert 0 <= distance(one, other) <= 3.1416 * EARTH_RADIUS_KM
    assert distance(one, third) <= distance(one, other) + distance(other, third) + 1e-3


@pytest.mark.parametrize(
    ("one", "other", "kilometres"),
    [
        (Point(48.4647, 35.0462), Point(47.5667, 34.4), 111),
        (Point(0, 0), Point(0, 180), 20015),
        (Point(90, 0), Point(-90, 77), 20015),
        (Point(52, 179.9), Point(52, -179.9), 14),
    ],
)
def test_known_distances_are_right_even_across_the_date_line(one: Point, other: Point, kilometres: int) -> None:
    assert distance(one, other) == pytest.approx(kilometres, abs=1)


@given(st.data())
def test_similar_cities_are_other_members_and_always_the_same(catalogue: Catalogue, data: st.DataObject) -> None:
    city = data.draw(st.sampled_from(list(catalogue.cities.values())))
    similar = catalogue.similar(city)

    assert len({other.id for other in similar}) == 4
    assert city.id not in {other.id for other in similar}
    assert all(other.status is Status.MEMBER for other in similar)
    assert similar == catalogue.similar(city)


def test_a_shared_theme_counts_more_than_a_shared_country(catalogue: Catalogue) -> None:
    city = catalogue.cities[CityId("cork")]
    themes = {theme for practice in catalogue.practices_of[city.id] for theme in practice.themes}

    for other in catalogue.similar(city):
        assert themes & {theme for practice in catalogue.practices_of[other.id] for theme in practice.themes}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Nikopol", Found),
        ("La Paz", Several),
        ("Dnipro", NotMember),
        ("Ukraine", IsCountry),
        ("Zzzqqqxxx", Unknown),
        ("", Unknown),
        ("   ", Unknown),
        ("🙂", Unknown),
    ],
)
def test_a_name_means_a_city_several_a_place_a_country_or_nothing(catalogue: Catalogue, typed: str, expected: type) -> None:
    assert isinstance(catalogue.find_city(typed), expected)


@pytest.mark.parametrize(("typed", "corrected"), [("Nikopol", False), ("Нікополя", False), ("nikopl", True), ("Ybrjgjkm", True)])
def test_a_slip_is_known_to_be_one(catalogue: Catalogue, typed: str, corrected: bool) -> None:
    assert catalogue.find_city(typed) == Found(catalogue.cities[CityId("nikopol")], corrected)


def test_every_city_is_found_by_each_of_its_names(catalogue: Catalogue) -> None:
    lost = []
    for city in catalogue.cities.values():
        for name in {*city.naming.main.values(), *city.naming.local}:
            match catalogue.find_city(name):
                case Found(found) if found.id == city.id:
                    continue
                case Several(cities) if city.id in {one.id for one in cities}:
                    continue
                case other:
                    lost.append((city.id, name, other))
    assert lost == []


def test_every_country_with_members_is_found_by_its_names(catalogue: Catalogue) -> None:
    for country in catalogue.member_countries:
        for name in country.naming.main.values():
            assert catalogue.find_country(name) == country, name


@given(st.text(max_size=60))
def test_no_name_makes_the_lookup_stumble(catalogue: Catalogue, typed: str) -> None:
    match catalogue.find_city(typed):
        case Unknown(suggestions):
            assert len(suggestions) <= SUGGESTIONS
        case Several(cities, places):
            assert 2 <= len(cities) + len(places) <= 8
        case NotMember(place, nearest):
            assert place.id in catalogue.places
            assert len(nearest) == AROUND


def test_a_place_that_is_a_member_is_not_also_a_place_that_is_none(catalogue: Catalogue) -> None:
    """Otherwise the same name would be affirmed and denied."""
    doubtful = []
    for place in catalogue.places.values():
        if isinstance(found := catalogue.find_city(place.names[next(iter(place.names))]), Several):
            near = [city for city in found.cities if city.point and distance(city.point, place.point) < 3]
            doubtful += [(place.names, city.id) for city in near if place in found.places]
    assert doubtful == []


def test_every_practice_is_found_by_the_words_of_its_title(catalogue: Catalogue) -> None:
    lost = [
        (practice.id, title)
        for practice in catalogue.practices.values()
        for title in practice.title.values()
        if practice.id not in {found.id for found in catalogue.search_practices(title)}
    ]
    assert lost == []


@given(st.text(max_size=80))
def test_no_words_make_the_search_stumble(catalogue: Catalogue, words: str) -> None:
    found = catalogue.search_practices(words)

    assert len({practice.id for practice in found}) == len(found)


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
def test_practices_and_news_narrow_as_lists_of_cities_do(catalogue: Catalogue, one: int, two: int, three: int) -> None:
    cities = (None, *catalogue.practices_of, *catalogue.cities)
    countries = (None, *(country.code for country in catalogue.member_countries))
    themes = (None, *catalogue.themes)
    city, country, theme = cities[one % len(cities)], countries[two % len(countries)], themes[three % len(themes)]
    practices = catalogue.select_practices(city, country, theme)

    assert len({practice.id for practice in practices}) == len(practices)
    assert all(practice.city == city for practice in practices) or city is None
    assert all(theme in practice.themes for practice in practices) or theme is None
    standing = [(practice.themes.index(theme) if theme else 0, -(practice.year or 0)) for practice in practices]
    assert standing == sorted(standing), "those mainly about the theme first, then the newest"
    wider = catalogue.select_practices(city, country)
    assert {practice.id for practice in practices} <= {practice.id for practice in wider}
    assert all(city in item.cities for item in catalogue.select_news(city)) or city is None
    assert all(country in item.countries for item in catalogue.select_news(None, country)) or country is None


def test_news_come_newest_first(catalogue: Catalogue) -> None:
    days = [item.date.first_day if item.date else dt.date.min for item in catalogue.news]

    assert days == sorted(days, reverse=True)


def test_records_name_only_records_there_are(catalogue: Catalogue) -> None:
    assert {practice.city for practice in catalogue.practices.values()} <= set(catalogue.cities)
    assert {theme for practice in catalogue.practices.values() for theme in practice.themes} <= set(catalogue.themes)
    assert {city for item in catalogue.news for city in item.cities} <= set(catalogue.cities)
    assert {country for item in catalogue.news for country in item.countries} <= set(catalogue.countries)
    assert {city.country for city in catalogue.cities.values()} <= set(catalogue.countries)
    assert {place.country for place in catalogue.places.values()} <= set(catalogue.countries)
    assert {award.year for city in catalogue.cities.values() for award in city.awards} <= {year.year for year in catalogue.award_rounds}


def test_every_award_round_names_as_many_cities_as_it_had(catalogue: Catalogue) -> None:
    for round_ in catalogue.award_rounds:
        assert len(catalogue.select(Filter(award=round_.year, status=None))) == round_.cities


def test_no_intake_names_more_cities_than_joined(catalogue: Catalogue) -> None:
    for intake in catalogue.intakes:
        assert len(catalogue.select(Filter(year=intake.year))) <= intake.cities, intake.year
    assert catalogue.intake(1999) is None


def test_numbers_of_cities_are_small_and_their_own(catalogue: Catalogue) -> None:
    assert len(catalogue.by_number) == len(catalogue.cities)
    assert max(catalogue.by_number) < 100_000


@pytest.mark.parametrize("text", ["Ельдорадо", "Eldoradoo", "Гоґвортс", "Hogwarts", "Нарнія", "Narnia", "Шамбала", "Wakanda"])
def test_a_legend_is_not_bent_to_a_town_abroad(catalogue: Catalogue, text: str) -> None:
    assert isinstance(catalogue.find_city(text), Unknown)


@pytest.mark.parametrize("text", ["Атлантида", "Atlantis"])
def test_a_legend_after_which_a_town_is_called_means_that_town_and_none_that_only_sounds_so(catalogue: Catalogue, text: str) -> None:
    found = catalogue.find_city(text)

    assert isinstance(found, NotMember)
    assert text in found.place.names.values()
