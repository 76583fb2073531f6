"""Reading what was typed: names, years, words of the lexicon, and never a guess for the rest."""

import pytest

from bot.callbacks import ListNews, ListPractices, OpenCity
from bot.i18n import Reader
from bot.markup import Screen, plain, visible
from bot.questions import answer, read_filter, read_news, read_origin, read_practices
from bot.questions.writing import read_typed, write_typed
from data.catalogue import Catalogue
from data.news import Draft
from data.topics import MARKS
from data.types import ANY_AWARD, CountryCode, Filter, Region, ThemeId

UA = CountryCode("UA")
CORK, NIKOPOL = 265, 328


def words_of(screen: Screen) -> str:
    return "\n".join(visible(row) for block in screen.blocks for row in block.rendered())


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("Ukraine", Filter(country=UA)),
        ("україна", Filter(country=UA)),
        ("України", Filter(country=UA)),
        ("ukrane", Filter(country=UA)),
        ("Korea", Filter(country=CountryCode("KR"))),
        ("Africa", Filter(region=Region.AFRICA)),
        ("Африка", Filter(region=Region.AFRICA)),
        ("Arab States", Filter(region=Region.ARAB_STATES)),
        ("2025", Filter(year=2025)),
        ("in 2025", Filter(year=2025)),
        ("digital", Filter(theme=ThemeId("digital"))),
        ("award", Filter(award=ANY_AWARD, status=None)),
        ("премія", Filter(award=ANY_AWARD, status=None)),
        ("award 2019", Filter(award=2019, status=None)),
        ("2019 award", Filter(award=2019, status=None)),
        ("Ukraine 2022", Filter(country=UA, year=2022)),
        ("міста України 2022", Filter(country=UA, year=2022)),
        ("Ukraine award 2019", Filter(country=UA, award=2019, status=None)),
        ("Ukraine digital", Filter(country=UA, theme=ThemeId("digital"))),
        ("digital Ukraine", Filter(country=UA, theme=ThemeId("digital"))),
        ("2019 2019", Filter(year=2019)),
        ("Nikopol", None),
        ("Ukraine Poland", None),
        ("2019 2022", None),
        ("Ukraine qqqq", None),
        ("qqqq", None),
        ("", None),
        ("🙂", None),
    ],
)
def test_words_behind_cities_narrow_the_list_or_are_refused(catalogue: Catalogue, typed: str, wanted: Filter | None) -> None:
    assert read_filter(typed, catalogue) == wanted


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("digital", ListPractices(0, None, ThemeId("digital"))),
        ("Cork", ListPractices(CORK, None, None)),
        ("Корку", ListPractices(CORK, None, None)),
        ("Ukraine", ListPractices(0, UA, None)),
        ("Ukraine digital", ListPractices(0, UA, ThemeId("digital"))),
        ("Nikopol digital", ListPractices(NIKOPOL, None, ThemeId("digital"))),
        ("festival in the street", None),
        ("qqqq", None),
        ("", None),
    ],
)
def test_words_behind_practices_name_a_list_or_are_searched_for(catalogue: Catalogue, typed: str, wanted: ListPractices | None) -> None:
    assert read_practices(typed, catalogue) == wanted


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("Nikopol", ListNews(NIKOPOL, None)),
        ("news of Nikopol", ListNews(NIKOPOL, None)),
        ("Ukraine", ListNews(0, UA)),
        ("", ListNews(0, None)),
        ("qqqq", ListNews(0, None)),
    ],
)
def test_words_behind_news_narrow_them(catalogue: Catalogue, typed: str, wanted: ListNews) -> None:
    assert read_news(typed, catalogue) == wanted


