"""What the shipped data set promises: it breaks no rule, and says of well-known cities what their sources say."""

from __future__ import annotations

import pytest

from data.check import check, check_places
from data.names import normalise
from data.sheets import Records, Row, read


@pytest.fixture(scope="module")
def seed() -> Records:
    records, defects = read()
    assert list(map(str, defects)) == []
    return records


def row(seed: Records, table: str, **cells: object) -> Row:
    (found,) = [row for row in seed[table] if all(row[column] == value for column, value in cells.items())]
    return found


def text(seed: Records, subject: str, key: str, field: str, lang: str) -> str:
    return str(row(seed, "texts", subject=subject, key=key, field=field, lang=lang)["text"])


def newest_total(seed: Records, country: str = "") -> Row:
    return max(
        (row for row in seed["totals"] if row["scope"] in {"network", "country"} and row["key"] == country), key=lambda row: row["date"]
    )


def members(seed: Records, country: str) -> set[str]:
    return {row["id"] for row in seed["cities"] if row["country"] == country and row["status"] == "member"}


def test_the_shipped_set_has_no_defect(seed: Records) -> None:
    assert list(map(str, check(seed))) == []


def test_the_gazetteer_has_no_defect() -> None:
    assert list(map(str, check_places())) == []


@pytest.mark.parametrize(
    ("table", "least"),
    [("cities", 398), ("awards", 58), ("practices", 270), ("faq", 90), ("news", 88), ("rules", 70), ("themes", 21), ("features", 12)],
)
def test_nothing_is_lost(seed: Records, table: str, least: int) -> None:
    assert len(seed[table]) >= least


def test_nikopol_is_a_member_since_2017_by_its_own_council(seed: Records) -> None:
    nikopol = row(seed, "cities", id="nikopol")
    assert (nikopol["status"], nikopol["joined"], nikopol["joined_basis"]) == ("member", 2017, "announced")
    assert "nikopol-mrada.dp.gov.ua" in nikopol["sources"][0]
    assert "жовтнем 2017" in text(seed, "cities", "nikopol", "note", "uk")


def test_eleven_ukrainian_members_are_named(seed: Records) -> None:
    assert members(seed, "UA") == {
        "kharkiv",
        "kyiv",
        "lviv",
        "melitopol",
        "netishyn",
        "nikopol",
        "novoyavorivsk",
        "poltava",
        "sumy",
        "ternopil",
        "vinnytsia",
    }


def test_ukraine_is_not_said_to_be_complete_before_a_source_counts_it(seed: Records) -> None:
    # Nine are counted in May 2025; the intake of December 2025 may hold a third Ukrainian city besides Kharkiv and Vinnytsia.
    counted = newest_total(seed, "UA")
    assert (counted["cities"], counted["date"]) == (9, "2025-05")
    assert row(seed, "countries", country="UA")["listing"] == "partial"


def test_dnipro_is_no_member(seed: Records) -> None:
    assert not [row for row in seed["cities"] if row["id"] == "dnipro"]
    assert not [row for row in seed["city_names"] if row["name"] in {"Dnipro", "Дніпро"}]


def test_espoo_was_admitted_and_is_not_confirmed(seed: Records) -> None:
    espoo = row(seed, "cities", id="espoo")
    assert (espoo["status"], espoo["joined"], espoo["joined_basis"]) == ("unconfirmed", 2015, "inferred")
    assert row(seed, "awards", city="espoo", year=2015)


def test_melitopol_has_the_award_of_2019(seed: Records) -> None:
    assert row(seed, "awards", city="melitopol", year=2019)
    assert row(seed, "cities", id="melitopol")["joined"] == 2016


def test_only_cork_has_two_awards(seed: Records) -> None:
    cities = [row["city"] for row in seed["awards"]]
    assert {city for city in cities if cities.count(city) > 1} == {"cork"}
    assert {row["year"] for row in seed["awards"] if row["city"] == "cork"} == {2015, 2024}


def test_the_network_has_425_members_in_91_countries(seed: Records) -> None:
    total = newest_total(seed)
    assert (total["cities"], total["countries"]) == (425, 91)
    assert sum(row["status"] == "member" for row in seed["cities"]) == 370


def test_korea_states_more_members_than_are_named(seed: Records) -> None:
    assert newest_total(seed, "KR")["cities"] == 59
    assert len(members(seed, "KR")) == 48
    assert row(seed, "countries", country="KR")["listing"] == "partial"


def test_same_names_are_told_apart(seed: Records) -> None:
    shown = {row["city"]: row["name"] for row in seed["city_names"] if row["lang"] == "uk" and row["kind"] == "main"}
    assert (shown["la-paz"], shown["la-paz-mendoza"]) == ("Ла-Пас (Мексика)", "Ла-Пас (Аргентина)")
    assert (shown["nam-gu-busan"], shown["nam-gu-ulsan"]) == ("Нам-гу (Пусан)", "Нам-гу (Ульсан)")


def test_no_address_stands_on_a_test_host_or_a_search_page(seed: Records) -> None:
    addresses = [url for rows in seed.rows.values() for row in rows for url in row.get("sources", ())]
    assert not [url for url in addresses if "preprod" in url or "staging" in url or "/search?" in url]


def test_practice_numbers_once_dropped_stay_empty(seed: Records) -> None:
    assert not {"p055", "p056", "p090", "p100", "p132", "p159", "p183"} & {row["id"] for row in seed["practices"]}


def test_every_country_of_members_is_found_by_its_adjective(seed: Records) -> None:
    countries = {row["country"] for row in seed["cities"]} | {row["key"] for row in seed["totals"] if row["scope"] == "country"}
    adjectives = {row["country"] for row in seed["country_names"] if row["lang"] == "uk" and row["name"].islower()}
    assert countries - adjectives == set()


@pytest.mark.parametrize("lang", ["en", "uk"])
def test_every_theme_is_found_by_many_words_and_no_word_names_two(seed: Records, lang: str) -> None:
    terms = [(row["theme"], normalise(row["name"])) for row in seed["theme_names"] if row["lang"] == lang]
    assert {row["id"] for row in seed["themes"] if sum(theme == row["id"] for theme, _ in terms) < 25} == set()
    assert len({term for _, term in terms}) == len(terms)
