"""What is made of a thing that a source tells: none of the network's news goes out by mistake, and what is certain is tagged."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.catalogue import Catalogue
from data.intake import FOREIGN, Doubt, Judged, judge
from data.newswords import NewsWords, Says
from data.sheets import SEED
from data.sources.model import Source, SourceKind, Told, Trust
from data.sources.store import wished
from data.sources.wish import Wish
from data.types import Lang

WORDS = NewsWords.read(SEED)
TRUSTED = wished(Wish(SourceKind.FEED, "https://example.org/feed", "en", trust=Trust.PUBLISH))
GENERAL = replace(TRUSTED, keywords=("learning cit*", "міст* що навча*", "lifelong learning"))


def told(title: str, summary: str = "", date: dt.date | None = dt.date(2026, 3, 1)) -> Told:
    return Told("", "https://example.org/1", title, summary, date, "en")


def judged(text: str, catalogue: Catalogue, source: Source = TRUSTED, summary: str = "") -> Judged:
    return judge(told(text, summary), source, catalogue, WORDS)


@pytest.mark.parametrize(
    "text",
    [
        "Cork joins the UNESCO Global Network of Learning Cities",
        "UNESCO learning cities meet",
        "GNLC newsletter",
        "Місто Суми приєдналося до Глобальної мережі ЮНЕСКО міст, що навчаються",
        "ЮНЕСКО: конференція міст, що навчаються",
        "Réseau mondial UNESCO des villes apprenantes",
        "联合国教科文组织学习型城市会议",
        "유네스코 글로벌 학습도시 네트워크에 가입했다",
        "شبكة اليونسكو لمدن التعلم",
        "UNESCO öğrenen şehirler ağı",
        "Cidades de aprendizagem da UNESCO",
    ],
)
def test_the_network_is_known_by_its_names_in_the_languages_of_its_sources(text: str, catalogue: Catalogue) -> None:
    verdict = judged(text, catalogue, GENERAL)

    assert not verdict.foreign
    assert verdict.doubt is None


@pytest.mark.parametrize(
    "text",
    [
        "Lviv joins the UNESCO Creative Cities Network",
        "Machine learning in cities",
        "UIL Texas announces its football district",
        "Three people hurt in an accident",
        "Машинне навчання для міста",
    ],
)
def test_a_general_feed_s_other_news_are_nobody_s_business(text: str, catalogue: Catalogue) -> None:
    assert judged(text, catalogue, GENERAL) == FOREIGN


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("A learning city for everybody", Doubt.NO_UNESCO),
        ("UNESCO learning cities and Creative Cities meet", Doubt.OTHER_NETWORK),
        ("UNESCO learning cities meet in Waterford", None),
        ("The UNESCO learning city of Nikopol in Poland", Doubt.OTHER_COUNTRY),
    ],
)
def test_an_admin_is_asked_about_what_is_not_certain(text: str, doubt: Doubt | None, catalogue: Catalogue) -> None:
    verdict = judged(text, catalogue, GENERAL)

    assert not verdict.foreign
    assert verdict.doubt is doubt


def test_a_name_of_a_city_and_a_country_is_nobody_s_until_an_admin_says_so(catalogue: Catalogue) -> None:
    verdict = judged("The UNESCO learning city Mação invites", catalogue)

    assert verdict.doubt is Doubt.SEVERAL_PLACES
    assert not verdict.cities
    assert not verdict.countries


def test_a_city_that_shares_its_name_is_the_one_in_the_country_that_is_named(catalogue: Catalogue) -> None:
    assert judged("The UNESCO learning city of Manchester invites", catalogue).cities == ("manchester",)
    assert judged("Manchester, United States, wants to be a UNESCO learning city", catalogue).cities == ()
    assert judged("Valencia, Venezuela, wants to be a UNESCO learning city", catalogue).cities == ()


def test_a_word_in_small_letters_is_no_city(catalogue: Catalogue) -> None:
    assert judged("UNESCO learning cities: a cork in the bottle", catalogue).cities == ()


def test_a_misspelt_name_tags_nothing(catalogue: Catalogue) -> None:
    assert judged("The UNESCO learning city Nikopool invites", catalogue).cities == ()


def test_cities_countries_and_themes_are_tagged_also_in_other_cases(catalogue: Catalogue) -> None:
    verdict = judged("У Нікополі та Ірландії говорили про грамотність", catalogue)

    assert verdict.cities == ("nikopol",)
    assert verdict.countries == ("IE",)
    assert verdict.topics == ("literacy",)


def test_new_members_and_calls_are_told_apart_from_other_news(catalogue: Catalogue) -> None:
    assert "new-members" in judged("72 new cities join the UNESCO Global Network of Learning Cities", catalogue).topics
    assert "call" in judged("Call for applications to the network is open", catalogue).topics
    assert not {"new-members", "call"} & set(judged("A festival in Cork", catalogue).topics)


def test_whoever_wants_to_see_everything_is_asked_about_everything(catalogue: Catalogue) -> None:
    assert judged("Cork joins the GNLC", catalogue, replace(TRUSTED, trust=Trust.ASK)).doubt is Doubt.ASKED


def test_what_should_have_a_date_and_has_none_is_asked_about(catalogue: Catalogue) -> None:
    page = replace(TRUSTED, kind=SourceKind.PAGE, selectors={"item": "li", "article_date": "time"})

    assert judge(told("Cork invites", date=None), page, catalogue, WORDS).doubt is Doubt.NO_DATE


@given(st.text(max_size=300))
def test_whatever_is_told_something_is_made_of_it(catalogue: Catalogue, text: str) -> None:
    verdict = judged(text, catalogue, GENERAL)

    assert set(verdict.cities) <= set(catalogue.cities)
    assert set(verdict.countries) <= set(catalogue.countries)


@pytest.mark.parametrize("lang", [Lang("en"), Lang("uk")])
def test_the_news_of_the_data_set_would_be_tagged_as_people_tagged_it(lang: Lang, catalogue: Catalogue) -> None:
    """Of what a text names, nearly all is found; what is found is nearly always what people found."""
    found = right = named = named_found = 0
    for item in catalogue.news:
        text = f"{item.title[lang]} {item.summary[lang]}"
        verdict = judge(told(item.title[lang], item.summary[lang]), TRUSTED, catalogue, WORDS)
        assert not verdict.foreign
        cities, wanted = set(verdict.cities), set(item.cities)
        said = {city for city in wanted if catalogue.cities[city].naming.in_lang(lang)[:4] in text}
        found, right = found + len(cities), right + len(cities & wanted)
        named, named_found = named + len(said), named_found + len(cities & said)

    assert right / found >= 0.95
    assert named_found / named >= 0.98


def test_a_phrase_is_found_as_whole_words_and_beyond_where_a_star_stands() -> None:
    words = NewsWords([("learning cit*", "network"), ("*学习型城市*", "network"), ("call", "call")])

    assert words.in_text("The Learning-Cities!") == {Says.NETWORK}
    assert words.in_text("第七届学习型城市大会") == {Says.NETWORK}
    assert words.in_text("unlearning cities recalled") == frozenset()


@pytest.mark.parametrize("row", [("", "network"), ("*", "network"), ("words", "nothing")])
def test_a_row_that_says_nothing_is_refused(row: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match=r"."):
        NewsWords([row])