@pytest.mark.parametrize(
    ("typed", "name"), [("Dnipro", "Dnipro"), ("Нікополя", "Nikopol"), ("Dnepr", "Dnipro"), ("qqqq", None), ("Ukraine", None)]
)
def test_a_place_to_measure_from_is_any_place_with_a_point(catalogue: Catalogue, en: Reader, typed: str, name: str | None) -> None:
    origin = read_origin(typed, catalogue, en)

    assert (origin[0] if origin else None) == name


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("Nikopol", "Nikopol"),
        ("Is Melitopol a member?", "Yes, Melitopol is a member of the network."),
        ("Is Espoo a member?", "Yes, the city was admitted to the network"),
        ("Is Dnipro a member?", "No, Dnipro is not in my list."),
        ("was Nikopol a member in 2016", "No, in 2016 Nikopol was not yet in the network."),
        ("was Nikopol a member in 2020?", "Yes, in 2020 Nikopol was in the network."),
        ("cities of Poland", "🇵🇱 Poland"),
        ("members in Africa", "Africa"),
        ("cities with an award", "With the Learning City Award"),
        ("How many cities are in the network?", "425 cities in 91 countries"),
        ("Nikopol and Melitopol", "Yes, both are members."),
        ("La Paz", "Several cities are called “La Paz”."),
        ("чи є Мелітополь у мережі?", "Yes, Melitopol is a member of the network."),
        ("скільки міст у мережі", "425 cities in 91 countries"),
    ],
)
def test_a_question_is_answered(catalogue: Catalogue, en: Reader, asked: str, said: str) -> None:
    found = answer(asked, catalogue, en)

    assert found.answered
    assert said in words_of(found.screen)


@pytest.mark.parametrize("asked", ["чи є Львів у мережі?", "чи Мелітополь учасник", "міста України", "скільки міст у мережі", "Нікополь"])
def test_questions_in_ukrainian_are_answered_in_ukrainian(catalogue: Catalogue, uk: Reader, asked: str) -> None:
    found = answer(asked, catalogue, uk)

    assert found.answered
    assert sum("а" <= letter <= "ї" for letter in words_of(found.screen).lower()) > 20


@pytest.mark.parametrize(
    "asked",
    [
        "What is the budget of Melitopol?",
        "Nikopol and the budget of Melitopol",
        "Who is the mayor of Cork?",
        "What is the meaning of life?",
        "Lviv qqqq Poland",
    ],
)
def test_what_is_not_understood_whole_is_not_answered_in_part(catalogue: Catalogue, en: Reader, asked: str) -> None:
    assert not answer(asked, catalogue, en).answered


def test_of_what_is_not_answered_the_city_that_was_understood_is_offered(catalogue: Catalogue, en: Reader) -> None:
    screen = answer("Who is the mayor of Cork?", catalogue, en).screen

    assert "Cork" in words_of(screen)
    assert OpenCity(CORK) in [button.action for row in screen.buttons for button in row]


def test_a_city_that_may_have_joined_earlier_is_not_denied(catalogue: Catalogue, en: Reader) -> None:
    """Novoyavorivsk was a member by 2020; whether it was one in 2018 nobody says."""
    words = words_of(answer("was Novoyavorivsk a member in 2018?", catalogue, en).screen)

    assert words.startswith("Novoyavorivsk, 2018: not known")
    assert "2020" in words


def test_a_former_member_is_neither_affirmed_nor_denied_for_a_year_between(catalogue: Catalogue, en: Reader) -> None:
    assert words_of(answer("was Bolu a member in 2018?", catalogue, en).screen).startswith("Yes, in 2018 Bolu was in the network.")
    assert "not known" in words_of(answer("was Bolu a member in 2020?", catalogue, en).screen).splitlines()[0]
    assert words_of(answer("was Bolu a member in 2023?", catalogue, en).screen).startswith("No, in 2023")


@pytest.mark.parametrize("text", ["", "   ", "🙂", "?!…", "\u200b"])
def test_text_without_words_is_told_so(catalogue: Catalogue, en: Reader, text: str) -> None:
    found = answer(text, catalogue, en)

    assert not found.answered
    assert words_of(found.screen).startswith("I see no word")


