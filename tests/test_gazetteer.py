"""The gazetteer knows Ukraine whole, with its names of today, and no member twice."""

from __future__ import annotations

import csv
import re
import zoneinfo
from pathlib import Path

import pytest

from data.build.forms import inflect
from data.build.gazetteer import romanise, ukrainian_name
from data.build.words import inflect_words
from data.gazetteer import Gazetteer, read_forms, read_places, read_words
from data.names import Kind, NameIndex, Ref, Role, normalise
from data.types import CountryCode, Lang, Place, PlaceId

SEED = Path(__file__).parent.parent / "data" / "seed"
BUILD = Path(__file__).parent.parent / "data" / "build"
EN, UK = Lang("en"), Lang("uk")
UKRAINE = CountryCode("UA")
CRIMEAN_NORTH, CRIMEAN_WEST, CRIMEAN_EAST, CRIMEAN_SOUTH = 46.2, 32.4, 36.6, 44.3


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return read_places(SEED / "places.tsv")


@pytest.fixture(scope="module")
def ukrainian(gazetteer: Gazetteer) -> dict[str, Place]:
    return {place.names[UK]: place for place in gazetteer.places if place.country == UKRAINE}


@pytest.fixture(scope="module")
def index(gazetteer: Gazetteer) -> NameIndex:
    return NameIndex.build(gazetteer.entries)


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines(), delimiter="\t" if path.suffix == ".tsv" else ","))


def name_of(gazetteer: Gazetteer, ref: Ref) -> str | None:
    return next(place.names.get(UK) for place in gazetteer.places if place.id == ref.id)


@pytest.mark.parametrize(
    ("today", "before"),
    [
        ("Дніпро", "Дніпропетровськ"),
        ("Шептицький", "Червоноград"),
        ("Самар", "Новомосковськ"),
        ("Звягель", "Новоград-Волинський"),
        ("Берестин", "Красноград"),
        ("Златопіль", "Первомайський"),
        ("Кропивницький", "Кіровоград"),
        ("Камʼянське", "Дніпродзержинськ"),
        ("Бахмут", "Артемівськ"),
        ("Покровськ", "Красноармійськ"),
        ("Вараш", "Кузнецовськ"),
        ("Горішні Плавні", "Комсомольськ"),
        ("Чорноморськ", "Іллічівськ"),
        ("Подільськ", "Котовськ"),
        ("Сіверськодонецьк", "Сєвєродонецьк"),
        ("Південноукраїнськ", "Южноукраїнськ"),
        ("Володимир", "Володимир-Волинський"),
        ("Переяслав", "Переяслав-Хмельницький"),
        ("Олешки", "Цюрупинськ"),
    ],
)
def test_a_renamed_town_is_shown_by_its_name_of_today_and_found_by_both(
    gazetteer: Gazetteer, index: NameIndex, today: str, before: str
) -> None:
    for name in (today, before):
        assert today in {name_of(gazetteer, hit.ref) for hit in index.lookup(name)}


@pytest.mark.parametrize(
    "name",
    ["Луцьк", "Рівне", "Ужгород", "Чернівці", "Одеса", "Синельникове", "Бердянськ", "Острог", "Прилуки", "Угнів", "Берестечко", "Герца"],
)
def test_ukrainian_towns_large_and_small_are_known(ukrainian: dict[str, Place], name: str) -> None:
    assert name in ukrainian


@pytest.mark.parametrize("name", ["Севастополь", "Сімферополь", "Керч", "Євпаторія", "Бахчисарай", "Донецьк", "Луганськ", "Маріуполь"])
def test_occupied_cities_are_ukrainian(ukrainian: dict[str, Place], name: str) -> None:
    assert ukrainian[name].zone == "Europe/Kyiv"


def test_nothing_in_crimea_is_of_another_country(gazetteer: Gazetteer) -> None:
    crimean = [
        place
        for place in gazetteer.places
        if CRIMEAN_SOUTH < place.point.lat < CRIMEAN_NORTH and CRIMEAN_WEST < place.point.lon < CRIMEAN_EAST
    ]
    assert len(crimean) > 20
    assert {place.country for place in crimean} == {UKRAINE}