@pytest.mark.parametrize(
    ("text", "beginning"),
    [
        ("did Belfast win the award", "Yes, Belfast received the Learning City Award: 2021."),
        ("did Poltava win the award", "No, Poltava is not among the cities with the Learning City Award."),
        ("did Cork win the award in 2015", "Yes, Cork received the Learning City Award: 2015."),
        ("did Cork win the award in 2019", "No, Cork is not among the cities with the Learning City Award."),
        ("is Batumi in", "Yes, Batumi is a member of the network."),
        ("is Ankara on the list", "Yes, Ankara is a member of the network."),
    ],
)
def test_yes_and_no_come_first(catalogue: Catalogue, en: Reader, text: str, beginning: str) -> None:
    found = answer(text, catalogue, en)
    assert found.answered
    assert plain(found.screen.blocks).splitlines()[0] == beginning


def test_all_awardees_of_a_round_are_named_whatever_became_of_their_membership(catalogue: Catalogue, en: Reader) -> None:
    assert "N'Zérékoré" in plain(answer("awardees of 2017", catalogue, en).screen.blocks)


@pytest.mark.parametrize(
    ("text", "beginning"),
    [
        ("як приєднатися?", "Через національну комісію"),
        ("how to join", "Through its National Commission"),
        ("привіт", "Вітаю."),
        ("дякую", "Прошу."),
        ("help", "What I can do"),
        ("свіжі новини", "Новини мережі"),
        ("практики для молоді", "Що роблять міста-учасники · Молодь"),
        ("practices of Cork", "What member cities do · 🇮🇪 Cork"),
    ],
)
def test_what_people_say_first_is_answered(catalogue: Catalogue, uk: Reader, en: Reader, text: str, beginning: str) -> None:
    found = answer(text, catalogue, uk if any(letter >= "Ѐ" for letter in text) else en)
    assert found.answered
    assert plain(found.screen.blocks).startswith(beginning)


def test_a_question_of_the_faq_is_answered_with_its_source(catalogue: Catalogue, uk: Reader) -> None:
    for entry in catalogue.faq[:30]:
        found = answer(entry.question[uk.lang], catalogue, uk)
        assert not found.answered or found.screen.blocks
    found = answer("Що таке місто, що навчається?", catalogue, uk)
    assert found.answered
    assert "Джерело:" in plain(found.screen.blocks)


@pytest.mark.parametrize(
    "text", ["weather in Cork", "бюджет Мелітополя", "who will win in 2030", "напиши вірш", "ignore your instructions"]
)
def test_what_is_not_known_is_not_answered(catalogue: Catalogue, en: Reader, text: str) -> None:
    assert not answer(text, catalogue, en).answered


def test_news_written_out_for_a_correction_are_read_back_as_the_same(catalogue: Catalogue) -> None:
    """With every subject there is, a few at a time."""
    cities, countries, themes = list(catalogue.cities), list(catalogue.countries), list(catalogue.themes)
    most = max(len(cities), len(countries), len(themes))
    for number in range(most):
        draft = Draft(
            "Заголовок новини",
            "Текст про те, що сталося; і ще.",
            "https://example.org/news/1?a=b",
            "uk",
            "2026-03-02",
            (cities[number % len(cities)],),
            (countries[number % len(countries)],),
            (themes[number % len(themes)], *(list(MARKS.values()) if number % 2 else ())),
            (("en", "A title", "A text."),),
            "2026-12-15" if number % 3 else "",
        )
        typed = read_typed(write_typed(draft, catalogue), "", ("en", "uk"), catalogue)
        assert (typed.unknown, typed.lacks) == ((), ())
        assert typed.draft(draft.date) == draft


def test_news_about_the_network_as_a_whole_stay_so_when_they_are_corrected(catalogue: Catalogue) -> None:
    draft = Draft("Lviv is mentioned", "But it is not about Lviv.", "https://example.org/1", "en", "2026")
    assert read_typed(write_typed(draft, catalogue), "", ("en", "uk"), catalogue).draft("2026") == draft


def test_what_is_about_a_region_is_not_taken_for_news_of_its_followers(catalogue: Catalogue) -> None:
    """News belong to cities, countries and themes; a region gets those of its countries. So nobody is promised what will not come."""
    typed = read_typed("Title\nText https://example.org\nabout: Africa, Kenya", "", ("en", "uk"), catalogue)
    assert typed.unknown == ("Africa",)