def test_every_ukrainian_place_of_the_register_is_a_place_or_a_member(gazetteer: Gazetteer) -> None:
    members = {row["geonameid"] for row in rows(BUILD / "geonames.csv")}
    assert {row["geonameid"] for row in rows(BUILD / "ukraine.tsv")} - members == {
        place.id for place in gazetteer.places if place.country == UKRAINE
    }


def test_no_member_is_also_a_place_that_is_none(gazetteer: Gazetteer) -> None:
    members = {row["geonameid"] for row in rows(BUILD / "geonames.csv")}
    assert not members & {place.id for place in gazetteer.places}


def test_members_are_told_by_ids_that_exist() -> None:
    cities = {row["id"] for row in rows(SEED / "cities.csv")}
    assert {row["city"] for row in rows(BUILD / "geonames.csv")} <= cities


def test_places_are_distinct_and_well_formed(gazetteer: Gazetteer) -> None:
    zones = zoneinfo.available_timezones()
    assert len({place.id for place in gazetteer.places}) == len(gazetteer.places) > 5_000
    for place in gazetteer.places:
        assert re.fullmatch("[A-Z]{2}", place.country)
        assert abs(place.point.lat) <= 90
        assert abs(place.point.lon) <= 180
        assert place.zone in zones
        assert place.names[EN]


def test_ukrainian_names_are_written_as_ukrainian_is(gazetteer: Gazetteer) -> None:
    odd = [name for place in gazetteer.places if (name := place.names.get(UK, "а")) and not re.fullmatch("[А-ЯЄІЇҐа-яєіїґʼ -]+", name)]
    assert odd == []


@pytest.mark.parametrize(
    ("en", "uk"),
    [
        ("London", "Лондон"),
        ("Warsaw", "Варшава"),
        ("Vienna", "Відень"),
        ("Wrocław", "Вроцлав"),
        ("New York City", "Нью-Йорк"),
        ("Nice", "Ніцца"),
    ],
)
def test_well_known_foreign_cities_have_their_ukrainian_name(gazetteer: Gazetteer, en: str, uk: str) -> None:
    assert uk in {place.names.get(UK) for place in gazetteer.places if place.names[EN] == en}


def test_the_file_stays_small() -> None:
    assert (SEED / "places.tsv").stat().st_size < 1_200_000


def test_aliases_are_no_second_spelling_of_the_same(gazetteer: Gazetteer) -> None:
    seen: set[tuple[Ref, str]] = set()
    for entry in gazetteer.entries:
        key = (entry.ref, normalise(entry.text))
        if entry.lang == Lang("und"):
            assert key not in seen
        seen.add(key)


@pytest.mark.parametrize(
    ("uk", "en"),
    [
        ("Згорани", "Zghorany"),
        ("Запоріжжя", "Zaporizhzhia"),
        ("Камʼянець-Подільський", "Kamianets-Podilskyi"),
        ("Щасливе", "Shchaslyve"),
        ("Єнакієве", "Yenakiieve"),
        ("Їжакевич", "Yizhakevych"),
        ("Ясіня", "Yasinia"),
        ("Кривий Ріг", "Kryvyi Rih"),
    ],
)
def test_ukrainian_names_are_romanised_by_the_official_rule(uk: str, en: str) -> None:
    assert romanise(uk) == en


def test_a_russian_spelling_is_not_taken_for_ukrainian() -> None:
    assert ukrainian_name("Rimini", "Europe/Rome", ["Римини", "Рыміні", "Рімінi"]) == ""
    assert ukrainian_name("Rimini", "Europe/Rome", ["Римини", "Ріміні", "Рыміні"]) == "Ріміні"


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("Київ", {"Києва", "Києву", "Києвом", "Києві"}),
        ("Харків", {"Харкова", "Харкові"}),
        ("Нікополь", {"Нікополя", "Нікополем", "Нікополі"}),
        ("Луцьк", {"Луцька", "Луцьком", "Луцьку"}),
        ("Кривий Ріг", {"Кривого Рогу", "Кривому Розі"}),
        ("Біла Церква", {"Білої Церкви", "Білій Церкві", "Білу Церкву", "Білою Церквою"}),
        ("Івано-Франківськ", {"Івано-Франківська", "Івано-Франківську"}),
        ("Камʼянець-Подільський", {"Камʼянця-Подільського", "Камʼянці-Подільському"}),
        ("Чернівці", {"Чернівців", "Чернівцях"}),
        ("Суми", {"Сум", "Сумах"}),
        ("Рівне", {"Рівного", "Рівному"}),
        ("Дніпро", {"Дніпра", "Дніпрі"}),
        ("Відень", {"Відня", "Відні"}),
        ("Гамбург", {"Гамбурга", "Гамбурзі"}),
        ("Одеса", {"Одеси", "Одесі", "Одесу"}),
        ("Вінниця", {"Вінниці", "Вінницю", "Вінницею"}),
        ("Запоріжжя", {"Запоріжжю", "Запоріжжям", "Запоріжжі"}),
    ],
)
def test_the_forms_of_a_name_are_made(name: str, forms: set[str]) -> None:
    assert forms <= set(inflect(name))


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("марокканські", {"марокканський", "марокканського", "марокканським", "марокканській", "марокканське", "марокканських"}),
        ("українські", {"український", "українського", "українському", "українським", "українських", "українськими"}),
        ("цифрові", {"цифровий", "цифрова", "цифрових", "цифровими"}),
        ("люди похилого віку", {"людей похилого віку", "людям похилого віку", "людьми похилого віку"}),
        ("внутрішньо переміщені особи", {"внутрішньо переміщених осіб", "внутрішньо переміщеним особам"}),
        ("стартапи", {"стартапів", "стартапам", "стартапами", "стартапах"}),
        ("жінки та дівчата", {"жінок та дівчат", "жінкам та дівчатам"}),
        ("Молодь", {"молоді", "молоддю"}),
        ("здоровʼя", {"здоровʼю", "здоровʼям"}),
    ],
)
def test_the_forms_of_a_word_are_made(text: str, forms: set[str]) -> None:
    assert forms <= set(inflect_words(text))


def test_no_form_of_an_adjective_is_the_name_of_a_language() -> None:
    assert {"українська", "українською", "українській"}.isdisjoint(inflect_words("українські"))


def test_an_abbreviation_has_no_forms() -> None:
    assert not list(inflect_words("ВПО"))


def test_every_form_checked_by_hand_finds_its_city() -> None:
    held = {(entry.ref, entry.text) for entry in read_forms(SEED / "name_forms.uk.tsv")}
    for row in rows(SEED / "city_forms.uk.csv"):
        ref = Ref(Kind.CITY, row["city"])
        assert (ref, row["genitive"]) in held
        assert (ref, row["locative"].partition(" ")[2]) in held


def test_words_have_roles() -> None:
    words = read_words(SEED / "stopwords.csv", SEED / "name_words.csv")
    assert {word.role for word in words} == set(Role)
    assert not [word for word in words if not normalise(word.word)]


def test_a_table_with_a_wrong_heading_or_row_names_its_line(tmp_path: Path) -> None:
    table = tmp_path / "stopwords.csv"
    table.write_text("lang,word\nuk,місто\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"stopwords\.csv:1: expected the columns lang, word, role"):
        read_words(table)
    table.write_text("lang,word,role\nuk,місто,common,more\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"stopwords\.csv:2"):
        read_words(table)


def test_a_place_keeps_what_its_row_says(tmp_path: Path) -> None:
    table = tmp_path / "places.tsv"
    table.write_text(
        "id\tcountry\tlat\tlon\tzone\tpopulation\ten\tuk\tformer\taliases\n7\tUA\t48.5\t35.0\tEurope/Kyiv\t9\tDnipro\tДніпро\tДніпропетровськ|Катеринослав\tДнепр\n8\tPL\t1\t2\tEurope/Warsaw\t3\tHel\t\t\t\n",
        encoding="utf-8",
    )
    gazetteer = read_places(table)
    assert gazetteer.places[0].names == {EN: "Dnipro", UK: "Дніпро"}
    assert gazetteer.places[1].id == PlaceId("8")
    assert [entry.text for entry in gazetteer.entries] == ["Dnipro", "Дніпро", "Дніпропетровськ", "Катеринослав", "Днепр", "Hel"]
